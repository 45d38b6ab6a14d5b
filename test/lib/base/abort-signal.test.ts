import assert from 'node:assert/strict'
import { untilAborted } from '../../../src/lib/base/abort-signal'
import { settle } from '../fake-clock'

describe('what waits until it is aborted', () => {
  it('leaves no failure unheard, also when it is aborted before it waits', async () => {
    const unheard: unknown[] = []
    const hear = (reason: unknown): void => void unheard.push(reason)
    // A test runner has its own listener, which would end the test.
    const others = process.listeners('unhandledRejection')
    process.removeAllListeners('unhandledRejection').on('unhandledRejection', hear)
    try {
      const controller = new AbortController()
      controller.abort(new Error('closed'))
      await assert.rejects(untilAborted(Promise.reject(new Error('late')), controller.signal), /closed/)
      await settle()
    } finally {
      process.off('unhandledRejection', hear)
      for (const other of others) process.on('unhandledRejection', other)
    }
    assert.deepEqual(unheard, [])
  })
})

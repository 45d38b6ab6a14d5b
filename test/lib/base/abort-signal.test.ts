import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import { AbortGroups, LightAbortSignal, onAbort, untilAborted } from '../../../src/lib/base/abort-signal'
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

describe('waiting on one abort signal', () => {
  const ignore = (): void => undefined

  it('adds one listener to a platform signal, however many wait on it, so that Node.js does not warn of a leak', () => {
    const { signal } = new AbortController()
    const groups = Array.from({ length: 12 }, () => new AbortGroups<string>(ignore))
    for (const group of groups) group.add(signal, 'item')
    const unsubscribes = Array.from({ length: 12 }, () => onAbort(signal, ignore))
    assert.equal(getEventListeners(signal, 'abort').length, 1)
    for (const group of groups) group.remove(signal, 'item')
    for (const unsubscribe of unsubscribes) unsubscribe()
    assert.equal(getEventListeners(signal, 'abort').length, 0)
  })

  for (const [kind, controller] of [['platform', new AbortController()], ['light', new LightAbortSignal()]] as const)
    it(`hands over a group of items once when its ${kind} signal is aborted`, () => {
      const aborted: string[][] = []
      const groups = new AbortGroups<string>((items, reason) => aborted.push([...items, String(reason)]))
      const signal = controller instanceof LightAbortSignal ? controller : controller.signal
      for (const item of ['one', 'two', 'three']) groups.add(signal, item)
      groups.remove(signal, 'two')
      controller.abort(new Error('enough'))
      controller.abort(new Error('again'))
      assert.deepEqual(aborted, [['one', 'three', 'Error: enough']])
    })
})

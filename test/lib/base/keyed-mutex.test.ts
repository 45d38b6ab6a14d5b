import assert from 'node:assert/strict'
import { KeyedMutex } from '../../../src/lib/base/keyed-mutex'
import { settle } from '../fake-clock'

const { signal } = new AbortController()
const KEY = 'key'

describe('a keyed mutex', () => {
  it('runs one task of a key at a time, urgent ones first', async () => {
    const mutex = new KeyedMutex()
    const done: string[] = []
    let running = 0
    const run = (name: string, urgent: boolean): Promise<void> =>
      mutex.run(KEY, { urgent, signal }, async () => {
        running += 1
        assert.equal(running, 1)
        await settle()
        running -= 1
        done.push(name)
      })
    assert.equal(mutex.size, 0)
    const all = [run('r1', false), run('r2', false), run('c1', true), run('c2', true)]
    assert.equal(mutex.size, 1)
    await Promise.all(all)
    assert.deepEqual(done, ['r1', 'c1', 'c2', 'r2'])
    assert.equal(mutex.size, 0)
  })

  it('runs tasks of different keys at the same time', async () => {
    const mutex = new KeyedMutex()
    let end: () => void = () => undefined
    const held = mutex.run('one', { urgent: false, signal }, () => new Promise<void>((resolve) => (end = resolve)))
    assert.equal(await mutex.run('other', { urgent: false, signal }, () => Promise.resolve('done')), 'done')
    end()
    await held
  })

  it('tells the tasks behind it how long it waits', async () => {
    const mutex = new KeyedMutex()
    const waits: number[] = []
    const first = mutex.run(KEY, { urgent: false, signal }, async (reportWait) => {
      await settle()
      reportWait(250)
    })
    const second = mutex.run(KEY, { urgent: false, signal, onWait: (ms) => waits.push(ms) }, () => Promise.resolve())
    await Promise.all([first, second])
    assert.deepEqual(waits, [250])
  })

  it('continues after a failure', async () => {
    const mutex = new KeyedMutex()
    const failing = mutex.run(KEY, { urgent: false, signal }, () => Promise.reject(new Error('it failed')))
    const next = mutex.run(KEY, { urgent: false, signal }, () => Promise.resolve('done'))
    await assert.rejects(failing, /it failed/)
    assert.equal(await next, 'done')
  })

  // The start of a task and its abort may come in any order.
  for (let turns = 0; turns < 8; turns += 1)
    it(`continues when a task is aborted ${turns} steps after its start`, async () => {
      const mutex = new KeyedMutex()
      const aborting = new AbortController()
      let end: () => void = () => undefined
      const first = mutex.run(KEY, { urgent: false, signal }, () => new Promise<void>((resolve) => (end = resolve)))
      const second = mutex.run(KEY, { urgent: false, signal: aborting.signal }, () => Promise.resolve('second')).catch(() => 'aborted')
      const third = mutex.run(KEY, { urgent: false, signal }, () => Promise.resolve('third'))
      end()
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve()
      aborting.abort(new Error('aborted'))
      await settle()
      assert.equal(mutex.size, 0, 'the key is still held')
      await Promise.all([first, second])
      assert.equal(await third, 'third')
    })
})

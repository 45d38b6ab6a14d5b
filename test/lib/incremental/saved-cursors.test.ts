/** What is saved of how far each source was read, in which order, and what a reset leaves. */
import assert from 'node:assert/strict'
import { CursorError } from '../../../src/lib/incremental/cursor'
import { Cursors } from '../../../src/lib/incremental/saved-cursors'
import { StoreError } from '../../../src/lib/store/store'
import { settle } from '../fake-clock'
import { SimpleStore } from '../store/simple-store'

describe('saved cursors', () => {
  let store: SimpleStore
  /** Keys in the order in which they were written. */
  let written: string[]
  beforeEach(() => {
    store = new SimpleStore()
    written = []
    store.onSet = (key) => written.push(key)
  })

  const cursors = (owner = 'node'): Cursors => new Cursors(owner, () => Promise.resolve(store))
  /** Reads a source. @returns the cursor that the read was given */
  const read = (from: Cursors, source: string, ...next: readonly unknown[]): Promise<unknown> =>
    from.read(source, async ({ cursor, save }) => {
      for (const saved of next) await save(saved)
      return cursor
    })
  /** A read that goes on until it is told to end. */
  const open = (from: Cursors, source: string, next: unknown): { begun(): boolean; end(): Promise<void> } => {
    let begun = false
    let end: () => void = () => undefined
    const told = new Promise<void>((resolve) => (end = resolve))
    const done = from.read(source, async ({ save }) => {
      begun = true
      await told
      await save(next)
    })
    return { begun: () => begun, end: () => (end(), done) }
  }

  it('gives each source of each owner the cursor that it saved last, also in the next run', async () => {
    const first = cursors()
    assert.equal(await read(first, 'a', { at: 1 }, { at: 2 }), undefined)
    assert.deepEqual(await read(first, 'a'), { at: 2 })
    assert.equal(await read(first, 'b', null), undefined)
    const second = cursors()
    assert.deepEqual([await read(second, 'a'), await read(second, 'b')], [{ at: 2 }, null])
    assert.equal(await read(cursors('other'), 'a'), undefined)
  })

  it('lists a source before its cursor is there, so that each reset finds it, and lists it once', async () => {
    const first = cursors()
    await read(first, 'a', 1, 2)
    await read(first, 'b', 1)
    assert.deepEqual(written, ['cursor:node', 'cursor:node:a', 'cursor:node:a', 'cursor:node', 'cursor:node:b'])
    await read(cursors(), 'b', 2)
    assert.deepEqual(written.slice(5), ['cursor:node:b'])
    assert.deepEqual(JSON.parse(store.texts.get('cursor:node') ?? ''), ['a', 'b'])
  })

  it('writes nothing when a read brings nothing new', async () => {
    const first = cursors()
    await read(first, 'a', { at: 1 }, { at: 1 })
    await read(first, 'a', { at: 1 })
    assert.deepEqual(written, ['cursor:node', 'cursor:node:a'])
  })

  it('reads a source once at a time, in the order of the messages, and others meanwhile', async () => {
    const all = cursors()
    const [first, second, other] = [open(all, 'a', 1), open(all, 'a', 2), open(all, 'b', 1)]
    await settle()
    assert.deepEqual([first.begun(), second.begun(), other.begun()], [true, false, true])
    await first.end()
    await settle()
    const third = open(all, 'a', 3)
    await settle()
    assert.deepEqual([second.begun(), third.begun()], [true, false], 'the second still reads')
    await second.end()
    await third.end()
    assert.equal(await read(all, 'a'), 3)
    await other.end()
  })

  it('reads a source again after a read that failed', async () => {
    const all = cursors()
    const failed = all.read('a', () => Promise.reject(new Error('the cloud failed')))
    const next = read(all, 'a', 1)
    await assert.rejects(failed, /the cloud failed/)
    await next
    assert.equal(await read(all, 'a'), 1)
  })

  it('forgets all sources of its owner when reset, also those of earlier runs, and counts them', async () => {
    await read(cursors(), 'a', 1)
    await read(cursors('other'), 'a', 1)
    const second = cursors()
    await read(second, 'b', 1)
    assert.equal(await second.reset(), 2)
    assert.deepEqual([...store.texts.keys()], ['cursor:other', 'cursor:other:a'])
    assert.deepEqual([await read(second, 'a'), await read(second, 'b', 5)], [undefined, undefined])
    assert.deepEqual([await second.reset(), await second.reset()], [1, 0])
  })

  it('saves nothing of a read that began before the reset', async () => {
    const all = cursors()
    await read(all, 'a', 1)
    const before = open(all, 'a', 2)
    await settle()
    await all.reset()
    await before.end()
    assert.deepEqual([...store.texts.keys()], [])
    assert.equal(await read(all, 'a', 3), undefined)
    assert.equal(await read(all, 'a'), 3)
  })

  it('goes on when the store has failed', async () => {
    const all = cursors()
    const failing = all.read('a', async ({ save }) => {
      store.failing = 'UNAVAILABLE'
      await save(1)
    })
    await assert.rejects(failing, StoreError)
    store.failing = undefined
    await read(all, 'a', 1)
    assert.deepEqual(JSON.parse(store.texts.get('cursor:node') ?? ''), ['a'])
    assert.equal(await read(all, 'a'), 1)
  })

  it('says so when a cursor is damaged, and reads anew once all is forgotten', async () => {
    await read(cursors(), 'a', 1)
    store.texts.set('cursor:node:a', '{"at":')
    const all = cursors()
    await assert.rejects(read(all, 'a', 2), (error) => error instanceof CursorError && /is damaged; press "Forget…"/.test(error.message))
    await all.reset()
    assert.equal(await read(all, 'a'), undefined)
  })

  for (const damaged of ['["a', '{}', '["a",1]'])
    it(`begins the list of sources anew when it is ${damaged}`, async () => {
      await read(cursors(), 'a', 1)
      store.texts.set('cursor:node', damaged)
      const all = cursors()
      assert.equal(await read(all, 'a', 2), 1)
      assert.deepEqual(JSON.parse(store.texts.get('cursor:node') ?? ''), ['a'])
      assert.equal(await all.reset(), 1)
      assert.equal(await read(all, 'a'), undefined)
    })
})

/** What a queue promises against a power cut and against a kill, with readings that are synced at once or within a time. */
import assert from 'node:assert/strict'
import { cpSync } from 'node:fs'
import { mkdtemp, rm, type FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sinon from 'sinon'
import { openEmbedded } from '../../../src/lib/store/embedded/embedded-store'
import { RecordFile } from '../../../src/lib/store/embedded/record-file'
import type { Queue, Store } from '../../../src/lib/store/store'
import { until } from '../../until'
import { FakeClock, seededRandom, settle } from '../fake-clock'
import { handlePrototype, SyncWatch } from './power-cuts'

const LIMIT = 1_000_000
const SECOND = 1000
/** Ms within which it is synced that an entry is done. */
const DONE_WITHIN = 10 * SECOND
const QUEUE = join('queues', 'a')

/** What the test knows of an entry, in ms of the clock. */
interface Known {
  /** When it must be synced at the latest. */
  syncedBy: number
  /** When it must be synced at the latest that it is done. */
  doneBy: number | undefined
}

describe('the embedded store, after a power cut,', () => {
  let parent: string
  let prototype: FileHandle
  let clock: FakeClock
  let watch: SyncWatch
  let store: Store
  let queue: Queue
  let lives = 0
  let made = 0
  const damage: string[] = []

  /** Opens the store of a folder, as the next process does. */
  async function open(folder: string): Promise<void> {
    lives += 1
    sinon.restore()
    watch = new SyncWatch(prototype, join(folder, QUEUE), join(parent, `links ${lives}`))
    store = await openEmbedded(folder, { clock, segmentSize: 1500, onDamage: (said) => damage.push(String(said)) })
    queue = await store.queue('a')
  }

  /** Lets time pass; syncs that are due have ended then. */
  async function pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= SECOND) {
      await clock.advance(Math.min(SECOND, left))
      await settle()
      await watch.ended()
    }
  }

  /** The next process finds what a power cut leaves, or with `kill` all that was written. */
  async function restart(random: () => number, kill = false): Promise<string[]> {
    const next = join(parent, `life ${lives}`)
    if (kill) cpSync(join(store.place, QUEUE), join(next, QUEUE), { recursive: true })
    else watch.cutTo(join(next, QUEUE), random)
    sinon.restore()
    await store.close()
    await open(next)
    const entries = await queue.take(LIMIT)
    await queue.release(entries.map(({ id }) => id))
    return entries.map(({ text }) => text)
  }

  before(async () => {
    prototype = await handlePrototype()
  })

  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'power-cut-'))
    clock = new FakeClock()
    damage.length = 0
    await open(join(parent, 'first'))
  })

  afterEach(async () => {
    sinon.restore()
    await store.close()
    await rm(parent, { recursive: true })
  })

  /** Appends readings, has some done, or lets time pass. */
  async function step(known: Map<string, Known>, random: () => number): Promise<void> {
    const chosen = random()
    if (chosen < 0.25) return pass(Math.floor(random() * 5 * SECOND))
    if (chosen < 0.55) {
      const entries = await queue.take(1 + Math.floor(random() * 5))
      await queue.done(entries.map(({ id }) => id))
      for (const { text } of entries) Object.assign(known.get(text) ?? {}, { doneBy: clock.monotonic() + DONE_WITHIN })
      return
    }
    const syncWithin = [0, 3 * SECOND, 10 * SECOND][Math.floor(random() * 3)] ?? 0
    const texts = Array.from({ length: 1 + Math.floor(random() * 3) }, () => `reading ${String((made += 1)).padStart(6, '0')} ${'x'.repeat(40)}`)
    await queue.append(texts, LIMIT, syncWithin)
    for (const text of texts) known.set(text, { syncedBy: clock.monotonic() + syncWithin, doneBy: undefined })
  }

  /** @returns how many readings are lost, and how many would be sent again; neither breaks a promise */
  function compare(known: ReadonlyMap<string, Known>, left: readonly string[]): { lost: number; repeated: number } {
    const now = clock.monotonic()
    const found = new Set(left)
    const waiting = [...known].filter(([, { doneBy }]) => doneBy === undefined)
    const done = [...known].filter(([, { doneBy }]) => doneBy !== undefined)
    const lost = waiting.filter(([text]) => !found.has(text))
    const repeated = done.filter(([text]) => found.has(text))
    assert.deepEqual(lost.filter(([, { syncedBy }]) => syncedBy <= now), [], 'synced, and lost')
    assert.deepEqual(repeated.filter(([, { doneBy = 0 }]) => doneBy <= now), [], 'done long ago, and there again')
    assert.deepEqual(left, [...found].sort(), 'the order stays')
    return { lost: lost.length, repeated: repeated.length }
  }

  it('has every reading that was synced, and may repeat what was done in the last 10 s, again and again', async function () {
    this.timeout(120_000)
    const random = seededRandom(5)
    let lost = 0
    let repeated = 0
    let known = new Map<string, Known>()
    for (let life = 0; life < 12; life += 1) {
      for (let count = 0; count < 25; count += 1) await step(known, random)
      const left = await restart(random)
      const found = compare(known, left)
      lost += found.lost
      repeated += found.repeated
      known = new Map(left.map((text) => [text, { syncedBy: clock.monotonic(), doneBy: undefined }]))
    }
    assert.ok(repeated > 10, `only ${repeated} readings were repeated: the test cuts nothing off`)
    assert.ok(lost > 10, `only ${lost} readings with a sync window were lost: the test cuts nothing off`)
    assert.deepEqual(damage, [], 'what a power cut leaves is no damage')
  })

  it('has all that was written if only the process was killed', async () => {
    const random = seededRandom(6)
    await queue.append(['synced'], LIMIT)
    await queue.append(['done', 'written'], LIMIT, 10 * SECOND)
    const [synced, done] = await queue.take(2)
    await queue.done([done!.id, synced!.id])
    assert.deepEqual(await restart(random, true), ['written'])
    // The next process syncs what it found, although nothing is appended.
    assert.deepEqual(await restart(random), ['written'])
  })

  it('does not bring back what a user has dropped', async () => {
    await queue.append(['dropped', 'too'], LIMIT)
    assert.equal(await queue.clear(), 2)
    assert.deepEqual(await restart(() => 0), [])
  })

  it('has all that was written before the store was closed', async () => {
    await queue.append(['within an hour'], LIMIT, 3600 * SECOND)
    await store.close()
    assert.deepEqual(await restart(() => 0), ['within an hour'])
    assert.equal(clock.pending, 0)
  })

  it('syncs again what the disk could not sync in time, and lets the next append know', async () => {
    await queue.append(['first'], LIMIT, SECOND)
    sinon.restore()
    const failing = sinon.stub(prototype, 'datasync').callsFake(async function (this: FileHandle) {
      // The system may drop what it cannot write.
      await this.truncate(0)
      throw Object.assign(new Error('made for a test'), { code: 'EIO' })
    })
    await clock.advance(SECOND)
    assert.equal(failing.callCount, 1)
    await assert.rejects(queue.append(['refused'], LIMIT, SECOND), { code: 'UNAVAILABLE' })
    sinon.restore()
    watch = new SyncWatch(prototype, join(store.place, QUEUE), join(parent, 'later links'))
    await clock.advance(10 * SECOND)
    await until(() => watch.syncs > 0, 'it syncs again')
    await watch.ended()
    assert.deepEqual(await restart(() => 0), ['first'])
  })

  for (const [what, syncWithin, most] of [
    ['a reading a second costs one sync each, its note none', 0, 61],
    ['a reading a second with a window of 10 s costs a sync in 10 s', 10 * SECOND, 6],
  ] as const) {
    it(what, async () => {
      for (let second = 0; second < 60; second += 1) {
        await queue.append([`reading ${second}`], LIMIT, syncWithin)
        await pass(200)
        await queue.done((await queue.take(9)).map(({ id }) => id))
        await pass(800)
      }
      assert.ok(watch.syncs <= most && watch.syncs >= most - 1, `${watch.syncs} syncs`)
    })
  }

  it('syncs nothing while nothing comes', async () => {
    await queue.append(['only one'], LIMIT)
    await queue.done((await queue.take(1)).map(({ id }) => id))
    await pass(10 * SECOND)
    assert.equal(watch.syncs, 2)
    await pass(60 * SECOND)
    assert.deepEqual([watch.syncs, clock.pending], [2, 0])
  })

  it('has a value that is not worth a sync if a later one was synced, and everything if the store was closed', async () => {
    const next = async (): Promise<(string | undefined)[]> => {
      const folder = join(parent, `values ${(lives += 1)}`)
      watch.cutTo(folder, () => 0)
      const left = await openEmbedded(folder)
      const found = await Promise.all(['first', 'second', 'third'].map((key) => left.get(key)))
      await left.close()
      return found
    }
    sinon.restore()
    watch = new SyncWatch(prototype, store.place, join(parent, 'links of values'))
    await store.set('first', 'one', undefined, Infinity)
    assert.deepEqual([watch.syncs, await store.get('first')], [0, 'one'])
    await store.set('second', 'two')
    await store.set('third', 'three', undefined, Infinity)
    assert.equal(watch.syncs, 1)
    assert.deepEqual(await next(), ['one', 'two', undefined])
    await store.close()
    assert.deepEqual(await next(), ['one', 'two', 'three'])
  })

  it('keeps no more than 1 MiB waiting for a sync', async () => {
    sinon.restore()
    watch = new SyncWatch(prototype, store.place, join(parent, 'links of values'))
    for (let index = 0; index < 60; index += 1) await store.set(`key ${index}`, 'x'.repeat(50_000), undefined, Infinity)
    assert.equal(watch.syncs, 2, 'of 3 MB')
  })

  it('syncs once if the time of a sync comes while something is written', async () => {
    await queue.append(['first'], LIMIT, 10 * SECOND)
    await clock.advance(10 * SECOND - 5)
    const write = prototype.write
    let goOn: () => void = () => undefined
    const held = new Promise<void>((resolve) => (goOn = resolve))
    const holding = sinon.stub(prototype, 'write').callsFake(async function (this: FileHandle, ...given: Parameters<FileHandle['write']>) {
      await held
      return Reflect.apply<FileHandle, Parameters<FileHandle['write']>, ReturnType<FileHandle['write']>>(write, this, given)
    })
    const second = queue.append(['second'], LIMIT, 10 * SECOND)
    await until(() => holding.called, 'it writes')
    await clock.advance(10)
    goOn()
    await second
    for (let ms = 0; ms < 20; ms += 1) await clock.advance(1)
    await watch.ended()
    await pass(5 * SECOND)
    assert.equal(watch.syncs, 1)
  })

  it('takes an append however soon it follows the last one', async () => {
    const file = await RecordFile.open(join(parent, 'records.log'), clock, () => undefined)
    for (let turns = 0; turns < 8; turns += 1) {
      await file.append(Buffer.from('first'))
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve()
      await file.append(Buffer.from('next'))
    }
    await file.close()
  })
})

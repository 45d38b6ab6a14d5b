/** The queue in files, on a disk whose process is killed and whose power is cut at any moment, beside a list of its entries. */
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { EmbeddedQueue } from '../../src/lib/store/embedded/queue'
import { FakeClock, seededRandom, settle } from '../lib/fake-clock'
import { FakeDisk, type Loss } from './fake-disk'
import { checkHistories } from './histories'

const SECOND = 1000
const LIMIT = 40
/** Ms within which it is synced that an entry is done. */
const DONE_WITHIN = 10 * SECOND

type Step =
  | { do: 'append'; count: number; syncWithin: number }
  | { do: 'done' | 'release'; count: number }
  | { do: 'clear' }
  | { do: 'pass'; ms: number }
  | { do: 'fail'; fault: FakeDisk['fault'] }
  | { do: 'kill' | 'cut the power'; loss: Loss; seed: number; inFlight: number; turns: number }

const count = fc.integer({ min: 1, max: 6 })
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('append' as const), count, syncWithin: fc.constantFrom(0, 3 * SECOND, 10 * SECOND) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constantFrom('done' as const, 'done' as const, 'release' as const), count }) },
  { weight: 1, arbitrary: fc.constant({ do: 'clear' as const }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(1, SECOND, 5 * SECOND, 11 * SECOND) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('fail' as const), fault: fc.constantFrom('full' as const, 'broken' as const, undefined, undefined) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('kill' as const, 'cut the power' as const), loss: fc.constantFrom<Loss>('all', 'end', 'pieces'), seed: fc.nat(), inFlight: fc.nat(2), turns: fc.nat(12),
    }),
  },
)

/** What the model knows of an entry; all times are monotonic ms. */
interface Known {
  state: 'waiting' | 'done' | 'refused'
  /** From when on a power cut cannot undo its append, or that it is done. */
  safeFrom: number
  /** Whether the end of the process cannot undo it either. */
  isWritten: boolean
  /** Entries of one append are there together, or none of them. */
  append: number
}

class World {
  readonly disk = new FakeDisk()
  readonly #clock = new FakeClock()
  #queue: EmbeddedQueue | undefined
  #known = new Map<string, Known>()
  #made = 0
  #appends = 0
  /** Whether nothing has happened that the queue may report as damage. */
  #mayNotBeDamaged = true
  #damaged = 0
  #wasBroken = false

  async open(): Promise<void> {
    this.#queue = await EmbeddedQueue.open('/store/queues/a', { clock: this.#clock, segmentSize: 1500, onDamage: (bytes) => (this.#damaged += bytes) })
  }

  async close(): Promise<void> {
    this.disk.fault = undefined
    await this.#queue?.close()
    assert.equal(this.#clock.pending, 0, 'a timer is left behind')
  }

  async apply(step: Step): Promise<void> {
    assert.ok(this.disk.isInstalled, 'the history took too long')
    if (step.do === 'append') await this.#append(step.count, step.syncWithin)
    else if (step.do === 'pass') await this.#pass(step.ms)
    else if (step.do === 'fail') this.#fail(step.fault)
    else if (step.do === 'kill' || step.do === 'cut the power') await this.#crash(step)
    else if (step.do === 'done' || step.do === 'release') await this.#take(step)
    else await this.#clear()
  }

  get #open(): EmbeddedQueue {
    assert.ok(this.#queue)
    return this.#queue
  }

  get #waiting(): string[] {
    return [...this.#known].filter(([, { state }]) => state === 'waiting').map(([text]) => text)
  }

  async #append(size: number, syncWithin: number): Promise<void> {
    const append = (this.#appends += 1)
    const texts = Array.from({ length: size }, () => `entry ${String((this.#made += 1)).padStart(6, '0')} ${'x'.repeat(this.#made % 90)}`)
    const fits = this.#waiting.length + size <= LIMIT
    // Until it is accepted it may be there after a crash, or not.
    for (const text of texts) this.#known.set(text, { state: 'refused', safeFrom: Infinity, isWritten: false, append })
    try {
      await this.#open.append(texts, LIMIT, syncWithin)
    } catch (error) {
      const { code } = error as { code?: string }
      assert.ok(code === 'FULL' ? !fits : code === 'UNAVAILABLE' && this.disk.fault !== undefined || code === 'CLOSED', String(error))
      return
    }
    assert.ok(fits, 'it holds more than it may')
    const safeFrom = syncWithin === 0 ? 0 : this.disk.fault === 'broken' ? Infinity : this.#clock.monotonic() + syncWithin
    for (const text of texts) this.#known.set(text, { state: 'waiting', safeFrom, isWritten: true, append })
  }

  async #pass(ms: number): Promise<void> {
    await this.#clock.advance(ms)
    for (let turn = 0; turn < 3; turn += 1) await settle()
  }

  /** While syncs fail, nobody knows when what waits for one is synced. */
  #fail(fault: FakeDisk['fault']): void {
    this.disk.fault = fault
    if (fault !== undefined) this.#mayNotBeDamaged = false
    if (fault !== 'broken') return
    this.#wasBroken = true
    for (const known of this.#known.values()) if (known.safeFrom > this.#clock.monotonic()) known.safeFrom = Infinity
  }

  async #take(step: Extract<Step, { do: 'done' | 'release' }>): Promise<void> {
    const entries = await this.#open.take(step.count)
    const texts = entries.map(({ text }) => text)
    assert.deepEqual(texts, this.#waiting.slice(0, step.count), 'it gives the oldest entries in their order')
    const ids = entries.map(({ id }) => id)
    if (step.do === 'release') await this.#open.release(ids)
    else await this.#settled(texts, DONE_WITHIN, () => this.#open.done(ids), ids)
  }

  async #clear(): Promise<void> {
    const texts = this.#waiting
    await this.#settled(texts, 0, async () => {
      await this.#open.clear()
    }, [])
  }

  /** @param ids given back when they could not be noted */
  async #settled(texts: readonly string[], within: number, note: () => Promise<void>, ids: readonly string[]): Promise<void> {
    try {
      await note()
    } catch (error) {
      assert.equal(this.disk.fault, 'broken', String(error))
      await this.#open.release(ids)
      for (const text of texts) Object.assign(this.#known.get(text) ?? {}, { safeFrom: Infinity, isWritten: false })
      return
    }
    const safeFrom = this.disk.fault === undefined ? this.#clock.monotonic() + within : Infinity
    // A full disk forgets that they are done, lest it stays full.
    for (const text of texts) Object.assign(this.#known.get(text) ?? {}, { state: 'done', safeFrom, isWritten: this.disk.fault !== 'full' })
  }

  async #crash({ do: how, inFlight, loss, seed, turns }: Extract<Step, { do: 'kill' | 'cut the power' }>): Promise<void> {
    const begun = Array.from({ length: inFlight }, () => this.#append(2, 0))
    for (let turn = 0; turn < turns; turn += 1) await Promise.resolve()
    const dying = this.#open
    if (how === 'kill') this.disk.kill()
    else this.disk.cutPower(loss, seededRandom(seed))
    if (loss === 'pieces' && how !== 'kill') this.#mayNotBeDamaged = false
    const before = new Map([...this.#known].map(([text, known]) => [text, { ...known }]))
    // The appends of the process that has ended fail, and nobody is told.
    await Promise.all(begun.map((append) => append.catch(() => undefined)))
    await dying.close().catch(() => undefined)
    await this.open()
    await this.#compare(before, how)
  }

  async #compare(before: ReadonlyMap<string, Known>, how: 'kill' | 'cut the power'): Promise<void> {
    const entries = await this.#open.take(1_000_000)
    await this.#open.release(entries.map(({ id }) => id))
    const left = entries.map(({ text }) => text)
    const found = new Set(left)
    const now = this.#clock.monotonic()
    for (const [text, { isWritten, safeFrom, state }] of before) {
      const isSure = how === 'kill' ? isWritten : safeFrom <= now
      if (state === 'waiting' && isSure) assert.ok(found.has(text), `${text} is lost`)
      if (state === 'done' && isSure) assert.ok(!found.has(text), `${text} was done, and is there again`)
    }
    assert.deepEqual(left, [...before.keys()].filter((text) => found.has(text)), 'the order stays, and nothing is made up')
    for (const text of left) {
      const { append, state } = before.get(text) ?? {}
      if (state === 'refused') for (const [other, known] of before) if (known.append === append) assert.ok(found.has(other), `${other} is missing, and the rest of its append is there`)
    }
    if (this.#mayNotBeDamaged) assert.equal(this.#damaged, 0, 'what a crash leaves is no damage')
    // The next process syncs what it finds, but for what the system has dropped after a failed sync.
    const isDropped = ({ safeFrom }: Known): boolean => how === 'kill' && this.#wasBroken && safeFrom === Infinity
    this.#known = new Map([...before].flatMap(([text, known]): [string, Known][] => {
      if (found.has(text)) return [[text, { ...known, state: 'waiting', safeFrom: isDropped(known) ? Infinity : 0, isWritten: true }]]
      return isDropped(known) ? [[text, known]] : []
    }))
  }

  async check(): Promise<void> {
    assert.equal((await this.#open.state()).depth, this.#waiting.length)
  }
}

async function runHistory(steps: readonly Step[]): Promise<void> {
  const world = new World()
  world.disk.install()
  try {
    await world.open()
    for (const one of steps) {
      await world.apply(one)
      await world.check()
    }
    await world.close()
  } finally {
    world.disk.restore()
  }
}

describe('the queue in files and its model', () => {
  afterEach(() => FakeDisk.restoreInstalled())

  it('agree on what is left after kills and power cuts', () => checkHistories(fc.constant(undefined), step, (_setting, steps) => runHistory(steps)))

  it('agree that a synced entry stays where an earlier process was killed while it made the file', async () => {
    for (let turns = 0; turns < 20; turns += 1)
      await runHistory([
        { do: 'kill', loss: 'all', seed: 0, inFlight: 1, turns },
        { do: 'append', count: 1, syncWithin: 0 },
        { do: 'cut the power', loss: 'all', seed: 0, inFlight: 0, turns: 0 },
      ])
  })
})

/** The queue in Redis for two processes, one of which may end at any moment, beside a list of its entries. */
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { StoreError, type Entry, type Queue, type Store } from '../../src/lib/store/store'
import { RedisRig, textsOf } from '../lib/store/redis-rig'
import { checkHistories } from './histories'

const LIMIT = 30

type Step =
  | { do: 'append'; by: 0 | 1; count: number }
  | { do: 'take'; by: 0 | 1; count: number }
  | { do: 'done' | 'release'; by: 0 | 1; count: number }
  | { do: 'clear' | 'reopen'; by: 0 | 1 }

const by = fc.constantFrom<0 | 1>(0, 1)
const count = fc.integer({ min: 1, max: 5 })
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('append' as const), by, count }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('take' as const), by, count }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constantFrom('done' as const, 'done' as const, 'release' as const), by, count }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('clear' as const, 'reopen' as const, 'reopen' as const), by }) },
)

interface Process {
  store: Store
  queue: Queue
  held: Entry[]
}

class World {
  readonly #processes: Process[] = []
  /** What waits or is held, oldest first. */
  #entries: string[] = []
  #made = 0

  constructor(readonly rig: RedisRig, readonly name: string) {}

  async open(): Promise<void> {
    for (let index = 0; index < 2; index += 1) this.#processes.push(await this.#process())
  }

  async #process(): Promise<Process> {
    const store = await this.rig.open()
    return { store, queue: await store.queue(this.name), held: [] }
  }

  async close(): Promise<void> {
    for (const { store } of this.#processes) await store.close()
  }

  async apply(step: Step): Promise<void> {
    const process = this.#processes[step.by]
    assert.ok(process)
    if (step.do === 'append') await this.#append(process.queue, step.count)
    else if (step.do === 'take') await this.#take(process, step)
    else if (step.do === 'done' || step.do === 'release') await this.#giveUp(process, step.do, step.count)
    else if (step.do === 'clear') await this.#clear(process)
    else await this.#reopen(process, step.by)
    assert.equal((await this.#processes[step.by]?.queue.state())?.depth, this.#entries.length)
  }

  async #append(queue: Queue, size: number): Promise<void> {
    const texts = Array.from({ length: size }, () => `entry ${(this.#made += 1)}`)
    const fits = this.#entries.length + size <= LIMIT
    try {
      await queue.append(texts, LIMIT)
      this.#entries.push(...texts)
      assert.ok(fits, 'it holds more than it may')
    } catch (error) {
      assert.ok(error instanceof StoreError && error.code === 'FULL' && !fits, String(error))
    }
  }

  /** One process serves the queue at a time: the other one gets nothing while entries are held. */
  async #take(process: Process, step: Extract<Step, { do: 'take' }>): Promise<void> {
    const entries = await process.queue.take(step.count)
    const other = this.#processes[1 - step.by]
    const held = new Set(textsOf(process.held))
    const expected = other && other.held.length > 0 ? [] : this.#entries.filter((text) => !held.has(text)).slice(0, step.count)
    assert.deepEqual(textsOf(entries), expected)
    process.held.push(...entries)
    const ids = process.held.map(({ id }) => id)
    assert.equal(new Set(ids).size, ids.length, 'an entry is given twice')
  }

  async #giveUp(process: Process, how: 'done' | 'release', size: number): Promise<void> {
    const chosen = process.held.splice(0, size)
    const texts = new Set(textsOf(chosen))
    await process.queue[how](chosen.map(({ id }) => id))
    if (how === 'done') this.#entries = this.#entries.filter((text) => !texts.has(text))
  }

  /** Only by the process that serves the queue: another one's entries are being sent. */
  async #clear(process: Process): Promise<void> {
    if (this.#processes.some((other) => other !== process && other.held.length > 0)) return
    assert.equal(await process.queue.clear(), this.#entries.length)
    this.#entries = []
    process.held = []
  }

  /** What the process held waits again, for the next one or for the other. */
  async #reopen(process: Process, index: number): Promise<void> {
    await process.store.close()
    this.#processes[index] = await this.#process()
  }
}

describe('the queue in Redis and its model', () => {
  const rig = new RedisRig()

  it('agree on what each of two processes gets', () =>
    checkHistories(fc.constant(undefined), step, async (_setting, steps) => {
      const world = new World(rig, rig.newName())
      await world.open()
      try {
        for (const one of steps) await world.apply(one)
      } finally {
        await world.close()
      }
    }, 0.5)).timeout(300_000)
})

/** The outbox over outages, refusals, lost answers and restarts, on the simulated cloud, beside a list of what it accepted. */
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { ApiError } from '../../src/lib/base/api-error'
import type { Outbox } from '../../src/lib/outbox/outbox'
import { hand, OutboxRig, readings } from '../lib/outbox/rig'
import { settle } from '../lib/fake-clock'
import { checkHistories } from './histories'

const LIMIT = 60
/** The cloud never takes a reading whose value ends so. */
const isBad = (value: number): boolean => value % 10 === 7
const BAD = /"value":\d*7\b/
/** A single reading that is too large is refused for good. */
const SEVERAL = /"value".*"value"/s

type Step =
  | { do: 'hand'; count: number; window: number }
  | { do: 'pass'; ms: number }
  | { do: 'outage'; isDown: boolean }
  | { do: 'fail'; how: 'too large' | 'reset before' | 'reset after' }
  | { do: 'restart' }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('hand' as const), count: fc.integer({ min: 1, max: 6 }), window: fc.constantFrom(0, 250, 2000) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(10, 300, 5000, 60_000) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('outage' as const), isDown: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('fail' as const), how: fc.constantFrom('too large' as const, 'reset before' as const, 'reset after' as const) }) },
  { weight: 1, arbitrary: fc.constant({ do: 'restart' as const }) },
)

class World {
  #outbox: Outbox
  readonly #accepted: number[] = []
  #made = 0
  #endOutage: (() => void) | undefined
  /** Whether an answer was lost, so that the outbox may send a reading twice. */
  #mayRepeat = false
  #pending = 0
  readonly #refusedMessages: unknown[] = []

  constructor(readonly rig: OutboxRig, readonly largest: number) {
    rig.simulator.faults.always({ status: 400, match: { body: BAD } })
    this.#outbox = this.#opened()
  }

  #opened(): Outbox {
    const outbox = this.rig.outbox(this.largest, this.rig.store.lease(), () => [])
    outbox.start()
    return outbox
  }

  async apply(step: Step): Promise<void> {
    if (step.do === 'hand') await this.#hand(step.count, step.window)
    else if (step.do === 'pass') await this.rig.pass(step.ms, 2)
    else if (step.do === 'outage') this.#outage(step.isDown)
    else if (step.do === 'restart') await this.#restart()
    else this.#fail(step.how)
    this.#check()
  }

  async #hand(count: number, window: number): Promise<void> {
    const first = this.#made
    this.#made += count
    const fits = this.rig.queue.texts.length + count <= LIMIT
    try {
      const { settled } = await hand(this.#outbox, readings(first, count), { limit: LIMIT, window })
      assert.ok(fits, 'the outbox holds more than it may')
      this.#accepted.push(...Array.from({ length: count }, (_none, index) => first + index))
      this.#pending += 1
      settled.catch((error: unknown) => this.#refusedMessages.push(error)).finally(() => (this.#pending -= 1))
    } catch (error) {
      assert.ok(error instanceof ApiError && error.code === 'OUTBOX_FULL' && !fits, String(error))
    }
  }

  #outage(isDown: boolean): void {
    this.#endOutage?.()
    this.#endOutage = isDown ? this.rig.simulator.faults.always({ status: 503 }) : undefined
  }

  #fail(how: Extract<Step, { do: 'fail' }>['how']): void {
    if (how === 'reset after') this.#mayRepeat = true
    this.rig.simulator.faults.next(how === 'too large' ? { status: 413, match: { body: SEVERAL } } : { reset: how === 'reset before' ? 'before' : 'after' })
  }

  async #restart(): Promise<void> {
    await Promise.all([this.#outbox.close(), this.rig.pass(2000, 3)])
    this.#outbox = this.#opened()
  }

  /** Each accepted reading waits, is stored, or was refused. */
  #check(): void {
    const { queue, stored } = this.rig
    assert.ok(queue.texts.length <= LIMIT)
    const waiting = queue.texts.map((text) => (JSON.parse(text) as { reading: { value: number } }).reading.value)
    const known = new Set([...stored, ...waiting])
    assert.deepEqual(this.#accepted.filter((value) => !isBad(value) && !known.has(value)), [], 'readings are lost')
    assert.deepEqual(stored.filter((value) => isBad(value) || !this.#accepted.includes(value)), [], 'the cloud has readings that were never accepted')
    const order = [...new Set(stored)]
    assert.deepEqual(order, [...order].sort((one, other) => one - other), 'the order stays')
    if (!this.#mayRepeat) assert.equal(stored.length, order.length, 'a reading is sent twice')
  }

  async end(): Promise<void> {
    this.#outage(false)
    await this.rig.until(() => this.rig.queue.texts.length === 0)
    await settle()
    this.#check()
    assert.deepEqual([this.rig.queue.held, this.#pending], [0, 0], 'messages are not answered')
    for (const error of this.#refusedMessages) assert.ok(error instanceof ApiError && error.code === 'INVALID', String(error))
    const refused = this.#refusedMessages.length + this.rig.refused.length
    if (this.#accepted.some(isBad)) assert.ok(refused > 0, 'nobody is told of a refused reading')
    else assert.equal(refused, 0)
  }
}

describe('the outbox and its model', () => {
  it('agree on what is sent, what waits and what is refused', () =>
    checkHistories(fc.integer({ min: 1, max: 12 }), step, async (largest, steps) => {
      const rig = await OutboxRig.start()
      try {
        const world = new World(rig, largest)
        for (const one of steps) await world.apply(one)
        await world.end()
      } finally {
        await rig.stop()
      }
    }, 0.2)).timeout(300_000)
})

/** Saved counts over crashes at any moment and a store that fails at times, beside a model that counts what was sent. */
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { Limiter } from '../../src/lib/limiter/limiter'
import { SavedCounts } from '../../src/lib/quota/saved-counts'
import type { Budget } from '../../src/lib/vocabulary/budget'
import { sentence } from '../../src/lib/base/sentence'
import { StoreError } from '../../src/lib/store/store'
import { FakeClock, settle } from '../lib/fake-clock'
import { SimpleStore } from '../lib/store/simple-store'
import { checkHistories } from './histories'

const DEVICES = ['a', 'b'] as const
const { signal } = new AbortController()

type Step =
  | { do: 'send'; device: (typeof DEVICES)[number]; count: number }
  | { do: 'pass'; minutes: number }
  | { do: 'crash'; inFlight: number }
  | { do: 'restart' }
  | { do: 'fail'; fails: boolean }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 10, arbitrary: fc.record({ do: fc.constant('send' as const), device: fc.constantFrom(...DEVICES), count: fc.integer({ min: 1, max: 12 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('pass' as const), minutes: fc.constantFrom(1, 60, 300, 1440) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('crash' as const), inFlight: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.constant({ do: 'restart' as const }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('fail' as const), fails: fc.boolean() }) },
)

/** What is known of one budget in its present period. */
interface Count {
  /** Requests that were sent by all processes. */
  sent: number
  /** Those that the next process must know: all, unless the disk was full. */
  safe: number
  /** Whether every request of this process is saved before it is sent, as it is while the disk is not full. */
  isSaving: boolean
  /** Requests that crashes may have wasted. */
  wasted: number
}

class World {
  readonly clock = new FakeClock('2026-01-20T12:00:30Z')
  readonly #limits: { day: number; month: number }
  readonly #counts = new Map<string, Count>()
  /** Whether the disk is full. What is on it can be read all the same. */
  #isFull = false
  #store = this.#storeWith([])
  #limiter = new Limiter({ clock: this.clock })
  #saved = this.#process()

  constructor(limits: { day: number; month: number }) {
    this.#limits = limits
  }

  async apply(step: Step): Promise<void> {
    if (step.do === 'send') for (let count = 0; count < step.count; count += 1) await this.#send(step.device)
    else if (step.do === 'pass') await this.clock.advance(step.minutes * 60_000)
    else if (step.do === 'fail') this.#isFull = step.fails
    else await this.#restart(step)
    await settle()
    await this.#check()
  }

  /** The day is of the account, the month of each device. */
  #budgets(): readonly [Budget, Budget] {
    return [
      { name: 'per day', limit: this.#limits.day, window: 'day', scope: 'account' },
      { name: 'per month', limit: this.#limits.month, window: 'month', scope: 'device' },
    ]
  }

  #process(): SavedCounts {
    return new SavedCounts({ store: this.#store, account: Promise.resolve('account'), limiter: this.#limiter, clock: this.clock, emit: () => undefined })
  }

  /** The counts of the present day, and of the present month of a device. */
  #of(device: string): [Count, Count] {
    const date = new Date(this.clock.now()).toISOString()
    return [this.#count(`counts:account:per day: ${date.slice(0, 10)}`), this.#count(`counts:account:per month:${device} ${date.slice(0, 7)}`)]
  }

  #count(name: string): Count {
    const known = this.#counts.get(name) ?? { sent: 0, safe: 0, isSaving: true, wasted: 0 }
    this.#counts.set(name, known)
    return known
  }

  #storeWith(texts: Iterable<readonly [string, string]>): SimpleStore {
    const store = new SimpleStore(texts)
    store.onSet = () => {
      if (this.#isFull) throw new StoreError('UNAVAILABLE', sentence`the disk is full; free some space`)
    }
    return store
  }

  async #send(device: string): Promise<void> {
    const request = { budgets: this.#budgets(), device, priority: 'read', signal, deadlines: [] } as const
    await this.#saved.load(request)
    try {
      const permit = await this.#limiter.take(request)
      const counts = this.#of(device)
      if (this.#isFull) for (const count of this.#counts.values()) count.isSaving = false
      await this.#saved.confirm(permit, request)
      for (const count of counts) {
        count.sent += 1
        if (count.isSaving) count.safe += 1
      }
      permit.done()
    } catch (error) {
      assert.equal((error as { code?: string }).code, 'QUOTA')
    }
  }

  /** The next process finds what this one has saved until now. */
  async #restart(step: Extract<Step, { do: 'crash' | 'restart' }>): Promise<void> {
    if (step.do === 'restart') await this.#saved.flush()
    const pending: Promise<void>[] = []
    for (let count = 0; step.do === 'crash' && count < step.inFlight; count += 1) pending.push(this.#begun())
    this.#store = this.#storeWith(this.#store.texts)
    this.#limiter = new Limiter({ clock: this.clock })
    this.#saved = this.#process()
    for (const [name, count] of this.#counts) {
      const limit = name.includes('per day') ? this.#limits.day : this.#limits.month
      if (step.do === 'crash' || this.#isFull) count.wasted += Math.max(1, Math.floor(limit / 100)) + pending.length
      count.isSaving = true
    }
    await Promise.all(pending)
  }

  /** A request of a process that crashes at once: nobody knows whether it was saved. */
  async #begun(): Promise<void> {
    const request = { budgets: this.#budgets(), device: 'a', priority: 'read', signal, deadlines: [] } as const
    const saved = this.#saved
    const permit = await this.#limiter.take(request).catch(() => undefined)
    if (permit) await saved.confirm(permit, request)
  }

  /** What a process that started now would know. */
  async #check(): Promise<void> {
    const limiter = new Limiter({ clock: this.clock })
    const store = new SimpleStore(this.#store.texts)
    const saved = new SavedCounts({ store, account: Promise.resolve('account'), limiter, clock: this.clock, emit: () => undefined })
    for (const device of DEVICES) {
      await saved.load({ budgets: this.#budgets(), device, priority: 'read', signal, deadlines: [] })
      const states = limiter.states(this.#budgets(), device)
      for (const [index, count] of this.#of(device).entries()) {
        const { limit = 0, name = '', remaining = 0 } = states[index] ?? {}
        const used = limit - remaining
        const lead = Math.max(1, Math.floor(limit / 100))
        assert.ok(used >= Math.min(limit, count.safe), `the next process knows of ${used} requests ${name}, and ${count.safe} were sent`)
        assert.ok(used <= count.sent + count.wasted + lead, `the next process counts ${used} requests ${name}, and ${count.sent} were sent`)
      }
    }
  }
}

describe('saved counts and their model', () => {
  it('agree that a crash loses no count, and wastes little of a limit', () =>
    checkHistories(fc.record({ day: fc.integer({ min: 20, max: 900 }), month: fc.integer({ min: 20, max: 900 }) }), step, async (limits, steps) => {
      const world = new World(limits)
      for (const one of steps) await world.apply(one)
    }))
})

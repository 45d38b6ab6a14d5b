/** The count of a calendar period beside a model that remembers each request, over steps of the clock and restarts. */
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import type { Instant } from '../../src/lib/base/clock'
import { CalendarWindow, periodEnd, periodStart } from '../../src/lib/limiter/calendar-window'
import type { Budget, Period } from '../../src/lib/vocabulary/budget'
import { checkHistories } from './histories'

const SECOND = 1000
const HOUR = 3_600_000
const DAY = 24 * HOUR
/** Ms around the end of a period in which a request may count on either side: clocks differ, and small steps are ignored. */
const DOUBT = 4 * SECOND
/** Periods other than the present one whose counts a window remembers at least. */
const REMEMBERED = 4
/** Ms that share one time in the window. */
const GROUP: Readonly<Record<Period, number>> = { day: DAY / 144, month: (31 * DAY) / 144 }

type Step =
  | { do: 'charge' }
  | { do: 'pass'; ms: number }
  | { do: 'set the clock'; ms: number }
  | { do: 'restart' }
  | { do: 'raise'; used: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 10, arbitrary: fc.constant({ do: 'charge' as const }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(1, 500, 30 * SECOND, 20 * 60 * SECOND, 5 * HOUR, DAY, 9 * DAY) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('set the clock' as const), ms: fc.constantFrom(-1500, 1500, -HOUR, HOUR, -7 * HOUR, 7 * HOUR, -DAY, DAY, -40 * DAY, 40 * DAY) }) },
  { weight: 1, arbitrary: fc.constant({ do: 'restart' as const }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('raise' as const), used: fc.nat(30) }) },
)

/** What the vendor may have counted at least and at most, by the present clock. */
class Model {
  /** Monotonic ms of the requests of this process. */
  charges: number[] = []
  /** By the start of its period: requests of other processes that were told of. */
  others = new Map<number, number>()
  /** All that was told, as it may count in any period after a step of the clock. */
  told = 0
  /** Starts of all periods that were told of. */
  readonly starts = new Set<number>()

  constructor(readonly period: Period) {}

  #since(start: number, { epoch, monotonic }: Instant): number {
    return this.charges.filter((at) => epoch - (monotonic - at) >= start).length
  }

  least(now: Instant): number {
    const start = periodStart(this.period, now.epoch)
    return this.#since(start + DOUBT, now) + (this.others.get(start) ?? 0)
  }

  /** Where more periods were told of than are remembered, only the present one is sure to be. */
  forget(now: Instant): void {
    const present = periodStart(this.period, now.epoch)
    if (this.starts.size > REMEMBERED) for (const start of this.others.keys()) if (start !== present) this.others.delete(start)
  }

  most(now: Instant): number {
    return this.#since(periodStart(this.period, now.epoch) - GROUP[this.period] - DOUBT, now) + this.told
  }

  /** The present period has so many. Only those that cannot be of this process are of others. */
  tell(used: number, now: Instant): void {
    const start = periodStart(this.period, now.epoch)
    const others = Math.max(0, used - this.most(now))
    this.starts.add(start)
    this.others.set(start, (this.others.get(start) ?? 0) + others)
    this.told += used
  }
}

class World {
  now: Instant = { monotonic: 0, epoch: Date.UTC(2026, 2, 10, 12) }
  window: CalendarWindow
  readonly model: Model
  readonly #budget: Budget

  constructor(readonly period: Period, limit: number) {
    this.#budget = { name: `per ${period}`, limit, window: period, scope: 'account' }
    this.window = new CalendarWindow(this.#budget, period)
    this.model = new Model(period)
  }

  apply(step: Step): void {
    if (step.do === 'charge') this.#charge()
    else if (step.do === 'pass') this.now = { monotonic: this.now.monotonic + step.ms, epoch: this.now.epoch + step.ms }
    else if (step.do === 'set the clock') this.now = { ...this.now, epoch: this.now.epoch + step.ms }
    else if (step.do === 'restart') this.#restart()
    else {
      this.window.raise(step.used, this.now.epoch, this.now)
      this.model.tell(step.used, this.now)
    }
    this.#check()
  }

  #charge(): void {
    if (this.window.isSpent('read', this.now)) return
    this.window.charge(this.now)
    this.model.charges.push(this.now.monotonic)
  }

  /** The next process takes over what this one has saved. */
  #restart(): void {
    const start = periodStart(this.period, this.now.epoch)
    const [least, most] = [this.model.least(this.now), this.model.most(this.now)]
    const counts = this.window.counts(this.now, 0)
    this.window = new CalendarWindow(this.#budget, this.period)
    for (const { start: at, used } of counts) {
      this.window.raise(used, at, this.now)
      this.model.starts.add(at)
    }
    this.model.charges = []
    this.model.others = new Map([[start, least]])
    this.model.told = most + counts.reduce((sum, { used }) => sum + used, 0)
  }

  #check(): void {
    this.model.forget(this.now)
    const { used, resetsAt } = this.window.usage(this.now)
    const [least, most] = [this.model.least(this.now), this.model.most(this.now)]
    assert.ok(used >= least, `${used} are counted, and at least ${least} were sent`)
    assert.ok(used <= most, `${used} are counted, and at most ${most} were sent`)
    assert.equal(resetsAt, periodEnd(this.period, periodStart(this.period, this.now.epoch)))
    if (used >= this.#budget.limit) assert.ok(this.window.isSpent('command', this.now), 'a spent period refuses all')
  }
}

describe('a calendar window and its model', () => {
  it('agree on how many requests count in the present period', () =>
    checkHistories(fc.record({ period: fc.constantFrom<Period>('day', 'month'), limit: fc.integer({ min: 1, max: 60 }) }), step, ({ period, limit }, steps) => {
      const world = new World(period, limit)
      for (const one of steps) world.apply(one)
    }))
})

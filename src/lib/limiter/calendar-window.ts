/**
 * A count of the requests of a calendar day or month in UTC. The wall clock decides which period is the present one, and
 * it may be stepped over midnight in both directions. So the window remembers by a clock that nobody sets when requests
 * were charged: after a step, those count that lie in the present period by the new time.
 */
import type { Instant } from '../base/clock'
import type { Budget, Period, Priority, Usage } from '../vocabulary/budget'
import { LimiterError } from './limiter-error'
import type { PeriodCount, Window } from './window'

const DAY = 86_400_000

/** For so many ms after a reset, the vendor's header may still be about the period before. */
const HEADER_DELAY = 60_000

/** Within so many ms of the end of a period, the vendor's clock may be on the other side of it. */
const CLOCK_DIFFERENCE = 2000

/** Ms. A smaller difference of the clocks is no step. */
const LEAST_STEP = 2000

/** Ms of the longest period. */
const LENGTHS: Readonly<Record<Period, number>> = { day: DAY, month: 31 * DAY }

/** Requests are remembered in so many groups a period, each with the time of its latest request. */
const GROUPS = 144

/** Periods of which earlier processes or other ones have told counts, at most. */
const MOST_KNOWN = 4

/** Requests that were charged within a short time. Both times are monotonic ms. */
interface Charges {
  first: number
  latest: number
  count: number
  /** Whether the vendor may have counted them in the period after the one in which they were charged. */
  nearEnd: boolean
  /** Set for a saved count of a later period: the start of that period. */
  ofPeriod?: number
}

const countOf = (charges: readonly Charges[]): number => charges.reduce((sum, { count }) => sum + count, 0)

/** Epoch ms of the first moment of the period that contains `epoch`. */
export function periodStart(period: Period, epoch: number): number {
  if (period === 'day') return Math.floor(epoch / DAY) * DAY
  const date = new Date(epoch)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth())
}

/** Epoch ms of the first moment after the period that begins at `start`. */
export function periodEnd(period: Period, start: number): number {
  if (period === 'day') return start + DAY
  const date = new Date(start)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1)
}

export class CalendarWindow implements Window {
  budget: Budget
  readonly #period: Period
  #start = 0
  #end = 0
  #used = 0
  /** The period before the present one, at its end. */
  #previous: PeriodCount = { start: 0, used: 0 }
  /** What others have told of periods, by their start: an earlier process, or the processes that share the limit. */
  readonly #known = new Map<number, number>()
  /** In their order, as far back as a period is long. */
  #charges: Charges[] = []
  /** The clocks at the latest step. */
  #reference: Instant | undefined

  constructor(budget: Budget, period: Period) {
    this.budget = budget
    this.#period = period
  }

  adopt(budget: Budget): boolean {
    if (budget.window !== this.#period) return false
    this.budget = budget
    return true
  }

  isSpent(priority: Priority, now: Instant): boolean {
    this.#advance(now)
    // The vendor may still count in the period before.
    const used = this.#hasJustReset(now.epoch) ? Math.max(this.#used, this.#previous.used) : this.#used
    return used >= this.#allowed(priority)
  }

  refusal(priority: Priority, now: Instant): LimiterError {
    this.#advance(now)
    const resetsAt = this.#used < this.#allowed(priority) ? this.#start + CLOCK_DIFFERENCE : this.#end
    return LimiterError.spent(this.budget, resetsAt, priority)
  }

  opensAt(now: number): number {
    return now
  }

  estimate(): number {
    return 0
  }

  charge(now: Instant): boolean {
    this.#advance(now)
    this.#add(now, 1)
    if (this.#hasJustReset(now.epoch)) this.#previous.used += 1
    const left = this.#allowed('command') - this.#used
    return left === 0 || left === this.budget.reserve
  }

  redate(): void {
    // A request stays in the period in which it was charged.
  }

  lower(remaining: number, now: Instant): boolean {
    this.#advance(now)
    const used = Math.floor(this.budget.limit - remaining)
    if (used <= this.#used || now.epoch - this.#start < HEADER_DELAY) return false
    this.#add(now, used - this.#used)
    return this.isSpent('read', now)
  }

  raise(used: number, at: number, now: Instant): void {
    this.#advance(now)
    const start = periodStart(this.#period, at)
    const known = this.#known.get(start) ?? 0
    const counted = start === this.#start ? this.#used : known
    if (used <= counted) return
    this.#known.set(start, known + used - counted)
    // The present period is the oldest while the clock is behind, and stays.
    if (this.#known.size > MOST_KNOWN) this.#known.delete(Math.min(...[...this.#known.keys()].filter((known) => known !== this.#start)))
    if (start === this.#start) this.#used = used
    else if (start > this.#start) this.#countEarly(start, used, now)
  }

  usage(now: Instant): Usage {
    this.#advance(now)
    return { used: this.#used, resetsAt: this.#end }
  }

  counts(now: Instant, ahead: number): PeriodCount[] {
    this.#advance(now)
    const early = countOf(this.#chargedSince(this.#start, now).filter(({ ofPeriod }) => ofPeriod !== undefined))
    const next = countOf(this.#chargedSince(this.#end, now))
    const other = next > 0 ? { start: this.#end, used: next } : this.#previous
    const counts = new Map(this.#known)
    counts.set(other.start, Math.max(other.used, counts.get(other.start) ?? 0))
    counts.delete(this.#start)
    // A saved count of a later period is saved as that, and not as one of the present period.
    const current = { start: this.#start, used: this.#used - early + ahead }
    return [current, ...[...counts].map(([start, used]) => ({ start, used }))].filter(({ used }) => used > 0)
  }

  isIdle(now: Instant): boolean {
    this.#advance(now)
    this.#forgetOld(now.monotonic)
    return this.#used === 0 && this.#charges.length === 0 && [...this.#known.keys()].every((start) => start <= this.#start)
  }

  /** Requests of this priority that a period allows. */
  #allowed(priority: Priority): number {
    const limit = Math.floor(this.budget.limit)
    return priority === 'read' ? limit - (this.budget.reserve ?? 0) : limit
  }

  #hasJustReset(epoch: number): boolean {
    return epoch - this.#start < CLOCK_DIFFERENCE && periodEnd(this.#period, this.#previous.start) === this.#start
  }

  #add({ epoch, monotonic }: Instant, count: number): void {
    this.#used += count
    const nearEnd = this.#end - epoch <= CLOCK_DIFFERENCE
    const last = this.#charges.at(-1)
    if (last && last.ofPeriod === undefined && last.nearEnd === nearEnd && monotonic - last.first < LENGTHS[this.#period] / GROUPS) {
      last.count += count
      last.latest = monotonic
      return
    }
    this.#forgetOld(monotonic)
    this.#charges.push({ first: monotonic, latest: monotonic, count, nearEnd })
  }

  /**
   * A count of a later period was saved, so the clock was ahead then, or is behind now. In case it is behind, the count
   * holds now as well; no longer than a period, since the later one is over then.
   */
  #countEarly(start: number, used: number, { monotonic }: Instant): void {
    const charges = this.#charges.find(({ ofPeriod }) => ofPeriod === start)
    this.#used += used - (charges?.count ?? 0)
    if (charges) charges.count = used
    else this.#charges.push({ first: monotonic, latest: monotonic, count: used, nearEnd: false, ofPeriod: start })
  }

  #forgetOld(monotonic: number): void {
    for (let [oldest] = this.#charges; oldest && monotonic - oldest.latest > LENGTHS[this.#period]; [oldest] = this.#charges) {
      this.#charges.shift()
      // The clock was ahead when that count was saved.
      if (oldest.ofPeriod !== undefined && oldest.ofPeriod > this.#start) this.#known.delete(oldest.ofPeriod)
    }
  }

  /** What the vendor has counted in the period that begins at `start`, by the present clock. */
  #chargedSince(start: number, { epoch, monotonic }: Instant): Charges[] {
    return this.#charges.filter(({ latest, nearEnd, ofPeriod }) => {
      const at = epoch - (monotonic - latest)
      return ofPeriod !== start && at >= start - (nearEnd ? CLOCK_DIFFERENCE : 0)
    })
  }

  /**
   * Changes to the period that contains the present time. Counts anew for another period, and after a step of the clock.
   * Suspend looks like a step forwards: requests that were sent before it may then count for the next period too.
   */
  #advance(now: Instant): void {
    const { epoch, monotonic } = now
    const { epoch: epochBefore, monotonic: monotonicBefore } = (this.#reference ??= now)
    const isStepped = Math.abs(epoch - epochBefore - (monotonic - monotonicBefore)) > LEAST_STEP
    const isSame = epoch >= this.#start && epoch < this.#end
    if (isSame && !isStepped) return
    if (isStepped) this.#reference = now
    if (!isSame) {
      this.#previous = { start: this.#start, used: this.#used }
      this.#start = periodStart(this.#period, epoch)
      this.#end = periodEnd(this.#period, this.#start)
    }
    this.#used = (this.#known.get(this.#start) ?? 0) + countOf(this.#chargedSince(this.#start, now))
  }
}

/** A count of the requests of a calendar day or month in UTC. */
import type { Instant } from '../base/clock'
import type { Budget, Period, Priority, Usage } from '../vocabulary/budget'
import { LimiterError } from './limiter-error'
import type { PeriodCount, Window } from './window'

const DAY = 86_400_000

/** For so many ms after a reset, the vendor's header may still be about the period before. */
const HEADER_DELAY = 60_000

/** Within so many ms of the end of a period, the vendor's clock may be on the other side of it. */
const CLOCK_DIFFERENCE = 2000

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
  /**
   * The count of the period before this one, or after it. A clock without a battery starts in 1970, and a clock may be
   * set back over midnight.
   */
  #other: PeriodCount = { start: 0, used: 0 }
  /** Requests shortly before the end of this period, which the vendor may count in the next one. */
  #nearEnd = 0

  constructor(budget: Budget, period: Period) {
    this.budget = budget
    this.#period = period
  }

  adopt(budget: Budget): boolean {
    if (budget.window !== this.#period) return false
    this.budget = budget
    return true
  }

  isSpent(priority: Priority, { epoch }: Instant): boolean {
    this.#advance(epoch)
    // The vendor may still count in the period before.
    const used = this.#hasJustReset(epoch) ? Math.max(this.#used, this.#other.used) : this.#used
    return used >= this.#allowed(priority)
  }

  refusal(priority: Priority, { epoch }: Instant): LimiterError {
    this.#advance(epoch)
    const resetsAt = this.#used < this.#allowed(priority) ? this.#start + CLOCK_DIFFERENCE : this.#end
    return LimiterError.spent(this.budget, resetsAt, priority)
  }

  opensAt(now: number): number {
    return now
  }

  estimate(): number {
    return 0
  }

  charge({ epoch }: Instant): boolean {
    this.#advance(epoch)
    this.#used += 1
    if (this.#hasJustReset(epoch)) this.#other.used += 1
    if (this.#end - epoch <= CLOCK_DIFFERENCE) this.#nearEnd += 1
    const left = this.#allowed('command') - this.#used
    return left === 0 || left === this.budget.reserve
  }

  redate(): void {
    // A request stays in the period in which it was charged.
  }

  lower(remaining: number, now: Instant): boolean {
    this.#advance(now.epoch)
    const used = Math.floor(this.budget.limit - remaining)
    if (used <= this.#used || now.epoch - this.#start < HEADER_DELAY) return false
    this.#used = used
    return this.isSpent('read', now)
  }

  raise(used: number, at: number, { epoch }: Instant): void {
    this.#advance(epoch)
    const start = periodStart(this.#period, at)
    if (start === this.#start) this.#used = Math.max(this.#used, used)
    else if (start > this.#start && start >= this.#other.start) this.#other = { start, used }
  }

  usage({ epoch }: Instant): Usage {
    this.#advance(epoch)
    return { used: this.#used, resetsAt: this.#end }
  }

  counts({ epoch }: Instant, ahead: number): PeriodCount[] {
    this.#advance(epoch)
    const current = { start: this.#start, used: this.#used + ahead }
    const other = this.#nearEnd > 0 ? { start: this.#end, used: this.#nearEnd } : this.#other
    return [current, other].filter(({ used }) => used > 0)
  }

  isIdle({ epoch }: Instant): boolean {
    this.#advance(epoch)
    return this.#used === 0 && this.#other.start <= this.#start
  }

  /** Requests of this priority that a period allows. */
  #allowed(priority: Priority): number {
    const limit = Math.floor(this.budget.limit)
    return priority === 'read' ? limit - (this.budget.reserve ?? 0) : limit
  }

  #hasJustReset(epoch: number): boolean {
    return epoch - this.#start < CLOCK_DIFFERENCE && periodEnd(this.#period, this.#other.start) === this.#start
  }

  /** Changes to the period that contains `epoch`. */
  #advance(epoch: number): void {
    if (epoch >= this.#start && epoch < this.#end) return
    const previous = { start: this.#start, used: this.#used }
    const start = periodStart(this.#period, epoch)
    this.#used = Math.max(start === this.#other.start ? this.#other.used : 0, start === this.#end ? this.#nearEnd : 0)
    this.#nearEnd = 0
    this.#start = start
    this.#end = periodEnd(this.#period, start)
    this.#other = previous
  }
}

/** Counts of calendar days and months in UTC. */
import type { Budget, Period, Priority, Usage } from '../vocabulary/budget'

const DAY = 86_400_000

/** What a header says in the first minute of a period may still be about the one before. */
const ROLLOVER = 60_000

/** So near to the end of a period, ms, the vendor's clock may already be, or still be, on the other side of it. */
const TURN = 2000

/** Epoch ms of the first moment of the period that `epoch` is in. */
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

/** A count to be kept over a restart. */
export interface SavedCount {
  /** Epoch ms. */
  start: number
  used: number
}

export class CalendarCounter {
  readonly period: Period
  budget: Budget
  #start = 0
  #end = 0
  #used = 0
  /** The period before, or after: a clock without battery starts in 1970, and a clock may be set back over midnight. */
  #other: SavedCount = { start: 0, used: 0 }
  /** Starts of the last moments of this period, which the vendor may count in the next one. */
  #early = 0

  constructor(budget: Budget, period: Period) {
    this.budget = budget
    this.period = period
  }

  /** How many more may start in this period. */
  remaining(epoch: number, priority: Priority): number {
    this.#turn(epoch)
    const reserve = priority === 'read' ? (this.budget.reserve ?? 0) : 0
    const used = this.#justTurned(epoch) ? Math.max(this.#used, this.#other.used) : this.#used
    return Math.max(0, Math.floor(this.budget.limit) - reserve - used)
  }

  /** Epoch ms at which there is room again, when there is none now. */
  resetsAt(epoch: number, priority: Priority): number {
    this.#turn(epoch)
    const reserve = priority === 'read' ? (this.budget.reserve ?? 0) : 0
    return this.#used < Math.floor(this.budget.limit) - reserve ? this.#start + TURN : this.#end
  }

  /** Counts a start. True if it was the last one that is allowed, or the last one for reads. */
  charge(epoch: number): boolean {
    this.#turn(epoch)
    this.#used += 1
    if (this.#justTurned(epoch)) this.#other.used += 1
    if (this.#end - epoch <= TURN) this.#early += 1
    const left = Math.floor(this.budget.limit) - this.#used
    return left === 0 || left === this.budget.reserve
  }

  /** Believes the vendor when it says that less remains than we think. True if nothing remains, or nothing for reads. */
  lower(remaining: number, epoch: number): boolean {
    this.#turn(epoch)
    const used = Math.floor(this.budget.limit - remaining)
    // A restored count has no limit before the first request names one.
    if (used <= this.#used || !Number.isFinite(used) || epoch - this.#start < ROLLOVER) return false
    this.#used = used
    return this.remaining(epoch, 'read') === 0
  }

  /** Epoch ms of the first moment of this period. */
  start(epoch: number): number {
    this.#turn(epoch)
    return this.#start
  }

  usage(epoch: number): Usage {
    this.#turn(epoch)
    return { used: this.#used, resetsAt: this.#end }
  }

  /** Whether it can be dropped without being missed. */
  idle(epoch: number): boolean {
    this.#turn(epoch)
    return this.#used === 0 && this.#other.start <= this.#start
  }

  save(epoch: number): SavedCount[] {
    this.#turn(epoch)
    const early = { start: this.#end, used: this.#early }
    return [{ start: this.#start, used: this.#used }, early.used > 0 ? early : this.#other].filter(({ used }) => used > 0)
  }

  /** Takes a saved count over, unless its period is past or we have counted more. */
  restore(saved: SavedCount, epoch: number): void {
    this.#turn(epoch)
    if (saved.start === this.#start) this.#used = Math.max(this.#used, saved.used)
    else if (saved.start > this.#start && saved.start >= this.#other.start)
      this.#other = { start: saved.start, used: saved.used }
  }

  /** Whether the vendor may still count in the period before. */
  #justTurned(epoch: number): boolean {
    return epoch - this.#start < TURN && periodEnd(this.period, this.#other.start) === this.#start
  }

  #turn(epoch: number): void {
    if (epoch >= this.#start && epoch < this.#end) return
    const left = { start: this.#start, used: this.#used }
    const start = periodStart(this.period, epoch)
    this.#used = Math.max(start === this.#other.start ? this.#other.used : 0, start === this.#end ? this.#early : 0)
    this.#early = 0
    this.#start = start
    this.#end = periodEnd(this.period, start)
    this.#other = left
  }
}

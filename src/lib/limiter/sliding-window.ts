/** A window of a fixed number of milliseconds that ends now. */
import type { Instant } from '../base/clock'
import type { Budget, Usage } from '../vocabulary/budget'
import { LimiterError } from './limiter-error'
import type { PeriodCount, Window } from './window'

/** Up to this limit each request has its own entry in the log. Above it, requests that lie close together share one. */
const EXACT = 200
/** Entries in the log of a greater limit. The error is at most 1/400 of the window, to the safe side. */
const ENTRIES = 400

/**
 * Each request stands at the latest moment at which the vendor may have counted it. So its place becomes free only when
 * the vendor's window has certainly passed.
 */
export class SlidingWindow implements Window {
  #budget: Budget
  /** Ms. */
  #length: number
  /** Monotonic ms, ascending. */
  readonly #times: number[] = []
  /** Requests at each of the times. */
  readonly #counts: number[] = []
  #used = 0

  constructor(budget: Budget, length: number) {
    this.#budget = budget
    this.#length = length
  }

  get budget(): Budget {
    return this.#budget
  }

  adopt(budget: Budget): boolean {
    if (typeof budget.window !== 'number') return false
    this.#budget = budget
    this.#length = budget.window
    return true
  }

  isSpent(): boolean {
    return this.#budget.limit < 1
  }

  refusal(): LimiterError {
    return LimiterError.nothingAllowed(this.#budget)
  }

  opensAt(now: number): number {
    this.#forget(now)
    let needed = this.#used - Math.floor(this.#budget.limit) + 1
    if (needed <= 0) return now
    for (const [index, count] of this.#counts.entries()) {
      needed -= count
      if (needed <= 0) return (this.#times[index] ?? 0) + this.#length
    }
    // The limit is below one.
    return Infinity
  }

  estimate(ahead: number, now: number): number {
    const { limit } = this.#budget
    const opensAt = this.opensAt(now)
    const free = Math.max(0, limit - this.#used)
    if (ahead < free) return 0
    const first = opensAt > now ? opensAt : (this.#times[0] ?? now) + this.#length
    return first - now + ((ahead - free) * this.#length) / limit
  }

  charge({ monotonic }: Instant, lateness: number): boolean {
    this.#insert(this.#rounded(monotonic + lateness), 1)
    this.#used += 1
    return false
  }

  redate(from: number, to: number): void {
    const oldTime = this.#rounded(from)
    const newTime = this.#rounded(to)
    if (oldTime === newTime) return
    const index = this.#times.lastIndexOf(oldTime)
    // It may have left the window.
    if (index === -1) return
    const count = this.#counts[index] ?? 0
    if (count > 1) this.#counts[index] = count - 1
    else {
      this.#times.splice(index, 1)
      this.#counts.splice(index, 1)
    }
    this.#insert(newTime, 1)
  }

  lower(remaining: number, { monotonic }: Instant): boolean {
    this.#forget(monotonic)
    const missing = Math.floor(this.#budget.limit - remaining) - this.#used
    if (missing <= 0) return false
    this.#insert(this.#rounded(monotonic), missing)
    this.#used += missing
    return false
  }

  raise(): void {
    // The requests of other processes are waited for where they are counted.
  }

  usage({ monotonic, epoch }: Instant): Usage {
    this.#forget(monotonic)
    const last = this.#times.at(-1)
    return { used: this.#used, resetsAt: last === undefined ? epoch : Math.ceil(epoch + last + this.#length - monotonic) }
  }

  counts(): PeriodCount[] {
    return []
  }

  isIdle({ monotonic }: Instant): boolean {
    this.#forget(monotonic)
    return this.#used === 0
  }

  /** Drops the requests that have left the window. */
  #forget(now: number): void {
    while ((this.#times[0] ?? Infinity) + this.#length <= now) {
      this.#times.shift()
      this.#used -= this.#counts.shift() ?? 0
    }
  }

  /** The time at which a request stands in the log: never earlier than it is. */
  #rounded(time: number): number {
    if (this.#budget.limit <= EXACT) return time
    const step = this.#length / ENTRIES
    return Math.ceil(time / step) * step
  }

  #insert(time: number, count: number): void {
    const index = this.#times.findLastIndex((known) => known <= time)
    if (this.#times[index] === time) this.#counts[index] = (this.#counts[index] ?? 0) + count
    else {
      this.#times.splice(index + 1, 0, time)
      this.#counts.splice(index + 1, 0, count)
    }
  }
}

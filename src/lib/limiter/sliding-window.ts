/** A log of starts for a sliding window. */
import type { Budget, Usage } from '../vocabulary/budget'

/** Up to this limit each start has its own place in the log; above it, starts that lie close together share one. */
const EXACT = 200
/** Places in the log of a greater limit. The error is at most one part of so many, to the safe side. */
const PLACES = 400

/**
 * Starts within the last `window` ms. Each stands at the latest moment at which the vendor may have counted it, so a
 * place is given again only when the vendor's window has certainly passed.
 */
export class SlidingWindow {
  #budget: Budget
  #length: number
  /** Monotonic ms, ascending. */
  readonly #times: number[] = []
  /** Starts at each of the times. */
  readonly #counts: number[] = []
  #used = 0

  constructor(budget: Budget, length: number) {
    this.#budget = budget
    this.#length = length
  }

  get budget(): Budget {
    return this.#budget
  }

  adopt(budget: Budget, length: number): void {
    this.#budget = budget
    this.#length = length
  }

  /** Monotonic ms from which one more may start: not after `now` if it may at once, infinite if it never may. */
  opensAt(now: number): number {
    this.#forget(now)
    const { limit } = this.#budget
    if (this.#used < limit) return now
    if (!(limit >= 1)) return Infinity
    let needed = this.#used - Math.floor(limit) + 1
    for (let index = 0; index < this.#times.length; index += 1) {
      needed -= this.#counts[index] ?? 0
      if (needed <= 0) return (this.#times[index] ?? 0) + this.#length
    }
    return Infinity
  }

  /** Roughly the ms until one may start that has `ahead` others before it. */
  estimate(ahead: number, now: number): number {
    const { limit } = this.#budget
    const opens = this.opensAt(now)
    const free = Math.max(0, limit - this.#used)
    if (ahead < free) return 0
    const first = opens > now ? opens : (this.#times[0] ?? now) + this.#length
    return Math.max(0, first - now) + ((ahead - free) * this.#length) / limit
  }

  /** Counts a start that the vendor counts at `time` at the latest. */
  charge(time: number, count = 1): void {
    this.#add(this.#place(time), count)
    this.#used += count
  }

  /** Corrects the time of a charge, once it is better known. Does nothing if it is no longer in the window. */
  redate(from: number, to: number): void {
    const place = this.#place(from)
    const better = this.#place(to)
    if (place === better) return
    const index = this.#times.lastIndexOf(place)
    if (index === -1) return
    const count = this.#counts[index] ?? 0
    if (count > 1) this.#counts[index] = count - 1
    else {
      this.#times.splice(index, 1)
      this.#counts.splice(index, 1)
    }
    this.#add(better, 1)
  }

  /** Believes the vendor when it says that less remains than we think. */
  lower(remaining: number, now: number): void {
    this.#forget(now)
    const missing = Math.floor(this.#budget.limit - remaining) - this.#used
    if (missing > 0) this.charge(now, missing)
  }

  /** @param now monotonic ms; @param epoch the same moment in epoch ms */
  usage(now: number, epoch: number): Usage {
    this.#forget(now)
    const last = this.#times.at(-1)
    return { used: this.#used, resetsAt: last === undefined ? epoch : Math.ceil(epoch + last + this.#length - now) }
  }

  /** Whether it can be dropped without being missed. */
  idle(now: number): boolean {
    this.#forget(now)
    return this.#used === 0
  }

  #forget(now: number): void {
    for (let oldest = this.#times[0]; oldest !== undefined && oldest + this.#length <= now; oldest = this.#times[0]) {
      this.#times.shift()
      this.#used -= this.#counts.shift() ?? 0
    }
  }

  /** Where a time stands in the log: never earlier than it is. */
  #place(time: number): number {
    if (this.#budget.limit <= EXACT) return time
    const step = this.#length / PLACES
    return Math.ceil(time / step) * step
  }

  #add(time: number, count: number): void {
    let index = this.#times.length
    while (index > 0 && (this.#times[index - 1] ?? 0) > time) index -= 1
    if (index > 0 && this.#times[index - 1] === time) this.#counts[index - 1] = (this.#counts[index - 1] ?? 0) + count
    else {
      this.#times.splice(index, 0, time)
      this.#counts.splice(index, 0, count)
    }
  }
}

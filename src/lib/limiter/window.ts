/** A window counts the requests of one budget. Sliding and calendar windows implement the same interface. */
import type { Instant } from '../base/clock'
import type { Budget, Priority, Usage } from '../vocabulary/budget'
import type { LimiterError } from './limiter-error'

/** Requests of one calendar period. */
export interface PeriodCount {
  /** First moment of the period, epoch ms. */
  start: number
  used: number
}

export interface Window {
  readonly budget: Budget
  /** Takes over a changed budget. False when the budget needs another kind of window. */
  adopt(budget: Budget): boolean
  /** Whether requests of this priority are refused: waiting would take hours or days, or for ever. */
  isSpent(priority: Priority, now: Instant): boolean
  /** The error for a request of this priority that is refused. */
  refusal(priority: Priority, now: Instant): LimiterError
  /**
   * Monotonic ms from which one more request may start: not after `now` if at once, Infinity if never.
   * A calendar window gives `now`, since it refuses requests and delays none.
   */
  opensAt(now: number): number
  /** Roughly the ms until a request may start that has `ahead` others before it. */
  estimate(ahead: number, now: number): number
  /**
   * Counts a request that starts now.
   * @param lateness ms after which the vendor has counted the request at the latest
   * @returns whether it was the last one allowed, for reads or for all
   */
  charge(now: Instant, lateness: number): boolean
  /** Moves one charge to another moment, both monotonic ms, once that is better known. */
  redate(from: number, to: number): void
  /**
   * The vendor says how many requests are left. Its count can only lower ours.
   * @returns whether no reads are allowed any more
   */
  lower(remaining: number, now: Instant): boolean
  /** Raises the used requests of the calendar period that contains `at`, epoch ms, to at least `used`. */
  raise(used: number, at: number, now: Instant): void
  usage(now: Instant): Usage
  /**
   * The counts that must survive a restart.
   * @param ahead requests that are added to the present period, because they may start before the next save
   */
  counts(now: Instant, ahead: number): PeriodCount[]
  /** Whether nothing is counted in it, so that it can be dropped. */
  isIdle(now: Instant): boolean
}

/** Why a request is refused; undefined when it may wait for its windows. */
export function refusalBy(windows: readonly Window[], priority: Priority, now: Instant): LimiterError | undefined {
  for (const window of windows) if (window.isSpent(priority, now)) return window.refusal(priority, now)
  return undefined
}

/**
 * The window that opens last; undefined when all of them are open.
 * @param now monotonic ms
 */
export function blockingWindow(windows: readonly Window[], now: number): Window | undefined {
  let blocking: Window | undefined
  let until = now
  for (const window of windows) {
    const opensAt = window.opensAt(now)
    if (opensAt <= until) continue
    until = opensAt
    blocking = window
  }
  return blocking
}

/** What all windows of a request say together. */
import type { Window } from './window-registry'
import { LimiterError } from './limiter-error'
import type { Moment } from './queue'
import { SlidingWindow } from './sliding-window'
import type { Priority } from '../vocabulary/budget'

/** Why a request cannot go for hours or days, if that is so. */
export function refusal(windows: readonly Window[], priority: Priority, now: Moment): LimiterError | undefined {
  for (const window of windows) {
    if (window instanceof SlidingWindow) {
      if (window.budget.limit < 1) return LimiterError.nothingAllowed(window.budget)
    } else if (window.remaining(now.epoch, priority) === 0) {
      return LimiterError.spent(window.budget, window.resetsAt(now.epoch, priority), priority)
    }
  }
  return undefined
}

/** The window that holds a request up longest; undefined when it may go. */
export function blocker(windows: readonly Window[], now: number): SlidingWindow | undefined {
  let longest: SlidingWindow | undefined
  let until = now
  for (const window of windows) {
    if (!(window instanceof SlidingWindow)) continue
    const at = window.opensAt(now)
    if (at > until) {
      until = at
      longest = window
    }
  }
  return longest
}

/** Roughly the ms that a request waits for its windows, with so many of its device and of the account before it. */
export function estimate(windows: readonly Window[], ahead: { device: number; account: number }, now: number): number {
  const waits = windows.map((window) =>
    window instanceof SlidingWindow ? window.estimate(ahead[window.budget.scope], now) : 0,
  )
  return Math.max(0, ...waits)
}

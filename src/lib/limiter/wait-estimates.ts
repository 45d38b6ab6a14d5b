/** Estimates of how long requests will wait. */
import type { Budget } from '../vocabulary/budget'
import type { QueuedRequest } from './queue'
import type { Window } from './window'

/** A caller is notified of a new estimate when it differs by so many ms, and by a quarter of the wait that is left. */
const LEAST_CHANGE = 1000

/**
 * Roughly the ms that a request waits for its windows.
 * @param ahead requests before it, in its device and in the account
 * @param now monotonic ms
 */
export function longestWait(windows: readonly Window[], ahead: Readonly<Record<Budget['scope'], number>>, now: number): number {
  return Math.max(0, ...windows.map((window) => window.estimate(ahead[window.budget.scope], now)))
}

/** Collects estimates while the queue changes. Callers are notified afterwards, since a callback may use the limiter. */
export class WaitEstimates {
  /** Whether callers are to be notified. */
  hasNews = false
  readonly #reject: (request: QueuedRequest, reason: unknown) => void
  readonly #news: { request: QueuedRequest; wait: number }[] = []

  /** @param reject is called for a request whose callback throws */
  constructor(reject: (request: QueuedRequest, reason: unknown) => void) {
    this.#reject = reject
  }

  /** Notes that a request may start at `at`, monotonic ms, if that differs enough from what its caller knows. */
  note(request: QueuedRequest, at: number, now: number): void {
    if (!request.onWait) return
    const wait = at - now
    const change = Math.abs(at - request.estimatedStart)
    if (wait < 1 || (request.estimatedStart > 0 && (change < LEAST_CHANGE || change < wait / 4))) return
    request.estimatedStart = at
    this.#news.push({ request, wait })
    this.hasNews = true
  }

  /** Notifies the callers whose requests still wait. */
  notify(): void {
    this.hasNews = false
    for (const { request, wait } of this.#news.splice(0)) {
      if (!request.isQueued) continue
      try {
        request.onWait?.(wait)
      } catch (error) {
        this.#reject(request, error)
      }
    }
  }
}

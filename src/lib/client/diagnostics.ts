/** What an account has done since it was opened, for the admin route, the dialog and metrics. Holds no secret. */
import { periodStart } from '../limiter/calendar-window'
import type { Budget, BudgetState } from '../vocabulary/budget'

export interface Diagnostics {
  vendor: string
  /** Epoch ms since which is counted. */
  since: number
  /** Requests that were sent to the vendor. */
  requests: number
  /** Answers that were no success, and requests without an answer. */
  failures: number
  /** Tries beyond the first of a request. */
  retries: number
  /** Answers with status 429. */
  rateLimited: number
  /** Reads that were answered from the cache, or by a request that another read had sent. */
  cacheHits: number
  /** Requests that had to wait for a budget, and the ms that they waited in all. */
  waits: number
  waited: number
  /** Requests that wait now, and those in flight. */
  queued: number
  running: number
  /** Why all wait, and the ms left. */
  paused?: { reason: string; remaining: number }
  /** Since when the vendor is away, in epoch ms, and what failed last. */
  outage?: { since: number; cause: string }
  budgets: BudgetForecast[]
  outbox?: OutboxDiagnostics
}

export interface OutboxDiagnostics {
  /** Readings that wait. */
  depth: number
  /** Epoch ms of the oldest. */
  oldest?: number
  /** Why nothing is sent now, or not everything. */
  failure?: { code: string; message: string }
  /** Readings that the cloud answers with a fault of its own, each by itself. */
  stuck: number
}

export interface BudgetForecast extends BudgetState {
  used: number
  /** Epoch ms at which it is spent at the pace of the period so far; absent when it lasts. */
  emptyAt?: number
}

/** Counts of one client. */
export class Counters {
  requests = 0
  failures = 0
  retries = 0
  rateLimited = 0
  cacheHits = 0
  #waits = 0
  #waited = 0
  readonly #since: number

  /** @param since epoch ms */
  constructor(since: number) {
    this.#since = since
  }

  /** A request waited for so many ms before it was sent. */
  waitedFor(ms: number): void {
    if (ms < 1) return
    this.#waits += 1
    this.#waited += ms
  }

  shown(): Pick<Diagnostics, 'since' | 'requests' | 'failures' | 'retries' | 'rateLimited' | 'cacheHits' | 'waits' | 'waited'> {
    const { requests, failures, retries, rateLimited, cacheHits } = this
    return { since: this.#since, requests, failures, retries, rateLimited, cacheHits, waits: this.#waits, waited: Math.round(this.#waited) }
  }
}

/** A day or month so young says little of the pace. */
const LEAST_ELAPSED = 60_000

/**
 * A budget, and for a day or month when it is spent at the pace of the period so far.
 * @param now epoch ms
 */
export function forecast(state: BudgetState, window: Budget['window'] | undefined, now: number): BudgetForecast {
  const used = Math.floor(state.limit) - state.remaining
  const shown = { ...state, used }
  if (window === undefined || typeof window === 'number' || used === 0) return shown
  const elapsed = Math.max(LEAST_ELAPSED, now - periodStart(window, now))
  const emptyAt = Math.round(now + (state.remaining * elapsed) / used)
  return emptyAt < state.resetsAt ? { ...shown, emptyAt } : shown
}

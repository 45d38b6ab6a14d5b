/** What an account has done since it was opened, for the admin route, the dialog and metrics. Holds no secret. */
import type { BudgetState } from './window'

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
  /** Readings that wait, and the epoch ms of the oldest. */
  outbox?: { depth: number; oldest?: number }
}

export interface BudgetForecast extends BudgetState {
  used: number
  /** Epoch ms at which it is spent at the pace of the period so far; absent when it lasts. */
  emptyAt?: number
}

/** The counters of an account since it was opened, for the admin route, the dialog and metrics. Contains no secret. */
import { periodStart } from '../limiter/calendar-window'
import type { ErrorCode } from '../base/api-error'
import type { JournalEntry, Latencies } from './request-journal'
import type { Budget, BudgetState } from '../vocabulary/budget'

/** What an account does now, and its counters: little enough to be asked every second. */
export interface Activity {
  vendor: string
  /** Epoch ms since which is counted. */
  since: number
  /** Requests that were sent to the vendor. */
  requests: number
  /** Answers that were no success, and requests that got no answer. */
  failures: number
  /** Attempts beyond the first of a request. */
  retries: number
  /** Answers with status 429. */
  rateLimited: number
  /** Reads that were answered from a cache, or by the request of an equal read. */
  cacheHits: number
  /** Requests that had to wait for a budget, and the ms of all these waits. */
  waits: number
  waited: number
  /** Requests that wait now, and those in flight. */
  queued: number
  running: number
  /** Why all wait, and the ms left. */
  paused?: { reason: string; remaining: number }
  /** Epoch ms since which the vendor cannot be reached, and what failed last. */
  outage?: { since: number; cause: string }
  budgets: BudgetForecast[]
}

export interface Diagnostics extends Activity {
  /** The latest requests, the oldest first. */
  journal: JournalEntry[]
  /** How long the attempts took, by operation. */
  latencies: Latencies[]
  outbox?: OutboxDiagnostics
}

/** What the latest requests of an account showed. Times are epoch ms. */
export interface Health {
  /** Whether the vendor rejected the credentials of the last request that it answered. */
  isRejected: boolean
  /** The requests that got no answer since the last one that did. */
  failing?: { since: number; cause: string }
  lastError?: { time: number; code: ErrorCode; operation: string }
  /** When the last request that succeeded was begun. */
  workedAt?: number
}

export interface OutboxDiagnostics {
  /** Readings that wait. */
  depth: number
  /** Epoch ms of the oldest. */
  oldest?: number
  /** Why nothing is sent now, or not everything. */
  failure?: { code: string; message: string }
  /** Readings in quarantine: the server fails on each of them alone (5xx). */
  quarantined: number
}

export interface BudgetForecast extends BudgetState {
  used: number
  /** Epoch ms at which it is spent at the pace of the period so far; absent when it lasts. */
  emptyAt?: number
}

/** What one client has counted so far. */
export type Counts = Pick<Diagnostics, 'since' | 'requests' | 'failures' | 'retries' | 'rateLimited' | 'cacheHits' | 'waits' | 'waited'>

/** @param since epoch ms */
export const newCounts = (since: number): Counts => ({ since, requests: 0, failures: 0, retries: 0, rateLimited: 0, cacheHits: 0, waits: 0, waited: 0 })

/** ms; a day or month that began less than this ago says little of the pace. */
const SHORTEST_PACE = 60_000

/**
 * A budget, and for a day or month when it is spent at the pace of the period so far.
 * @param now epoch ms
 */
export function forecast(state: BudgetState, window: Budget['window'] | undefined, now: number): BudgetForecast {
  const used = Math.floor(state.limit) - state.remaining
  const shown = { ...state, used }
  if (window === undefined || typeof window === 'number') return shown
  const elapsed = Math.max(SHORTEST_PACE, now - periodStart(window, now))
  const emptyAt = Math.round(now + (state.remaining * elapsed) / used)
  return emptyAt < state.resetsAt ? { ...shown, emptyAt } : shown
}

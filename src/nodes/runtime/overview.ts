/** What runtime and sidebar exchange: the rows of the overview and their changes. Holds no secret and no address. */
import type { BudgetForecast, OutboxDiagnostics } from '../../lib/client/diagnostics'

/** Topic on which the runtime publishes an `OverviewChange`. */
export const OVERVIEW_TOPIC = 'sensor-clouds/overview'

/** Topic on which an editor sends the ticket of `POST /sensor-clouds/watching`; an empty one when it hides the sidebar. */
export const WATCH_TOPIC = 'sensor-clouds/watch'

/** `problem`: the vendor answers, but something else is wrong. `unused`: nothing has used the account since it was deployed. */
export type AccountState = 'ok' | 'problem' | 'unused' | 'waits' | 'paused' | 'away' | 'rejected' | 'incomplete'

export interface Problem {
  level: 'error' | 'warning'
  /** One sentence in the language of the runtime: what happened, and what to do next. */
  text: string
}

export interface AccountRow {
  kind: 'account'
  id: string
  type: string
  name: string
  /** Of the vendor. */
  title: string
  state: AccountState
  problems: Problem[]
  budgets: BudgetForecast[]
  queued: number
  running: number
  /** Epoch ms. */
  pausedUntil?: number
  awaySince?: number
  outbox?: OutboxDiagnostics
  /** Absent as long as nothing has used the account. */
  requests?: number
  failures?: number
  cacheHits?: number
  lastError?: { time: number; code: string; operation: string }
}

export interface NodeRow {
  kind: 'node'
  id: string
  /** Id of the node in the editor: within a subflow that of its original. */
  shownId: string
  type: string
  name: string
  /** Id of its account; empty when it names none. */
  account: string
  fill?: string
  text?: string
  /** Epoch ms of the status. */
  at: number
  problems: Problem[]
}

export interface StoreRow {
  kind: 'store'
  id: string
  type: string
  name: string
  problems: Problem[]
}

export type OverviewRow = AccountRow | NodeRow | StoreRow

export interface OverviewChange {
  /** Whether these are all rows; else only those that changed. */
  isWhole: boolean
  rows: OverviewRow[]
  /** Ids of rows that are gone. */
  gone: string[]
}

/** A request as the client takes it. */
import type { AbortSignalLike } from '../base/abort-signal'
import type { Words } from '../base/sentence'
import type { HttpRequest } from '../http/request'
import type { Transport } from '../http/transport'
import type { Budget } from '../vocabulary/budget'
import type { Settings } from '../vocabulary/vendor'
import type { RequestOrigin } from './request-journal'

/** One request with all that decides how it is sent, and which cached answers it concerns. */
export interface ClientRequest extends RequestOrigin {
  request: HttpRequest
  /** What its path names, such as a device id with its label; undefined where it names nothing. */
  named(): Words | undefined
  transport: Transport
  settings: Settings
  /** ms for one attempt. */
  timeout: number
  budgets: readonly Budget[]
  device?: string | undefined
  priority: 'command' | 'read'
  /** Whether it may be sent again when it is not known to have arrived. */
  repeatable: boolean
  /** Fails with the first failure, also one after which another attempt is safe. */
  noRetry?: boolean | undefined
  signal: AbortSignalLike
  /** Told how long the request waits for a budget, in ms. */
  onWait?: ((ms: number) => void) | undefined
  /** Called before each attempt leaves; what it throws ends the request. */
  beforeSend?: (() => void) | undefined
  /** Monotonic ms after which it is not sent any more. */
  deadline?: number | undefined
  /** Asks the vendor even where a cache has an answer. */
  fresh?: boolean | undefined
  /** Cache tag of a read. */
  tag: string
  /** Cache tags of the reads that a write changes. */
  changes: readonly string[]
  /** Added up for the call that this request belongs to. */
  cost: CallCost
}

/** What the requests of a call cost. */
export interface CallCost {
  /** Requests that were sent. */
  attempts: number
  /** ms in the limiter. */
  waited: number
}

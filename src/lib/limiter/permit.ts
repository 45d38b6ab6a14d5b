/** The request for a permit, and the permit. */
import type { AbortSignalLike } from '../base/abort-signal'
import type { Clock } from '../base/clock'
import type { Budget, Priority } from '../vocabulary/budget'
import type { Breaker, RequestFailure } from './circuit-breaker'
import type { Window } from './window'

export interface PermitRequest {
  /** The request is charged to all of them at once, or to none. */
  budgets: readonly Budget[]
  /** Requests of one device start in the order in which they came; devices take turns. */
  device?: string | undefined
  /** Commands start before reads; default 'read'. */
  priority?: Priority | undefined
  /** Takes the request out of the queue; `take` then rejects with the signal's reason. */
  signal?: AbortSignalLike | undefined
  /**
   * Receives roughly the ms that the request will wait, if it must wait for a budget or a pause, and again when that
   * changes much. An error that it throws rejects the request.
   */
  onWait?: ((ms: number) => void) | undefined
}

/** The right to send one request, now. */
export interface Permit {
  /** Ms in the queue. */
  readonly waited: number
  /** The windows that it was charged to. */
  readonly windows: readonly Window[]
  /** To be called when the request has left. Until then, or until `done`, it counts as about to leave. */
  sent(): void
  /** To be called when the response is there, or the request has failed. Another request may start then. */
  done(outcome?: Outcome): void
}

/** The result of a request; empty when its caller gave up before anything was learned. */
export interface Outcome {
  /** Ms from the request's leaving to the head of the response. It shows how late the vendor may have counted the request. */
  roundTrip?: number | undefined
  /** Absent when the request succeeded. */
  failure?: RequestFailure | undefined
}

export interface LimiterOptions {
  clock?: Clock
  /** Requests that may be in flight at once; default 8. */
  concurrency?: number
  /** Requests of each priority that may wait; default 10,000. */
  maxQueue?: number
  jitterAllowance?: JitterAllowanceOptions
  /** During an outage only its probes start, and no other request is charged. */
  breaker?: Breaker
  /** Most ms for which a request waits during an outage; default 120,000. A read waits only while the outage is short. */
  maximumWait?: number
}

/** See `JitterAllowance`. */
export interface JitterAllowanceOptions {
  /** Ms until enough round trips were seen; default 50. */
  initial?: number
  /** Least ms; default 5, since timers and clocks are not exact either. */
  floor?: number
  /** Most ms, before doubling; default 500. */
  cap?: number
  /** Ms for which the allowance is doubled after a 429; default 60,000. */
  caution?: number
}

/** Why all requests wait, and for how many ms more. */
export interface Pause {
  reason: string
  remaining: number
}

import type { StopSignal } from '../base/abort-signal'
import type { Breaker, Pass } from './circuit-breaker'
import type { Clock } from '../base/clock'
import type { Window } from './window-registry'
import type { MarginOptions } from './jitter-allowance'
import type { Job } from './queue'
import type { Failure } from '../http/retry-policy'
import type { Budget, Priority } from '../vocabulary/budget'

/** What a request asks of the limiter. */
export interface Request {
  /** All windows it is charged to. They are checked first and charged together, so a refusal costs nothing. */
  budgets: readonly Budget[]
  /** Requests of one device start in the order in which they came; devices take turns. */
  device?: string | undefined
  /** Commands start before reads; default 'read'. */
  priority?: Priority | undefined
  /** Takes the request out of the queue; `take` then rejects with the signal's reason. */
  signal?: StopSignal | undefined
  /**
   * Told roughly how many ms it will wait, if it must wait for a budget or a pause, and again when that changes much.
   * What it throws rejects the request.
   */
  onWait?: ((ms: number) => void) | undefined
}

/** The right to send one request, now. */
export interface Permit {
  /** Ms in the queue. */
  readonly waited: number
  /** What it was charged to. */
  readonly windows: readonly Window[]
  /** The request has left, now; until then, or until it is done, it counts as about to leave. */
  sent(): void
  /**
   * Frees the place among those that run; to be called once the answer is there, or the request has failed.
   */
  done(result?: Outcome): void
}

/** What came of a request; empty when its caller gave up before anything was learned. */
export interface Outcome {
  /** Ms from its leaving to the answer's head; it tells how late the vendor may have counted the request. */
  roundTrip?: number | undefined
  /** Why it was no success. */
  failure?: Failure | undefined
}

/** A permit as the limiter keeps it. */
export class Start implements Permit {
  #running = true
  #sent = false
  /** Ms in the queue. */
  readonly waited: number

  /** @param sends called once, when it leaves; @param finish called once, when it is done */
  constructor(
    readonly job: Job,
    /** Monotonic ms at which it left, as far as is known. */
    public started: number,
    /** Ms of the margin that it was charged with. */
    readonly late: number,
    private readonly pass: Pass | undefined,
    private readonly sends: (start: Start) => void,
    private readonly finish: (start: Start, roundTrip: number | undefined) => void,
  ) {
    this.waited = started - job.since
    this.countedAt = started
  }

  /** Monotonic ms of which it is charged, before the margin. */
  countedAt: number

  get windows(): readonly Window[] {
    return this.job.windows
  }

  sent(): void {
    if (!this.#running || this.#sent) return
    this.#sent = true
    this.sends(this)
  }

  done({ roundTrip, failure }: Outcome = {}): void {
    if (!this.#running) return
    this.#running = false
    if (roundTrip === undefined && failure === undefined) this.pass?.release()
    else this.pass?.settle(failure)
    this.finish(this, roundTrip)
  }
}

export interface LimiterOptions {
  clock?: Clock
  /** Requests that may run at once; default 8. */
  concurrency?: number
  /** Requests of each priority that may wait; default 10,000. */
  maxQueue?: number
  margin?: MarginOptions
  /** Asked before a request starts: while the vendor is away none does but probes, and nothing is charged. */
  breaker?: Breaker
  /** Ms for which a request waits at most while the vendor is away; default 120,000. */
  patience?: number
}

/** Why all wait, and for how many ms more. */
export interface Pause {
  reason: string
  remaining: number
}

import type { Breaker, Pass } from './breaker'
import type { Clock } from './clock'
import type { Window } from './ledger'
import type { MarginOptions } from './margin'
import type { Job } from './queue'
import type { Failure } from './retry'
import type { Budget, Priority } from './window'

/** What a request asks of the limiter. */
export interface Request {
  /** All windows it is charged to. They are checked first and charged together, so a refusal costs nothing. */
  budgets: readonly Budget[]
  /** Requests of one device start in the order in which they came; devices take turns. */
  device?: string | undefined
  /** Commands start before reads; default 'read'. */
  priority?: Priority | undefined
  /** Takes the request out of the queue; `take` then rejects with the signal's reason. */
  signal?: AbortSignal | undefined
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
  /**
   * Frees the place among those that run; to be called once the answer is there, or the request has failed.
   */
  done(result?: Outcome): void
}

/** What came of a request; empty when its caller gave up before anything was learned. */
export interface Outcome {
  /** Ms from the start to the answer's head; it tells how late the vendor may have counted the request. */
  roundTrip?: number | undefined
  /** Why it was no success. */
  failure?: Failure | undefined
}

/** A permit as the limiter keeps it. */
export class Start implements Permit {
  #running = true

  /** @param finish called once, when it is done */
  constructor(
    readonly job: Job,
    /** Monotonic ms. */
    readonly started: number,
    /** Ms of the margin that it was charged with. */
    readonly late: number,
    private readonly pass: Pass | undefined,
    private readonly finish: (start: Start, roundTrip: number | undefined) => void,
  ) {}

  get windows(): readonly Window[] {
    return this.job.windows
  }

  get waited(): number {
    return this.started - this.job.since
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

import type { Clock } from './clock'
import type { MarginOptions } from './margin'
import type { Job } from './queue'
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
  /**
   * Frees the place among those that run; to be called once the answer is there, or the request has failed.
   * `roundTrip`: ms from the start to the answer's head; it tells how late the vendor may have counted the request.
   */
  done(result?: { roundTrip?: number | undefined }): void
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
    private readonly finish: (start: Start, roundTrip: number | undefined) => void,
  ) {}

  get waited(): number {
    return this.started - this.job.since
  }

  done(result?: { roundTrip?: number | undefined }): void {
    if (!this.#running) return
    this.#running = false
    this.finish(this, result?.roundTrip)
  }
}

export interface LimiterOptions {
  clock?: Clock
  /** Requests that may run at once; default 8. */
  concurrency?: number
  /** Requests of each priority that may wait; default 10,000. */
  maxQueue?: number
  margin?: MarginOptions
}

/** Why all wait, and for how many ms more. */
export interface Pause {
  reason: string
  remaining: number
}

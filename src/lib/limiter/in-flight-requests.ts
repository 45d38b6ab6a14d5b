/** Requests that have their permits: when they leave, and at which moment the windows count them. */
import type { Clock } from '../base/clock'
import type { Pass } from './circuit-breaker'
import type { JitterAllowance } from './jitter-allowance'
import type { Outcome, Permit } from './permit'
import type { QueuedRequest } from './queue'
import type { Window } from './window'

/** A request may leave so many ms after its permit without being moved in its windows. It is less than any allowance. */
const TOLERANCE = 2

/** The limiter's side of a permit. */
export class RunningRequest implements Permit {
  readonly waited: number
  /** Monotonic ms at which its windows count it, without the allowance. */
  countedAt: number
  #isRunning = true
  #isSent = false

  /** @param onSent called once, when it leaves; @param onDone called once, when it is done */
  constructor(
    readonly request: QueuedRequest,
    /** Monotonic ms at which it left, as far as is known. */
    public startedAt: number,
    /** Ms that its windows were charged with beyond its start. */
    readonly allowance: number,
    private readonly pass: Pass | undefined,
    private readonly onSent: (running: RunningRequest) => void,
    private readonly onDone: (running: RunningRequest, roundTrip: number | undefined) => void,
  ) {
    this.waited = startedAt - request.queuedAt
    this.countedAt = startedAt
  }

  get windows(): readonly Window[] {
    return this.request.windows
  }

  sent(): void {
    if (!this.#isRunning || this.#isSent) return
    this.#isSent = true
    this.onSent(this)
  }

  done({ roundTrip, failure }: Outcome = {}): void {
    if (!this.#isRunning) return
    this.#isRunning = false
    if (roundTrip === undefined && failure === undefined) this.pass?.release()
    else this.pass?.settle(failure)
    this.onDone(this, roundTrip)
  }

  /** Moves it in its windows: they count it at `at`, monotonic ms, and `lateness` ms later at the latest. */
  redate(at: number, lateness: number): void {
    const from = this.countedAt + this.allowance
    for (const window of this.windows) window.redate(from, at + lateness)
    this.countedAt = at + lateness - this.allowance
  }
}

export class InFlightRequests {
  readonly #clock: Clock
  readonly #allowance: JitterAllowance
  /** Those that have not left yet, as far as is known. */
  readonly #unsent = new Set<RunningRequest>()

  constructor(clock: Clock, allowance: JitterAllowance) {
    this.#clock = clock
    this.#allowance = allowance
  }

  add(running: RunningRequest): void {
    this.#unsent.add(running)
  }

  readonly sent = (running: RunningRequest): void => {
    this.#unsent.delete(running)
    running.startedAt = this.#clock.monotonic()
    running.redate(running.startedAt, running.allowance)
  }

  /**
   * Moves a request with a response to where it belongs in its windows: mostly earlier, and later when its round trip
   * was long. A vendor that takes long to respond may have counted it early, so the lateness has an upper bound.
   * @param roundTrip ms; undefined when it is not known
   * @returns whether there may be more room now
   */
  done(running: RunningRequest, roundTrip: number | undefined): boolean {
    this.#unsent.delete(running)
    if (roundTrip === undefined) return false
    this.#allowance.learn(roundTrip)
    const lateness = this.#allowance.lateness(roundTrip, this.#clock.monotonic())
    running.redate(running.startedAt, Math.min(lateness, Math.max(running.allowance, this.#allowance.cap)))
    return true
  }

  /** Moves the requests that a busy event loop or socket has held up: the vendor will count them later than now. */
  postpone(now: number): void {
    for (const running of this.#unsent) if (now - running.countedAt > TOLERANCE) running.redate(now, running.allowance)
  }
}

/** The requests in flight: when each was sent, and until when the vendor may still count it. */
import type { Clock } from '../base/clock'
import type { Pass } from './circuit-breaker'
import type { JitterAllowanceOptions, Outcome, Permit } from './permit'
import type { QueuedRequest } from './queue'
import type { Window } from './window'

/** A request may leave so many ms after its permit without being moved in its windows. It is less than any allowance. */
const TOLERANCE = 2

/** Round trips that are remembered. */
const SAMPLE = 256
/** Samples whose shortest round trip is remembered. The more there are, the nearer it is to the shortest possible one. */
const SAMPLES = 8
/** With fewer round trips than this, the spread can only raise the initial allowance. */
const TRUSTED = 100
/** The percentile is computed once for so many round trips. Sorting for each would be the limiter's greatest cost. */
const STRIDE = 32

/**
 * How many ms after its start a request may be counted by the vendor.
 *
 * We count starts, the vendor counts arrivals. A delay that is the same for all requests does no harm. Jitter does: it
 * can push more requests into one window of the vendor than were started in it. The jitter of the way to the vendor is
 * never more than the spread of the round trips, so that spread is an upper bound.
 */
export class JitterAllowance {
  /** Most ms, before doubling. */
  readonly cap: number
  readonly #initial: number
  readonly #floor: number
  readonly #caution: number
  readonly #sample = new Float64Array(SAMPLE)
  #seen = 0
  /** The shortest round trip of each of the last samples. */
  readonly #shortest = new Float64Array(SAMPLES).fill(Infinity)
  #shortestOfAll = Infinity
  #spread: number
  #cautiousUntil = -Infinity

  constructor(options: JitterAllowanceOptions = {}) {
    this.#initial = options.initial ?? 50
    this.#floor = options.floor ?? 5
    this.cap = options.cap ?? 500
    this.#caution = options.caution ?? 60_000
    this.#spread = this.#initial
  }

  /**
   * Ms for a request whose round trip is not known yet.
   * @param now monotonic ms
   */
  at(now: number): number {
    return this.#isCautious(now) ? this.#spread * 2 : this.#spread
  }

  /**
   * Ms by which a request with a known round trip may have been late: what its round trip took beyond the shortest one,
   * and a doubt. The shortest one may itself have been late; that doubt shrinks as more are seen. While too few were
   * seen, or after a recent 429, which shows that the vendor counts otherwise, it is never less than the allowance.
   */
  lateness(roundTrip: number, now: number): number {
    if (this.#seen < TRUSTED || this.#isCautious(now)) return Math.max(this.at(now), this.#beyondShortest(roundTrip))
    const doubt = (1.5 * this.#spread) / Math.sqrt(Math.min(this.#seen, SAMPLE * SAMPLES))
    return this.#beyondShortest(roundTrip) + Math.max(this.#floor, doubt)
  }

  /** The whole round trip while the shortest one may be long itself, as at a cold start. */
  #beyondShortest(roundTrip: number): number {
    return this.#seen < STRIDE ? roundTrip : Math.max(0, roundTrip - this.#shortestOfAll)
  }

  /** Learns from a round trip in ms. */
  learn(roundTrip: number): void {
    if (!(roundTrip >= 0)) return
    const sample = Math.floor(this.#seen / SAMPLE) % SAMPLES
    if (this.#seen % SAMPLE === 0) {
      this.#shortest[sample] = Infinity
      this.#shortestOfAll = Math.min(...this.#shortest)
    }
    if (roundTrip < (this.#shortest[sample] ?? Infinity)) this.#shortest[sample] = roundTrip
    if (roundTrip < this.#shortestOfAll) this.#shortestOfAll = roundTrip
    this.#sample[this.#seen % SAMPLE] = roundTrip
    this.#seen += 1
    if (this.#seen % STRIDE === 0) this.#measure()
  }

  /** Doubles the allowance for a while, since the vendor refused what we thought to be within the limit. */
  widen(now: number): void {
    this.#cautiousUntil = now + this.#caution
  }

  #measure(): void {
    const sorted = this.#sample.slice(0, Math.min(this.#seen, SAMPLE)).sort()
    const slowest = sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0
    const spread = Math.min(this.cap, Math.max(this.#floor, slowest - (sorted[0] ?? 0)))
    this.#spread = this.#seen < TRUSTED ? Math.max(this.#initial, spread) : spread
  }

  #isCautious(now: number): boolean {
    return now < this.#cautiousUntil
  }
}

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

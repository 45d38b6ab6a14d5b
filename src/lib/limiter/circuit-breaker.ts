/**
 * A circuit breaker for one account: while the vendor is unavailable, only one request at a time probes it. It has no
 * timer: the limiter calls it before a request is sent, and reports the result.
 */
import { systemClock, type Clock } from '../base/clock'

/** How a request failed, as far as a breaker needs to know. */
export interface RequestFailure {
  /** HTTP status; absent when there was no response. */
  status?: number | undefined
  /** Error code of the network, such as ECONNRESET; absent when there was a response. */
  network?: string | undefined
}

export interface Outage {
  /** Epoch ms of the first failure. */
  since: number
  /** Failures in a row until now, or until the outage ended. */
  failures: number
  /** The last failure: an error code of the network, or `HTTP 503`. */
  cause: string
}

export interface BreakerOptions {
  clock?: Clock
  /** Failures in a row that make an outage; default 5. */
  threshold?: number
  /** Ms before the first probe; doubles with each probe that fails; default 2,000. */
  base?: number
  /** Most ms between probes; default 60,000. */
  cap?: number
  /** Called once for each outage, when it is noticed. */
  onOutage?: (outage: Outage) => void
  /** Called once for each outage, when it is over. */
  onRecovery?: (outage: Outage) => void
}

/** The right to send one request. One of its methods has to be called afterwards; further calls do nothing. */
export interface Pass {
  /** The request has ended. Only a failure with a cause (`outageCause`) counts as one. */
  settle(failure?: RequestFailure): void
  /** Nothing was learned: the caller gave up. */
  release(): void
}

/** Why a failure suggests an outage. Undefined when it shows that the vendor is available, as a 429 does. */
export function outageCause(failure: RequestFailure | undefined): string | undefined {
  if (failure?.status !== undefined) return failure.status === 503 ? 'HTTP 503' : undefined
  return failure?.network
}

export class Breaker {
  readonly #clock: Clock
  readonly #threshold: number
  readonly #base: number
  readonly #cap: number
  readonly #onOutage: (outage: Outage) => void
  readonly #onRecovery: (outage: Outage) => void
  #failures = 0
  #since = 0
  #cause = ''
  #isOpen = false
  #isProbing = false
  #probes = 0
  /** Monotonic ms. */
  #probeAt = 0

  constructor(options: BreakerOptions = {}) {
    this.#clock = options.clock ?? systemClock
    this.#threshold = options.threshold ?? 5
    this.#base = options.base ?? 2000
    this.#cap = options.cap ?? 60_000
    this.#onOutage = options.onOutage ?? (() => undefined)
    this.#onRecovery = options.onRecovery ?? (() => undefined)
  }

  /** The present outage; undefined when there is none. */
  get outage(): Outage | undefined {
    return this.#isOpen ? { since: this.#since, failures: this.#failures, cause: this.#cause } : undefined
  }

  /** Ms after which it is worth asking again; 0 when a request may be sent now. */
  delay(): number {
    if (!this.#isOpen) return 0
    const untilProbe = this.#probeAt - this.#clock.monotonic()
    if (untilProbe > 0) return untilProbe
    // The result of the present probe will be known soon.
    return this.#isProbing ? this.#base : 0
  }

  /** A pass for a request that is sent now; call it only when `delay` is 0. During an outage the request is a probe. */
  enter(): Pass {
    const isProbe = this.#isOpen
    if (isProbe) this.#isProbing = true
    let isHeld = true
    const release = (): boolean => {
      const wasHeld = isHeld
      isHeld = false
      if (wasHeld && isProbe) this.#isProbing = false
      return wasHeld
    }
    return {
      settle: (failure) => {
        if (!release()) return
        const cause = outageCause(failure)
        if (cause === undefined) this.#succeeded()
        else this.#failed(cause, isProbe)
      },
      release: () => void release(),
    }
  }

  #succeeded(): void {
    const { outage } = this
    this.#isOpen = false
    this.#failures = 0
    this.#probes = 0
    if (outage) this.#onRecovery(outage)
  }

  #failed(cause: string, isProbe: boolean): void {
    if (this.#failures === 0) this.#since = this.#clock.now()
    this.#failures += 1
    this.#cause = cause
    // Requests that were sent before the outage was noticed fail late. They do not delay the next probe.
    if (this.#isOpen && !isProbe) return
    if (!this.#isOpen && this.#failures < this.#threshold) return
    const backOff = Math.min(this.#cap, this.#base * 2 ** this.#probes)
    this.#probeAt = this.#clock.monotonic() + backOff * (0.5 + this.#clock.random() / 2)
    this.#probes += 1
    if (this.#isOpen) return
    this.#isOpen = true
    this.#onOutage({ since: this.#since, failures: this.#failures, cause })
  }
}

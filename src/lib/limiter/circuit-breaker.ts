/**
 * A circuit breaker for one account: when the vendor is away, one request after another learns so, not all at once.
 * It has no timer: it is asked before a request is sent, and told what came of it.
 */
import { systemClock, type Clock } from '../base/clock'
import type { Failure } from '../http/retry-policy'

export interface Outage {
  /** Epoch ms of the first failure. */
  since: number
  /** Failures in a row when it was noticed, or until it ended. */
  failures: number
  /** What failed last: a network code, or `HTTP 503`. */
  cause: string
}

export interface BreakerOptions {
  clock?: Clock
  /** Failures in a row that make an outage; default 5. */
  threshold?: number
  /** Ms before the first probe; doubles with each that fails; default 2,000. */
  base?: number
  /** Ms between probes at most; default 60,000. */
  cap?: number
  /** Once for each outage, when it is noticed. */
  onOutage?: (outage: Outage) => void
  /** Once for each outage, when it is over. */
  onRecovery?: (outage: Outage) => void
}

/** Leave to send one request; exactly one of its methods is to be called afterwards, further calls do nothing. */
export interface Pass {
  /** Whether the whole account waits for what comes of it. */
  readonly probe: boolean
  /** The vendor answered, or could not be reached. Only what `causeOf` names is a failure. */
  settle(failure?: Failure): void
  /** Nothing was learned: the caller gave up. */
  release(): void
}

/** What a failure says about an outage; undefined when it says that the vendor is there, as a 429 does. */
export function causeOf(failure: Failure | undefined): string | undefined {
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
  #open = false
  #probing = false
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

  /** The outage that lasts; undefined when there is none. */
  get outage(): Outage | undefined {
    return this.#open ? { since: this.#since, failures: this.#failures, cause: this.#cause } : undefined
  }

  /** Whether there is an outage. */
  get open(): boolean {
    return this.#open
  }

  /** Leave to send a request; during an outage the ms after which it is worth asking again. */
  enter(): Pass | number {
    if (!this.#open) return this.#pass(false)
    const wait = this.#probeAt - this.#clock.monotonic()
    if (wait > 0) return wait
    // A probe is on its way; soon its outcome is known.
    if (this.#probing) return this.#base
    this.#probing = true
    return this.#pass(true)
  }

  #pass(probe: boolean): Pass {
    let held = true
    const release = (): boolean => {
      const first = held
      held = false
      if (first && probe) this.#probing = false
      return first
    }
    return {
      probe,
      settle: (failure) => {
        if (!release()) return
        const cause = causeOf(failure)
        if (cause === undefined) this.#succeeded()
        else this.#failed(cause, probe)
      },
      release: () => void release(),
    }
  }

  #succeeded(): void {
    const outage = { since: this.#since, failures: this.#failures, cause: this.#cause }
    const wasOpen = this.#open
    this.#open = false
    this.#failures = 0
    this.#probes = 0
    if (wasOpen) this.#onRecovery(outage)
  }

  #failed(cause: string, probe: boolean): void {
    if (this.#failures === 0) this.#since = this.#clock.now()
    this.#failures += 1
    this.#cause = cause
    // Requests that were sent before the outage was noticed fail late; they do not put the next probe off.
    if (this.#open && !probe) return
    if (!this.#open && this.#failures < this.#threshold) return
    const backOff = Math.min(this.#cap, this.#base * 2 ** this.#probes)
    this.#probeAt = this.#clock.monotonic() + backOff * (0.5 + this.#clock.random() / 2)
    this.#probes += 1
    if (this.#open) return
    this.#open = true
    this.#onOutage({ since: this.#since, failures: this.#failures, cause })
  }
}

/**
 * Circuit breakers. While the vendor is unavailable, one request at a time probes it. They have no timer: they are asked
 * before a request is sent, and told the result.
 */
import { systemClock, type Clock } from '../base/clock'

/** How a request failed, as far as a breaker needs to know. */
export interface RequestFailure {
  /** HTTP status; absent when there was no response. */
  status?: number | undefined
  /** Error code of the network, such as ECONNRESET; absent when there was a response. */
  network?: string | undefined
  /** The route of a read. */
  route?: string | undefined
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
  /** Why a failure counts as one; default `outageCause`. */
  causeOf?: (failure: RequestFailure | undefined) => string | undefined
  /** Failures in a row that make an outage; default 5. */
  threshold?: number
  /** Least ms from the first of them to the one that makes an outage; default 0. */
  shortest?: number
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

/** Statuses of a whole cloud that is away. From 521 to 523 a proxy in front of the cloud does not reach it. */
const AWAY: ReadonlySet<number> = new Set([503, 521, 522, 523])
/** 5xx that speak of the request: the server implements neither its method (501) nor its version of HTTP (505). */
const OF_THE_REQUEST: ReadonlySet<number> = new Set([501, 505])

/** Why a failure suggests an outage. Undefined when it shows that the vendor is available, as a 429 does. */
export function outageCause(failure: RequestFailure | undefined): string | undefined {
  const { status, network } = failure ?? {}
  if (status === undefined) return network
  return AWAY.has(status) ? `HTTP ${status}` : undefined
}

/** Why a failure suggests that the server fails on one route. A 500, 502 or 504 may have its cause in one device's data. */
function routeFailure(failure: RequestFailure | undefined): string | undefined {
  const { status = 0 } = failure ?? {}
  return status >= 500 && !OF_THE_REQUEST.has(status) ? `HTTP ${status}` : undefined
}

/** Ms after which an outage is no short interruption any more. */
const LASTING = 10_000

/** The breaker of one account. */
export class Breaker {
  readonly #clock: Clock
  readonly #causeOf: (failure: RequestFailure | undefined) => string | undefined
  readonly #threshold: number
  readonly #shortest: number
  readonly #base: number
  readonly #cap: number
  readonly #onOutage: (outage: Outage) => void
  readonly #onRecovery: (outage: Outage) => void
  #failures = 0
  /** Epoch ms and monotonic ms of the first failure. */
  #since = 0
  #failingFrom = 0
  #cause = ''
  /** The route of the latest failure, and whether the failures in a row may all be the fault of that route. */
  #route: string | undefined
  #isOneRoute = false
  #isOpen = false
  #isProbing = false
  #probes = 0
  /** Monotonic ms. */
  #probeAt = 0

  constructor(options: BreakerOptions = {}) {
    this.#clock = options.clock ?? systemClock
    this.#causeOf = options.causeOf ?? outageCause
    this.#threshold = options.threshold ?? 5
    this.#shortest = options.shortest ?? 0
    this.#base = options.base ?? 2000
    this.#cap = options.cap ?? 60_000
    this.#onOutage = options.onOutage ?? (() => undefined)
    this.#onRecovery = options.onRecovery ?? (() => undefined)
  }

  /** The present outage; undefined when there is none. */
  get outage(): Outage | undefined {
    return this.#isOpen ? { since: this.#since, failures: this.#failures, cause: this.#cause } : undefined
  }

  /** The failures in a row until now, also before they make an outage; undefined when the last request got an answer. */
  get failing(): Outage | undefined {
    return this.#failures > 0 ? { since: this.#since, failures: this.#failures, cause: this.#cause } : undefined
  }

  /** Whether there is an outage that is no short interruption. */
  get isLasting(): boolean {
    return this.#isOpen && this.#clock.monotonic() - this.#failingFrom >= LASTING
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
        const cause = this.#causeOf(failure)
        if (cause === undefined) this.#succeeded()
        else this.#failed(cause, isProbe, failure?.status === undefined ? undefined : failure.route)
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

  /** @param route that may be the only one on which the server fails */
  #failed(cause: string, isProbe: boolean, route: string | undefined): void {
    const now = this.#clock.monotonic()
    if (this.#failures === 0) {
      this.#since = this.#clock.now()
      this.#failingFrom = now
    }
    this.#isOneRoute = route !== undefined && (this.#failures === 0 || (this.#isOneRoute && route === this.#route))
    this.#route = route
    this.#failures += 1
    this.#cause = cause
    // Requests that were sent before the outage was noticed fail late. They do not delay the next probe.
    if (this.#isOpen && !isProbe) return
    if (!this.#isOpen && (this.#failures < this.#threshold || this.#isOneRoute || now - this.#failingFrom < this.#shortest)) return
    const backOff = Math.min(this.#cap, this.#base * 2 ** this.#probes)
    this.#probeAt = now + backOff * (0.5 + this.#clock.random() / 2)
    this.#probes += 1
    if (this.#isOpen) return
    this.#isOpen = true
    this.#onOutage({ since: this.#since, failures: this.#failures, cause })
  }
}

/** Routes whose failures are remembered. The one that began to fail first is forgotten first. */
const MOST_ROUTES = 1000

/**
 * A breaker for each route on which the server fails (5xx). A route that always fails, because of a defect or of one
 * device's data, holds up no other route.
 */
export class RouteBreakers {
  readonly #clock: Clock
  readonly #breakers = new Map<string, Breaker>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** The outage because of which no request of the route may be sent now. */
  outage(route: string): Outage | undefined {
    const breaker = this.#breakers.get(route)
    return breaker && breaker.delay() > 0 ? breaker.outage : undefined
  }

  /** A pass for a request of the route that is sent now; call it only when there is no `outage`. */
  enter(route: string): Pass {
    const pass = this.#breakers.get(route)?.enter()
    const release = (): void => pass?.release()
    const settle = (failure?: RequestFailure): void => {
      if (routeFailure(failure) !== undefined) (pass ?? this.#added(route).enter()).settle({ status: failure?.status })
      // Without a response, nothing is known of the route. That is up to the breaker of the account.
      else if (failure?.status === undefined && failure?.network !== undefined) release()
      else this.#breakers.delete(route)
    }
    return { settle, release }
  }

  #added(route: string): Breaker {
    const known = this.#breakers.get(route)
    if (known) return known
    const [first] = this.#breakers.keys()
    if (this.#breakers.size >= MOST_ROUTES && first !== undefined) this.#breakers.delete(first)
    const breaker = new Breaker({ clock: this.#clock, causeOf: routeFailure, shortest: LASTING })
    this.#breakers.set(route, breaker)
    return breaker
  }
}

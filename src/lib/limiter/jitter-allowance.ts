/**
 * How much later than its start a request may be counted by the vendor.
 *
 * We count starts, the vendor counts arrivals. A delay that is always the same moves all arrivals alike and does no
 * harm; what differs from request to request may push more of them into one window than were started in it. The spread
 * of the round trips is never less than the spread of the ways there, so it bounds that difference.
 */
export interface MarginOptions {
  /** Ms until enough round trips were seen; default 50. */
  initial?: number
  /** Least ms; default 5, since timers and clocks are not exact either. */
  floor?: number
  /** Most ms, before doubling; default 500. */
  cap?: number
  /** Ms for which the margin is doubled after a 429; default 60,000. */
  caution?: number
}

/** Round trips that are remembered. */
const SAMPLE = 256
/** Samples of which the quickest round trip is remembered: the more, the nearer it is to the quickest possible. */
const SAMPLES = 8
/** With fewer round trips than this, the spread may only raise the initial margin. */
const TRUSTED = 100
/** The percentile is computed once for so many round trips: sorting for each would be the limiter's greatest cost. */
const STRIDE = 32

export class Margin {
  /** Most ms, before doubling. */
  readonly cap: number
  readonly #initial: number
  readonly #floor: number
  readonly #caution: number
  readonly #sample = new Float64Array(SAMPLE)
  #seen = 0
  /** The quickest round trip of each of the last samples. */
  readonly #quickest = new Float64Array(SAMPLES).fill(Infinity)
  #quickestOfAll = Infinity
  #spread: number
  #cautiousUntil = -Infinity

  constructor(options: MarginOptions = {}) {
    this.#initial = options.initial ?? 50
    this.#floor = options.floor ?? 5
    this.cap = options.cap ?? 500
    this.#caution = options.caution ?? 60_000
    this.#spread = this.#initial
  }

  /** Ms by which windows are widened for requests of which nothing is known yet. */
  at(now: number): number {
    return this.#cautious(now) ? this.#spread * 2 : this.#spread
  }

  /**
   * Ms by which a request that has been answered may have been late: what its round trip took beyond the quickest one,
   * and beyond what the quickest one may itself have been late, which shrinks as more are seen. While too few were seen,
   * or a recent 429 has shown that the vendor counts otherwise than we think, never less than the margin.
   */
  lateness(roundTrip: number, now: number): number {
    if (this.#seen < TRUSTED || this.#cautious(now)) return Math.max(this.at(now), this.#beyondQuickest(roundTrip))
    const doubt = (1.5 * this.#spread) / Math.sqrt(Math.min(this.#seen, SAMPLE * SAMPLES))
    return this.#beyondQuickest(roundTrip) + Math.max(this.#floor, doubt)
  }

  /** All of a round trip while the quickest one may be slow itself, as at a cold start. */
  #beyondQuickest(roundTrip: number): number {
    return this.#seen < STRIDE ? roundTrip : Math.max(0, roundTrip - this.#quickestOfAll)
  }

  /** Learns from a round trip in ms. */
  learn(roundTrip: number): void {
    if (!(roundTrip >= 0)) return
    const sample = Math.floor(this.#seen / SAMPLE) % SAMPLES
    if (this.#seen % SAMPLE === 0) {
      this.#quickest[sample] = Infinity
      this.#quickestOfAll = Math.min(...this.#quickest)
    }
    if (roundTrip < (this.#quickest[sample] ?? Infinity)) this.#quickest[sample] = roundTrip
    if (roundTrip < this.#quickestOfAll) this.#quickestOfAll = roundTrip
    this.#sample[this.#seen % SAMPLE] = roundTrip
    this.#seen += 1
    if (this.#seen % STRIDE === 0) this.#measure()
  }

  /** Doubles the margin for a while: the vendor refused what we thought to be within the limit. */
  widen(now: number): void {
    this.#cautiousUntil = now + this.#caution
  }

  #measure(): void {
    const sorted = this.#sample.slice(0, Math.min(this.#seen, SAMPLE)).sort()
    const slowest = sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0
    const spread = Math.min(this.cap, Math.max(this.#floor, slowest - (sorted[0] ?? 0)))
    this.#spread = this.#seen < TRUSTED ? Math.max(this.#initial, spread) : spread
  }

  #cautious(now: number): boolean {
    return now < this.#cautiousUntil
  }
}

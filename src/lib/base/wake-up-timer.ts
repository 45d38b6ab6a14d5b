import type { Clock, Timer } from './clock'

/** The limiter's only timer: calls at the earliest of the times it was set for, perhaps too early, never much too late. */
export class Alarm {
  readonly #clock: Clock
  readonly #ring: () => void
  #timer: Timer | undefined
  #at = Infinity

  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock
    this.#ring = ring
  }

  /** @param at monotonic ms; never when infinite */
  set(at: number): void {
    // One that rings too early does no harm, and is cheaper than a new timer.
    if (at === Infinity || (this.#timer !== undefined && this.#at <= at)) return
    this.clear()
    this.#at = at
    const ring = (): void => {
      this.#timer = undefined
      this.#ring()
    }
    this.#timer = this.#clock.setTimeout(ring, Math.ceil(at - this.#clock.monotonic()))
  }

  clear(): void {
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer)
    this.#timer = undefined
  }
}

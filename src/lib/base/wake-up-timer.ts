/** One timer for many moments: it fires at the earliest of them. */
import type { Clock, Timer } from './clock'

/** May fire too early, never much too late: whoever is woken looks at the clock, and sets the timer again. */
export class WakeUpTimer {
  readonly #clock: Clock
  readonly #onWakeUp: () => void
  #timer: Timer | undefined
  #at = Infinity

  constructor(clock: Clock, onWakeUp: () => void) {
    this.#clock = clock
    this.#onWakeUp = onWakeUp
  }

  /** @param at monotonic ms; Infinity sets nothing */
  set(at: number): void {
    // A timer that fires too early does no harm, and costs less than a new timer.
    if (at === Infinity || (this.#timer !== undefined && this.#at <= at)) return
    this.clear()
    this.#at = at
    const wakeUp = (): void => {
      this.#timer = undefined
      this.#onWakeUp()
    }
    this.#timer = this.#clock.setTimeout(wakeUp, Math.ceil(at - this.#clock.monotonic()))
  }

  clear(): void {
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer)
    this.#timer = undefined
  }
}

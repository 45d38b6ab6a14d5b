/** The clock is injected, so that a test can advance it by a day at once. */
import { systemBootTime, type BootTime, type Moment } from './boot-time'

/** A pending timer, for `clearTimeout` of the clock that made it. */
export type Timer = NodeJS.Timeout | number

export interface Clock {
  /** Epoch ms. Jumps when the machine's clock is set, so it is for calendars only. */
  now(): number
  /** Ms from an arbitrary start, with fractions; never steps back, so all windows and delays use it. */
  monotonic(): number
  /** Time since the boot of the computer, for what other processes compare after a crash. It costs more than the others. */
  bootTime(): BootTime
  /** Calls back once after `ms`, at most 2^31-1 ms (about 24 days). The callback has to look at the clock again. */
  setTimeout(callback: () => void, ms: number): Timer
  clearTimeout(timer: Timer): void
  /** From 0 up to, but not including, 1. */
  random(): number
}

/** One moment by both readings of a clock, in ms. */
export interface Instant {
  monotonic: number
  epoch: number
}

export const instantOf = (clock: Clock): Instant => ({ monotonic: clock.monotonic(), epoch: clock.now() })

export const momentOf = (clock: Clock): Moment => ({ ...clock.bootTime(), epoch: clock.now() })

/** A longer delay would overflow in Node and fire at once. */
export const LONGEST_TIMER = 2 ** 31 - 1

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  bootTime: systemBootTime,
  setTimeout: (callback, ms) => setTimeout(callback, Math.min(ms, LONGEST_TIMER)),
  clearTimeout: (timer) => clearTimeout(timer),
  random: () => Math.random(),
}

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

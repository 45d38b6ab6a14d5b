/** Injected time, so that tests run a day in a second. */

/** A pending timer; only good for `clearTimeout` of the clock that gave it. */
export type Timer = NodeJS.Timeout | number

export interface Clock {
  /** Epoch ms. Jumps when the machine's clock is set, so it is for calendars only. */
  now(): number
  /** Ms from an arbitrary start, with fractions; never steps back, so all windows and delays use it. */
  monotonic(): number
  /** Calls back once after `ms`, or after 2^31-1 ms (about 24 days) if that is sooner: look at the clock again then. */
  setTimeout(callback: () => void, ms: number): Timer
  clearTimeout(timer: Timer): void
  /** From 0 up to, but not including, 1. */
  random(): number
}

/** A longer delay would overflow in Node and fire at once. */
export const LONGEST_TIMER = 2 ** 31 - 1

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimeout: (callback, ms) => setTimeout(callback, Math.min(ms, LONGEST_TIMER)),
  clearTimeout: (timer) => clearTimeout(timer),
  random: () => Math.random(),
}

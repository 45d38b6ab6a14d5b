import type { Clock } from '../base/clock'
import type { Margin } from './jitter-allowance'
import type { Start } from './permit'
import { SlidingWindow } from './sliding-window'

/** Ms by which a request may leave after its permit without being counted anew: less than any margin. */
const LAG = 2

/** When requests that have their permits leave, and are counted: the sliding windows follow what is known of it. */
export class Departures {
  readonly #clock: Clock
  readonly #margin: Margin
  /** Those that have not left yet, as far as is known. */
  readonly #unsent = new Set<Start>()

  constructor(clock: Clock, margin: Margin) {
    this.#clock = clock
    this.#margin = margin
  }

  add(start: Start): void {
    this.#unsent.add(start)
  }

  readonly left = (start: Start): void => {
    this.#unsent.delete(start)
    start.started = this.#clock.monotonic()
    recount(start, start.started, start.late)
  }

  /**
   * Puts a request that has been answered where it belongs in the windows: mostly earlier than was feared, and later where
   * its round trip says that it was held up. A vendor that takes long to answer is not thought to count as late as that.
   * @param roundTrip ms; undefined when it is not known
   * @returns whether there may be more room now
   */
  done(start: Start, roundTrip: number | undefined): boolean {
    this.#unsent.delete(start)
    if (roundTrip === undefined) return false
    this.#margin.learn(roundTrip)
    const lateness = this.#margin.lateness(roundTrip, this.#clock.monotonic())
    recount(start, start.started, Math.min(lateness, Math.max(start.late, this.#margin.cap)))
    return true
  }

  /** What has its permit but has not left, because the event loop or a socket is busy, will be counted later than now. */
  postpone(now: number): void {
    for (const start of this.#unsent) if (now - start.countedAt > LAG) recount(start, now, start.late)
  }
}

/** Counts a request at another moment. */
function recount(start: Start, at: number, late: number): void {
  const from = start.countedAt + start.late
  for (const window of start.job.windows) if (window instanceof SlidingWindow) window.redate(from, at + late)
  start.countedAt = at + late - start.late
}

/**
 * How long the event loop stands still. A busy machine may also simply not run a process for a while, so a block counts
 * as far as the process used the processor in it; what no processor time explains has a wider bound.
 */

/** Ms between two looks. */
const EVERY = 20

/** The longest time in ms for which nothing else could run. */
export interface Blocks {
  /** In which this process computed. */
  computing: number
  /** By the clock, whoever had the processor. */
  waiting: number
}

/** What Node-RED may do without a break, ms. */
export const LONGEST: Blocks = { computing: 200, waiting: 2_000 }

const computedIn = ({ user, system }: NodeJS.CpuUsage): number => (user + system) / 1000

export class LoopWatch {
  #timer: NodeJS.Timeout | undefined
  #at = 0
  #usage = process.cpuUsage()
  #blocks: Blocks = { computing: 0, waiting: 0 }

  start(): void {
    this.stop()
    this.#at = performance.now()
    this.#usage = process.cpuUsage()
    this.#blocks = { computing: 0, waiting: 0 }
    this.#timer = setInterval(() => this.#look(), EVERY)
  }

  /** @returns the longest of the time since the start */
  stop(): Blocks {
    if (this.#timer) this.#look()
    clearInterval(this.#timer)
    this.#timer = undefined
    return this.#blocks
  }

  #look(): void {
    const now = performance.now()
    const waiting = Math.max(0, now - this.#at - EVERY)
    // Other threads of the process compute too, but never for longer than the block lasted.
    const computing = Math.min(waiting, computedIn(process.cpuUsage(this.#usage)))
    const { computing: computed, waiting: waited } = this.#blocks
    this.#blocks = { computing: Math.max(computed, computing), waiting: Math.max(waited, waiting) }
    this.#at = now
    this.#usage = process.cpuUsage()
  }
}

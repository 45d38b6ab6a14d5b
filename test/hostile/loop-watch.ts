/**
 * How long the event loop stands still. A busy machine may also simply not run a process for a while, so a block counts
 * as far as the thread of the event loop used the processor in it; what no processor time explains has a wider bound.
 */
import { readFileSync } from 'node:fs'

/** Ms between two looks. */
const EVERY = 20

/** The longest time in ms for which nothing else could run. */
export interface Blocks {
  /** In which it computed. */
  computing: number
  /** By the clock, whoever had the processor. */
  waiting: number
}

/** What Node-RED may do without a break, ms. */
export const LONGEST: Blocks = { computing: 200, waiting: 2_000 }

/** Of Linux, for the first thread of this process, which runs the event loop. Its first number is the time on a processor in ns. */
const THREAD = `/proc/self/task/${process.pid}/schedstat`

/** Ms for which the thread has computed. Elsewhere than on Linux those of the other threads count too. */
function computed(): number {
  try {
    return Number(readFileSync(THREAD, 'utf8').split(' ')[0]) / 1_000_000
  } catch {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1000
  }
}

export class LoopWatch {
  #timer: NodeJS.Timeout | undefined
  #at = 0
  #computed = 0
  #blocks: Blocks = { computing: 0, waiting: 0 }

  start(): void {
    this.stop()
    this.#at = performance.now()
    this.#computed = computed()
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
    const total = computed()
    const computing = Math.min(waiting, total - this.#computed)
    this.#blocks = { computing: Math.max(this.#blocks.computing, computing), waiting: Math.max(this.#blocks.waiting, waiting) }
    this.#at = now
    this.#computed = total
  }
}

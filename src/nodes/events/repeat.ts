/** Does a task again and again, one after the other, until it is stopped. */
import type { Clock, Timer } from '../../lib/base/clock'

/** Ms; by then Catch nodes and those behind have been started too. */
const FIRST = 100

export class Repeat {
  readonly #clock: Clock
  readonly #task: () => Promise<number | undefined>
  #timer: Timer | undefined
  #running: Promise<void> = Promise.resolve()
  #stopped = false

  /** @param task never rejects; gives the ms until the next time, undefined for the last time */
  constructor(clock: Clock, task: () => Promise<number | undefined>) {
    this.#clock = clock
    this.#task = task
    this.#wait(FIRST)
  }

  /** Resolves when the task that runs has ended. */
  async stop(): Promise<void> {
    this.#stopped = true
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer)
    await this.#running
  }

  #wait(ms: number): void {
    this.#timer = this.#clock.setTimeout(() => {
      this.#running = this.#run()
    }, ms)
  }

  async #run(): Promise<void> {
    const wait = await this.#task()
    if (wait !== undefined && !this.#stopped) this.#wait(wait)
  }
}

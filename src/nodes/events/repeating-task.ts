/** Repeats a task until it is stopped; two runs never overlap. */
import type { Clock, Timer } from '../../lib/base/clock'

/** Ms until the first run: Catch nodes and the nodes behind are started by then. */
const FIRST_WAIT = 100

export class RepeatingTask {
  readonly #clock: Clock
  readonly #task: () => Promise<number | undefined>
  #timer: Timer | undefined
  #running: Promise<void> = Promise.resolve()
  #stopped = false

  /** @param task never rejects; gives the ms until its next run, or undefined to end */
  constructor(clock: Clock, task: () => Promise<number | undefined>) {
    this.#clock = clock
    this.#task = task
    this.#wait(FIRST_WAIT)
  }

  /** Resolves when the run in progress has ended. */
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

import { untilAborted, type StopSignal } from './abort-signal'
import type { Priority } from '../vocabulary/budget'

/** What of a request concerns a line. */
interface Waiter {
  priority: Priority
  signal: StopSignal
  /** Told how long it waits, in ms. */
  onWait?: ((ms: number) => void) | undefined
}

interface Place extends Waiter {
  enter(): void
}

/** Those that wait for one another: one is in at a time, commands before reads, each in the order in which they came. */
export class Line {
  readonly #places: Place[] = []
  #taken = false

  /** Whether nobody is in, and nobody waits. */
  get empty(): boolean {
    return !this.#taken
  }

  /**
   * Does a task when all before it are done.
   * @throws the reason of the signal when it is aborted before the task begins; what the task throws
   */
  async pass<T>(waiter: Waiter, task: () => Promise<T>): Promise<T> {
    if (this.#taken) await this.#entered(waiter)
    this.#taken = true
    try {
      return await task()
    } finally {
      this.#next()
    }
  }

  /** The one that is in waits for so many ms, and so do all behind it. */
  tell(ms: number): void {
    for (const { onWait } of this.#places) onWait?.(ms)
  }

  async #entered(waiter: Waiter): Promise<void> {
    let enter: () => void = () => undefined
    const entered = new Promise<void>((resolve) => (enter = resolve))
    const place = { ...waiter, enter }
    this.#add(place)
    try {
      await untilAborted(entered, waiter.signal)
    } catch (error) {
      const index = this.#places.indexOf(place)
      // Its turn may have come at the same time.
      if (index === -1) this.#next()
      else this.#places.splice(index, 1)
      throw error
    }
  }

  #add(place: Place): void {
    const read = place.priority === 'command' ? this.#places.findIndex(({ priority }) => priority === 'read') : -1
    if (read === -1) this.#places.push(place)
    else this.#places.splice(read, 0, place)
  }

  #next(): void {
    const next = this.#places.shift()
    if (next) next.enter()
    else this.#taken = false
  }
}

/** A mutex for each key: tasks of one key run one after the other, those of different keys at the same time. */
import { untilAborted, type AbortSignalLike } from './abort-signal'

export interface MutexRequest {
  /** Urgent tasks run before those that are not; within both, the order is that of arrival. */
  urgent: boolean
  /** Ends the wait. A task that runs is not stopped. */
  signal: AbortSignalLike
  /** Receives the ms that the running task still waits, as it reports them. */
  onWait?: ((ms: number) => void) | undefined
}

interface Waiter extends MutexRequest {
  start(): void
}

export class KeyedMutex {
  /** Waiters by key. A key stands in the map as long as a task of it runs. */
  readonly #waiters = new Map<string, Waiter[]>()

  /** Keys whose task runs now. */
  get size(): number {
    return this.#waiters.size
  }

  /**
   * Runs a task when all tasks of the same key before it have ended.
   * @param task is given a function that tells those behind it how many ms it waits
   * @throws the reason of the signal when it is aborted before the task starts; what the task throws
   */
  async run<T>(key: string, request: MutexRequest, task: (reportWait: (ms: number) => void) => Promise<T>): Promise<T> {
    const known = this.#waiters.get(key)
    const waiters = known ?? []
    if (known) await this.#turn(key, known, request)
    else this.#waiters.set(key, waiters)
    try {
      return await task((ms) => {
        for (const { onWait } of waiters) onWait?.(ms)
      })
    } finally {
      this.#next(key, waiters)
    }
  }

  async #turn(key: string, waiters: Waiter[], request: MutexRequest): Promise<void> {
    let start: () => void = () => undefined
    const started = new Promise<void>((resolve) => (start = resolve))
    const waiter = { ...request, start }
    const later = request.urgent ? waiters.findIndex(({ urgent }) => !urgent) : -1
    waiters.splice(later === -1 ? waiters.length : later, 0, waiter)
    try {
      await untilAborted(started, request.signal)
    } catch (error) {
      const index = waiters.indexOf(waiter)
      // It may have been started in the same turn of the event loop in which it was aborted.
      if (index === -1) this.#next(key, waiters)
      else waiters.splice(index, 1)
      throw error
    }
  }

  #next(key: string, waiters: Waiter[]): void {
    const next = waiters.shift()
    if (next) next.start()
    else this.#waiters.delete(key)
  }
}

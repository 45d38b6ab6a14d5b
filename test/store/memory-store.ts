/** A store in memory, for tests of what needs another store beside it. */
import { sentence } from '../../src/lib/sentence'
import { StoreError, type Entry, type Queue, type QueueState, type Store } from '../../src/lib/store/store'

class MemoryQueue implements Queue {
  #entries: Entry[] = []
  readonly #held = new Set<string>()
  #last = 0

  append(texts: readonly string[], limit: number): Promise<void> {
    if (this.#entries.length + texts.length > limit) return Promise.reject(new StoreError('FULL', sentence`the queue is full`))
    for (const text of texts) {
      this.#last += 1
      this.#entries.push({ id: String(this.#last).padStart(9, '0'), text, at: Date.now() })
    }
    return Promise.resolve()
  }

  take(count: number): Promise<Entry[]> {
    const taken = this.#entries.filter(({ id }) => !this.#held.has(id)).slice(0, count)
    for (const { id } of taken) this.#held.add(id)
    return Promise.resolve(taken)
  }

  done(ids: readonly string[]): Promise<void> {
    this.#entries = this.#entries.filter(({ id }) => !ids.includes(id))
    return this.release(ids)
  }

  release(ids: readonly string[]): Promise<void> {
    for (const id of ids) this.#held.delete(id)
    return Promise.resolve()
  }

  state(): Promise<QueueState> {
    const oldest = this.#entries[0]?.at
    return Promise.resolve({ depth: this.#entries.length, ...(oldest === undefined ? {} : { oldest }) })
  }

  clear(): Promise<number> {
    const { length } = this.#entries
    this.#entries = []
    this.#held.clear()
    return Promise.resolve(length)
  }
}

export class MemoryStore implements Store {
  readonly place = 'memory'
  readonly #values = new Map<string, string>()
  readonly #queues = new Map<string, Queue>()
  /** Whether `close` was called. */
  closed = false

  get(key: string): Promise<string | undefined> {
    return Promise.resolve(this.#values.get(key))
  }

  set(key: string, value: string): Promise<void> {
    this.#values.set(key, value)
    return Promise.resolve()
  }

  delete(key: string): Promise<void> {
    this.#values.delete(key)
    return Promise.resolve()
  }

  queue(name: string): Promise<Queue> {
    const queue = this.#queues.get(name) ?? new MemoryQueue()
    this.#queues.set(name, queue)
    return Promise.resolve(queue)
  }

  close(): Promise<void> {
    this.closed = true
    return Promise.resolve()
  }
}

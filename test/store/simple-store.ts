/** A store in memory that outlives the runtime which uses it, as files and Redis do. */
import type { Queue, Store } from '../../src/lib/store/store'

export class SimpleStore implements Store {
  readonly place = 'memory'
  readonly texts: Map<string, string>
  /** Called before each text is kept; what it throws fails the write. */
  onSet: (key: string, value: string) => void = () => undefined

  /** @param texts what an earlier store has kept */
  constructor(texts: Iterable<readonly [string, string]> = []) {
    this.texts = new Map(texts)
  }

  get(key: string): Promise<string | undefined> {
    return Promise.resolve(this.texts.get(key))
  }

  async set(key: string, value: string): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve))
    this.onSet(key, value)
    this.texts.set(key, value)
  }

  delete(key: string): Promise<void> {
    this.texts.delete(key)
    return Promise.resolve()
  }

  queue(): Promise<Queue> {
    return Promise.reject(new Error('this store has no queues'))
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}

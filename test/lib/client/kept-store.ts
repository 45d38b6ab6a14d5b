/** A store in memory that outlives its clients, and can be made to fail. */
import { sentence } from '../../../src/lib/sentence'
import { StoreError, type Queue, type SharedWindows, type Store } from '../../../src/lib/store/store'
import type { Clock } from '../../../src/lib/client/clock'

export class KeptStore implements Store {
  readonly place = 'memory'
  readonly entries = new Map<string, { text: string; until: number }>()
  readonly windows?: SharedWindows
  /** Rejects all that is asked. */
  broken = false
  sets = 0
  /** Holds up every `set` until it is called. */
  release: (() => void) | undefined
  #held: Promise<void> | undefined
  readonly #clock: Clock

  constructor(clock: Clock, windows?: SharedWindows) {
    this.#clock = clock
    if (windows) this.windows = windows
  }

  hold(): void {
    this.#held = new Promise((resolve) => {
      this.release = () => {
        this.#held = undefined
        resolve()
      }
    })
  }

  async get(key: string): Promise<string | undefined> {
    await this.#ready()
    const entry = this.entries.get(key)
    return entry && entry.until > this.#clock.now() ? entry.text : undefined
  }

  async set(key: string, text: string, lifetime = Infinity): Promise<void> {
    this.sets += 1
    await this.#held
    await this.#ready()
    this.entries.set(key, { text, until: this.#clock.now() + lifetime })
  }

  async delete(key: string): Promise<void> {
    await this.#ready()
    this.entries.delete(key)
  }

  /** Texts under keys of this kind. */
  texts(kind: string): string[] {
    return [...this.entries].filter(([key]) => key.startsWith(`${kind}:`)).map(([, { text }]) => text)
  }

  queue(): Promise<Queue> {
    return Promise.reject(new Error('this store has no queues'))
  }

  close(): Promise<void> {
    return Promise.resolve()
  }

  #ready(): Promise<void> {
    return this.broken ? Promise.reject(new StoreError('UNAVAILABLE', sentence`the disk is full; make room`)) : Promise.resolve()
  }
}

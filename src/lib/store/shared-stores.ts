/** The open stores of this process: one for each place, shared by all nodes and clients that use it. */
import { createHash } from 'node:crypto'
import { sentence, sentenceOf, type Sentence } from '../base/sentence'
import { openEmbedded } from './embedded/embedded-store'
import { openRedis, redisAddress } from './redis/redis-store'
import { StoreError, type Store, type StoreLease } from './store'

export interface StoreSettings {
  /** Of the embedded store. A store in Redis uses it as a fallback while Redis is away. */
  folder: string
  /** Absent for the embedded store. */
  redis?: { url: string; password: string }
}

interface Shared {
  holders: number
  store: Promise<Store> | undefined
  end: () => Promise<void>
  /** Settles when the earlier store of this place is closed: two must not have one folder. */
  ended: Promise<unknown>
  /** Why it cannot be used now. */
  outage: Sentence | undefined
}

/** Notified when Redis goes away, when it is back, and of what a disk has lost. */
export interface Listener {
  onDamage: (message: Sentence) => void
  onOutage: (message: Sentence) => void
  onRecovery: (message: Sentence) => void
}

/** How stores are opened; others in tests. */
export interface Engines {
  openEmbedded: typeof openEmbedded
  openRedis: typeof openRedis
}

/** A lease that was released opens nothing any more. */
export const releasedError = (): StoreError => new StoreError('CLOSED', sentence`the store is closed; deploy again`)

export class Stores {
  readonly #engines: Engines
  readonly #shared = new Map<string, Shared>()

  constructor(engines: Engines = { openEmbedded, openRedis }) {
    this.#engines = engines
  }

  lease(settings: StoreSettings, listener: Listener): StoreLease {
    const key = keyOf(settings)
    let shared: Shared | undefined
    let released = false
    return {
      open: () => {
        if (released) return Promise.reject(releasedError())
        shared ??= this.#hold(key)
        return this.#open(shared, settings, listener)
      },
      release: async () => {
        if (released) return
        released = true
        if (shared) await this.#release(key, shared)
      },
    }
  }

  /** Why the store of this place cannot be used now; undefined when it can, and when nobody has opened it. */
  outage(settings: StoreSettings): Sentence | undefined {
    return this.#shared.get(keyOf(settings))?.outage
  }

  #hold(key: string): Shared {
    const shared = this.#shared.get(key) ?? { holders: 0, store: undefined, end: () => Promise.resolve(), ended: Promise.resolve(), outage: undefined }
    this.#shared.set(key, shared)
    shared.holders += 1
    return shared
  }

  #open(shared: Shared, settings: StoreSettings, listener: Listener): Promise<Store> {
    if (shared.store) return shared.store
    shared.outage = undefined
    const opening = shared.ended.then(() => this.#engine(settings, noting(shared, listener)))
    shared.store = opening.then(({ store }) => store)
    shared.end = () => opening.then(({ end }) => end())
    opening.catch((error: unknown) => {
      shared.store = undefined
      shared.outage = sentenceOf(error)
    })
    return shared.store
  }

  /** @returns the store, and what closes it with its share of the embedded one */
  async #engine({ folder, redis }: StoreSettings, listener: Listener): Promise<{ store: Store; end: () => Promise<void> }> {
    if (!redis) {
      const store = await this.#engines.openEmbedded(folder, { onDamage: listener.onDamage })
      return { store, end: () => store.close() }
    }
    // Before a folder is made that nobody will use.
    redisAddress(redis.url)
    const fallback = this.lease({ folder }, listener)
    try {
      const store = await this.#engines.openRedis({ ...redis, ...listener, fallback: await fallback.open() })
      return { store, end: () => store.close().finally(() => fallback.release()) }
    } catch (error) {
      await fallback.release()
      throw error
    }
  }

  async #release(key: string, shared: Shared): Promise<void> {
    shared.holders -= 1
    if (shared.holders > 0) return
    // A store that could not be opened, or fails to close, counts as closed.
    shared.ended = shared.end().catch(() => undefined)
    shared.store = undefined
    await shared.ended
    if (shared.holders === 0) this.#shared.delete(key)
  }
}

/** The listener of a store whose outages are remembered. */
const noting = (shared: Shared, listener: Listener): Listener => ({
  ...listener,
  onOutage: (message) => {
    shared.outage = message
    listener.onOutage(message)
  },
  onRecovery: (message) => {
    shared.outage = undefined
    listener.onRecovery(message)
  },
})

/** A digest, so that no password stands in a key. */
const keyOf = ({ folder, redis }: StoreSettings): string =>
  redis ? createHash('sha256').update(JSON.stringify([folder, redis.url, redis.password])).digest('hex') : folder

/** Of the whole process. */
export const stores = new Stores()

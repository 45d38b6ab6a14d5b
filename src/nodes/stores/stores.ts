/** The stores of this process: one for each place, however many nodes name it. */
import { createHash } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { NodeAPI } from 'node-red'
import { sentence, type Sentence } from '../../lib/base/sentence'
import { openEmbedded } from '../../lib/store/embedded/embedded-store'
import { openRedis, redisAddress } from '../../lib/store/redis/redis-store'
import { StoreError, type Store, type StoreLease } from '../../lib/store/store'
import { say } from '../runtime/language'
import type { StoreNode } from './store-node'

export interface StoreSettings {
  /** Of the embedded store; one in Redis keeps there what waits while Redis is away. */
  folder: string
  /** Where the store is in Redis. */
  redis?: { url: string; password: string }
}

interface Shared {
  holders: number
  store: Promise<Store> | undefined
  end: () => Promise<void>
  /** Settled once an earlier life of it has ended: two must not have one folder. */
  ended: Promise<unknown>
}

/** Told when Redis goes away and when it is back, and what a disk has lost. */
export interface Listener {
  onDamage: (said: Sentence) => void
  onOutage: (said: Sentence) => void
  onRecovery: (said: Sentence) => void
}

/** How stores are opened; others in tests. */
export interface Engines {
  openEmbedded: typeof openEmbedded
  openRedis: typeof openRedis
}

const releasedError = (): StoreError => new StoreError('CLOSED', sentence`the store is closed; deploy again`)

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

  #hold(key: string): Shared {
    const shared = this.#shared.get(key) ?? { holders: 0, store: undefined, end: () => Promise.resolve(), ended: Promise.resolve() }
    this.#shared.set(key, shared)
    shared.holders += 1
    return shared
  }

  #open(shared: Shared, settings: StoreSettings, listener: Listener): Promise<Store> {
    if (shared.store) return shared.store
    const opening = shared.ended.then(() => this.#engine(settings, listener))
    shared.store = opening.then(({ store }) => store)
    shared.end = () => opening.then(({ end }) => end())
    opening.catch(() => (shared.store = undefined))
    return shared.store
  }

  /** @returns what ends it too: one in Redis has a share of the embedded one */
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
    // What could not be opened has no end, and what fails to close is closed.
    if (shared.store) shared.ended = shared.end().catch(() => undefined)
    shared.store = undefined
    await shared.ended
    if (shared.holders === 0) this.#shared.delete(key)
  }
}

/** A digest, so that no password stands in a key. */
const keyOf = ({ folder, redis }: StoreSettings): string =>
  redis ? createHash('sha256').update(JSON.stringify([folder, redis.url, redis.password])).digest('hex') : folder

/** Of the whole runtime. */
export const stores = new Stores()

let temporary: string | undefined

/** Node-RED itself always has a user directory; one that is embedded without it keeps things as long as its process runs. */
export function folderOf(RED: NodeAPI): string {
  const { userDir } = RED.settings
  if (userDir) return join(userDir, 'sensor-clouds')
  if (temporary === undefined) {
    temporary = join(mkdtempSync(join(tmpdir(), 'node-red-')), 'sensor-clouds')
    RED.log.warn(say(RED, sentence`Node-RED has no user directory: what sensor clouds keep is in ${temporary}, and a restart forgets it; set userDir in settings.js`))
  }
  return temporary
}

/** Tells the log of Node-RED. */
export const listenerOf = (RED: NodeAPI): Listener => ({
  onDamage: (said) => RED.log.warn(say(RED, said)),
  onOutage: (said) => RED.log.warn(say(RED, said)),
  onRecovery: (said) => RED.log.info(say(RED, said)),
})

/** How an account gets its store. */
export type StoreOf = typeof storeOf

/** A share of the store that an account names, or else of the embedded one. */
export function storeOf(RED: NodeAPI, account: Readonly<Record<string, unknown>>): StoreLease {
  const id = account.store
  let lease: StoreLease | undefined
  let released = false
  const find = (): StoreLease => {
    if (typeof id !== 'string' || id === '') return stores.lease({ folder: folderOf(RED) }, listenerOf(RED))
    // Only now: a config node may be made after the one that names it.
    const node = RED.nodes.getNode(id) as StoreNode | null
    if (!node) throw new StoreError('UNUSABLE', sentence`the store that the account names does not exist; choose another in the account`)
    return node.lease()
  }
  return {
    open: async () => {
      // Nobody would release what were opened now.
      if (released) throw releasedError()
      return (lease ??= find()).open()
    },
    release: async () => {
      released = true
      await lease?.release()
    },
  }
}

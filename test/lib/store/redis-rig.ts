/** A Redis server and stores on it, for the tests of one suite. */
import assert from 'node:assert/strict'
import type { Clock } from '../../../src/lib/base/clock'
import { openRedis, type RedisOptions } from '../../../src/lib/store/redis/redis-store'
import { StoreError, type Queue, type Reservation, type SharedRequest, type SharedWindow, type SharedWindows, type Store } from '../../../src/lib/store/store'
import { until } from '../../until'
import { SimpleStore } from './simple-store'
import { needsRedis, RedisServer } from './redis-server'

/** For `assert.rejects`. */
export const failsWith = (code: string, pattern?: RegExp) => (error: unknown): boolean => {
  assert.ok(error instanceof StoreError, String(error))
  assert.equal(error.code, code, error.message)
  if (pattern) assert.match(error.message, pattern)
  return true
}

export const textsOf = (entries: readonly { text: string }[]): string[] => entries.map(({ text }) => text)

/** All that a queue has, taken in several steps. */
export async function drain(queue: Queue): Promise<string[]> {
  const texts: string[] = []
  for (;;) {
    const entries = await queue.take(7)
    if (entries.length === 0) return texts
    texts.push(...textsOf(entries))
    await queue.done(entries.map(({ id }) => id))
  }
}

/** Asks for a place that counts from now on. */
export const reserve = (windows: SharedWindows, account: string, shapes: readonly SharedWindow[], request: Partial<SharedRequest> = {}): Promise<Reservation> =>
  windows.reserve(account, shapes, { hold: 0, ...request })

/** Ms that no call takes on a busy machine either; a test whose calls are not answered has a shorter one. */
export const PATIENCE = 10_000

/** More than a test appends. */
export const LIMIT = 1000

export class RedisRig {
  /** Told of outages and recoveries. */
  reports: string[] = []
  fallback = new SimpleStore()
  #server: RedisServer | undefined
  #stores: Store[] = []
  #names = 0

  /** Sets the hooks of the suite. @param options of the server's command line */
  constructor(...options: readonly string[]) {
    needsRedis()
    before(async () => {
      this.#server = await RedisServer.start(...options)
    })
    beforeEach(() => {
      this.#stores = []
      this.reports = []
      this.fallback = new SimpleStore()
    })
    afterEach(async () => {
      this.#server?.thaw()
      await Promise.all(this.#stores.map((store) => store.close()))
    })
    after(() => this.#server?.stop())
  }

  get server(): RedisServer {
    assert.ok(this.#server, 'the server runs')
    return this.#server
  }

  /** A store as another process would open it. */
  async open(options: Partial<RedisOptions> = {}): Promise<Store> {
    const store = await openRedis({
      url: this.server.url,
      fallback: this.fallback,
      timeout: PATIENCE,
      onOutage: (said) => this.reports.push(String(said)),
      onRecovery: (said) => this.reports.push(String(said)),
      ...options,
    })
    this.#stores.push(store)
    return store
  }

  /** Windows as another process would share them. */
  async windows(clock?: Clock): Promise<SharedWindows> {
    const { windows } = await this.open(clock ? { clock } : {})
    assert.ok(windows, 'it shares windows')
    return windows
  }

  /** One that no other test uses, with characters that mean something in a cluster. */
  newName(): string {
    this.#names += 1
    return `name {${this.#names}}`
  }

  async recovers(store: Store): Promise<void> {
    await until(() => store.get('any').then(() => true, () => false), 'the store recovers')
  }
}

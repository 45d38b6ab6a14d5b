/** The store of several processes on one account: Redis, or Valkey. */
import { randomUUID } from 'node:crypto'
import { systemClock, type Clock } from '../../base/clock'
import { formText, sentence, type Sentence } from '../../base/sentence'
import { ADDRESS_PROBLEMS, readAddress, type RedisAddress } from './address'
import { closed, Connection } from './connection'
import { RedisQueue } from './redis-queue'
import { EntryStream } from './entry-stream'
import { misunderstood } from './failure'
import { RedisWindows } from './redis-windows'
import { StoreError, type Queue, type SharedWindows, type Store } from '../store'

export interface RedisOptions {
  /** `redis://host:6379`, or `rediss://` for TLS; a user name and a database may stand in it, a password may not. */
  url: string
  password?: string | undefined
  /** Keeps what is appended while Redis is away. It stays open when this store is closed. */
  fallback: Store
  /** Told once when Redis goes away, with a sentence, and once when it is back. */
  onOutage?: (said: Sentence) => void
  onRecovery?: (said: Sentence) => void
  /** Of all keys; default `sensor-clouds:`. */
  prefix?: string
  /** Ms after which a call fails that Redis does not answer; default 2000. */
  timeout?: number
  /** Ms after which the queue of a process that died is served by another; default 10,000. */
  lease?: number
  /** Instead of Redis' own clock and the timers of the process. */
  clock?: Clock
}

const DEFAULT_PREFIX = 'sensor-clouds:'
const DEFAULT_TIMEOUT = 2000
const DEFAULT_LEASE = 10_000

/** @throws StoreError UNUSABLE with what is wrong with a URL */
export function redisAddress(url: string): RedisAddress {
  const address = readAddress(url)
  if (typeof address === 'string') throw new StoreError('UNUSABLE', sentence`the URL of the Redis store ${formText(ADDRESS_PROBLEMS[address])}`)
  return address
}

/**
 * Opens it also while Redis is away: calls fail with UNAVAILABLE then, but for `append`, and it recovers by itself.
 * ioredis is loaded only here.
 * @throws StoreError UNUSABLE when the URL is wrong, or Redis does not accept the credentials
 */
export async function openRedis(options: RedisOptions): Promise<Store> {
  const address = redisAddress(options.url)
  const { password, onOutage, onRecovery, timeout = DEFAULT_TIMEOUT } = options
  const connection = await Connection.open({ address, password, timeout, onOutage, onRecovery })
  return new RedisStore(connection, address, options)
}

class RedisStore implements Store {
  readonly place: string
  readonly windows: SharedWindows
  readonly #connection: Connection
  readonly #options: RedisOptions
  readonly #prefix: string
  /** Unique among the processes on this Redis. */
  readonly #process = randomUUID()
  readonly #queues = new Map<string, Promise<RedisQueue>>()
  #closing: Promise<void> | undefined

  constructor(connection: Connection, address: RedisAddress, options: RedisOptions) {
    this.place = address.place
    this.#connection = connection
    this.#options = options
    this.#prefix = options.prefix ?? DEFAULT_PREFIX
    this.windows = new RedisWindows(connection, this.#prefix, this.#process, options.clock)
  }

  async get(key: string): Promise<string | undefined> {
    // Unlike GET, MGET never replies with a bare null, which the guard of replies takes for malformed.
    const values = await this.#connection.call('MGET', this.#value(key))
    if (!Array.isArray(values)) throw misunderstood(this.place)
    const value: unknown = values[0]
    return typeof value === 'string' ? value : undefined
  }

  async set(key: string, value: string, lifetime?: number): Promise<void> {
    if (lifetime === undefined) await this.#connection.call('SET', this.#value(key), value)
    else if (lifetime > 0) await this.#connection.call('SET', this.#value(key), value, 'PX', Math.ceil(lifetime))
    else await this.delete(key)
  }

  async delete(key: string): Promise<void> {
    await this.#connection.call('DEL', this.#value(key))
  }

  async queue(name: string): Promise<Queue> {
    this.#check()
    let queue = this.#queues.get(name)
    if (!queue) {
      queue = this.#openQueue(name)
      this.#queues.set(name, queue)
      // The fallback store may be able to open it later.
      queue.catch(() => this.#queues.delete(name))
    }
    return queue
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#close())
  }

  async #close(): Promise<void> {
    const closing = [...this.#queues.values()].map((opening) => opening.then((queue) => queue.close()))
    await Promise.allSettled(closing)
    await this.#connection.close()
  }

  async #openQueue(name: string): Promise<RedisQueue> {
    const { fallback, lease = DEFAULT_LEASE, clock = systemClock } = this.#options
    const base = `${this.#prefix}{queue:${encodeURIComponent(name)}}`
    return new RedisQueue({
      stream: new EntryStream(this.#connection, base, this.#process, lease),
      fallback: await fallback.queue(name),
      clock,
      lease,
      check: () => this.#check(),
    })
  }

  #value(key: string): string {
    this.#check()
    return `${this.#prefix}value:${key}`
  }

  #check(): void {
    if (this.#closing) throw closed(this.place)
  }
}

/** One connection to Redis: calls that end soon, whatever happens, and an outage that is told once. */
import { createHash } from 'node:crypto'
import type { Redis } from 'ioredis'
import { sentence, type Sentence } from '../../base/sentence'
import { StoreError } from '../store'
import type { RedisAddress } from './address'
import { cause, isAnswer, passwordRefusal, refused, unreachable } from './failure'

/** A Lua script, and its digest by which Redis knows it once it has run. */
export interface Script {
  text: string
  digest: string
}

export const script = (text: string): Script => ({ text, digest: createHash('sha1').update(text).digest('hex') })

export interface ConnectionOptions {
  address: RedisAddress
  password?: string | undefined
  /** Ms after which a call fails, and a connection is given up. */
  timeout: number
  /** Told once when Redis goes away, with a sentence, also when it is away at first. */
  onOutage?: ((said: Sentence) => void) | undefined
  onRecovery?: ((said: Sentence) => void) | undefined
}

const FIRST_RETRY = 100
const LONGEST_RETRY = 5000
/** Ms from the last byte until the operating system asks whether the other end is still there. */
const KEEP_ALIVE = 10_000

export class Connection {
  readonly place: string
  readonly #redis: Redis
  readonly #options: ConnectionOptions
  #closed = false
  /** Why there is no connection; undefined while there is one. */
  #outage: StoreError | undefined
  #lastError: unknown

  private constructor(redis: Redis, options: ConnectionOptions) {
    this.place = options.address.place
    this.#redis = redis
    this.#options = options
    redis.on('error', (error: unknown) => (this.#lastError = error))
    redis.on('close', () => this.#lost())
    redis.on('ready', () => this.#found())
  }

  /**
   * Connects. Redis may be away, or not answer in time: the connection then goes on trying, and calls fail meanwhile.
   * @throws StoreError UNUSABLE when Redis does not accept the credentials
   */
  static async open(options: ConnectionOptions): Promise<Connection> {
    const { address, password, timeout } = options
    const { Redis } = await import('ioredis')
    const redis = new Redis({
      host: address.host,
      port: address.port,
      db: address.database,
      username: address.username,
      password: password || undefined,
      ...(address.tls ? { tls: { servername: address.host } } : {}),
      lazyConnect: true,
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      connectTimeout: timeout,
      commandTimeout: timeout,
      disconnectTimeout: timeout / 4,
      keepAlive: KEEP_ALIVE,
      connectionName: 'sensor-clouds',
      retryStrategy: (attempt) => Math.min(LONGEST_RETRY, FIRST_RETRY * 2 ** Math.min(attempt, 10)),
    })
    const connection = new Connection(redis, options)
    await connection.#begin()
    return connection
  }

  /** Runs a script in one step, with nothing of others between. */
  async run({ text, digest }: Script, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    return this.#answer(async (redis) => {
      const rest = [keys.length, ...keys, ...args]
      try {
        return await redis.call('EVALSHA', digest, ...rest)
      } catch (error) {
        if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error
        return await redis.call('EVAL', text, ...rest)
      }
    })
  }

  async call(command: string, ...args: readonly (string | number)[]): Promise<unknown> {
    return this.#answer((redis) => redis.call(command, ...args))
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    const open = ['connecting', 'connect', 'ready'].includes(this.#redis.status)
    const end = new Promise<void>((resolve) => this.#redis.once('end', resolve))
    this.#redis.disconnect()
    if (open) await end
  }

  async #begin(): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, this.#options.timeout)))
    // What goes wrong is told by the events.
    await Promise.race([late, this.#redis.connect().catch(() => undefined)])
    clearTimeout(timer)
    const refusal = passwordRefusal(this.#lastError)
    if (refusal !== undefined) {
      await this.close()
      throw new StoreError('UNUSABLE', sentence`the Redis store at ${this.place} ${refusal}`)
    }
    if (this.#redis.status !== 'ready') this.#lost()
  }

  async #answer(task: (redis: Redis) => Promise<unknown>): Promise<unknown> {
    if (this.#closed) throw closed(this.place)
    try {
      return await task(this.#redis)
    } catch (error) {
      throw this.#failure(error)
    }
  }

  #failure(error: unknown): StoreError {
    if (this.#closed) return closed(this.place)
    if (isAnswer(error)) return refused(this.place, error)
    if (error instanceof Error && error.message === 'Command timed out' && this.#redis.status === 'ready') {
      // The other calls need not wait as long: they fail at once until there is an answer again.
      this.#lastError = Object.assign(new Error(error.message), { code: 'ETIMEDOUT' })
      this.#redis.disconnect(true)
      this.#lost()
    }
    return this.#outage ?? unreachable(this.place, cause(this.#lastError))
  }

  #lost(): void {
    if (this.#closed || this.#outage) return
    const refusal = passwordRefusal(this.#lastError)
    this.#outage = refusal === undefined ? unreachable(this.place, cause(this.#lastError)) : refused(this.place, this.#lastError)
    this.#options.onOutage?.(this.#outage.sentence)
  }

  #found(): void {
    this.#lastError = undefined
    if (this.#closed || !this.#outage) return
    this.#outage = undefined
    this.#options.onRecovery?.(sentence`the Redis store at ${this.place} can be reached again`)
  }
}

export const closed = (place: string): StoreError => new StoreError('CLOSED', sentence`the Redis store at ${place} is closed; try again`)

/** One connection to Redis. Every call ends within a time limit, and an outage is reported once. */
import { sentence, type Sentence } from '../../base/sentence'
import { StoreError } from '../store'
import type { RedisAddress } from './address'
import { cause, isAnswer, passwordRefusal, refused, selectionRefusal, unreachable } from './failure'
import { guardReplies, MalformedReply } from './reply-guard'
import { defineScripts, type RedisWithScripts, type ScriptName } from './scripts'

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
  readonly #redis: RedisWithScripts
  readonly #options: ConnectionOptions
  #closed = false
  /** Why there is no connection; undefined while there is one. */
  #outage: StoreError | undefined
  #lastError: unknown
  /** Why the connection is to another database than the URL names. */
  #refusedDatabase: unknown

  private constructor(redis: RedisWithScripts, options: ConnectionOptions) {
    this.place = options.address.place
    this.#redis = redis
    this.#options = options
    redis.on('connect', () => {
      this.#refusedDatabase = undefined
      guardReplies(redis)
    })
    redis.on('error', (error: unknown) => this.#noteError(error))
    redis.on('close', () => this.#lost())
    redis.on('ready', () => this.#found())
  }

  /**
   * Connects. Redis may be away, or not answer in time: the connection then goes on trying, and calls fail meanwhile.
   * @throws StoreError UNUSABLE when Redis does not accept the credentials, or has no such database
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
    defineScripts(redis)
    const connection = new Connection(redis, options)
    await connection.#begin()
    return connection
  }

  /** Runs a script in one step: no command of another process comes in between. */
  async run(script: ScriptName, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    return this.#answer((redis) => redis[script](keys.length, ...keys, ...args))
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
    // The events report failures.
    await Promise.race([late, this.#redis.connect().catch(() => undefined)])
    clearTimeout(timer)
    const refusal = passwordRefusal(this.#lastError) ?? this.#databaseRefusal
    if (refusal !== undefined) {
      await this.close()
      throw new StoreError('UNUSABLE', sentence`the Redis store at ${this.place} ${refusal}`)
    }
    if (this.#redis.status !== 'ready') this.#lost()
  }

  async #answer(task: (redis: RedisWithScripts) => Promise<unknown>): Promise<unknown> {
    if (this.#closed) throw closed(this.place)
    if (this.#refusedDatabase !== undefined && this.#outage) throw this.#outage
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

  get #databaseRefusal(): Sentence | undefined {
    return this.#refusedDatabase === undefined ? undefined : selectionRefusal(this.#refusedDatabase, this.#options.address.database)
  }

  #noteError(error: unknown): void {
    if (isOfSelect(error)) this.#refusedDatabase = error
    else this.#lastError = error
    // After a reply too many, each later command would get the reply of another one.
    if (isReplyTooMany(error)) {
      this.#lastError = new MalformedReply(error.message)
      this.#redis.disconnect(true)
    }
  }

  #lost(): void {
    if (this.#closed || this.#outage) return
    const refusal = passwordRefusal(this.#lastError)
    this.#outage = refusal === undefined ? unreachable(this.place, cause(this.#lastError)) : refused(this.place, this.#lastError)
    this.#options.onOutage?.(this.#outage.sentence)
  }

  #found(): void {
    this.#lastError = undefined
    if (this.#closed) return
    const refusal = this.#databaseRefusal
    if (refusal !== undefined) {
      const outage = new StoreError('UNAVAILABLE', sentence`the Redis store at ${this.place} ${refusal}`)
      const isNews = this.#outage?.message !== outage.message
      this.#outage = outage
      if (isNews) this.#options.onOutage?.(outage.sentence)
    } else if (this.#outage) {
      this.#outage = undefined
      this.#options.onRecovery?.(sentence`the Redis store at ${this.place} can be reached again`)
    }
  }
}

/** ioredis notes the command in the error that Redis replied with. */
const isOfSelect = (error: unknown): boolean => {
  const command: unknown = isAnswer(error) && error instanceof Error && 'command' in error ? error.command : undefined
  return typeof command === 'object' && command !== null && 'name' in command && command.name === 'select'
}

/** ioredis has no class for it. */
const isReplyTooMany = (error: unknown): error is Error => error instanceof Error && error.message.startsWith('Command queue state error')

export const closed = (place: string): StoreError => new StoreError('CLOSED', sentence`the Redis store at ${place} is closed; try again`)

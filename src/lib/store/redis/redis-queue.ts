/** A queue in Redis. While Redis is unreachable, entries go to a fallback queue on this computer's disk. */
import type { Clock, Timer } from '../../base/clock'
import { StoreError, type Entry, type Queue, type QueueState } from '../store'
import type { EntryStream } from './entry-stream'

/** The first character of an id says whose it is. Redis' entries are given first, so theirs sorts first. */
const IN_REDIS = 'r'
const IN_FALLBACK = 's'

/** What Redis was not told yet, because it was away. */
interface PendingAcknowledgements {
  done: Set<string>
  release: Set<string>
}

export interface RedisQueueOptions {
  stream: EntryStream
  fallback: Queue
  clock: Clock
  /** Ms; the lease is renewed three times in it. */
  lease: number
  /** Throws once the store is closed. */
  check: () => void
}

export class RedisQueue implements Queue {
  readonly #options: RedisQueueOptions
  /** Taken and neither done nor released. */
  readonly #held = new Set<string>()
  readonly #pending: PendingAcknowledgements = { done: new Set(), release: new Set() }
  /** The last thing that was asked for of each kind; the next one begins after it, so that order holds. */
  #appending: Promise<unknown> = Promise.resolve()
  #serving: Promise<unknown> = Promise.resolve()
  /** Of Redis, as it was last seen. */
  #known: QueueState = { depth: 0 }
  #renewal: Timer | undefined
  #closed = false

  constructor(options: RedisQueueOptions) {
    this.#options = options
  }

  append(texts: readonly string[], limit: number): Promise<number> {
    const { stream, fallback, check, clock } = this.#options
    const append = async (): Promise<number> => {
      check()
      if (texts.length === 0) return clock.now()
      // What came later must not overtake what waits on the disk.
      if ((await fallback.state()).depth > 0) return fallback.append(texts, limit)
      try {
        const { depth, at } = await stream.append(texts, limit)
        this.#known.depth = depth
        return at
      } catch (error) {
        if (error instanceof StoreError && (error.code === 'FULL' || error.code === 'CLOSED')) throw error
        // Redis may have it all the same, where only its answer was lost: rather twice than never.
        return fallback.append(texts, limit)
      }
    }
    const appended = this.#appending.then(append)
    this.#appending = appended.catch(() => undefined)
    return appended
  }

  /** @throws StoreError UNAVAILABLE while Redis is away: what is in it comes first */
  take(count: number): Promise<Entry[]> {
    const { stream, fallback } = this.#options
    return this.#serve(async () => {
      if (count < 1) return []
      await this.#settle()
      const waiting = (await fallback.state()).depth > 0
      const entries = await stream.take(count, waiting || this.#held.size > 0, this.#held.size === 0)
      if (!entries) return []
      // An entry may come again when the lease was lost for a while.
      const taken = entries.map((entry) => ({ ...entry, id: IN_REDIS + entry.id })).filter(({ id }) => !this.#held.has(id))
      for (const { id } of taken) this.#held.add(id)
      if (waiting && entries.length < count)
        for (const entry of await fallback.take(count - entries.length)) {
          taken.push({ ...entry, id: IN_FALLBACK + entry.id })
          this.#held.add(IN_FALLBACK + entry.id)
        }
      if (this.#held.size > 0) this.#keepLease()
      else if (waiting) await stream.done([], true)
      return taken
    })
  }

  /** What Redis cannot be told now, it is told before entries are taken again. */
  done(ids: readonly string[]): Promise<void> {
    return this.#serve(async () => {
      const own = this.#drop(ids)
      for (const id of own.redis) this.#pending.done.add(id)
      this.#known.depth = Math.max(0, this.#known.depth - own.redis.length)
      if (own.fallback.length > 0) await this.#options.fallback.done(own.fallback)
      await this.#settleLater()
    })
  }

  release(ids: readonly string[]): Promise<void> {
    return this.#serve(() => this.#giveBack(ids))
  }

  /** While Redis is away, what it held when it was last seen. */
  async state(): Promise<QueueState> {
    this.#options.check()
    const fallback = await this.#options.fallback.state()
    let isLastKnown = false
    try {
      this.#known = await this.#options.stream.state()
    } catch (error) {
      if (!isAway(error)) throw error
      isLastKnown = true
    }
    // What waits on the disk may be older than what another process has put into Redis since.
    const oldest = Math.min((this.#known.depth > 0 ? this.#known.oldest : undefined) ?? Infinity, fallback.oldest ?? Infinity)
    const { depth, done = 0 } = this.#known
    return { depth: depth + fallback.depth, done, ...(oldest === Infinity ? {} : { oldest }), ...(isLastKnown ? { isLastKnown } : {}) }
  }

  clear(): Promise<number> {
    return this.#serve(async () => {
      const inRedis = await this.#options.stream.clear()
      this.#held.clear()
      this.#pending.done.clear()
      this.#pending.release.clear()
      this.#known = { depth: 0 }
      this.#stopRenewal()
      return inRedis + (await this.#options.fallback.clear())
    })
  }

  /** Gives back what is held, so that another process need not wait for the lease to end. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#appending
    await this.#serving
    this.#stopRenewal()
    if (this.#held.size > 0) await this.#giveBack([...this.#held]).catch(() => undefined)
  }

  #serve<T>(task: () => Promise<T>): Promise<T> {
    const served = this.#serving.then(() => {
      this.#options.check()
      return task()
    })
    this.#serving = served.catch(() => undefined)
    return served
  }

  async #giveBack(ids: readonly string[]): Promise<void> {
    const own = this.#drop(ids)
    for (const id of own.redis) this.#pending.release.add(id)
    if (own.fallback.length > 0) await this.#options.fallback.release(own.fallback)
    await this.#settleLater()
  }

  #drop(ids: readonly string[]): { redis: string[]; fallback: string[] } {
    for (const id of ids) this.#held.delete(id)
    const of = (owner: string): string[] => ids.filter((id) => id.startsWith(owner)).map((id) => id.slice(owner.length))
    return { redis: of(IN_REDIS), fallback: of(IN_FALLBACK) }
  }

  /** Tells Redis what is owed; the lease goes with the last entry held. */
  async #settle(): Promise<void> {
    const { stream } = this.#options
    const { done, release } = this.#pending
    const last = this.#held.size === 0
    if (done.size > 0) {
      await stream.done([...done], last && release.size === 0)
      done.clear()
    }
    if (release.size > 0) {
      await stream.release([...release], last)
      release.clear()
    }
  }

  async #settleLater(): Promise<void> {
    const owing = this.#pending.done.size + this.#pending.release.size > 0
    try {
      if (owing) await this.#settle()
      // Only entries of the fallback were held: the lease alone is left.
      else if (this.#held.size === 0 && this.#renewal !== undefined) await this.#options.stream.done([], true)
    } catch (error) {
      if (!isAway(error)) throw error
      return
    }
    if (this.#held.size === 0) this.#stopRenewal()
  }

  /** Goes on while something is held, or Redis must still be told. */
  #keepLease(): void {
    const { clock, lease, stream } = this.#options
    if (this.#renewal !== undefined || this.#closed) return
    this.#renewal = clock.setTimeout(() => {
      this.#renewal = undefined
      const renew = this.#serve(async () => {
        await this.#settle()
        if (this.#held.size > 0) await stream.renew()
      })
      void renew
        .catch(() => undefined)
        .then(() => {
          if (this.#held.size + this.#pending.done.size + this.#pending.release.size > 0) this.#keepLease()
        })
    }, lease / 3)
  }

  #stopRenewal(): void {
    if (this.#renewal !== undefined) this.#options.clock.clearTimeout(this.#renewal)
    this.#renewal = undefined
  }
}

const isAway = (error: unknown): boolean => error instanceof StoreError && error.code === 'UNAVAILABLE'

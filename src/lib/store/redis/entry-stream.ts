/** The part of a queue that lives in Redis. */
import { sentence } from '../../base/sentence'
import { StoreError, type Entry, type QueueState } from '../store'
import type { Connection } from './connection'
import { misunderstood } from './failure'
import type { ScriptName } from './scripts'

/** Entries that a script moves at once. The same number stands in queue-shared.lua. */
const MOST = 1000

/** Digits of the two numbers of an id: epoch ms, and the number in that ms. */
const DIGITS = 16

/** Redis' `1763-0` with leading zeros, so that ids ascend as texts. */
const padded = (id: string): string =>
  id
    .split('-')
    .map((number) => number.padStart(DIGITS, '0'))
    .join('-')

const plain = (id: string): string =>
  id
    .split('-')
    .map((number) => number.replace(/^0+(?=\d)/, ''))
    .join('-')

const momentOf = (id: string): number => Number(id.split('-')[0])

export class EntryStream {
  readonly #connection: Connection
  readonly #keys: readonly [stream: string, lease: string, done: string]
  readonly #process: string
  readonly #lease: number

  /**
   * @param base of its keys
   * @param process unique among the processes on this Redis
   * @param lease ms after which the queue of a process that died is served by another
   */
  constructor(connection: Connection, base: string, process: string, lease: number) {
    this.#connection = connection
    this.#keys = [`${base}:entries`, `${base}:lease`, `${base}:done`]
    this.#process = process
    this.#lease = lease
  }

  /** @returns how many there are now, and the epoch ms of the last one by Redis' clock */
  async append(texts: readonly string[], limit: number): Promise<{ depth: number; at: number }> {
    const [count, last] = this.#list(await this.#connection.run('queue-append', this.#keys, [limit, ...texts]))
    const depth = Number(count)
    if (depth === -1)
      throw new StoreError('FULL', sentence`the queue would hold more than ${limit} entries; wait until it gets shorter, or raise its limit`)
    return { depth, at: momentOf(String(last)) }
  }

  /**
   * @param always to get the lease also when there are no entries
   * @param empty whether this process holds nothing of the queue
   * @returns undefined while another process serves the queue
   */
  async take(count: number, always: boolean, empty: boolean): Promise<Entry[] | undefined> {
    const args = [this.#process, this.#lease, Math.min(count, MOST), always ? 1 : 0, empty ? 1 : 0]
    const [mine, ...rest] = this.#list(await this.#connection.run('queue-take', this.#keys, args))
    if (mine !== 1) return undefined
    const entries: Entry[] = []
    for (let index = 0; index < rest.length; index += 2) {
      const id = String(rest[index])
      entries.push({ id: padded(id), text: String(rest[index + 1]), at: momentOf(id) })
    }
    return entries
  }

  /** @param last whether this process holds nothing more of the queue, so that another may serve it */
  done(ids: readonly string[], last: boolean): Promise<void> {
    return this.#each('queue-done', ids, last)
  }

  /** @param last as with `done` */
  release(ids: readonly string[], last: boolean): Promise<void> {
    return this.#each('queue-release', ids, last)
  }

  /** Keeps the lease while entries are held. */
  async renew(): Promise<void> {
    await this.#connection.run('queue-renew', this.#keys, [this.#process, this.#lease])
  }

  async state(): Promise<QueueState> {
    const [depth, oldest, done] = this.#list(await this.#connection.run('queue-state', this.#keys, []))
    return { depth: Number(depth), done: Number(done), ...(typeof oldest === 'string' && oldest !== '' ? { oldest: momentOf(oldest) } : {}) }
  }

  async clear(): Promise<number> {
    return Number(await this.#connection.run('queue-clear', this.#keys, []))
  }

  async #each(script: ScriptName, ids: readonly string[], last: boolean): Promise<void> {
    let index = 0
    do {
      const some = ids.slice(index, index + MOST)
      index += MOST
      await this.#connection.run(script, this.#keys, [this.#process, last && index >= ids.length ? 1 : 0, ...some.map(plain)])
    } while (index < ids.length)
  }

  #list(answer: unknown): unknown[] {
    if (Array.isArray(answer)) return answer
    throw misunderstood(this.#connection.place)
  }
}

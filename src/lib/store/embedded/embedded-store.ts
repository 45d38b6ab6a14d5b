/** The store of a single process: files in a folder that only their owner may read. */
import { createHash } from 'node:crypto'
import { chmod, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { systemClock, type Clock } from '../../base/clock'
import { sentence, type Sentence } from '../../base/sentence'
import { closedError, storeError } from './fault'
import { lockFolder, type Lock } from './lock'
import { EmbeddedQueue } from './queue'
import { Values } from './values'
import type { Queue, Store } from '../store'

export interface EmbeddedOptions {
  clock?: Clock
  /** Longest wait in ms for another process to leave the folder; default 5,000. */
  maximumWait?: number
  /** Called when a file has damaged bytes. An append that a crash interrupted is no damage. */
  onDamage?: (said: Sentence) => void
  /** Bytes after which a file of a queue is followed by the next. */
  segmentSize?: number
}

/**
 * @param folder made when it is not there
 * @throws StoreError UNUSABLE when another process has it, UNAVAILABLE when it cannot be read or written
 */
export async function openEmbedded(folder: string, options: EmbeddedOptions = {}): Promise<Store> {
  let lock: Lock | undefined
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await chmod(folder, 0o700)
    lock = await lockFolder(folder, options.maximumWait)
    const clock = options.clock ?? systemClock
    const values = await Values.open(join(folder, 'values.log'), clock, damageOf(folder, 'values', options))
    return new EmbeddedStore(folder, values, lock, options)
  } catch (fault) {
    await lock?.release()
    throw storeError(folder, fault)
  }
}

class EmbeddedStore implements Store {
  readonly place: string
  readonly #values: Values
  readonly #lock: Lock
  readonly #options: EmbeddedOptions
  readonly #queues = new Map<string, Promise<EmbeddedQueue>>()
  #closing: Promise<void> | undefined

  constructor(folder: string, values: Values, lock: Lock, options: EmbeddedOptions) {
    this.place = folder
    this.#values = values
    this.#lock = lock
    this.#options = options
  }

  get(key: string): Promise<string | undefined> {
    return this.#guarded(() => this.#values.get(key))
  }

  set(key: string, value: string, lifetime?: number, syncWithin?: number): Promise<void> {
    return this.#guarded(() => this.#values.set(key, value, lifetime, syncWithin))
  }

  delete(key: string): Promise<void> {
    return this.#guarded(() => this.#values.delete(key))
  }

  queue(name: string): Promise<Queue> {
    return this.#guarded(() => {
      const known = this.#queues.get(name)
      if (known) return known
      const opened = EmbeddedQueue.open(join(this.place, 'queues', folderNameOf(name)), {
        clock: this.#options.clock ?? systemClock,
        onDamage: damageOf(this.place, `queue ${name}`, this.#options),
        ...(this.#options.segmentSize === undefined ? {} : { segmentSize: this.#options.segmentSize }),
      })
      this.#queues.set(name, opened)
      // The next call tries again to open it.
      opened.catch(() => this.#queues.delete(name))
      return opened
    })
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#close())
  }

  async #close(): Promise<void> {
    const queues = await Promise.allSettled(this.#queues.values())
    await Promise.all(queues.flatMap((queue) => (queue.status === 'fulfilled' ? [queue.value.close()] : [])))
    await this.#values.close()
    await this.#lock.release()
  }

  async #guarded<T>(work: () => T | Promise<T>): Promise<T> {
    if (this.#closing) throw closedError(this.place)
    try {
      return await work()
    } catch (fault) {
      throw storeError(this.place, fault)
    }
  }
}

/** A folder's name for any name of a queue; simple names stay readable. */
const folderNameOf = (name: string): string =>
  /^[a-z\d][a-z\d.-]{0,60}$/.test(name) ? name : `_${createHash('sha256').update(name).digest('hex').slice(0, 32)}`

const damageOf = (folder: string, what: string, { onDamage }: EmbeddedOptions) => (bytes: number): void =>
  onDamage?.(sentence`${bytes} bytes of ${what} in ${folder} are damaged, and their data is lost; the damaged file is kept with ".damaged" in its name. Check the disk`)

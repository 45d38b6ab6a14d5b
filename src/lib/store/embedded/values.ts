/** Texts by name, kept in memory and in a log. The log is rewritten when most of it is outdated. */
import { rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import * as v from 'valibot'
import type { Clock } from '../../base/clock'
import { storedRecord } from '../store'
import { keepAside, syncFolder } from './files'
import { ReadWriteLock } from './read-write-lock'
import { RecordFile } from './record-file'

/** `until` is epoch ms; a value without it stays. */
const valueSchema = v.object({ text: v.string(), until: v.exactOptional(v.number()) })
/** A change without a value is a deletion. */
const changeSchema = v.object({ key: v.string(), value: v.exactOptional(valueSchema) })

type Value = v.InferOutput<typeof valueSchema>
type Change = v.InferOutput<typeof changeSchema>

const readChange = storedRecord(changeSchema)

/** Bytes of a log that is not worth writing anew. */
const SMALLEST = 256 * 1024

export class Values {
  readonly #path: string
  readonly #clock: Clock
  readonly #values = new Map<string, Value>()
  readonly #lock = new ReadWriteLock()
  #log: RecordFile
  /** Bytes of the log that are not outdated. */
  #live = 0
  /** Changes that have begun. */
  #changing = 0
  #renewing: Promise<void> | undefined
  /** Whether a power cut may undo the renaming of the log. */
  #renamed = false
  /** Whether the log must not be overwritten, since parts of it cannot be read. */
  #damaged = false

  private constructor(path: string, clock: Clock, log: RecordFile) {
    this.#path = path
    this.#clock = clock
    this.#log = log
  }

  /** @param onDamage called with the number of bytes that cannot be read */
  static async open(path: string, clock: Clock, onDamage: (bytes: number) => void): Promise<Values> {
    const known = new Map<string, Value>()
    let unreadable = 0
    // A crash interrupted the writing of this log.
    await rm(newPath(path), { force: true })
    const log = await RecordFile.open(path, clock, (payload) => {
      const change = readChange(payload.toString())
      if (!change) unreadable += payload.length
      else if (change.value) known.set(change.key, change.value)
      else known.delete(change.key)
    })
    const values = new Values(path, clock, log)
    for (const [key, value] of known) if (!values.#expired(value)) values.#keep(key, value)
    if (log.damaged + unreadable === 0) return values
    onDamage(log.damaged + unreadable)
    values.#damaged = true
    await values.#renew().catch(() => undefined)
    return values
  }

  get(key: string): string | undefined {
    const value = this.#values.get(key)
    if (!value || !this.#expired(value)) return value?.text
    this.#drop(key)
    return undefined
  }

  set(key: string, text: string, lifetime: number | undefined, syncWithin: number | undefined): Promise<void> {
    const value = { text, ...(lifetime === undefined ? {} : { until: this.#clock.now() + lifetime }) }
    return this.#write({ key, value }, syncWithin)
  }

  async delete(key: string): Promise<void> {
    if (this.#values.has(key) || this.#changing > 0) await this.#write({ key })
  }

  /** Finishes the changes that have begun, and closes the log. */
  async close(): Promise<void> {
    await this.#lock.last(() => this.#log.close())
  }

  async #write(change: Change, syncWithin?: number): Promise<void> {
    this.#changing += 1
    try {
      await this.#lock.write(
        () => (this.#log.broken || this.#renamed ? undefined : this.#log),
        () => this.#prepare(),
        async (log) => {
          await log.append(encode(change), syncWithin)
          this.#apply(change)
        },
      )
    } finally {
      this.#changing -= 1
    }
    // The old log still has everything, so a failure only puts the renewal off.
    if (this.#log.size > SMALLEST && this.#log.size > 3 * this.#live) void this.#renew().catch(() => undefined)
  }

  /** Before a change to a broken log, or to one whose name is not synced. */
  async #prepare(): Promise<void> {
    if (this.#log.broken) await this.#renew()
    // Changes in the new log only count once its name is on the disk.
    await syncFolder(dirname(this.#path))
    this.#renamed = false
  }

  #apply({ key, value }: Change): void {
    this.#drop(key)
    if (value) this.#keep(key, value)
  }

  #renew(): Promise<void> {
    return (this.#renewing ??= this.#lock.exclusive(() => this.#writeAnew()).finally(() => {
      this.#renewing = undefined
    }))
  }

  /** Writes all values to a new log. The old log stays until the new one is complete. */
  async #writeAnew(): Promise<void> {
    for (const [key, value] of this.#values) if (this.#expired(value)) this.#drop(key)
    const path = newPath(this.#path)
    let log: RecordFile | undefined
    try {
      log = await RecordFile.open(path, this.#clock, () => undefined)
      await this.#copyTo(log)
      if (this.#damaged) await keepAside(this.#path)
      await rename(path, this.#path)
    } catch (fault) {
      await log?.close()
      await rm(path, { force: true }).catch(() => undefined)
      throw fault
    }
    const old = this.#log
    this.#log = log
    this.#renamed = true
    this.#damaged = false
    await old.close()
  }

  async #copyTo(log: RecordFile): Promise<void> {
    await Promise.all([...this.#values].map(([key, value]) => log.append(encode({ key, value }))))
  }

  #expired({ until }: Value): boolean {
    return (until ?? Infinity) <= this.#clock.now()
  }

  #keep(key: string, value: Value): void {
    this.#values.set(key, value)
    this.#live += sizeOf(key, value)
  }

  #drop(key: string): void {
    const value = this.#values.get(key)
    if (!value) return
    this.#values.delete(key)
    this.#live -= sizeOf(key, value)
  }
}

const newPath = (path: string): string => `${path}.new`
const encode = (change: Change): Buffer => Buffer.from(JSON.stringify(change))
const sizeOf = (key: string, { text }: Value): number => key.length + text.length + 60

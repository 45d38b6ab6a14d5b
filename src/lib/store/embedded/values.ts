/** Texts by name, kept in memory and in a log that is written anew when most of it is of the past. */
import { rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Clock } from '../../base/clock'
import { RecordFile, syncFolder } from './record-file'

interface Value {
  text: string
  /** Epoch ms; absent when it stays. */
  until?: number
}

interface Change {
  key: string
  /** Absent when it was deleted. */
  value?: Value
}

/** A log shorter than this is not worth writing anew. */
const SMALLEST = 256 * 1024

export class Values {
  readonly #path: string
  readonly #clock: Clock
  readonly #values = new Map<string, Value>()
  #log: RecordFile
  /** Bytes of the log that count. */
  #live = 0
  #compacting: Promise<void> | undefined
  /** Changes that the log has been given. */
  readonly #writing = new Set<Promise<void>>()
  /** Changes that have begun, also those that the log has not been given yet. */
  #pending = 0
  /** Resolves when the latest change has been given to the log. */
  #turn: Promise<unknown> = Promise.resolve()
  /** Whether the new name of the log may be lost in a power failure. */
  #renamed = false

  private constructor(path: string, clock: Clock, log: RecordFile) {
    this.#path = path
    this.#clock = clock
    this.#log = log
  }

  static async open(path: string, clock: Clock, damaged: (bytes: number) => void): Promise<Values> {
    const known = new Map<string, Value>()
    // What a crash left of a log that was not finished.
    await rm(newPath(path), { force: true })
    const log = await RecordFile.open(path, (payload) => apply(known, JSON.parse(payload.toString()) as Change), damaged)
    const values = new Values(path, clock, log)
    for (const [key, value] of known) if (!values.#expired(value)) values.#keep(key, value)
    return values
  }

  get(key: string): string | undefined {
    const value = this.#values.get(key)
    if (!value || !this.#expired(value)) return value?.text
    this.#drop(key)
    return undefined
  }

  set(key: string, text: string, lifetime: number | undefined): Promise<void> {
    const value = { text, ...(lifetime === undefined ? {} : { until: this.#clock.now() + lifetime }) }
    return this.#write({ key, value })
  }

  async delete(key: string): Promise<void> {
    if (this.#values.has(key) || this.#pending > 0) await this.#write({ key })
  }

  async close(): Promise<void> {
    await this.#turn
    await this.#compacting
    await this.#log.close()
  }

  async #write(change: Change): Promise<void> {
    this.#pending += 1
    const begun = this.#turn.then(() => this.#begin(change))
    this.#turn = begun.catch(() => undefined)
    try {
      await begun.then(({ written }) => written)
    } finally {
      this.#pending -= 1
    }
    if (this.#log.size > SMALLEST && this.#log.size > 3 * this.#live) void this.#renew()
  }

  /** Gives a change to the log, one after another, as soon as there is one that stays. */
  async #begin(change: Change): Promise<{ written: Promise<void> }> {
    await this.#compacting
    // Nothing may be added to a log that a fault left half written, but it can be written anew.
    if (this.#log.broken) await this.#renew()
    do {
      await this.#compacting
      await this.#syncFolder()
    } while (this.#compacting)
    const written = this.#log.append(encode(change)).then(() => this.#apply(change))
    this.#writing.add(written)
    const forget = (): void => void this.#writing.delete(written)
    written.then(forget, forget)
    return { written }
  }

  #renew(): Promise<void> {
    return (this.#compacting ??= this.#compact().finally(() => {
      this.#compacting = undefined
    }))
  }

  #apply({ key, value }: Change): void {
    this.#drop(key)
    if (value) this.#keep(key, value)
  }

  /** Writes a log of what counts beside the old one, which stays until the new one is whole. */
  async #compact(): Promise<void> {
    await Promise.allSettled(this.#writing)
    for (const [key, value] of this.#values) if (this.#expired(value)) this.#drop(key)
    let log: RecordFile | undefined
    try {
      log = await RecordFile.open(newPath(this.#path), () => undefined, () => undefined)
      await this.#copyTo(log)
      await rename(newPath(this.#path), this.#path)
    } catch {
      // The old log still holds all; another write tries again.
      await log?.close()
      await rm(newPath(this.#path), { force: true }).catch(() => undefined)
      return
    }
    const old = this.#log
    this.#log = log
    this.#renamed = true
    await old.close()
  }

  async #copyTo(log: RecordFile): Promise<void> {
    await Promise.all([...this.#values].map(([key, value]) => log.append(encode({ key, value }))))
  }

  /** What is written to the new log only counts once its name is on the disk. */
  async #syncFolder(): Promise<void> {
    if (!this.#renamed) return
    await syncFolder(dirname(this.#path))
    this.#renamed = false
  }

  #expired({ until }: Value): boolean {
    return until !== undefined && until <= this.#clock.now()
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

function apply(values: Map<string, Value>, { key, value }: Change): void {
  if (value) values.set(key, value)
  else values.delete(key)
}

/**
 * An append-only file of checksummed records. An append is written at once, which survives the end of the process. It is
 * synced to the disk at once or within a time, which survives a power cut. A sync is shared by all that is written.
 */
import type { FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { WakeUpTimer, type Clock } from '../../base/clock'
import { openOrMake, syncFolder, writeAll } from './files'
import { HEAD, headOf, LONGEST } from './record-format'
import { scanRecords, type Visit } from './record-scan'

/** Written at once; more waits for the next write, so that memory stays bounded. */
const BATCH = 4 * 1024 * 1024
/** Bytes that may wait for a sync; they stay in memory until then. */
const MOST_UNSYNCED = 1024 * 1024
/** Ms after which a failed sync is tried again. */
const SYNC_AGAIN = 10_000

interface Waiting {
  payload: Buffer
  syncWithin: number
  resolve: (position: number) => void
  reject: (fault: unknown) => void
}

export class RecordFile {
  readonly path: string
  /** Bytes that cannot be read. Nothing may be added to a file that has some. */
  readonly damaged: number
  readonly #handle: FileHandle
  readonly #waiting: Waiting[] = []
  /** Bytes that are known to be good; the next record begins here. */
  #size: number
  #flushing: Promise<void> | undefined
  #broken: unknown
  readonly #clock: Clock
  readonly #timer: WakeUpTimer
  /** What was written since the last sync. */
  #unsynced: Buffer[] = []
  #unsyncedBytes = 0
  /** Monotonic ms at which it must be synced. */
  #syncBy = Infinity
  #isSyncDue = false
  #hasSyncFailed = false

  private constructor(path: string, clock: Clock, handle: FileHandle, size: number, damaged: number) {
    this.path = path
    this.#clock = clock
    this.#timer = new WakeUpTimer(clock, () => this.#wakeUp())
    this.#handle = handle
    this.#size = size
    this.damaged = damaged
    if (damaged > 0) this.#broken = Object.assign(new Error('the file is damaged'), { code: 'EIO' })
  }

  /** Opens or makes the file, cuts off an append that a crash interrupted, and shows all records. */
  static async open(path: string, clock: Clock, visit: Visit): Promise<RecordFile> {
    const { handle, made } = await openOrMake(path)
    try {
      const { damaged, end, torn } = await scanRecords(handle, visit)
      if (torn && damaged === 0) await handle.truncate(end)
      // The process before may have been killed before it synced. Whether the disk works shows with the first append.
      if (end > 0) await handle.datasync().catch(() => undefined)
      const naming = syncFolder(dirname(path))
      await (made ? naming : naming.catch(() => undefined))
      return new RecordFile(path, clock, handle, end, damaged)
    } catch (fault) {
      await handle.close()
      throw fault
    }
  }

  get size(): number {
    return this.#size
  }

  /** Whether damage or a fault forbids to add anything to the file. */
  get broken(): boolean {
    return this.#broken !== undefined
  }

  /**
   * @param syncWithin ms within which the record is synced. 0: before this resolves. Else this resolves once it is written.
   * @returns where the payload begins; rejects with the fault of the file system
   */
  append(payload: Buffer, syncWithin = 0): Promise<number> {
    if (payload.length > LONGEST) return Promise.reject(Object.assign(new Error(`${payload.length} bytes are too long for a record`), { code: 'EFBIG' }))
    return new Promise((resolve, reject) => {
      this.#waiting.push({ payload, syncWithin, resolve, reject })
      this.#begin()
    })
  }

  async read(position: number, length: number): Promise<Buffer> {
    const buffer = Buffer.allocUnsafe(length)
    const { bytesRead } = await this.#handle.read(buffer, 0, length, position)
    if (bytesRead !== length) throw new Error(`${this.path} is shorter than it was`)
    return buffer
  }

  /** Finishes the appends that wait, syncs what is written, and closes the file. */
  async close(): Promise<void> {
    await this.#flushing
    this.#timer.clear()
    // The system still has what cannot be synced now, and writes it later.
    if (this.#unsyncedBytes > 0) await this.#sync().catch(() => undefined)
    this.#timer.clear()
    await this.#handle.close()
  }

  async #flush(): Promise<void> {
    // Appends of the same turn of the event loop share a write.
    await Promise.resolve()
    while (this.#waiting.length > 0 || this.#isSyncDue) {
      const batch = this.#next()
      try {
        await (batch.length > 0 ? this.#write(batch) : this.#sync())
      } catch (fault) {
        for (const { reject } of batch) reject(fault)
      }
    }
    // In the same turn as the last look, so that no append is overlooked.
    this.#flushing = undefined
  }

  #next(): Waiting[] {
    let bytes = 0
    const count = this.#waiting.findIndex(({ payload }) => (bytes += payload.length) > BATCH)
    return this.#waiting.splice(0, count === -1 ? this.#waiting.length : Math.max(1, count))
  }

  async #write(batch: readonly Waiting[]): Promise<void> {
    if (this.#broken !== undefined) throw this.#broken as Error
    const buffer = Buffer.concat(batch.flatMap(({ payload }) => [headOf(payload), payload]))
    const syncWithin = Math.min(...batch.map((waiting) => waiting.syncWithin))
    // After a failed sync the next append must learn whether the disk works.
    const syncsNow = syncWithin === 0 || this.#hasSyncFailed || this.#unsyncedBytes + buffer.length > MOST_UNSYNCED
    try {
      await writeAll(this.#handle, buffer, this.#size)
      if (syncsNow) await this.#sync()
    } catch (fault) {
      await this.#undo(fault)
      throw fault
    }
    if (!syncsNow) this.#syncLater(buffer, syncWithin)
    let position = this.#size
    this.#size += buffer.length
    for (const { payload, resolve } of batch) {
      resolve(position + HEAD)
      position += HEAD + payload.length
    }
  }

  /** The next record must not follow half of one. After a failed sync nobody knows what is on the disk. */
  async #undo(fault: unknown): Promise<void> {
    try {
      await this.#handle.truncate(this.#size)
      await this.#sync()
    } catch {
      this.#broken = fault
    }
  }

  #syncLater(written: Buffer, syncWithin: number): void {
    this.#unsynced.push(written)
    this.#unsyncedBytes += written.length
    this.#syncBy = Math.min(this.#syncBy, this.#clock.monotonic() + syncWithin)
    this.#timer.set(this.#syncBy)
  }

  /** The timer may fire early: an append may have synced since it was set. */
  #wakeUp(): void {
    this.#isSyncDue = this.#clock.monotonic() >= this.#syncBy
    if (this.#isSyncDue) this.#begin()
    else this.#timer.set(this.#syncBy)
  }

  /** Syncs all that is written. */
  async #sync(): Promise<void> {
    this.#isSyncDue = false
    this.#syncBy = Infinity
    try {
      // The system may drop what it could not sync, so it is written again.
      if (this.#hasSyncFailed) await writeAll(this.#handle, Buffer.concat(this.#unsynced), this.#size - this.#unsyncedBytes)
      await this.#handle.datasync()
    } catch (fault) {
      if (this.#unsyncedBytes > 0) {
        this.#hasSyncFailed = true
        this.#syncBy = this.#clock.monotonic() + SYNC_AGAIN
        this.#timer.set(this.#syncBy)
      }
      throw fault
    }
    this.#unsynced = []
    this.#unsyncedBytes = 0
    this.#hasSyncFailed = false
  }

  #begin(): void {
    this.#flushing ??= this.#flush()
  }
}

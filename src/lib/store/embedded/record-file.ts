/**
 * An append-only file of checksummed records. When an append resolves, its record is on the disk and survives a crash.
 * Appends that arrive during a sync share the next one.
 */
import type { FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { openOrMake, syncFolder, writeAll } from './files'
import { HEAD, headOf, LONGEST } from './record-format'
import { scanRecords, type Visit } from './record-scan'

/** Written at once; more waits for the next write, so that memory stays bounded. */
const BATCH = 4 * 1024 * 1024

interface Waiting {
  payload: Buffer
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

  private constructor(path: string, handle: FileHandle, size: number, damaged: number) {
    this.path = path
    this.#handle = handle
    this.#size = size
    this.damaged = damaged
    if (damaged > 0) this.#broken = Object.assign(new Error('the file is damaged'), { code: 'EIO' })
  }

  /** Opens or makes the file, cuts off an append that a crash interrupted, and shows all records. */
  static async open(path: string, visit: Visit): Promise<RecordFile> {
    const { handle, made } = await openOrMake(path)
    try {
      const { damaged, end, torn } = await scanRecords(handle, visit)
      if (torn && damaged === 0) {
        await handle.truncate(end)
        await handle.datasync()
      }
      if (made) await syncFolder(dirname(path))
      return new RecordFile(path, handle, end, damaged)
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

  /** @returns where the payload begins, once it is on the disk; rejects with the fault of the file system */
  append(payload: Buffer): Promise<number> {
    if (payload.length > LONGEST) return Promise.reject(Object.assign(new Error(`${payload.length} bytes are too long for a record`), { code: 'EFBIG' }))
    return new Promise((resolve, reject) => {
      this.#waiting.push({ payload, resolve, reject })
      this.#flushing ??= this.#flush().finally(() => {
        this.#flushing = undefined
      })
    })
  }

  async read(position: number, length: number): Promise<Buffer> {
    const buffer = Buffer.allocUnsafe(length)
    const { bytesRead } = await this.#handle.read(buffer, 0, length, position)
    if (bytesRead !== length) throw new Error(`${this.path} is shorter than it was`)
    return buffer
  }

  /** Finishes the appends that wait, and closes the file. */
  async close(): Promise<void> {
    await this.#flushing
    await this.#handle.close()
  }

  async #flush(): Promise<void> {
    // Appends of the same turn of the event loop share a write.
    await Promise.resolve()
    while (this.#waiting.length > 0) {
      const batch = this.#next()
      try {
        await this.#write(batch)
      } catch (fault) {
        for (const { reject } of batch) reject(fault)
      }
    }
  }

  #next(): Waiting[] {
    let bytes = 0
    const count = this.#waiting.findIndex(({ payload }) => (bytes += payload.length) > BATCH)
    return this.#waiting.splice(0, count === -1 ? this.#waiting.length : Math.max(1, count))
  }

  async #write(batch: readonly Waiting[]): Promise<void> {
    if (this.#broken !== undefined) throw this.#broken as Error
    const buffer = Buffer.concat(batch.flatMap(({ payload }) => [headOf(payload), payload]))
    try {
      await writeAll(this.#handle, buffer, this.#size)
      await this.#handle.datasync()
    } catch (fault) {
      await this.#undo(fault)
      throw fault
    }
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
      await this.#handle.datasync()
    } catch {
      this.#broken = fault
    }
  }
}

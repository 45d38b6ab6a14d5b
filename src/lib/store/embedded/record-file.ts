/**
 * A file of checksummed records that only grows. A record is there when its append has resolved: it is on the disk then,
 * and survives a crash. Appends that arrive while the disk is busy share the next sync.
 *
 * A record: mark (2 bytes), length (4 bytes, little endian), CRC-32 of the payload (4 bytes), payload.
 */
import { open, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { crc32 } from 'node:zlib'

const MARK = Buffer.from([0xa5, 0x5c])
const HEAD = MARK.length + 8
/** Longer ones are taken for a damaged length when they are read. */
const LONGEST = 64 * 1024 * 1024
/** Written at once; more waits for the next turn, so that memory stays bounded. */
const BATCH = 4 * 1024 * 1024

/** Called with each record of a file and where its payload begins. */
export type Visit = (payload: Buffer, position: number) => void

interface Waiting {
  payload: Buffer
  resolve: (position: number) => void
  reject: (fault: unknown) => void
}

export class RecordFile {
  readonly path: string
  readonly #handle: FileHandle
  readonly #waiting: Waiting[] = []
  /** Bytes that are known to be good; the next record begins here. */
  #size: number
  #flushing: Promise<void> | undefined
  #broken: unknown

  private constructor(path: string, handle: FileHandle, size: number) {
    this.path = path
    this.#handle = handle
    this.#size = size
  }

  /**
   * Opens or makes the file, cuts off what a crash left half written at its end, and shows all records.
   * @param damaged told how many bytes in the middle could not be read
   */
  static async open(path: string, visit: Visit, damaged: (bytes: number) => void): Promise<RecordFile> {
    const { handle, made } = await openOrMake(path)
    try {
      const content = await contentOf(handle)
      const end = scan(content, visit, damaged)
      if (end < content.length) {
        await handle.truncate(end)
        await handle.datasync()
      }
      if (made) await syncFolder(dirname(path))
      return new RecordFile(path, handle, end)
    } catch (fault) {
      await handle.close()
      throw fault
    }
  }

  get size(): number {
    return this.#size
  }

  /** Whether a fault left the file in a state in which nothing may be added to it. */
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

  /** Writes what waits, then lets go of the file. */
  async close(): Promise<void> {
    await this.#flushing
    await this.#handle.close()
  }

  async #flush(): Promise<void> {
    // Those that are asked for in this turn of the event loop go together.
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

  /** Half a record must not stand before the next one; after a failed sync nobody knows what is on the disk. */
  async #undo(fault: unknown): Promise<void> {
    try {
      await this.#handle.truncate(this.#size)
      await this.#handle.datasync()
    } catch {
      this.#broken = fault
    }
  }
}

function headOf(payload: Buffer): Buffer {
  const head = Buffer.allocUnsafe(HEAD)
  MARK.copy(head)
  head.writeUInt32LE(payload.length, 2)
  head.writeUInt32LE(crc32(payload), 6)
  return head
}

/** The payload of the record that begins there, if it is whole. */
function recordAt(content: Buffer, start: number): Buffer | undefined {
  if (start + HEAD > content.length || content[start] !== MARK[0] || content[start + 1] !== MARK[1]) return undefined
  const length = content.readUInt32LE(start + 2)
  const begin = start + HEAD
  // Of nothing but zeros even the checksum would be right.
  if (length === 0 || length > LONGEST || begin + length > content.length) return undefined
  const payload = content.subarray(begin, begin + length)
  return crc32(payload) === content.readUInt32LE(start + 6) ? payload : undefined
}

/** Shows all whole records; gives the end of the last one. */
function scan(content: Buffer, visit: Visit, damaged: (bytes: number) => void): number {
  let end = 0
  for (let start: number | undefined = 0; start !== undefined && start < content.length; ) {
    const payload = recordAt(content, start)
    if (payload) {
      if (start > end) damaged(start - end)
      visit(payload, start + HEAD)
      end = start + HEAD + payload.length
      start = end
    } else start = nextMark(content, start + 1)
  }
  return end
}

function nextMark(content: Buffer, from: number): number | undefined {
  const found = content.indexOf(MARK, from)
  return found === -1 ? undefined : found
}

/** In one piece of memory, where `readFile` takes twice that. */
async function contentOf(handle: FileHandle): Promise<Buffer> {
  const { size } = await handle.stat()
  const content = Buffer.allocUnsafe(size)
  let read = 0
  while (read < size) {
    const { bytesRead } = await handle.read(content, read, size - read, read)
    if (bytesRead === 0) break
    read += bytesRead
  }
  return content.subarray(0, read)
}

async function writeAll(handle: FileHandle, buffer: Buffer, position: number): Promise<void> {
  let written = 0
  while (written < buffer.length) {
    const { bytesWritten } = await handle.write(buffer, written, buffer.length - written, position + written)
    written += bytesWritten
  }
}

async function openOrMake(path: string): Promise<{ handle: FileHandle; made: boolean }> {
  try {
    return { handle: await open(path, 'r+'), made: false }
  } catch (fault) {
    if (!(fault instanceof Error && 'code' in fault && fault.code === 'ENOENT')) throw fault
    return { handle: await open(path, 'wx+', 0o600), made: true }
  }
}

/** A new name is only there for good when its folder is on the disk too. Windows cannot, and need not. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

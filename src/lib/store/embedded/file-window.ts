/** A part of a file in memory, so that a file of any size is read with little memory. */
import type { FileHandle } from 'node:fs/promises'

/** Bytes that are read at once. */
const CHUNK = 1024 * 1024

export class FileWindow {
  /** Bytes of the file. */
  readonly size: number
  readonly #handle: FileHandle
  readonly #chunk: Buffer
  #bytes: Buffer = Buffer.alloc(0)
  #from = 0

  private constructor(handle: FileHandle, size: number) {
    this.#handle = handle
    this.size = size
    this.#chunk = Buffer.allocUnsafe(Math.min(CHUNK, size))
  }

  static async of(handle: FileHandle): Promise<FileWindow> {
    return new FileWindow(handle, (await handle.stat()).size)
  }

  /** Bytes of the file, valid until the next `load`; undefined when not all of them are in memory. */
  bytes(position: number, length: number): Buffer | undefined {
    const start = position - this.#from
    return start >= 0 && start + length <= this.#bytes.length ? this.#bytes.subarray(start, start + length) : undefined
  }

  /**
   * The first place at or after a position where something begins. Without one: where the search goes on after the next
   * `load`, or the end of the file.
   * @param beginsAt whether it begins there; all of its bytes are in memory
   * @param length bytes that it has at least
   */
  find(beginsAt: (bytes: Buffer, at: number) => boolean, length: number, position: number): number {
    const bytes = this.#bytes
    const last = bytes.length - length
    for (let at = Math.max(0, position - this.#from); at <= last; at += 1) if (beginsAt(bytes, at)) return this.#from + at
    const end = this.#from + bytes.length
    return end === this.size ? this.size : Math.max(position, end - length + 1)
  }

  /** Brings at least these bytes into memory, or what the file has of them. @returns the bytes from there on */
  async load(position: number, length = 1): Promise<Buffer> {
    const wanted = Math.min(Math.max(length, this.#chunk.length), this.size - position)
    const buffer = wanted <= this.#chunk.length ? this.#chunk : Buffer.allocUnsafe(wanted)
    let read = 0
    while (read < wanted) {
      const { bytesRead } = await this.#handle.read(buffer, read, wanted - read, position + read)
      if (bytesRead === 0) throw new Error('the file became shorter while it was read')
      read += bytesRead
    }
    this.#from = position
    this.#bytes = buffer.subarray(0, wanted)
    return this.#bytes
  }
}

/**
 * A disk in memory that takes the place of `node:fs/promises`. It knows what is synced. A power cut loses any part of the
 * rest: all of it, its end, or pieces in the middle, since a disk writes in an order of its own.
 */
import fs, { type FileHandle } from 'node:fs/promises'
import { basename, dirname } from 'node:path'

/** Bytes that a disk writes at once. Small, so that a record is several of them, but for long ones. */
const SECTOR = 64
const MOST_SECTORS = 16

export type Loss = 'all' | 'end' | 'pieces'

type Change = { position: number; bytes: Buffer } | { size: number }

/** Bytes that grow in place. */
class Bytes {
  #buffer = Buffer.alloc(0)
  size = 0

  get all(): Buffer {
    return this.#buffer.subarray(0, this.size)
  }

  apply(change: Change): void {
    const end = 'size' in change ? change.size : change.position + change.bytes.length
    if (end > this.#buffer.length) this.#buffer = Buffer.concat([this.all], Math.max(1024, 2 * end))
    if ('size' in change) {
      this.#buffer.fill(0, change.size, Math.max(this.size, change.size))
      this.size = change.size
      return
    }
    change.bytes.copy(this.#buffer, change.position)
    this.size = Math.max(this.size, end)
  }

  replace(other: Bytes): void {
    this.#buffer = Buffer.from(other.all)
    this.size = other.size
  }
}

/** One file, whatever its names are. */
class File {
  /** What a process reads. */
  readonly content = new Bytes()
  /** What is synced. */
  readonly #durable = new Bytes()
  #changes: Change[] = []

  change(change: Change): void {
    this.content.apply(change)
    this.#changes.push(change)
  }

  sync(): void {
    for (const change of this.#changes) this.#durable.apply(change)
    this.#changes = []
  }

  /** What is not synced will not be: so it is after a sync that failed. */
  drop(): void {
    this.#changes = []
  }

  cut(loss: Loss, random: () => number): void {
    const end = Math.floor(random() * (this.#changes.length + 1))
    const left = loss === 'all' ? [] : loss === 'end' ? this.#changes.slice(0, end) : this.#changes.filter(() => random() < 0.5)
    this.#changes = left
    this.sync()
    this.content.replace(this.#durable)
  }
}

const failure = (code: string): Error => Object.assign(new Error(`${code}, made for a test`), { code })

/** Functions of `node:fs/promises` that the store uses. */
const REPLACED = ['copyFile', 'link', 'lstat', 'mkdir', 'open', 'readdir', 'rename', 'rm'] as const

export class FakeDisk {
  static #installed: FakeDisk | undefined
  /** What fails now: writes on a full disk, or syncs on a broken one. */
  fault: 'full' | 'broken' | undefined
  #files = new Map<string, File>()
  /** The names that are synced, and the changes of names that are not, in their order. */
  #durable = new Map<string, File>()
  #renamed: (readonly [path: string, file: File | undefined])[] = []
  /** Processes so far: what an earlier one still does has no effect. */
  #process = 0
  readonly #originals = new Map<string, unknown>()

  /** For hooks: a history that hangs must not leave its disk to the next test. */
  static restoreInstalled(): void {
    FakeDisk.#installed?.restore()
  }

  get isInstalled(): boolean {
    return FakeDisk.#installed === this
  }

  install(): void {
    FakeDisk.#installed = this
    for (const name of REPLACED) {
      this.#originals.set(name, Reflect.get(fs, name))
      Reflect.set(fs, name, this.#functions[name])
    }
  }

  restore(): void {
    if (!this.isInstalled) return
    FakeDisk.#installed = undefined
    for (const [name, original] of this.#originals) Reflect.set(fs, name, original)
  }

  /** The process ends: the system still has all that it wrote. */
  kill(): void {
    this.#process += 1
    this.fault = undefined
  }

  /** Changes of names survive in their order, those of contents as `loss` says. */
  cutPower(loss: Loss, random: () => number): void {
    this.kill()
    const survived = this.#renamed.slice(0, Math.floor(random() * (this.#renamed.length + 1)))
    for (const [path, file] of survived) setOrDelete(this.#durable, path, file)
    this.#renamed = []
    this.#files = new Map(this.#durable)
    for (const file of new Set(this.#files.values())) file.cut(loss, random)
  }

  readonly #functions = {
    mkdir: () => Promise.resolve(undefined),
    readdir: (folder: string) => Promise.resolve([...this.#files.keys()].filter((path) => dirname(path) === folder).map((path) => basename(path))),
    lstat: (path: string) => (this.#files.has(path) ? Promise.resolve({}) : Promise.reject(failure('ENOENT'))),
    rm: (path: string) => this.#name(path, undefined),
    rename: (from: string, to: string) => {
      const file = this.#files.get(from)
      if (!file) return Promise.reject(failure('ENOENT'))
      void this.#name(from, undefined)
      return this.#name(to, file)
    },
    link: (from: string, to: string) => this.#name(to, this.#files.get(from)),
    copyFile: () => Promise.reject(failure('ENOSYS')),
    open: (path: string, flags: string | number) => {
      const known = this.#files.get(path)
      if (flags === 'r') return Promise.resolve(this.#folder(path))
      if (!known && typeof flags === 'number') return Promise.reject(failure('ENOENT'))
      const file = known ?? new File()
      if (!known) void this.#name(path, file)
      return Promise.resolve(this.#handle(file))
    },
  }

  #name(path: string, file: File | undefined): Promise<void> {
    setOrDelete(this.#files, path, file)
    this.#renamed.push([path, file])
    return Promise.resolve()
  }

  /** Syncing a folder makes the names in it durable. */
  #folder(folder: string): FileHandle {
    const sync = (): Promise<void> => {
      for (const [path, file] of this.#renamed) if (dirname(path) === folder) setOrDelete(this.#durable, path, file)
      this.#renamed = this.#renamed.filter(([path]) => dirname(path) !== folder)
      return Promise.resolve()
    }
    return Object.assign(Object.create(null) as FileHandle, { sync, close: () => Promise.resolve() })
  }

  #handle(file: File): FileHandle {
    const process = this.#process
    const living = async <T>(act: () => T): Promise<T> => {
      await Promise.resolve()
      if (process !== this.#process) throw failure('EBADF')
      return act()
    }
    const datasync = (): Promise<void> => living(() => {
      if (this.fault === 'broken') {
        // The system may drop what it could not sync.
        file.drop()
        throw failure('EIO')
      }
      file.sync()
    })
    const write = (buffer: Buffer, offset: number, length: number, position: number): Promise<{ bytesWritten: number; buffer: Buffer }> => living(() => {
      const written = this.fault === 'full' ? Math.floor(length / 2) : length
      const sector = Math.max(SECTOR, Math.ceil(length / MOST_SECTORS))
      for (let at = 0; at < written; at += sector) file.change({ position: position + at, bytes: Buffer.from(buffer.subarray(offset + at, offset + Math.min(at + sector, written))) })
      if (this.fault === 'full') throw failure('ENOSPC')
      return { bytesWritten: written, buffer }
    })
    const read = (buffer: Buffer, offset: number, length: number, position: number): Promise<{ bytesRead: number; buffer: Buffer }> =>
      living(() => ({ bytesRead: file.content.all.copy(buffer, offset, position, position + length), buffer }))
    return Object.assign(Object.create(null) as FileHandle, {
      read,
      write,
      datasync,
      stat: () => living(() => ({ size: file.content.size })),
      truncate: (size: number) => living(() => file.change({ size })),
      close: () => Promise.resolve(),
    })
  }
}

function setOrDelete(files: Map<string, File>, path: string, file: File | undefined): void {
  if (file) files.set(path, file)
  else files.delete(path)
}

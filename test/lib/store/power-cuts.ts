/** What a power cut leaves of a store: of each file what was synced, and any part of what was written after that. */
import { copyFileSync, existsSync, fstatSync, linkSync, mkdirSync, readdirSync, statSync, truncateSync } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import sinon from 'sinon'
import { until } from '../../until'

/** An error of the file system, such as ENOSPC. */
export const fault = (code: string): Error => Object.assign(new Error(`${code}: made for a test`), { code })

/** What a handle of this Node.js has, to watch it or to make it fail. */
export async function handlePrototype(): Promise<FileHandle> {
  const handle = await open(__filename, 'r')
  await handle.close()
  return Object.getPrototypeOf(handle) as FileHandle
}

/** Bytes of a block of usual file systems. */
const BLOCK = 4096

/** Watches the syncs of files, until `sinon.restore`. */
export class SyncWatch {
  /** Syncs of data in the folder since the beginning. */
  syncs = 0
  readonly #folder: string
  /** Hard links to all files that were there at a sync: they outlive the deletion of a file. */
  readonly #links: string
  /** Bytes by inode. */
  readonly #synced = new Map<number, number>()
  #inProgress = 0

  /**
   * @param prototype of the handles
   * @param folder whose files are watched
   * @param links an empty folder on the same disk
   */
  constructor(prototype: FileHandle, folder: string, links: string) {
    this.#folder = folder
    this.#links = links
    mkdirSync(links, { recursive: true })
    const datasync = prototype.datasync
    const watched = (handle: FileHandle): Promise<void> => this.#watched(handle, () => datasync.call(handle))
    sinon.replace(prototype, 'datasync', function (this: FileHandle) {
      return watched(this)
    })
  }

  async #watched(handle: FileHandle, sync: () => Promise<void>): Promise<void> {
    // What is written while it syncs may be lost.
    const { ino, size } = fstatSync(handle.fd)
    if (!namesIn(this.#folder).some((name) => statSync(join(this.#folder, name)).ino === ino)) return sync()
    this.#inProgress += 1
    this.syncs += 1
    try {
      for (const name of namesIn(this.#folder)) if (!namesIn(this.#links).includes(name)) linkSync(join(this.#folder, name), join(this.#links, name))
      await sync()
      this.#synced.set(ino, size)
    } finally {
      this.#inProgress -= 1
    }
  }

  /** Resolves when no sync is in progress. */
  async ended(): Promise<void> {
    await until(() => this.#inProgress === 0, 'all syncs end')
  }

  /**
   * Writes to another folder what a power cut may leave. The latest deletions may be undone, since they are never synced.
   * @param random from 0 to 1
   */
  cutTo(target: string, random: () => number): void {
    mkdirSync(target, { recursive: true })
    const present = namesIn(this.#folder)
    const deleted = namesIn(this.#links).filter((name) => !present.includes(name))
    const undone = deleted.slice(Math.floor(random() * (deleted.length + 1)))
    for (const name of undone) this.#cut(join(this.#links, name), join(target, name), random)
    for (const name of present) this.#cut(join(this.#folder, name), join(target, name), random)
  }

  #cut(from: string, to: string, random: () => number): void {
    const { ino, size } = statSync(from)
    const synced = this.#synced.get(ino) ?? 0
    copyFileSync(from, to)
    // Often nothing more, since that is the hardest case.
    const more = random() < 0.5 ? 0 : Math.floor(random() * (size - synced + 1))
    const left = Math.min(size, synced + more)
    truncateSync(to, left)
    // The size of a file may be on the disk before its last bytes, which are zeros then.
    if (random() < 0.3) truncateSync(to, Math.min(size, left + BLOCK))
  }
}

const namesIn = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.log')).sort() : [])

/** A queue in files. Memory holds the positions of the entries, not their texts. */
import { mkdir, readdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Clock } from '../../base/clock'
import { sentence } from '../../base/sentence'
import { StoreError, type Entry, type Queue, type QueueState } from '../store'
import { count, groupsOf, moveTo, readEntries, type Kept, type Numbered } from './entries'
import { closedError, isDiskFull, storeError } from './fault'
import { setAside, syncFolder } from './files'
import { ReadWriteLock, track } from './read-write-lock'
import { Segment, type Place } from './segment'

export interface QueueOptions {
  clock: Clock
  /** Bytes after which a file is followed by the next; default 8 MiB. */
  segmentSize?: number
  /** Called for each damaged file with the number of bytes that cannot be read. */
  onDamage: (bytes: number) => void
}

/** Files beyond this many times what is alive in them are written anew. */
const WASTE = 4
const SEGMENT_SIZE = 8 * 1024 * 1024
/** Ms after which files that could not be deleted or written anew are tried again. */
const TIDY_AGAIN = 60_000
/** Ms within which it is synced that an entry is done: a power cut before that only sends it again. */
const SYNC_DONE_WITHIN = 10_000

export class EmbeddedQueue implements Queue {
  readonly #folder: string
  readonly #options: QueueOptions
  /** By id, ascending. */
  #entries = new Map<number, Kept>()
  #segments: Segment[] = []
  #lastId = 0
  /** Ids that are done, but could not be noted on a full disk. */
  readonly #unnoted = new Set<number>()
  /** Monotonic ms from which files may be deleted and written anew. */
  #tidyFrom = -Infinity
  /** Entries of appends that have begun. */
  #coming = 0
  readonly #lock = new ReadWriteLock()
  /** Calls that have begun. */
  readonly #calls = new Set<Promise<unknown>>()
  #closed = false

  private constructor(folder: string, options: QueueOptions) {
    this.#folder = folder
    this.#options = options
  }

  /** @param folder of this queue alone; made when it is not there */
  static async open(folder: string, options: QueueOptions): Promise<EmbeddedQueue> {
    const queue = new EmbeddedQueue(folder, options)
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      await syncFolder(dirname(folder))
      await queue.#load()
    } catch (fault) {
      await queue.close()
      throw storeError(folder, fault)
    }
    return queue
  }

  append(texts: readonly string[], limit: number, syncWithin = 0): Promise<number> {
    return this.#call(() => this.#append(texts, limit, syncWithin))
  }

  async #append(texts: readonly string[], limit: number, syncWithin: number): Promise<number> {
    const at = this.#options.clock.now()
    if (texts.length === 0) return at
    if (this.#entries.size + this.#coming + texts.length > limit)
      throw new StoreError('FULL', sentence`the queue holds ${this.#entries.size} entries and may hold ${limit}; wait until some are delivered`)
    this.#coming += texts.length
    try {
      await this.#guarded(this.#write(async (segment) => {
        const first = this.#lastId + 1
        this.#lastId += texts.length
        const places = await segment.append(first, at, texts, syncWithin)
        places.forEach((place, index) => this.#keep(first + index, at, place))
      }))
      return at
    } finally {
      this.#coming -= texts.length
    }
  }

  take(count: number): Promise<Entry[]> {
    return this.#call(() => this.#take(count))
  }

  async #take(count: number): Promise<Entry[]> {
    let taken: Numbered[] = []
    const reading = this.#lock.read(() => {
      taken = this.#hold(count)
      return readEntries(taken)
    })
    try {
      return await this.#guarded(reading)
    } catch (error) {
      for (const [, kept] of taken) kept.held = false
      throw error
    }
  }

  #hold(count: number): Numbered[] {
    const taken: Numbered[] = []
    for (const [id, kept] of this.#entries) {
      if (taken.length >= count) break
      if (!kept.held) taken.push([id, kept])
    }
    for (const [, kept] of taken) kept.held = true
    return taken
  }

  done(ids: readonly string[]): Promise<void> {
    return this.#call(() => this.#done(ids, SYNC_DONE_WITHIN))
  }

  async #done(ids: readonly string[], syncWithin: number): Promise<void> {
    const known = ids.map(Number).filter((id) => this.#entries.has(id))
    if (known.length === 0) return
    await this.#guarded(this.#note(known, syncWithin))
    await this.#tidy()
  }

  /** On a full disk they are forgotten all the same, lest it stay full: at worst a crash brings them back. */
  async #note(ids: readonly number[], syncWithin: number): Promise<void> {
    const settled = [...this.#unnoted, ...ids]
    try {
      await this.#write(async (segment) => {
        await segment.done(settled, syncWithin)
        for (const id of settled) this.#unnoted.delete(id)
        for (const id of ids) this.#forget(id)
      })
    } catch (fault) {
      if (!isDiskFull(fault)) throw fault
      for (const id of ids) {
        this.#forget(id)
        this.#unnoted.add(id)
      }
    }
  }

  release(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      const kept = this.#entries.get(Number(id))
      if (kept) kept.held = false
    }
    return Promise.resolve()
  }

  state(): Promise<QueueState> {
    const [oldest] = this.#entries.values()
    return Promise.resolve({ depth: this.#entries.size, ...(oldest ? { oldest: oldest.at } : {}) })
  }

  async clear(): Promise<number> {
    const ids = [...this.#entries.keys()].map(String)
    // Nobody wants them back.
    await this.#call(() => this.#done(ids, 0))
    return ids.length
  }

  async close(): Promise<void> {
    this.#closed = true
    await Promise.allSettled(this.#calls)
    if (this.#unnoted.size > 0) await this.#note([], 0).catch(() => undefined)
    await Promise.all(this.#segments.map((segment) => segment.file.close()))
  }

  async #load(): Promise<void> {
    const numbers = (await readdir(this.#folder)).flatMap((name) => (/^\d+\.log$/.test(name) ? [parseInt(name, 10)] : []))
    let outOfOrder = 0
    const events = {
      entry: (id: number, at: number, place: Place): void => {
        if (id <= this.#lastId) outOfOrder += 1
        // Of two copies the later counts: a crash interrupted the writing of a new file.
        this.#forget(id)
        this.#keep(id, at, place)
        this.#lastId = Math.max(this.#lastId, id)
      },
      done: (id: number): void => {
        this.#forget(id)
        this.#lastId = Math.max(this.#lastId, id)
      },
    }
    for (const number of numbers.sort((one, other) => one - other)) {
      const segment = await Segment.open(this.#pathOf(number), number, this.#options.clock, events)
      this.#segments.push(segment)
      if (segment.file.damaged > 0) this.#options.onDamage(segment.file.damaged)
    }
    if (outOfOrder > 0) this.#entries = new Map([...this.#entries].sort(([one], [other]) => one - other))
    await this.#tidy()
  }

  /** Writes to the newest file, in the order of the calls. Makes the next file when the newest is full or unusable. */
  #write(write: (segment: Segment) => Promise<void>): Promise<void> {
    return this.#lock.write(() => this.#writable(), () => this.#lock.exclusive(() => this.#grow()), write)
  }

  #writable(): Segment | undefined {
    const newest = this.#segments.at(-1)
    return newest && !newest.file.broken && newest.file.size < (this.#options.segmentSize ?? SEGMENT_SIZE) ? newest : undefined
  }

  async #grow(): Promise<Segment> {
    const number = (this.#segments.at(-1)?.number ?? 0) + 1
    const nothing = { entry: () => undefined, done: () => undefined }
    const segment = await Segment.open(this.#pathOf(number), number, this.#options.clock, nothing)
    this.#segments.push(segment)
    return segment
  }

  /** Deletes files without entries, and writes the entries anew when most of the files is outdated. A failure only puts it off. */
  async #tidy(): Promise<void> {
    const { clock } = this.#options
    if (clock.monotonic() < this.#tidyFrom || (this.#emptyFiles() === 0 && !this.#isWasteful())) return
    const tidying = this.#lock.exclusive(async () => {
      // Other calls may have tidied or written in the meantime.
      const empty = this.#emptyFiles()
      if (empty > 0) await this.#remove(empty)
      else if (this.#isWasteful()) await this.#rewrite()
    })
    await tidying.catch(() => {
      this.#tidyFrom = clock.monotonic() + TIDY_AGAIN
    })
  }

  /**
   * The note that an entry is done stands after the entry, so only the oldest files can go. The newest goes too when such
   * notes could not be written to it, or when it is damaged.
   */
  #emptyFiles(): number {
    const wanted = this.#segments.findIndex(({ live }) => live > 0)
    if (wanted !== -1) return wanted
    const newest = this.#segments.at(-1)
    return this.#unnoted.size > 0 || (newest && newest.file.damaged > 0) ? this.#segments.length : Math.max(0, this.#segments.length - 1)
  }

  #isWasteful(): boolean {
    const bytes = this.#segments.reduce((sum, { file }) => sum + file.size, 0)
    const live = this.#segments.reduce((sum, { liveBytes }) => sum + liveBytes, 0)
    return this.#entries.size > 0 && this.#unnoted.size === 0 && bytes > WASTE * live + 2 * (this.#options.segmentSize ?? SEGMENT_SIZE)
  }

  /** Deletes the oldest files. None goes before an older one, since it has the notes that the entries there are done. */
  async #remove(count: number): Promise<void> {
    for (const segment of this.#segments.slice(0, count)) {
      await segment.file.close()
      const path = this.#pathOf(segment.number)
      await (segment.file.damaged > 0 ? setAside(path) : rm(path, { force: true }))
      this.#segments.shift()
    }
    if (this.#segments.length === 0) this.#unnoted.clear()
  }

  /** Copies all entries to a new file. A crash in the middle leaves two copies, of which the later counts. */
  async #rewrite(): Promise<void> {
    const old = this.#segments.length
    const target = await this.#grow()
    for (const group of groupsOf([...this.#entries], 500)) {
      const entries = await readEntries(group)
      const places = await Promise.all(entries.map(({ id, at, text }) => target.append(Number(id), at, [text])))
      group.forEach(([, kept], index) => moveTo(kept, places[index]?.[0]))
    }
    await this.#remove(old)
  }

  /** The files are closed only when all calls that have begun are finished. */
  async #call<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closed) throw closedError(this.#folder)
    return track(this.#calls, work())
  }

  async #guarded<T>(work: Promise<T>): Promise<T> {
    try {
      return await work
    } catch (fault) {
      throw storeError(this.#folder, fault)
    }
  }

  #keep(id: number, at: number, place: Place): void {
    const kept = { at, place, held: false }
    this.#entries.set(id, kept)
    count(kept, 1)
  }

  #forget(id: number): void {
    const kept = this.#entries.get(id)
    if (!kept) return
    count(kept, -1)
    this.#entries.delete(id)
  }

  #pathOf = (number: number): string => join(this.#folder, `${String(number).padStart(12, '0')}.log`)
}

/** The reading positions of a node or a client of the library, one for each of its sources. */
import * as v from 'valibot'
import { sentence } from '../base/sentence'
import { storedRecord, type Store } from '../store/store'
import { CursorError } from './cursor'

/** How far a source has been read. */
export interface Saved {
  /** As it was saved last; undefined when the source was never read. */
  cursor: unknown
  /** Resolves when a crash can no longer undo it. */
  save(cursor: unknown): Promise<void>
}

const readList = storedRecord(v.array(v.string()))

export class Cursors {
  readonly #open: () => Promise<Store>
  /** Of the list of sources, by which they are found again when all are to be forgotten. */
  readonly #listKey: string
  /** The latest read of each source, so that two messages do not read the same. */
  readonly #reads = new Map<string, Promise<unknown>>()
  #list: Promise<Set<string>> | undefined
  /** Grows with each reset: what a read that began before it comes to is not saved. */
  #resets = 0
  /** What is done with the list, one after another. */
  #turn: Promise<unknown> = Promise.resolve()

  /** @param owner id of the node, or name of the client */
  constructor(owner: string, open: () => Promise<Store>) {
    this.#open = open
    this.#listKey = `cursor:${owner}`
  }

  /** Reads a source; one that is being read is read again afterwards. */
  async read<T>(source: string, work: (saved: Saved) => Promise<T>): Promise<T> {
    const before = this.#reads.get(source) ?? Promise.resolve()
    const read = before.then(() => this.#read(source, work))
    const ended = read.catch(() => undefined)
    this.#reads.set(source, ended)
    try {
      return await read
    } finally {
      if (this.#reads.get(source) === ended) this.#reads.delete(source)
    }
  }

  /** Forgets all, so that the next read of each source is a first one. Gives how many there were. */
  async reset(): Promise<number> {
    this.#resets += 1
    return this.#inTurn(async (store) => {
      const list = await this.#listed(store)
      for (const source of list) await store.delete(this.#keyOf(source))
      await store.delete(this.#listKey)
      this.#list = undefined
      return list.size
    })
  }

  async #read<T>(source: string, work: (saved: Saved) => Promise<T>): Promise<T> {
    const store = await this.#open()
    const resets = this.#resets
    const text = await store.get(this.#keyOf(source))
    let kept = text
    const save = async (cursor: unknown): Promise<void> => {
      const wanted = JSON.stringify(cursor)
      // Polls often bring nothing new: then there is nothing to write.
      if (wanted === kept) return
      await this.#inTurn(async () => {
        if (resets !== this.#resets) return
        await this.#enlist(store, source)
        await store.set(this.#keyOf(source), wanted)
        kept = wanted
      })
    }
    return work({ cursor: text === undefined ? undefined : parsed(text), save })
  }

  /** The list knows a source before its cursor is there, lest a crash leave one that no reset finds. */
  async #enlist(store: Store, source: string): Promise<void> {
    const list = await this.#listed(store)
    if (list.has(source)) return
    await store.set(this.#listKey, JSON.stringify([...list, source]))
    list.add(source)
  }

  #listed(store: Store): Promise<Set<string>> {
    // A damaged list is begun anew: each source is listed again when its cursor is saved next.
    this.#list ??= store.get(this.#listKey).then((text) => new Set(readList(text ?? '')))
    // What could not be read is tried again.
    this.#list.catch(() => (this.#list = undefined))
    return this.#list
  }

  #inTurn<T>(work: (store: Store) => Promise<T>): Promise<T> {
    const turn = this.#turn.then(async () => work(await this.#open()))
    this.#turn = turn.catch(() => undefined)
    return turn
  }

  #keyOf(source: string): string {
    return `${this.#listKey}:${source}`
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new CursorError(sentence`the saved reading position is damaged; press "Forget…" in the node`)
  }
}

/**
 * Reads only what has not been given out yet: from a mark in time, with an overlap for what arrives late, and with the
 * keys of what was given out in it.
 */
import { createHash } from 'node:crypto'
import * as v from 'valibot'
import { sentence, SentenceError } from '../base/sentence'
import type { SinceItem, SinceRule } from '../vocabulary/operation'
import { WireError } from '../vocabulary/wire'

/**
 * Ms before the mark at which a read begins, for items that reach the cloud late or out of order. No vendor names a
 * bound; an hour covers a gateway that was restarted.
 */
export const OVERLAP = 3_600_000

/** Items for which an answer has room at least beside those that are known. */
const LEAST_NEW = 10

/** How far the number of items of an answer is raised where a page cannot go back in time any more. */
const MOST_ITEMS = 10_000

/** A fingerprint of any JSON. */
export const digest = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 22)

/**
 * Name of what is read: equal for params that read the same, whatever their order, period or number of items.
 * @param scope what else tells sources apart, such as the account
 */
export const sourceName = (scope: readonly string[], source: readonly string[], params: Readonly<Record<string, unknown>>): string =>
  digest([scope, source.map((name) => (Array.isArray(params[name]) ? [...(params[name] as unknown[])].sort() : (params[name] ?? null)))])

/** A rule's items and what is kept of them, for an answer that is a list of items. */
export const listed = <T>(describe: (item: T) => SinceItem) => ({
  items: (body: T[]): SinceItem[] => body.map(describe),
  keep(body: T[], keys: Iterable<string>): T[] {
    const wanted = new Set(keys)
    return body.filter((item) => wanted.delete(describe(item).key))
  },
})

const Cursor = v.object({
  /** Epoch ms before which nothing is read: where the first read began. */
  begin: v.optional(v.number()),
  /** Epoch ms of the newest item; undefined as long as there was none. */
  mark: v.optional(v.number()),
  /** Keys that may come again, with the epoch ms of their items. */
  seen: v.array(v.tuple([v.string(), v.nullable(v.number())])),
  /** What lies between `mark` before the read and epoch ms `to` is not read yet: a read was broken off. */
  gap: v.optional(v.object({ mark: v.optional(v.number()), to: v.number() })),
})

type Cursor = v.InferOutput<typeof Cursor>

/** Thrown for a cursor that this version did not write. */
export class CursorError extends SentenceError {}

/**
 * A kept cursor.
 * @throws CursorError
 */
export function restored<T>(schema: v.GenericSchema<unknown, T>, cursor: unknown): T {
  const result = v.safeParse(schema, cursor)
  if (!result.success) throw new CursorError(sentence`what it has read so far is not understood; press "Forget…" in the node`)
  return result.output
}

export interface SinceRead<B> {
  rule: SinceRule<string, B>
  params: Readonly<Record<string, unknown>>
  /** Of the last page that was given out; undefined on the first read. */
  cursor: unknown
  /** Sends the request with params replaced; one that is undefined is not sent. */
  send(params: Readonly<Record<string, unknown>>): Promise<B>
  /** Epoch ms; a mark never lies behind it, since a device whose clock is ahead would hide all others. */
  now(): number
}

export interface NewBody<B> {
  body: B
  fresh: number
  cursor: unknown
}

/** Answers without what was given out before, newest page first where the vendor cuts answers short. */
export function readSince<B>(read: SinceRead<B>): AsyncGenerator<NewBody<B>> {
  return new Reader(read).pages()
}

class Reader<B> {
  readonly #read: SinceRead<B>
  readonly #first: boolean
  #begin: number | undefined
  #mark: number | undefined
  #seen: Map<string, number | null>
  #gap: Cursor['gap']
  #limit: number | undefined

  constructor(read: SinceRead<B>) {
    this.#read = read
    this.#first = read.cursor === undefined
    const { begin, mark, seen, gap }: Cursor = this.#first ? { seen: [] } : restored(Cursor, read.cursor)
    this.#begin = begin
    this.#mark = mark
    this.#seen = new Map(seen)
    this.#gap = gap
    const { limit: name = '', pageSize } = read.rule
    const limit = read.params[name] ?? pageSize
    this.#limit = typeof limit === 'number' && limit > 0 ? limit : undefined
  }

  async *pages(): AsyncGenerator<NewBody<B>> {
    if (this.#first) {
      const body = await this.#read.send({})
      const items = this.#items(body)
      const begin = this.#beginOfWholePeriod()
      const to = afterOldest(items)
      if (begin !== undefined && to !== undefined && this.#isFull(items)) this.#gap = { to }
      this.#begin = begin ?? this.#beginOf(items)
      const gap = this.#gap
      yield this.#page(body, items)
      if (gap) yield* this.#older(gap)
      return
    }
    // A read that was broken off is ended first.
    if (this.#gap) yield* this.#older(this.#gap)
    yield* this.#newer()
  }

  /** The user's own begin and end stand where none are given. */
  #ask({ from, to }: { from?: number | undefined; to?: number }): Promise<B> {
    const { rule, send } = this.#read
    return send({
      ...(from === undefined ? {} : { [rule.from]: from }),
      ...(rule.to === undefined || to === undefined ? {} : { [rule.to]: to }),
      ...(rule.limit === undefined || this.#limit === undefined ? {} : { [rule.limit]: this.#limit }),
    })
  }

  /** Where the user wants a period read as a whole. One who gives a limit wants no more than that. */
  #beginOfWholePeriod(): number | undefined {
    const { params, rule } = this.#read
    const from = params[rule.from]
    const isWhole = rule.pageSize !== undefined && params[rule.limit ?? ''] === undefined
    return isWhole && typeof from === 'number' ? from : undefined
  }

  /** What a first answer left out is not new later, and neither is what lies before the user's own begin. */
  #beginOf(items: readonly SinceItem[]): number | undefined {
    const { params, rule } = this.#read
    const from = params[rule.from]
    const mayBeCut = rule.limit !== undefined && (this.#limit === undefined || this.#isFull(items))
    if (mayBeCut && timesOf(items).length > 0) return Math.min(this.#read.now(), oldestOf(items))
    return typeof from === 'number' ? from : undefined
  }

  #from(mark: number | undefined): number | undefined {
    return mark === undefined ? undefined : Math.max(mark - OVERLAP, this.#begin ?? -Infinity)
  }

  /** From the mark on, then whatever the answer leaves out. */
  async *#newer(): AsyncGenerator<NewBody<B>> {
    const mark = this.#mark
    const from = this.#from(mark)
    this.#makeRoom(from)
    const body = await this.#ask({ from })
    const items = this.#items(body)
    if (this.#isComplete(items, mark)) {
      yield this.#page(body, items)
      return
    }
    this.#gap = { ...(mark === undefined ? {} : { mark }), to: afterOldest(items) ?? 0 }
    const gap = this.#gap
    yield this.#page(body, items)
    if (this.#isFull(items)) yield* this.#onwards(items)
    yield* this.#older(gap)
  }

  /** An answer holds the overlap again; one that were full with it would cost further requests at every look. */
  #makeRoom(from: number | undefined): void {
    if (this.#limit === undefined) return
    const known = [...this.#seen.values()].filter((at) => at !== null && at >= (from ?? -Infinity)).length
    this.#limit = Math.max(this.#limit, Math.min(MOST_ITEMS, known + Math.max(this.#limit, LEAST_NEW)))
  }

  /** Which end of a period a full answer leaves out is not published, so both are looked at. */
  async *#onwards(latest: SinceItem[]): AsyncGenerator<NewBody<B>> {
    let items = latest
    for (let newest = newestOf(items); ; newest = newestOf(items)) {
      const body = await this.#ask({ from: newest })
      items = this.#items(body)
      if (this.#freshOf(items).length > 0) yield this.#page(body, items)
      if (!this.#isFull(items) || (newestOf(items) <= newest && !this.#canRaise(items))) return
    }
  }

  /** Back in time until the mark before this read is reached. */
  async *#older({ mark, to: begin }: NonNullable<Cursor['gap']>): AsyncGenerator<NewBody<B>> {
    for (let to = begin; ; ) {
      const body = await this.#ask({ from: this.#from(mark), to })
      const items = this.#items(body)
      const next = afterOldest(items) ?? to
      const ended = this.#isComplete(items, mark) || (next >= to && !this.#canRaise(items))
      if (!ended && next < to) to = next
      this.#gap = ended ? undefined : { ...(mark === undefined ? {} : { mark }), to }
      yield this.#page(body, items)
      if (ended) return
    }
  }

  /** Whether more items an answer may show what lies behind the second that it ends in; raises their number if so. */
  #canRaise(items: readonly SinceItem[]): boolean {
    if (this.#read.rule.limit === undefined || !(this.#limit === undefined || this.#isFull(items))) return false
    const limit = Math.max(this.#limit ?? 0, items.length)
    if (limit >= MOST_ITEMS) {
      if (!this.#isFull(items)) return false
      throw new WireError(sentence`it has more than ${MOST_ITEMS} items of one second`)
    }
    this.#limit = Math.min(MOST_ITEMS, Math.max(1000, limit * 4))
    return true
  }

  /** Whether an answer leaves nothing out: it is not full, and reaches back to what is known. */
  #isComplete(items: readonly SinceItem[], mark: number | undefined): boolean {
    const times = timesOf(items)
    if (this.#read.rule.to === undefined || times.length === 0) return true
    return !this.#isFull(items) && (mark === undefined || times.some((at) => at <= mark))
  }

  #isFull(items: readonly SinceItem[]): boolean {
    return this.#limit !== undefined && items.length >= this.#limit
  }

  #items(body: B): SinceItem[] {
    return this.#read.rule.items(body)
  }

  /** Each key once. */
  #freshOf(items: readonly SinceItem[]): SinceItem[] {
    const fresh = new Map<string, SinceItem>()
    for (const item of items) if (!this.#seen.has(item.key) && !fresh.has(item.key)) fresh.set(item.key, item)
    return [...fresh.values()]
  }

  #page(body: B, items: readonly SinceItem[]): NewBody<B> {
    const fresh = this.#freshOf(items)
    for (const { key, at } of items) this.#seen.set(key, at ?? null)
    const newest = Math.min(this.#read.now(), newestOf(items))
    if (newest > (this.#mark ?? -Infinity)) this.#mark = newest
    this.#forget(items)
    const kept = fresh.length === items.length ? body : this.#read.rule.keep(body, fresh.map(({ key }) => key))
    return { body: kept, fresh: fresh.length, cursor: this.#cursor() }
  }

  /** Keys that neither this answer's neighbours nor the overlap can bring again. */
  #forget(items: readonly SinceItem[]): void {
    const answered = new Set(items.map(({ key }) => key))
    // Vendors cut times down to seconds, and so show what lies up to a second before.
    const overlap = Math.floor(((this.#mark ?? -Infinity) - OVERLAP) / 1000) * 1000
    const known = this.#gap?.mark ?? -Infinity
    for (const [key, at] of this.#seen)
      if (!answered.has(key) && (at === null || (at < overlap && at > known))) this.#seen.delete(key)
  }

  #cursor(): Cursor {
    return {
      ...(this.#begin === undefined ? {} : { begin: this.#begin }),
      ...(this.#mark === undefined ? {} : { mark: this.#mark }),
      seen: [...this.#seen],
      ...(this.#gap ? { gap: this.#gap } : {}),
    }
  }
}

const timesOf = (items: readonly SinceItem[]): number[] => items.flatMap(({ at }) => (at === undefined ? [] : [at]))

/** Epoch ms; -Infinity without times. */
const newestOf = (items: readonly SinceItem[]): number => timesOf(items).reduce((newest, at) => Math.max(newest, at), -Infinity)

const oldestOf = (items: readonly SinceItem[]): number => timesOf(items).reduce((oldest, at) => Math.min(oldest, at), Infinity)

/** The first whole second after the oldest item: vendors cut times down to seconds, and may leave the end itself out. */
function afterOldest(items: readonly SinceItem[]): number | undefined {
  return timesOf(items).length === 0 ? undefined : (Math.floor(oldestOf(items) / 1000) + 1) * 1000
}

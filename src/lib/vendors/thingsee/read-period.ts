/** Reads all rows of a period, however few the cloud returns in one response. */
import { sentence } from '../../base/sentence'
import { digest } from '../../incremental/cursor'
import { WireError } from '../../vocabulary/validation'

export interface PeriodRead<Row> {
  /** The user's own period, epoch ms. */
  from?: number | undefined
  to?: number | undefined
  /** Most rows in all. */
  limit: number
  /** Rows to ask for at once; undefined leaves that to the cloud. */
  pageSize: number | undefined
  /** Sends the request with these params in place of the user's own. */
  send(changed: { from?: number; to?: number; limit?: number }): Promise<Row[]>
  /** Epoch ms; undefined where a row does not tell. */
  timeOf(row: Row): number | undefined
}

/** An answer with fewer rows than this, or than it was asked for, leaves nothing out. The vendor names no most [H0]. */
const FULL = 100
/** How far the size of a page is raised where one second holds more than a page. */
const MOST_ITEMS = 10_000

/**
 * The rows of a period, an answer at a time and each row once. The first answer comes first, even an empty one.
 * Which end of the period a full answer leaves out is not published, so both are tried.
 */
export const readPeriod = <Row>(read: PeriodRead<Row>): AsyncGenerator<Row[]> => new PeriodReader(read).pages()

class PeriodReader<Row> {
  readonly #read: PeriodRead<Row>
  /** Rows that another answer may bring again, by fingerprint, with their times. */
  readonly #seen = new Map<string, number | undefined>()
  #left: number
  #pageSize: number | undefined

  constructor(read: PeriodRead<Row>) {
    this.#read = read
    this.#left = read.limit
    this.#pageSize = read.pageSize
  }

  async *pages(): AsyncGenerator<Row[]> {
    const first = await this.#read.send(this.#pageSize === undefined ? {} : { limit: this.#pageSize })
    yield this.#fresh(first)
    if (!this.#mayBeCut(first)) return
    let isOlderLeftOut = false
    for await (const rows of this.#older(first)) {
      isOlderLeftOut = true
      yield rows
    }
    if (!isOlderLeftOut) yield* this.#newer(first)
  }

  /** Back in time, until an answer leaves nothing out. */
  async *#older(first: readonly Row[]): AsyncGenerator<Row[]> {
    for (let to = this.#endBefore(first); to !== undefined; ) {
      const rows = await this.#ask({ to })
      const fresh = this.#fresh(rows)
      if (fresh.length > 0) yield fresh
      if (!this.#mayBeCut(rows)) return
      const next = this.#endBefore(rows)
      if (next !== undefined && next < to) to = next
      else if (!this.#canGoOn(rows, fresh)) return
      this.#forget((at) => at > to)
    }
  }

  /** Onwards in time, until an answer leaves nothing out. */
  async *#newer(first: readonly Row[]): AsyncGenerator<Row[]> {
    for (let from = this.#beginAfter(first); from !== undefined; ) {
      const rows = await this.#ask({ from })
      const fresh = this.#fresh(rows)
      if (fresh.length > 0) yield fresh
      if (!this.#mayBeCut(rows)) return
      const next = this.#beginAfter(rows)
      if (next !== undefined && next > from) from = next
      else if (!this.#canGoOn(rows, fresh)) return
      this.#forget((at) => at < from)
    }
  }

  #ask(period: { from: number } | { to: number }): Promise<Row[]> {
    return this.#read.send({ ...period, ...(this.#pageSize === undefined ? {} : { limit: this.#pageSize }) })
  }

  #mayBeCut(rows: readonly Row[]): boolean {
    return this.#left > 0 && rows.length >= Math.min(FULL, this.#pageSize ?? FULL)
  }

  /** Whether the second in which an answer begins and ends may hold more; asks for more rows at once if so. */
  #canGoOn({ length }: readonly Row[], fresh: readonly Row[]): boolean {
    if (this.#pageSize !== undefined && length < this.#pageSize) return fresh.length > 0
    const size = Math.max(this.#pageSize ?? 0, length)
    if (size >= MOST_ITEMS) throw new WireError(sentence`it has more than ${MOST_ITEMS} items with the same second`)
    this.#pageSize = Math.min(MOST_ITEMS, Math.max(1000, size * 4))
    return true
  }

  /** Rows that no answer before this one had, and no more of them than are wanted: the newest. */
  #fresh(rows: readonly Row[]): Row[] {
    const keyed = rows.map((row) => ({ row, key: digest(row) }))
    const fresh = keyed.filter(({ key }) => !this.#seen.has(key)).map(({ row }) => row)
    for (const { row, key } of keyed) this.#seen.set(key, this.#read.timeOf(row))
    const wanted = fresh.length > this.#left ? this.#newest(fresh, this.#left) : fresh
    this.#left -= wanted.length
    return wanted
  }

  #newest(rows: readonly Row[], count: number): Row[] {
    const timed = rows.map((row) => ({ row, at: this.#read.timeOf(row) ?? 0 }))
    const chosen = new Set(timed.sort((one, other) => other.at - one.at).slice(0, count).map(({ row }) => row))
    return rows.filter((row) => chosen.has(row))
  }

  #forget(isOver: (at: number) => boolean): void {
    for (const [key, at] of this.#seen) if (at !== undefined && isOver(at)) this.#seen.delete(key)
  }

  #times(rows: readonly Row[]): number[] {
    return rows.map((row) => this.#read.timeOf(row)).filter((at) => at !== undefined)
  }

  /** The first whole second after the oldest row: the cloud takes whole seconds, and may leave the end itself out. */
  #endBefore(rows: readonly Row[]): number | undefined {
    const oldest = this.#times(rows).reduce((least, at) => Math.min(least, at), Infinity)
    return oldest === Infinity ? undefined : Math.min(this.#read.to ?? Infinity, (Math.floor(oldest / 1000) + 1) * 1000)
  }

  /** The second of the newest row. */
  #beginAfter(rows: readonly Row[]): number | undefined {
    const newest = this.#times(rows).reduce((most, at) => Math.max(most, at), -Infinity)
    return newest === -Infinity ? undefined : Math.max(this.#read.from ?? -Infinity, Math.floor(newest / 1000) * 1000)
  }
}

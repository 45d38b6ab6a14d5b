/**
 * Measurements since last, by sequence number: the vendor counts up as it stores measurements, so that a late one has a
 * late number, whatever its date. Numbers are not unique [R0], so those of the highest are told apart by their rows.
 */
import { isRecord } from '../../base/foreign'
import * as v from 'valibot'
import { digest, restored } from '../../incremental/cursor'
import { sentence } from '../../base/sentence'
import type { Caller, NewPage, TimeValue } from '../../vocabulary/operation'
import { momentOf } from '../../base/time'
import { WireError } from '../../vocabulary/wire'
import { loadDataSources, type DataSource } from './inventory'
import { answers, byGateway, pageOf, split, type MeasurementParams, type Walk } from './measurements'
import { readRows, sourceIdOf, type Row } from './wire'
import { readingsOfRow } from './rows'

/** The highest sequence number of a data source, and digests of the rows that have it. */
const Mark = v.object({ seq: v.number(), keys: v.array(v.string()) })
type Mark = v.InferOutput<typeof Mark>

/** By data source, so that one more data source does not read the others again. */
const Marks = v.record(v.string(), Mark)

/** Params that read a data source from this number on, instead of the user's. */
export type StartAt = (seq: number) => Readonly<Record<string, unknown>>

/**
 * Pages without what was given out before. The marks move with each page, so that a read which is broken off goes on
 * from there.
 * @param startAt absent where an answer cannot begin at a number
 */
export async function* newMeasurements<P extends MeasurementParams>(
  caller: Caller<P>,
  params: P,
  cursor: unknown,
  startAt?: StartAt,
): AsyncGenerator<NewPage> {
  const sources = await loadDataSources(caller)
  const progress = new Progress(cursor === undefined ? {} : restored(Marks, cursor))
  const walks = walksOf(params, sources, progress, startAt)
  for await (const { body, ids, last } of answers(caller, walks)) {
    const fresh = trimmed(body, (id, row) => progress.isNew(id, row) && isWithin(row, params.to))
    const page = split(fresh, ids)
    for (const [id, rows] of page.rows) progress.note(id, rows)
    if (last) progress.settle()
    const count = [...page.rows.values()].reduce((sum, rows) => sum + rows.length, 0)
    yield { ...pageOf(page, sources, readingsOfRow), fresh: count, cursor: progress.marks() }
  }
}

/** Data sources that were never read begin where the params say; of the others each goes on from its own mark. */
function walksOf(params: MeasurementParams, sources: ReadonlyMap<string, DataSource>, progress: Progress, startAt: StartAt | undefined): Walk[] {
  return byGateway(params.dataSources, sources).flatMap((ids) => {
    const known = startAt ? ids.filter((id) => progress.mark(id) !== undefined) : []
    const others = ids.filter((id) => !known.includes(id))
    const begin: Walk[] = others.length > 0 ? [{ ids: others, offset: params.offset, changed: {} }] : []
    const goOn = known.map((id): Walk => ({ ids: [id], offset: undefined, changed: startAt?.(progress.mark(id)?.seq ?? 0) ?? {} }))
    return [...begin, ...goOn]
  })
}

/** What has been given out when this read began, and since. */
class Progress {
  /** Before the walk that is under way. */
  readonly #before: Map<string, Mark>
  readonly #after: Map<string, Mark>
  /** Data sources whose rows do not ascend: their marks move only when the walk has ended, lest a broken one leave a gap. */
  readonly #disordered = new Set<string>()

  constructor(marks: Readonly<Record<string, Mark>>) {
    this.#before = new Map(Object.entries(marks))
    this.#after = new Map(this.#before)
  }

  mark(id: string): Mark | undefined {
    return this.#before.get(id)
  }

  isNew(id: string, row: Row): boolean {
    const mark = this.#before.get(id)
    const seq = seqOf(id, row)
    return mark === undefined || seq > mark.seq || (seq === mark.seq && !mark.keys.includes(digest(row)))
  }

  note(id: string, rows: readonly Row[]): void {
    if (rows.length === 0) return
    const before = this.#after.get(id)
    let seq = before?.seq ?? -Infinity
    for (const row of rows) {
      if (seqOf(id, row) < seq) this.#disordered.add(id)
      seq = Math.max(seq, seqOf(id, row))
    }
    const keys = rows.filter((row) => row.seq === seq).map(digest)
    this.#after.set(id, { seq, keys: seq === before?.seq ? [...before.keys, ...keys] : keys })
  }

  /** The walk has ended. */
  settle(): void {
    this.#disordered.clear()
    for (const [id, mark] of this.#after) this.#before.set(id, mark)
  }

  marks(): Record<string, Mark> {
    const settled = [...this.#after].map(([id, mark]) => [id, this.#disordered.has(id) ? this.#before.get(id) : mark] as const)
    return Object.fromEntries(settled.filter((entry): entry is [string, Mark] => entry[1] !== undefined))
  }
}

function seqOf(id: string, row: Row): number {
  if (typeof row.seq === 'number') return row.seq
  throw new WireError(sentence`a measurement of data source ${id} has no seq, by which what is new is told`)
}

/** Numbers are asked for instead of a period, whose end holds all the same. */
const isWithin = ({ date }: Row, to: TimeValue | undefined): boolean =>
  typeof to !== 'number' || (momentOf(date) ?? to) <= to

/** The same answer with only the rows that are kept, wherever they stand in it. */
function trimmed(body: unknown, keep: (id: string, row: Row) => boolean): unknown {
  if (!isRecord(body) || !('measurements' in body)) return body
  const { measurements } = body
  if (Array.isArray(measurements)) return { ...body, measurements: rowsIn(measurements).filter((row) => keep(sourceIdOf(row) ?? '', row)) }
  const entries = Object.entries((measurements ?? {}) as Record<string, unknown>)
    .map(([id, value]): [string, unknown] => [id, id === 'next' ? value : keptOf(value, (row) => keep(id, row))])
    .filter(([, value]) => value !== undefined)
  return { ...body, measurements: Object.fromEntries(entries) }
}

/** What is kept of an id's value: a row, its rows, or an object that holds them; undefined for a row that is not. */
function keptOf(value: unknown, keep: (row: Row) => boolean): unknown {
  if (Array.isArray(value)) return rowsIn(value).filter(keep)
  if (!isRecord(value)) return value
  const [place, rows] = Object.entries(value).find((entry): entry is [string, unknown[]] => Array.isArray(entry[1])) ?? []
  if (place !== undefined && rows) return { ...value, [place]: rowsIn(rows).filter(keep) }
  return 'next' in value || keep(value) ? value : undefined
}

const rowsIn = (rows: readonly unknown[]): Row[] => readRows(rows) as Row[]

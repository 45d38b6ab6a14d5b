/**
 * Reads new measurements by sequence number. The vendor numbers measurements as it stores them, so a late measurement
 * has a late number, whatever its date. Numbers are not unique [R0], so measurements with the highest number are
 * distinguished by their rows.
 */
import * as v from 'valibot'
import { digest, restored } from '../../incremental/cursor'
import { sentence } from '../../base/sentence'
import type { Caller, NewPage, TimeValue } from '../../vocabulary/operation'
import { momentOf } from '../../base/time'
import { WireError } from '../../vocabulary/validation'
import { loadDataSources, type DataSource } from './inventory'
import { answers, byGateway, pageOf, type MeasurementParams, type PageChain } from './measurements'
import { readingsOfRow } from './readings'
import type { Row } from './wire'

/** The highest sequence number of a data source, and digests of the rows that have it. */
const Watermark = v.object({ seq: v.number(), keys: v.array(v.string()) })
type Watermark = v.InferOutput<typeof Watermark>

/** By data source, so that one more data source does not read the others again. */
const Watermarks = v.record(v.string(), Watermark)

/** Params that read a data source from this number on, instead of the user's. */
export type StartAt = (seq: number) => Readonly<Record<string, unknown>>

/**
 * Pages without what was emitted before. The watermarks move with each page, so that a read which is broken off goes on
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
  const progress = new Progress(cursor === undefined ? {} : restored(Watermarks, cursor))
  const chains = chainsOf(params, sources, progress, startAt)
  const isWanted = (id: string, row: Row): boolean => progress.isNew(id, row) && isWithin(row, params.to)
  for await (const { answer, last } of answers(caller, chains, isWanted)) {
    for (const [id, rows] of answer.rows) progress.note(id, rows)
    if (last) progress.settle()
    const count = [...answer.rows.values()].reduce((sum, rows) => sum + rows.length, 0)
    yield { ...pageOf(answer, sources, readingsOfRow), fresh: count, cursor: progress.watermarks() }
  }
}

/** Data sources that were never read begin where the params say; each of the others goes on from its own watermark. */
function chainsOf(params: MeasurementParams, sources: ReadonlyMap<string, DataSource>, progress: Progress, startAt: StartAt | undefined): PageChain[] {
  return byGateway(params.dataSources, sources).flatMap((ids) => {
    const known = startAt ? ids.filter((id) => progress.watermark(id) !== undefined) : []
    const others = ids.filter((id) => !known.includes(id))
    const begin: PageChain[] = others.length > 0 ? [{ ids: others, offset: params.offset, changed: {} }] : []
    const goOn = known.map((id): PageChain => ({ ids: [id], offset: undefined, changed: startAt?.(progress.watermark(id)?.seq ?? 0) ?? {} }))
    return [...begin, ...goOn]
  })
}

/** What was emitted when this read began, and since. */
class Progress {
  /** Before the page chain that is under way. */
  readonly #before: Map<string, Watermark>
  readonly #after: Map<string, Watermark>
  /** Data sources whose rows do not ascend: their watermarks move only when the chain has ended, lest a broken one leave a gap. */
  readonly #disordered = new Set<string>()

  constructor(watermarks: Readonly<Record<string, Watermark>>) {
    this.#before = new Map(Object.entries(watermarks))
    this.#after = new Map(this.#before)
  }

  watermark(id: string): Watermark | undefined {
    return this.#before.get(id)
  }

  isNew(id: string, row: Row): boolean {
    const watermark = this.#before.get(id)
    const seq = seqOf(id, row)
    return watermark === undefined || seq > watermark.seq || (seq === watermark.seq && !watermark.keys.includes(digest(row)))
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

  /** The chain has ended. */
  settle(): void {
    this.#disordered.clear()
    for (const [id, watermark] of this.#after) this.#before.set(id, watermark)
  }

  watermarks(): Record<string, Watermark> {
    const settled = [...this.#after].map(([id, watermark]) => [id, this.#disordered.has(id) ? this.#before.get(id) : watermark] as const)
    return Object.fromEntries(settled.filter((entry): entry is [string, Watermark] => entry[1] !== undefined))
  }
}

function seqOf(id: string, row: Row): number {
  if (typeof row.seq === 'number') return row.seq
  throw new WireError(sentence`a measurement of data source ${id} has no sequence number (seq), which is needed to recognise new measurements`)
}

/** Numbers are asked for instead of a period, whose end holds all the same. */
const isWithin = ({ date }: Row, to: TimeValue | undefined): boolean =>
  typeof to !== 'number' || (momentOf(date) ?? to) <= to

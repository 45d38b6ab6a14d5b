/** Measurements of any data sources: the vendor takes one gateway a request, so answers are joined here. */
import { isRecord, pushAll } from '../../base/foreign'
import { readingsOfEach, type Reading } from '../../vocabulary/reading'
import { FieldError } from '../../vocabulary/validation'
import { sentence } from '../../base/sentence'
import type { Caller, Page, TimeValue } from '../../vocabulary/operation'
import { WireError } from '../../vocabulary/wire'
import { loadDataSources, type DataSource } from './inventory'
import { readMeasurements, readRows, sourceIdOf, type Row } from './wire'
import { readingsOfRow } from './rows'

export interface MeasurementParams {
  dataSources: string[]
  offset?: string
  to?: TimeValue
}

type ReadingsOfRow = (source: DataSource, row: Row, fallbackTime: number) => Reading[]

/** A vendor that repeats itself must not keep a flow reading for ever: 2,000 pages are 10,000,000 measurements. */
const MOST_PAGES = 2_000

/**
 * Pages of measurements, gateway after gateway, each to its end.
 * @param readings how a row becomes readings
 */
export async function* measurementPages<P extends MeasurementParams>(
  caller: Caller<P>,
  params: P,
  readings: ReadingsOfRow = readingsOfRow,
): AsyncGenerator<Page> {
  const sources = await loadDataSources(caller)
  const walks = byGateway(params.dataSources, sources).map((ids): Walk => ({ ids, offset: params.offset, changed: {} }))
  for await (const { body, ids } of answers(caller, walks)) yield pageOf(split(body, ids), sources, readings)
}

/** Data sources of one gateway that are read together, page after page. */
export interface Walk {
  ids: string[]
  offset: string | undefined
  /** Params of its requests, instead of those that the user gave. */
  changed: Readonly<Record<string, unknown>>
}

/** The answers of walks, one walk after another, with whether each is the last of its walk. */
export async function* answers<P extends MeasurementParams>(
  caller: Caller<P>,
  walks: readonly Walk[],
): AsyncGenerator<{ body: unknown; ids: string[]; last: boolean }> {
  let page = 0
  for (const walk of walks) {
    const seen = new Set<string>()
    const wanted: Request[] = [walk]
    for (let request = wanted.shift(); request; request = wanted.shift()) {
      page += 1
      if (page > MOST_PAGES) throw new WireError(sentence`it has more than ${MOST_PAGES} pages`)
      if (page > 1) caller.progress(String(page))
      const { ids, offset } = request
      const changed = { ...walk.changed, dataSources: ids, ...(offset === undefined ? {} : { offset }) }
      const body = await caller.send(changed as Partial<P>)
      pushAll(wanted, following(split(body, ids), seen))
      yield { body, ids, last: wanted.length === 0 }
    }
  }
}

interface Request {
  ids: string[]
  offset: string | undefined
}

export interface Answer {
  /** Rows by data source id. */
  rows: Map<string, Row[]>
  /** The vendor's measurements as they came. */
  measurements: unknown
  /** Where each id goes on; none at its end. */
  next: Map<string, string>
}

/** The ids of each gateway, in the order in which they were asked for. */
export function byGateway(ids: readonly string[], sources: ReadonlyMap<string, DataSource>): string[][] {
  const unknown = ids.filter((id) => !sources.has(id))
  if (unknown.length > 0)
    throw new FieldError(sentence`param "dataSources" has ${unknown.join(', ')}, which no gateway of this account has; read gateways to see the ids`)
  const groups = new Map<string, string[]>()
  for (const id of ids) {
    const gateway = sources.get(id)?.gateway ?? ''
    groups.set(gateway, [...(groups.get(gateway) ?? []), id])
  }
  return [...groups.values()]
}

/** Rows and where the next page begins, at the top level or inside an id's value: the document leaves open which. */
export function split(body: unknown, ids: readonly string[]): Answer {
  const { measurements, ...top } = readMeasurements(body)
  const { next: among, ...byId } = keyed(measurements)
  const rows = new Map<string, Row[]>()
  const shared = offsetOf(top.next) ?? offsetOf(among)
  const next = new Map(shared === undefined ? [] : ids.map((id) => [id, shared]))
  for (const [id, value] of Object.entries(byId)) {
    const inner = nested(value)
    if (inner.next !== undefined) next.set(id, inner.next)
    rows.set(id, rowsOf(inner.rows))
  }
  return { rows, measurements, next }
}

/** An array of rows that name their data source, as the document has it, becomes an object by id, as it was seen live. */
function keyed(measurements: unknown): Record<string, unknown> {
  if (!Array.isArray(measurements)) return (measurements ?? {}) as Record<string, unknown>
  const byId: Record<string, Row[]> = {}
  for (const row of rowsOf(measurements)) {
    const id = sourceIdOf(row)
    if (id === undefined) throw new WireError(sentence`a measurement does not name its data source`)
    ;(byId[id] ??= []).push(row)
  }
  return byId
}

/** An id's value is a row, its rows, or an object of an array of rows and `next`. */
function nested(value: unknown): { rows: unknown; next: string | undefined } {
  if (!isRecord(value)) return { rows: value, next: undefined }
  const inner = Object.values(value).find(Array.isArray)
  const next = 'next' in value ? offsetOf(value.next) : undefined
  return { rows: inner ?? value, next }
}

function rowsOf(value: unknown): Row[] {
  const rows = readRows(value)
  return rows === null ? [] : Array.isArray(rows) ? rows : [rows]
}

const offsetOf = (next: unknown): string | undefined =>
  (typeof next === 'string' && next !== '') || typeof next === 'number' ? String(next) : undefined

/** The next requests: ids that go on at the same offset travel together; an offset that came before ends its ids. */
function following({ next }: Answer, seen: Set<string>): Request[] {
  const requests = new Map<string, string[]>()
  for (const [id, offset] of next) {
    const mark = `${id} ${offset}`
    if (seen.has(mark)) continue
    seen.add(mark)
    requests.set(offset, [...(requests.get(offset) ?? []), id])
  }
  return [...requests].map(([offset, ids]) => ({ ids, offset }))
}

export function pageOf(answer: Answer, sources: ReadonlyMap<string, DataSource>, readings: ReadingsOfRow): Page {
  const receivedAt = Date.now()
  const all = readingsOfEach(answer.rows, ([id, rows]) => {
    const source = sources.get(id)
    if (!source) throw new WireError(sentence`measurements.${id} was not asked for`)
    return readingsOfEach(rows, (row) => readings(source, row, receivedAt))
  })
  return { data: answer.measurements, readings: all }
}

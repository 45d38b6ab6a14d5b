/** Measurements of any data sources: the vendor takes one gateway a request, so answers are joined here. */
import type { Reading } from '../../reading'
import { FieldError } from '../../fields'
import type { Caller, Page } from '../../spec'
import { WireError } from '../../wire'
import { loadDataSources, type DataSource } from './inventory'
import { readMeasurements, readRows, type Row } from './wire'
import { readingsOfRow } from './rows'

interface MeasurementParams {
  dataSources: string[]
  offset?: string
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
  let page = 0
  for (const group of byGateway(params.dataSources, sources)) {
    const seen = new Set<string>()
    const wanted: Request[] = [{ ids: group, offset: params.offset }]
    for (let request = wanted.shift(); request; request = wanted.shift()) {
      page += 1
      if (page > MOST_PAGES) throw new WireError(`it has more than ${MOST_PAGES} pages`)
      if (page > 1) caller.progress(String(page))
      const changed = { dataSources: request.ids, ...(request.offset === undefined ? {} : { offset: request.offset }) }
      const answer = split(await caller.send(changed as Partial<P>), request.ids)
      yield pageOf(answer, sources, readings)
      wanted.push(...following(answer, seen))
    }
  }
}

interface Request {
  ids: string[]
  offset: string | undefined
}

interface Answer {
  /** Rows by data source id. */
  rows: Map<string, Row[]>
  /** The vendor's measurements as they came. */
  measurements: unknown
  /** Where each id goes on; none at its end. */
  next: Map<string, string>
}

/** The ids of each gateway, in the order in which they were asked for. */
function byGateway(ids: readonly string[], sources: ReadonlyMap<string, DataSource>): string[][] {
  const unknown = ids.filter((id) => !sources.has(id))
  if (unknown.length > 0)
    throw new FieldError(`param "dataSources" has ${unknown.join(', ')}, which no gateway of this account has; read gateways to see the ids`)
  const groups = new Map<string, string[]>()
  for (const id of ids) {
    const gateway = sources.get(id)?.gateway ?? ''
    groups.set(gateway, [...(groups.get(gateway) ?? []), id])
  }
  return [...groups.values()]
}

/** Rows and where the next page begins, at the top level or inside an id's value: the document leaves open which. */
function split(body: unknown, ids: readonly string[]): Answer {
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
  if (!Array.isArray(measurements)) return measurements as Record<string, unknown>
  const byId: Record<string, Row[]> = {}
  for (const row of rowsOf(measurements)) {
    const id = row.data_source ?? row.data_source_id ?? row.id
    if (typeof id !== 'string' && typeof id !== 'number') throw new WireError('a measurement does not name its data source')
    ;(byId[String(id)] ??= []).push(row)
  }
  return byId
}

/** An id's value is a row, its rows, or an object of an array of rows and `next`. */
function nested(value: unknown): { rows: unknown; next: string | undefined } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { rows: value, next: undefined }
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

function pageOf(answer: Answer, sources: ReadonlyMap<string, DataSource>, readings: ReadingsOfRow): Page {
  const receivedAt = Date.now()
  const all = [...answer.rows].flatMap(([id, rows]) => {
    const source = sources.get(id)
    if (!source) throw new WireError(`measurements.${id} was not asked for`)
    return rows.flatMap((row) => readings(source, row, receivedAt))
  })
  return { data: answer.measurements, readings: all }
}

/** Measurements of any data sources. The vendor takes one gateway a request, so responses are joined here. */
import { cutText, pushAll } from '../../base/foreign'
import { readingsOfEach, type Reading } from '../../vocabulary/reading'
import { ParamError, WireError } from '../../vocabulary/validation'
import { sentence } from '../../base/sentence'
import type { Caller, Page, TimeValue } from '../../vocabulary/operation'
import { loadDataSources, type DataSource } from './inventory'
import { readingsOfRow } from './readings'
import { readAnswer, type Answer, type Row } from './wire'

export interface MeasurementParams {
  dataSources: string[]
  offset?: string
  to?: TimeValue
}

type ReadingsOfRow = (source: DataSource, row: Row, fallbackTime: number) => Reading[]

/** Bounds a read whose pages never end: 2,000 pages are 10,000,000 measurements. */
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
  const chains = byGateway(params.dataSources, sources).map((ids): PageChain => ({ ids, offset: params.offset, changed: {} }))
  for await (const { answer } of answers(caller, chains)) yield pageOf(answer, sources, readings)
}

/** Data sources of one gateway that are read together, page after page. */
export interface PageChain {
  ids: string[]
  offset: string | undefined
  /** Params of its requests, instead of those that the user gave. */
  changed: Readonly<Record<string, unknown>>
}

/**
 * The answers of page chains, one chain after another, with whether each is the last of its chain.
 * @param keep whether a row is wanted
 */
export async function* answers<P extends MeasurementParams>(
  caller: Caller<P>,
  chains: readonly PageChain[],
  keep?: (id: string, row: Row) => boolean,
): AsyncGenerator<{ answer: Answer; last: boolean }> {
  let page = 0
  for (const chain of chains) {
    const seen = new Set<string>()
    const wanted: Request[] = [chain]
    for (let request = wanted.shift(); request; request = wanted.shift()) {
      page += 1
      if (page > MOST_PAGES) throw new WireError(sentence`it has more than ${MOST_PAGES} pages; request a shorter period`)
      if (page > 1) caller.progress(String(page))
      const { ids, offset } = request
      const changed = { ...chain.changed, dataSources: ids, ...(offset === undefined ? {} : { offset }) }
      const answer = readAnswer(await caller.send(changed as Partial<P>), ids, keep)
      pushAll(wanted, following(answer, seen))
      yield { answer, last: wanted.length === 0 }
    }
  }
}

interface Request {
  ids: string[]
  offset: string | undefined
}

/** The ids of each gateway, in the order in which they were asked for. */
export function byGateway(ids: readonly string[], sources: ReadonlyMap<string, DataSource>): string[][] {
  const unknown = ids.filter((id) => !sources.has(id))
  if (unknown.length > 0)
    throw new ParamError((label) => sentence`"${label('dataSources')}" has ${cutText(unknown.join(', '), 100)}, which no gateway of this account has; choose from the list in the node`, (label) => sentence`"${label('dataSources')}" has an unknown id`)
  const groups = new Map<string, string[]>()
  for (const id of ids) {
    const gateway = sources.get(id)?.gateway ?? ''
    groups.set(gateway, [...(groups.get(gateway) ?? []), id])
  }
  return [...groups.values()]
}

/** The next requests: ids that go on at the same offset travel together; an offset that came before ends its ids. */
function following({ next }: Answer, seen: Set<string>): Request[] {
  const requests = new Map<string, string[]>()
  for (const [id, offset] of next) {
    const place = `${id} ${offset}`
    if (seen.has(place)) continue
    seen.add(place)
    requests.set(offset, [...(requests.get(offset) ?? []), id])
  }
  return [...requests].map(([offset, ids]) => ({ ids, offset }))
}

export function pageOf(answer: Answer, sources: ReadonlyMap<string, DataSource>, readings: ReadingsOfRow): Page {
  const receivedAt = Date.now()
  const all = readingsOfEach(answer.rows, ([id, rows]) => {
    const source = sources.get(id)
    if (!source) throw new WireError(sentence`it has measurements of data source ${id}, which was not requested`)
    return readingsOfEach(rows, (row) => readings(source, row, receivedAt))
  })
  return { data: answer.measurements, readings: all }
}

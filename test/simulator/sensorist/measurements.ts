import type { VendorContext } from '../interface'
import { Refusal } from '../route'
import { commaList } from '../request'
import type { Quantity, Rhythm } from '../signal'
import { hash, momentBefore, moments, rhythmOf, round, signal } from '../signal'
import type { DataSource } from './inventory'
import type { Located, SensoristMeasurement, SensoristState, Caller } from './state'
import { periodOf, sensoristDate, sourceOf } from './state'

const quantities: Record<string, Quantity> = { temp: 'temperature', humi: 'humidity', batt: 'batteryVolt', wireless: 'signalPercent' }

const HISTORY = 90 * 86_400_000

/** For statistics only: a week at the demo's 5 seconds would be 121,000 values. */
const SAMPLES = 20_000

function rhythm(source: DataSource): Rhythm {
  return rhythmOf(`sensorist/${source.id}`, source.interval * 1000)
}

/** Microseconds of the time at which the server stored it, one to some seconds after the measurement [R2 live]. */
function sequence(source: DataSource, at: number): number {
  const spread = Math.min(3_000_000, source.interval * 200_000)
  return at * 1000 + hash(`${source.id}/${at}`) % spread
}

export function generatedMeasurement(source: DataSource, at: number): SensoristMeasurement {
  const quantity = quantities[source.type.name] ?? 'temperature'
  return { at, value: signal(`sensorist/${source.id}`, quantity, at), type: 1, seq: sequence(source, at) }
}

function arranged(state: SensoristState, source: DataSource, from: number, to: number): SensoristMeasurement[] {
  return (state.measurements.get(source.id) ?? []).filter(({ at }) => at >= from && at <= to)
}

/** The measurements of [from, to] that exist by now, oldest first; `most` thins out the generated ones evenly. */
export function measurementsOf(
  state: SensoristState, context: VendorContext, source: DataSource, from: number, to: number, most = Infinity,
): SensoristMeasurement[] {
  const until = Math.min(to, context.now())
  const extra = arranged(state, source, from, until)
  if (state.silent.has(source.id)) return extra.sort((left, right) => left.at - right.at)
  const times = moments(rhythm(source), Math.max(from, context.startedAt - HISTORY), until)
  const step = Math.max(1, Math.ceil(times.length / most))
  const generated = times.filter((_at, index) => index % step === 0).map((at) => generatedMeasurement(source, at))
  return extra.length === 0 ? generated : [...generated, ...extra].sort((left, right) => left.at - right.at)
}

export function latestOf(state: SensoristState, context: VendorContext, source: DataSource): SensoristMeasurement | undefined {
  const now = context.now()
  const all = arranged(state, source, 0, now)
  if (!state.silent.has(source.id)) all.push(generatedMeasurement(source, momentBefore(rhythm(source), now)))
  return all.sort((left, right) => left.at - right.at).at(-1)
}

/** The live row of type=latest [R2]; INF for raw. */
export function measurementRow({ at, value, type, seq }: SensoristMeasurement): Record<string, unknown> {
  return { date: sensoristDate(at), value, type, seq, min: null, max: null }
}

function latest({ state, context }: Caller, sources: Located[]): Record<string, unknown> {
  const rows = sources.map(({ source }): [string, unknown] => {
    const last = latestOf(state, context, source)
    return [String(source.id), last ? measurementRow(last) : null]
  })
  return { measurements: Object.fromEntries(rows.filter(([, row]) => row !== null)) }
}

/** U: field names. "minimum and maximum values in the period and their respective dates" [R0]. */
function minMax({ state, context }: Caller, sources: Located[], query: URLSearchParams): Record<string, unknown> {
  const { from, to } = periodOf(query, context.now())
  const rows = sources.map(({ source }): [string, unknown] => {
    const all = measurementsOf(state, context, source, from, to, SAMPLES).sort((left, right) => left.value - right.value)
    const edge = (found: SensoristMeasurement | undefined): unknown => found ? { date: sensoristDate(found.at), value: found.value } : null
    return [String(source.id), { min: edge(all[0]), max: edge(all.at(-1)) }]
  })
  return { measurements: Object.fromEntries(rows) }
}

/** ms; `interval` is in minutes, `ticks` an approximate count, else 100 groups (U: the automatic rule). */
function grouping(query: URLSearchParams, length: number): number {
  const interval = Number(query.get('interval') ?? NaN)
  if (interval > 0) return interval * 60_000
  const ticks = Number(query.get('ticks') ?? NaN)
  return Math.max(60_000, Math.ceil(length / (ticks > 0 ? ticks : 100) / 60_000) * 60_000)
}

/** INF: value is the average, with min and max beside it. Empty groups are left out (U). */
function range({ state, context }: Caller, sources: Located[], query: URLSearchParams): Record<string, unknown> {
  const { from, to } = periodOf(query, context.now())
  const width = grouping(query, to - from)
  const rows = sources.map(({ source }): [string, unknown] => {
    const groups = new Map<number, SensoristMeasurement[]>()
    for (const measurement of measurementsOf(state, context, source, from, to, SAMPLES)) {
      const start = from + Math.floor((measurement.at - from) / width) * width
      const group = groups.get(start)
      if (group) group.push(measurement)
      else groups.set(start, [measurement])
    }
    return [String(source.id), [...groups].map(([start, group]) => groupRow(start, group))]
  })
  return { measurements: Object.fromEntries(rows) }
}

function groupRow(start: number, group: SensoristMeasurement[]): Record<string, unknown> {
  const values = group.map(({ value }) => value)
  const average = values.reduce((sum, value) => sum + value, 0) / values.length
  return {
    date: sensoristDate(start), value: round(average, 2), type: 10, seq: group.at(-1)?.seq ?? null,
    min: Math.min(...values), max: Math.max(...values),
  }
}

interface RawRow {
  id: number
  measurement: SensoristMeasurement
}

function rawRows({ state, context }: Caller, sources: Located[], query: URLSearchParams): RawRow[] {
  const first = query.get('seq_from')
  const last = query.get('seq_to')
  const now = context.now()
  // By sequence number instead of by period [R0]: "alternatively".
  const { from, to } = first !== null || last !== null ? { from: now - HISTORY, to: now } : periodOf(query, now)
  const low = Number(first ?? 0)
  const high = Number(last ?? Infinity)
  const rows = sources.flatMap(({ source }) => (
    measurementsOf(state, context, source, from, to)
      .filter(({ seq }) => seq >= low && seq <= high)
      .map((measurement) => ({ id: source.id, measurement }))))
  return rows.sort((left, right) => left.measurement.seq - right.measurement.seq)
}

function offsetOf(query: URLSearchParams): number {
  const text = query.get('offset')
  if (text === null || text === '') return 0
  if (!/^\d+$/.test(text)) throw new Refusal(400, 'Invalid offset')
  return Number(text)
}

function grouped(sources: Located[], rows: RawRow[]): Map<number, unknown[]> {
  const lists = new Map<number, unknown[]>(sources.map(({ source }) => [source.id, []]))
  for (const { id, measurement } of rows) lists.get(id)?.push(measurementRow(measurement))
  return lists
}

/** At most 5,000 in one answer, then `next` to be sent back as `offset` [R0]. INF: an array for each id. */
function raw(caller: Caller, sources: Located[], query: URLSearchParams): Record<string, unknown> {
  const { rawPage, nextPlace, nextAtEnd } = caller.state.choices
  const offset = offsetOf(query)
  const all = rawRows(caller, sources, query)
  const next = (count: number): Record<string, unknown> => {
    if (offset + rawPage < count) return { next: offset + rawPage }
    return nextAtEnd === 'null' ? { next: null } : {}
  }
  if (nextPlace === 'top') {
    const lists = grouped(sources, all.slice(offset, offset + rawPage))
    return { measurements: Object.fromEntries(lists), ...next(all.length) }
  }
  const entries = sources.map(({ source }): [string, unknown] => {
    const own = all.filter(({ id }) => id === source.id)
    const page = own.slice(offset, offset + rawPage).map(({ measurement }) => measurementRow(measurement))
    return [String(source.id), { measurements: page, ...next(own.length) }]
  })
  return { measurements: Object.fromEntries(entries) }
}

/** GET /measurements: `data_sources` all of one gateway, and one of four types [R0]. */
export function measurements(caller: Caller, query: URLSearchParams): Record<string, unknown> {
  const ids = commaList(query.get('data_sources'))
  if (!ids) throw new Refusal(400, 'Missing parameter: data_sources')
  const sources = [...new Set(ids)].map((id) => sourceOf(caller, id))
  if (new Set(sources.map(({ gateway }) => gateway.id)).size > 1) {
    // U: the status. That a mixed request is rejected: R0, R2.
    throw new Refusal(400, 'All data sources must belong to the same gateway')
  }
  switch (query.get('type')) {
    case 'latest': return latest(caller, sources)
    case 'min_max': return minMax(caller, sources, query)
    case 'range': return range(caller, sources, query)
    case 'raw': return raw(caller, sources, query)
    default: throw new Refusal(400, 'type must be latest, min_max, range or raw')
  }
}

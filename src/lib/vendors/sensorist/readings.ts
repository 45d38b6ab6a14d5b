/** Measurement rows to readings. */
import { isRecord } from '../../base/foreign'
import { readingOf, readingsOf, type Origin, type Reading } from '../../vocabulary/reading'
import { sentence } from '../../base/sentence'
import { momentOf } from '../../base/time'
import { WireError } from '../../vocabulary/validation'
import { measureOf, type DataSource } from './inventory'
import type { Row } from './wire'

/** Readings of one row of a data source. */
export function readingsOfRow(source: DataSource, row: Row, fallbackTime: number): Reading[] {
  const { date, value, min, max, ...rest } = row
  const timestamp = isDate(date) ? readDate(date, source.id) : fallbackTime
  const measure = measureOf(source)
  const read = (extra: Readonly<Record<string, unknown>>, measured: Reading['value']): Reading => readingOf(originOf(source, timestamp, extra), source.kind, measured, measure)
  /** An extreme in the unit of the value. */
  const inUnit = (extreme: unknown): unknown => (isValue(extreme) ? read({}, extreme).value : extreme)
  if (isValue(value)) return [read({ ...rest, ...given({ min: inUnit(min), max: inUnit(max) }) }, value)]
  // Without a value of its own a row gives what it has, each under the vendor's name.
  const properties = Object.entries({ ...rest, value, min, max }).filter(([name]) => !HEADER.has(name))
  return readingsOf(originOf(source, timestamp, given({ seq: rest.seq, type: rest.type })), properties, () => undefined)
}

const HEADER = new Set(['seq', 'type', 'id', 'data_source', 'data_source_id'])
const EXTREMES = ['min', 'max'] as const

/**
 * Readings of the minimum and the maximum. How the vendor names their dates is not known,
 * so the usual forms are tried: `{ min: { value, date } }`, or `min` beside `min_date`.
 */
export function extremesOfRow(source: DataSource, row: Row, fallbackTime: number): Reading[] {
  const readings = EXTREMES.flatMap((name): Reading[] => {
    const found = extreme(row, name)
    if (!found) return []
    const timestamp = found.date === undefined ? fallbackTime : readDate(found.date, source.id)
    const origin = originOf(source, timestamp, { statistic: name, row })
    return [readingOf(origin, source.kind, found.value, measureOf(source))]
  })
  return readings.length > 0 ? readings : readingsOfRow(source, row, fallbackTime)
}

function extreme(row: Row, name: 'min' | 'max'): { value: Reading['value']; date: WireDate | undefined } | undefined {
  const entry = row[name]
  if (isRecord(entry) && isValue(entry.value))
    return { value: entry.value, date: [entry.date, row.date].find(isDate) }
  if (!isValue(entry)) return undefined
  const dates = [row[`${name}_date`], row[`date_${name}`], row[`${name}Date`], row.date]
  return { value: entry, date: dates.find(isDate) }
}

type WireDate = string | number

const isDate = (value: unknown): value is WireDate => typeof value === 'string' || typeof value === 'number'

function originOf(source: DataSource, timestamp: number, extra: Readonly<Record<string, unknown>>): Origin {
  const { id, title, gateway, gatewayTitle, sensor, sensorTitle } = source
  return {
    vendor: 'sensorist',
    device: gateway,
    sensor,
    timestamp,
    extra: { dataSource: id, ...given({ title, sensorTitle, gatewayTitle }), ...extra },
  }
}

/** Dates are UTC, with `+0000` and no colon [R2 live]. */
function readDate(date: WireDate, source: string): number {
  const epoch = momentOf(date)
  if (epoch === undefined) throw new WireError(sentence`the date of a measurement of data source ${source} is "${date}", expected ISO 8601`)
  return epoch
}

const isValue = (value: unknown): value is Reading['value'] =>
  typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean'

/** What has a value. A loop, since an answer may have 100,000 rows and each needs several of these. */
function given(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const found: Record<string, unknown> = {}
  for (const name of Object.keys(values)) if (values[name] !== undefined && values[name] !== null) found[name] = values[name]
  return found
}

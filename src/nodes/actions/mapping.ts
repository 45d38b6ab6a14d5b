/** Maps readings of get data to the sensors of another cloud, by a table of the node. */
import { ApiError } from '../../lib/base/api-error'
import { isRecord, scalarText } from '../../lib/base/foreign'
import { sentence } from '../../lib/base/sentence'

/** A row of the table. An empty cell matches anything. */
interface MappingRow {
  device: string
  sensor: string
  quantity: string
  /** The sensor that matching readings are sent to; empty to leave them out. */
  sensorSlug: string
}

const CONDITIONS = ['device', 'sensor', 'quantity'] as const

/** The rows of a flow file. A row with neither a condition nor a sensor is one that was added and left empty. */
export const readMapping = (stored: readonly unknown[]): MappingRow[] =>
  stored
    .filter(isRecord)
    .map((row) => {
      const cell = (name: keyof MappingRow): string => scalarText(row[name]).trim()
      return { device: cell('device'), sensor: cell('sensor'), quantity: cell('quantity'), sensorSlug: cell('sensorSlug') }
    })
    .filter((row) => Object.values(row).some((text) => text !== ''))

/**
 * The readings as their request takes them. One that already names its sensor stays as it is.
 * @param param one reading or a list of them, as a flow has them
 * @throws ApiError INVALID naming a reading that no row matches
 */
export function mapReadings(param: unknown, rows: readonly MappingRow[]): unknown {
  if (rows.length === 0) return param
  const items: unknown[] = Array.isArray(param) ? param : [param]
  return items.flatMap((item) => mapReading(item, rows))
}

function mapReading(item: unknown, rows: readonly MappingRow[]): unknown[] {
  if (!isRecord(item) || item.quantity === undefined) return [item]
  const row = rows.find((candidate) => CONDITIONS.every((name) => candidate[name] === '' || candidate[name] === scalarText(item[name])))
  if (!row) throw unmatched(item)
  const { timestamp, value } = item
  return row.sensorSlug === '' ? [] : [{ sensorSlug: row.sensorSlug, value, timestamp }]
}

function unmatched({ device, quantity, sensor }: Record<string, unknown>): ApiError {
  const where = sentence`device "${scalarText(device)}", sensor "${scalarText(sensor)}", quantity "${scalarText(quantity)}"`
  return new ApiError('INVALID', sentence`no row of the mapping matches the reading of ${where}; add a row in the node, without a sensor slug if you want to leave this reading out`)
}

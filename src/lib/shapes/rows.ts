/** Flat rows for SQL and CSV. Every row has all columns, and no value is nested. */
import type { Reading } from '../vocabulary/reading'
import { seriesNamer, storedOf, type Content, type Shape } from './shape'

export type Row = Readonly<Record<string, string | number | null>>

function rowOf(reading: Reading, series: string | null): Row {
  const { channel, device, label, quantity, sensor, timestamp, unit, vendor } = reading
  const { text, value } = storedOf(reading)
  const time = new Date(timestamp).toISOString()
  return { vendor, device, sensor, label, quantity, channel, series, value, text, unit, timestamp, time }
}

/** The params of a prepared statement in the sqlite node: `INSERT … VALUES ($vendor, $device, …)`. */
const paramsOf = (row: Row): Row => Object.fromEntries(Object.entries(row).map(([column, value]) => [`$${column}`, value]))

/** @param seriesBy properties of `extra` that tell readings of one channel apart */
export function rowsShape(seriesBy: readonly string[]): Shape {
  const nameSeries = seriesNamer(seriesBy)
  const all = (readings: readonly Reading[]): Row[] => {
    const series = nameSeries(readings)
    return readings.map((reading, index) => rowOf(reading, series[index] ?? null))
  }
  return {
    whole: all,
    each: (readings) => all(readings).map((row): Content => ({ payload: row, params: paramsOf(row) })),
  }
}

/** Points as the "influx batch" node of node-red-contrib-influxdb 0.7 takes them: a list, also of one point. */
import type { Reading } from '../vocabulary/reading'
import { seriesNamer, storedOf, type Content, type Shape } from './shape'

/** A point of the influx client (IPoint). */
export interface Point {
  measurement: string
  tags: Record<string, string>
  fields: Record<string, number | string>
  /** The client converts a date to the precision of the node. A number would count as nanoseconds unless the node says otherwise. */
  timestamp: Date
}

/** Line protocol ends a point at a line break, and the clients do not escape it. */
const LINE_BREAKS = /[\r\n]+/g
/** The client for InfluxDB 1 does not escape the name of a measurement. */
const NOT_IN_NAMES = /[\s,=\\]+/g

/** A backslash at the end would escape what follows the tag. */
function tagValue(text: string): string {
  const line = text.replace(LINE_BREAKS, ' ').trim()
  return line.endsWith('\\') ? `${line}/` : line
}

function tagsOf({ channel, device, label, sensor, unit, vendor }: Reading, series: string | null): Record<string, string> {
  const tags = Object.entries({ vendor, device, sensor, label, channel, series, unit }).map(([name, text]) => [name, tagValue(text ?? '')] as const)
  // An empty tag makes the whole point invalid.
  return Object.fromEntries(tags.filter(([, text]) => text !== ''))
}

/** A point needs a field, so that a failed measurement gives no point. */
function pointsOf(reading: Reading, series: string | null): Point[] {
  const fields = Object.fromEntries(Object.entries(storedOf(reading)).filter(([, field]) => field !== null)) as Point['fields']
  if (Object.keys(fields).length === 0) return []
  const { quantity, timestamp } = reading
  return [{ measurement: quantity.replace(NOT_IN_NAMES, '_'), tags: tagsOf(reading, series), fields, timestamp: new Date(timestamp) }]
}

/** @param seriesBy properties of `extra` that tell readings of one channel apart */
export function influxShape(seriesBy: readonly string[]): Shape {
  const nameSeries = seriesNamer(seriesBy)
  const all = (readings: readonly Reading[]): Point[] => {
    const series = nameSeries(readings)
    return readings.flatMap((reading, index) => pointsOf(reading, series[index] ?? null))
  }
  return {
    lists: true,
    whole: all,
    each: (readings) => all(readings).map((point): Content => ({ payload: [point] })),
  }
}

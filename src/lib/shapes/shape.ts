/** What a shape is, and what the shapes share. A shape turns readings into messages for one kind of consumer. */
import type { Reading } from '../vocabulary/reading'

/** The properties that a shape gives a message. */
export interface Content {
  payload: unknown
  [property: string]: unknown
}

export interface Shape {
  /** The payload of one message for all readings. A shape without it always gives one message for each item. */
  whole?(readings: readonly Reading[]): unknown
  /** One content for each item of the shape. */
  each(readings: readonly Reading[]): Content[]
  /** Whether a payload is a list even if it holds one item, so that a Join node must put the lists together. */
  lists?: true
}

/** What tells the readings of one channel apart, as text; null where nothing has to. One for each reading. */
export type NameSeries = (readings: readonly Reading[]) => (string | null)[]

/**
 * Different values of one channel and time are numbered, because a store would keep only one of them. Equal ones are the
 * same measurement, sent twice. The readings of one time may stand on two pages, so numbers go on from page to page.
 * @param seriesBy properties of `extra` that tell readings of one channel apart
 * @returns a function to call with each page of an answer, in their order
 */
export function seriesNamer(seriesBy: readonly string[]): NameSeries {
  let before = new Map<string, Map<Reading['value'], number>>()
  return (readings) => {
    const numbers: typeof before = new Map()
    const names = readings.map(({ channel, device, extra = {}, sensor, timestamp, value }) => {
      const parts = seriesBy.flatMap((name) => (isScalar(extra[name]) ? [String(extra[name])] : []))
      const id = JSON.stringify([device, sensor, channel, timestamp, ...parts])
      const known = numbers.get(id) ?? before.get(id) ?? new Map<Reading['value'], number>()
      const number = known.get(value) ?? known.size + 1
      numbers.set(id, known.set(value, number))
      if (number > 1) parts.push(String(number))
      return parts.length > 0 ? parts.join(' ') : null
    })
    before = numbers
    return names
  }
}

const isScalar = (value: unknown): value is string | number => typeof value === 'string' || typeof value === 'number'

/** A value as a database stores it: a column has one type. */
export interface Stored {
  /** A number; true and false are 1 and 0. */
  value: number | null
  text: string | null
}

/** Both null for a measurement that failed. */
export const storedOf = ({ value }: Reading): Stored => ({
  value: typeof value === 'number' ? value : typeof value === 'boolean' ? Number(value) : null,
  text: typeof value === 'string' ? value : null,
})

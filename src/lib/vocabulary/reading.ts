/** The format of a reading, and the quantities and units that are the same for all vendors. */
import { pushAll } from '../base/foreign'
import { sentence } from '../base/sentence'
import { WireError } from './validation'

export interface Reading {
  vendor: string
  /** Id of the device as the vendor's other operations take it. */
  device: string
  /** Id of the sensor in the device; null where the vendor has no such level. */
  sensor: string | null
  /** What people call the place, such as `Cellar, Rack left`; null where that is not known. */
  label: string | null
  quantity: string
  /** The vendor's own name of the value, such as `ambient`. */
  channel: string
  /** Null where the vendor says that the measurement failed. */
  value: number | string | boolean | null
  /** As written: `°C`, `%`, `hPa`; null where none is known. */
  unit: string | null
  /** Epoch milliseconds UTC. */
  timestamp: number
  /** What the vendor adds; `name` is the vendor's own name of the quantity. */
  extra?: Record<string, unknown>
}

/** A reading in few words, as the topic of its message: `Cellar, Rack left, temp`. Ids stand in for an unknown label. */
export const topicOf = ({ device, sensor, label, channel }: Reading): string =>
  [...(label === null ? [device, sensor] : [label]), channel].filter((part) => part !== null).join(', ')

/** The unit in which each common quantity is given; null for a count. */
export const QUANTITIES = {
  temperature: '°C',
  humidity: '%',
  pressure: 'hPa',
  battery: '%',
  voltage: 'V',
  illuminance: 'lx',
  co2: 'ppm',
  tvoc: 'ppb',
  distance: 'mm',
  acceleration: 'g',
  angle: '°',
  pitch: '°',
  roll: '°',
  speed: 'km/h',
  latitude: '°',
  longitude: '°',
  occupancy: null,
  movement: null,
  'people-in': null,
  'people-out': null,
  signal: '%',
} as const satisfies Record<string, string | null>

export type Quantity = keyof typeof QUANTITIES

/** What a vendor's property measures: a common quantity and the vendor's unit, or only the vendor's own unit. */
export interface Measure {
  quantity?: Quantity
  unit?: string
}

/** Factors from a vendor's unit to the common one. */
const FACTORS: Readonly<Record<string, readonly [to: string, factor: number]>> = {
  Pa: ['hPa', 0.01],
  kPa: ['hPa', 10],
  mg: ['g', 0.001],
  mV: ['V', 0.001],
  lux: ['lx', 1],
  m: ['mm', 1000],
  cm: ['mm', 10],
  'm/s': ['km/h', 3.6],
  ppm: ['ppb', 1000],
}

/** Spellings of the common units. */
const SPELLINGS: Readonly<Record<string, string>> = { v: 'V', C: '°C', F: '°F', deg: '°', lux: 'lx' }

/** Units of the vocabulary, in all spellings. */
export const knownUnits: ReadonlySet<string> = new Set(
  [...Object.values(QUANTITIES), ...Object.keys(FACTORS), ...Object.keys(SPELLINGS), 'dBm', 'mg', 'h', 's', 'Hz'].filter((unit) => unit !== null),
)

/** Multiplies without binary noise: 101.26 × 10 is 1012.6. Twelve digits are more than any sensor has. */
export const scale = (value: number, factor: number): number => Number((value * factor).toPrecision(12))

/**
 * Value and unit of a measurement in the common unit of its quantity.
 * A unit that cannot be converted is kept as it is, so that a value never carries a unit that is not its own.
 */
export function convert(
  quantity: Quantity,
  value: Reading['value'],
  vendorUnit: string,
): { value: Reading['value']; unit: string | null } {
  const target = QUANTITIES[quantity]
  const unit = SPELLINGS[vendorUnit] ?? vendorUnit
  if (target === null || unit === target || unit === '' || value === null) return { value, unit: target }
  if (typeof value !== 'number') return { value, unit }
  if (unit === '°F' && target === '°C') return { value: scale(value - 32, 5 / 9), unit: target }
  const [to, factor] = FACTORS[unit] ?? []
  return to === target && factor !== undefined ? { value: scale(value, factor), unit: target } : { value, unit }
}

/** Where and when properties were measured. */
export interface Origin {
  vendor: string
  device: string
  sensor?: string | null
  timestamp: number
  extra?: Readonly<Record<string, unknown>>
}

const DECIMAL = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i

/** What is measured is a number, also where a vendor writes it as text; a text without a unit is the user's own. */
const measured = (value: Reading['value'], { quantity, unit }: Measure): Reading['value'] =>
  typeof value === 'string' && (quantity ?? unit) !== undefined && DECIMAL.test(value.trim()) ? Number(value) : value

/** One reading of a vendor's property. */
export function readingOf(origin: Origin, name: string, given: Reading['value'], measure: Measure = {}): Reading {
  const { vendor, device, sensor = null, timestamp, extra } = origin
  const value = measured(given, measure)
  const common =
    measure.quantity === undefined
      ? { value, unit: measure.unit ?? null }
      : convert(measure.quantity, value, measure.unit ?? QUANTITIES[measure.quantity] ?? '')
  const added = { name, ...extra }
  const channel = typeof added.name === 'string' ? added.name : name
  return { vendor, device, sensor, label: null, quantity: measure.quantity ?? name, channel, ...common, timestamp, extra: added }
}

/** Readings of one answer or message. A short list such as [1,1,1…] becomes some hundred times its size as readings. */
const MOST_READINGS = 250_000
/** Levels of lists and objects in a property. */
const DEEPEST = 32

const tooMany = (): WireError => new WireError(sentence`it has more than ${MOST_READINGS} readings; request less at a time`)

/**
 * Readings of all properties of a record: known ones by their measure, unknown ones under their own name.
 * Lists and objects are spread with dotted names (`dist.0.1`), null has no value and gives none.
 * @throws WireError for too many readings, and for properties that are nested too deeply
 */
export function readingsOf(
  origin: Origin,
  properties: Iterable<readonly [name: string, value: unknown]>,
  measures: (name: string) => Measure | undefined,
): Reading[] {
  const readings: Reading[] = []
  const add = (name: string, value: unknown, measure: Measure | undefined, depth: number): void => {
    if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') {
      if (readings.length === MOST_READINGS) throw tooMany()
      readings.push(readingOf(origin, name, value, measure))
    } else if (typeof value === 'object' && value !== null) {
      if (depth === DEEPEST) throw new WireError(sentence`a property is nested more than ${DEEPEST} levels deep`)
      // Not Object.entries, whose pairs alone take the memory that the bound is to save.
      for (const key of Object.keys(value)) add(`${name}.${key}`, (value as Record<string, unknown>)[key], measures(key) ?? measure, depth + 1)
    }
  }
  for (const [name, value] of properties) add(name, value, measures(name), 0)
  return readings
}

/**
 * Readings of all items of an answer or message.
 * @throws WireError for too many
 */
export function readingsOfEach<T>(items: Iterable<T>, read: (item: T, index: number) => Iterable<Reading>): Reading[] {
  const readings: Reading[] = []
  let index = 0
  for (const item of items) {
    pushAll(readings, read(item, index))
    if (readings.length > MOST_READINGS) throw tooMany()
    index += 1
  }
  return readings
}

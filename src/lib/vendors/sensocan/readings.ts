/** Checks readings from flows before they are sent [N1], and reads the response that counts them. */
import * as v from 'valibot'
import { isRecord } from '../../base/foreign'
import { describe, FieldError, readField } from '../../vocabulary/validation'
import { formText, sentence, sentenceOf, type Sentence } from '../../base/sentence'
import { checkedReading, json, number, text, time, type Field, type OutgoingReading } from '../../vocabulary/operation'

export interface SensorReading {
  sensorUuid?: string
  sensorSlug?: string
  value: number
  /** Epoch ms. */
  timestamp?: number
  /** V. */
  batteryVoltage?: number
}

export const UUID = '[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}'
export const UUID_HINT = 'a UUID such as 7a8b9c0d-1234-5678-90ab-cdef12345678'
export const DOCS = 'https://docs.sensocan.com/developer/http-api'

/** Of requests with many readings. */
export const TIME_UNVERIFIED = 'SensoCAN documents only for a single reading that a missing time means the time of arrival. The same is assumed here.'

export const sensorUuid = text({
  in: 'path',
  label: 'Sensor UUID',
  help: 'Give the UUID from Device Details > Sensors',
  pattern: UUID,
  patternHint: UUID_HINT,
})

/** Volts, 0 to 100 [N1]. */
export const batteryVoltage = number({
  in: 'none',
  label: 'Battery voltage (V)',
  help: 'Voltage of the device\'s battery, 0 to 100',
  required: false,
  min: 0,
  max: 100,
})

/**
 * Readings as a flow has them: the payload, unless the node says otherwise.
 * @param named whether each must name its sensor
 */
export const readingsField = (help: string, named: boolean) =>
  json({ in: 'none', label: 'Readings', help, shape: 'any', fromPayload: true, read: (value) => readReadings(value, named) })

/** The checked param of a `readingsField`. */
export const readingsOf = (param: unknown): SensorReading[] => param as SensorReading[]

/** Each property of a reading, under the names that flows and the wire use. */
const PROPERTIES: readonly (readonly [key: keyof SensorReading, names: readonly string[], field: Field])[] = [
  ['sensorUuid', ['sensorUuid', 'sensor_uuid'], text({ in: 'none', label: 'Sensor UUID', required: false, pattern: UUID, patternHint: UUID_HINT })],
  ['sensorSlug', ['sensorSlug', 'sensor_slug'], text({ in: 'none', label: 'Sensor slug', required: false })],
  ['value', ['value'], number({ in: 'none', label: 'Value', help: 'Give a number' })],
  ['timestamp', ['timestamp'], time({ in: 'none', label: 'Time', required: false })],
  ['batteryVoltage', ['batteryVoltage', 'battery_voltage'], batteryVoltage],
]

/**
 * One reading or an array of them.
 * @param named whether each must name its sensor
 * @throws FieldError naming the reading and the property
 */
function readReadings(value: unknown, named: boolean): SensorReading[] {
  const items: unknown[] = Array.isArray(value) ? value : [value]
  if (items.length === 0) throw new FieldError(sentence`is an empty list; give at least one reading`)
  return items.map((item, index) => readReading(item, Array.isArray(value) ? itemLabel(index) : undefined, named))
}

/** @param place its name in a list */
function readReading(item: unknown, place: string | undefined, named: boolean): SensorReading {
  const placed = (end: Sentence): Sentence => (place === undefined ? end : sentence`(${place}) ${end}`)
  const wrong = (problem: Sentence, brief: Sentence): FieldError => new FieldError(placed(problem), placed(brief))
  if (!isRecord(item)) throw wrong(sentence`must be an object such as ${named ? EXAMPLE_WITH_SENSOR : EXAMPLE}, not ${describe(item)}`, sentence`must be an object with a value`)
  const given = item as Readonly<Record<string, unknown>>
  const reading: Record<string, unknown> = {}
  for (const [key, names, field] of PROPERTIES) {
    const name = names.find((one) => given[one] !== undefined) ?? key
    try {
      const value = readField(field, given[name])
      if (value !== undefined) reading[key] = value
    } catch (error) {
      throw error instanceof FieldError ? wrong(sentence`has a mistake: "${name}" ${sentenceOf(error)}`, sentence`has a mistake in "${name}"`) : error
    }
  }
  if (named && reading.sensorUuid === undefined && reading.sensorSlug === undefined)
    throw wrong(sentence`has no sensor: give its sensorSlug or sensorUuid, as in ${EXAMPLE_WITH_SENSOR}`, sentence`has no sensor`)
  return reading as unknown as SensorReading
}

const EXAMPLE = '{ "value": 21.5 }'
const EXAMPLE_WITH_SENSOR = '{ "sensorSlug": "temp_01", "value": 21.5 }'

/** What users call a property of a reading, by its name in flows or on the wire. */
export const propertyLabel = (name: string): Sentence | undefined => {
  const found = PROPERTIES.find(([, names]) => names.includes(name))
  return found && formText(found[2].label)
}

/** Readings of a flow as they wait for their delivery: each with what its request says for all. */
export const outgoingReadings = (
  readings: readonly SensorReading[],
  shared: Pick<SensorReading, 'sensorUuid' | 'batteryVoltage'> = {},
): OutgoingReading[] => readings.map((reading) => checkedReading({ ...reading, ...shared }))

/** What errors call a reading of a list. People count from 1. */
export const itemLabel = (index: number): string => `reading ${index + 1}`

/** The request that the flow chose, where it can carry them all; else the one that carries them best. */
export function requestFor(readings: readonly OutgoingReading[], chosen: string | undefined): { operation: string; params: Readonly<Record<string, unknown>> } {
  const [first] = readings
  const uuid = first?.sensorUuid
  const voltage = first?.batteryVoltage
  const params = { readings, ...(voltage === undefined ? {} : { batteryVoltage: voltage }) }
  if (chosen === 'batch') return { operation: 'batch', params }
  const same = uuid !== undefined && readings.every((reading) => reading.sensorUuid === uuid)
  if (chosen === 'bulk' && same) return { operation: 'bulk', params: { ...params, sensorUuid: uuid } }
  return { operation: 'auto', params: { readings } }
}

/** A request carries one battery voltage. */
export const sameBattery = (one: SensorReading | OutgoingReading, other: SensorReading | OutgoingReading): boolean =>
  one.batteryVoltage === other.batteryVoltage

const isoTime = (epoch: number | undefined): { timestamp?: string } =>
  epoch === undefined ? {} : { timestamp: new Date(epoch).toISOString() }

/** A reading as the wire has it, with its sensor's name where a request carries several. */
export const wireReading = ({ sensorSlug: slug, sensorUuid: uuid, value, timestamp }: SensorReading, named: boolean): object => ({
  // Where a request names a sensor by both, the vendor does not say which counts.
  ...(named ? (uuid === undefined ? { sensor_slug: slug } : { sensor_uuid: uuid }) : {}),
  value,
  ...isoTime(timestamp),
})

/** The body of every form: `data`, and the battery's voltage beside it. */
export const wireBody = (data: unknown, voltage: number | undefined): object => ({
  data,
  ...(voltage === undefined ? {} : { battery_voltage: voltage }),
})

const withCount = v.looseObject({ count: v.pipe(v.union([v.number(), v.string()]), v.transform(Number), v.integer()) })

/**
 * The answer to a list of readings: "Successfully processed 3 readings", with their count [N1].
 * @param sent the readings of the request, in the form in which the flow gave them
 * @throws FieldError when fewer were stored than sent, so that the outbox sends them in smaller parts and finds those left out
 */
export function storedCount(body: unknown, sent: unknown): unknown {
  const total = Array.isArray(sent) ? sent.length : 1
  if (v.is(withCount, body) && Number(body.count) < total)
    throw new FieldError(sentence`only ${Number(body.count)} of ${total} readings were stored, and the response does not say which; check the sensor and the time of each`)
  return body
}

/** The readings of a device's messages. */
import { readingOf, readingsOf, readingsOfEach, type Measure, type Origin, type Reading } from '../../vocabulary/reading'
import type { ReadingContext } from '../../vocabulary/operation'
import { isRecord } from '../../base/foreign'
import { HEADER, itemsOf, timestampOf, type Datapoint } from './datapoints'

/**
 * Keys with a unit [S1a, S1c]. A key has a common quantity where it means what the quantity means for every vendor. What a
 * device measures of itself keeps the vendor's name: `ambient` is the temperature inside it, `motion` its vibration.
 * `light` is the tamper flag, not lux; the units of inputs are set by the user.
 */
const MEASURES: readonly (readonly [keys: RegExp, measure: Measure])[] = [
  [/^(vsys|vin|vbat|vreg)$/, { quantity: 'voltage', unit: 'V' }],
  [/^tc\d+$/, { quantity: 'temperature', unit: '°C' }],
  [/^ambient$/, { unit: '°C' }],
  [/^accel_[xyz]$/, { quantity: 'acceleration', unit: 'g' }],
  [/^motion$/, { unit: 'mg' }],
  [/^pitch$/, { quantity: 'pitch' }],
  [/^roll$/, { quantity: 'roll' }],
  [/^angle$/, { quantity: 'angle' }],
  [/^gps_lat$/, { quantity: 'latitude' }],
  [/^gps_lon$/, { quantity: 'longitude' }],
  [/^gps_speed$/, { quantity: 'speed', unit: 'km/h' }],
  [/^wifi_rssi$/, { unit: 'dBm' }],
  [/^freq\d+$/, { unit: 'Hz' }],
  [/^duty\d+$/, { unit: '%' }],
  [/^movement_hrs$/, { unit: 'h' }],
]

const measureOf = (key: string): Measure | undefined => MEASURES.find(([keys]) => keys.test(key))?.[1]

/** A CAN frame has an id, and an event has a topic. */
export const SERIES_BY: readonly string[] = ['id', 'topic']

/** The sensor measures 300 to 1100 hPa, which is 30 to 110 kPa [S1c], so that no value of one unit is plausible in the other. */
const LARGEST_KPA = 200
const LARGEST_HPA = 2000

/**
 * How a pressure was sent. The vendor names no unit: its example of 101.26 is kPa [S1a], its specifications say hPa [S1c].
 * @param unit the account's setting
 */
function pressureMeasure(value: unknown, unit: unknown): Measure {
  if (unit === 'kPa' || unit === 'hPa') return { quantity: 'pressure', unit }
  const first: unknown = Array.isArray(value) ? (value as unknown[])[0] : value
  // An object may have a `toString` that is no function.
  const pressure = typeof first === 'object' ? NaN : Number(first)
  if (pressure > LARGEST_HPA) return {}
  return { quantity: 'pressure', unit: pressure > LARGEST_KPA ? 'hPa' : 'kPa' }
}

/** Readings of datapoints; `deviceId` is the device that was asked for, for a datapoint that does not name its own. */
export const readingsOfDatapoints = (
  vendor: string,
  points: readonly Datapoint[],
  deviceId: string,
  { receivedAt, settings }: ReadingContext,
): Reading[] =>
  readingsOfEach(points, (point) => {
    const device = typeof point.deviceid === 'string' && point.deviceid !== '' ? point.deviceid : deviceId
    return readingsOfDatapoint(point, { vendor, device, timestamp: timestampOf(point) ?? receivedAt }, settings?.pressureUnit)
  })

function readingsOfDatapoint(point: Datapoint, origin: Origin, pressureUnit: unknown): Reading[] {
  const keys = Object.keys(point).filter((key) => !HEADER.has(key))
  return readingsOfEach(keys, (key) => {
    const value = point[key]
    const items = itemsOf(value)
    if (items && /^can\d+$/.test(key)) return readingsOfItems(origin, key, items, frameReading)
    if (items && key === 'events') return readingsOfItems(origin, key, items, eventReading)
    if (key === 'pressure') return readingsOf(origin, [[key, value]], () => pressureMeasure(value, pressureUnit))
    return readingsOf(origin, [[key, value]], measureOf)
  })
}

type ItemReading = (origin: Origin, key: string, item: Record<string, unknown>) => Reading | undefined

/** One reading of each item; an item of another shape is spread like any unknown value. */
const readingsOfItems = (origin: Origin, key: string, items: readonly unknown[], read: ItemReading): Reading[] =>
  readingsOfEach(items, (item, index) => {
    const reading = isRecord(item) ? read(origin, key, item) : undefined
    return reading ? [reading] : readingsOf(origin, [[`${key}.${index}`, item]], measureOf)
  })

const isValue = (value: unknown): value is number | string | boolean =>
  typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean'

/** A CAN frame: decimal 29-bit id, data in hexadecimal [S1a]. */
function frameReading(origin: Origin, key: string, frame: Record<string, unknown>): Reading | undefined {
  const { data, ...extra } = frame
  return isValue(data) ? readingOf({ ...origin, extra }, key, data) : undefined
}

/** An event; its message may be null [S1c], and what its levels mean is not published. */
function eventReading(origin: Origin, key: string, event: Record<string, unknown>): Reading | undefined {
  const { msg, lv, ...extra } = event
  const value = isValue(msg) ? msg : extra.topic
  if (!isValue(value)) return undefined
  if (lv !== undefined && lv !== null) extra.level = levelOf(lv)
  return readingOf({ ...origin, extra }, key, value)
}

const levelOf = (lv: unknown): unknown =>
  typeof lv === 'string' && lv.trim() !== '' && Number.isFinite(Number(lv)) ? Number(lv) : lv

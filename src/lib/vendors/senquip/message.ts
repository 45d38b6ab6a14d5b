/**
 * The message of a Senquip device, which both versions of the vendor's API give as a datapoint [S0, S1a].
 * That the cloud gives it exactly as the device sends it is inferred, so that nothing here insists on a key.
 */
import { isRecord } from '../../base/foreign'
import { digest, listed } from '../../incremental/cursor'
import { describe } from '../../vocabulary/validation'
import { readingOf, readingsOf, readingsOfEach, type Measure, type Origin, type Reading } from '../../vocabulary/reading'
import { sentence, type Words } from '../../base/sentence'
import { number, text, type ReadingContext } from '../../vocabulary/operation'
import { momentOf } from '../../base/time'
import { WireError } from '../../vocabulary/wire'

export type Datapoint = Readonly<Record<string, unknown>>

/** The device id in a path, such as JDA54E19F [S1]. */
export const deviceIdField = text({
  in: 'path',
  label: 'Device',
  help: 'Give the device id printed under the lid or on the box, nine letters and digits such as JDA54E19F.',
  pattern: '[A-Za-z0-9]{9}',
  patternHint: 'a device id of nine letters and digits, such as JDA54E19F',
  pick: 'devices',
  placeholder: 'JDA54E19F',
})

/** How many datapoints an answer is to hold. */
export const datapointsField = (help: string) =>
  number({ in: 'query', label: 'Datapoints', help, required: false, integer: true, min: 1 })

/** Keys that say whose message it is and when it was measured. */
const HEADER = new Set(['ts', 'time', 'deviceid'])

/** Keys with a unit [S1a, S1c]. `light` is the tamper flag, not lux; the units of inputs are set by the user. */
const MEASURES: readonly (readonly [keys: RegExp, measure: Measure])[] = [
  [/^(vsys|vin|vbat|vreg)$/, { quantity: 'voltage', unit: 'V' }],
  [/^(ambient|tc\d+)$/, { quantity: 'temperature', unit: '°C' }],
  // The vendor names no unit; its example of 101.26 can only be kPa.
  [/^pressure$/, { quantity: 'pressure', unit: 'kPa' }],
  [/^accel_[xyz]$/, { quantity: 'acceleration', unit: 'g' }],
  [/^motion$/, { quantity: 'acceleration', unit: 'mg' }],
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

const isArray = (value: unknown): value is unknown[] => Array.isArray(value)

/**
 * The datapoints of an answer: an array, one datapoint, or an object that holds one array of them.
 * @throws WireError when it is none of these
 */
export function datapoints(body: unknown): Datapoint[] {
  if (isArray(body)) return datapointsIn(body, sentence`the body`)
  if (!isRecord(body)) throw new WireError(sentence`the body is ${describe(body)}, expected an array of datapoints`)
  // No device message has keys of these names, so they are an envelope, whatever stands beside them.
  for (const key of ['data', 'datapoints']) {
    const inner = body[key]
    if (isArray(inner)) return datapointsIn(inner, key)
    if (isRecord(inner)) return datapoints(inner)
  }
  if (Object.keys(body).some((key) => HEADER.has(key))) return [body]
  const arrays = Object.entries(body).filter((entry): entry is [string, unknown[]] => isArray(entry[1]))
  const [only] = arrays
  if (only && arrays.length === 1) return datapointsIn(only[1], only[0])
  const found = only ? sentence`arrays under ${arrays.map(([key]) => key).join(', ')}` : sentence`no array`
  throw new WireError(sentence`the body is an object with ${found}, expected one array of datapoints`)
}

function datapointsIn(items: readonly unknown[], place: Words): Datapoint[] {
  return items.map((item, index) => {
    if (isRecord(item)) return item
    throw new WireError(sentence`the item with index ${index} of ${place} is ${describe(item)}, expected a datapoint, an object`)
  })
}

/** The array of an answer that is one or holds exactly one, as a list of devices is likely to; else the answer itself. */
export function listIn(body: unknown): unknown {
  if (!isRecord(body)) return body
  const arrays = Object.values(body).filter(isArray)
  return arrays.length === 1 ? arrays[0] : body
}

/** Readings of datapoints; `deviceId` is the device that was asked for, for a datapoint that does not name its own. */
export const readingsOfDatapoints = (
  vendor: string,
  points: readonly Datapoint[],
  deviceId: string,
  context: ReadingContext,
): Reading[] =>
  readingsOfEach(points, (point) =>
    readingsOfDatapoint(point, {
      vendor,
      device: typeof point.deviceid === 'string' && point.deviceid !== '' ? point.deviceid : deviceId,
      timestamp: timestampOf(point) ?? context.receivedAt,
    }),
  )

/** How a device's datapoints are read since last: a device measures once at a time, but its clock may be set back. */
export const datapointsSince = {
  source: ['deviceId'],
  from: 'from',
  to: 'to',
  limit: 'datapoints',
  ...listed((point: Datapoint) => ({ key: digest(point.ts ?? point.time ?? point), at: timestampOf(point) })),
} as const

/** Epoch ms at which a message was measured; undefined when it does not say. `ts` has one decimal, `time` none [S1a, S1c]. */
export const timestampOf = ({ ts, time }: Datapoint): number | undefined => momentOf(ts) ?? momentOf(time)

/** The items of a list, which may come as its only item. */
export const itemsOf = (value: unknown): readonly unknown[] | undefined => (isArray(value) ? value : isRecord(value) ? [value] : undefined)

function readingsOfDatapoint(point: Datapoint, origin: Origin): Reading[] {
  const properties = Object.entries(point).filter(([key]) => !HEADER.has(key))
  return readingsOfEach(properties, ([key, value]) => {
    const items = itemsOf(value)
    if (items && /^can\d+$/.test(key)) return readingsOfItems(origin, key, items, frameReading)
    if (items && key === 'events') return readingsOfItems(origin, key, items, eventReading)
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

const isValue = (value: unknown): value is Reading['value'] =>
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

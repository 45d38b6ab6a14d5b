/**
 * The datapoints of a response. Each is the message of a device, the same in both versions of the vendor's API [S0,
 * S1a]. It is inferred that the cloud returns messages unchanged, so no key is required here.
 */
import { isRecord } from '../../base/foreign'
import { digest, listed } from '../../incremental/cursor'
import { describe, WireError } from '../../vocabulary/validation'
import { sentence, type Words } from '../../base/sentence'
import { momentOf } from '../../base/time'

export type Datapoint = Readonly<Record<string, unknown>>

/** Keys that say whose message it is and when it was measured. */
export const HEADER: ReadonlySet<string> = new Set(['ts', 'time', 'deviceid'])

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
    throw new WireError(sentence`datapoint ${index + 1} of ${place} is ${describe(item)}, expected an object`)
  })
}

/** Epoch ms at which a message was measured; undefined when it does not say. `ts` has one decimal, `time` none [S1a, S1c]. */
export const timestampOf = ({ ts, time }: Datapoint): number | undefined => momentOf(ts) ?? momentOf(time)

/** The items of a list, which may come as its only item. */
export const itemsOf = (value: unknown): readonly unknown[] | undefined => (isArray(value) ? value : isRecord(value) ? [value] : undefined)

/** How a device's datapoints are read since last: a device measures once at a time, but its clock may be set back. */
export const datapointsSince = {
  source: ['deviceId'],
  from: 'from',
  to: 'to',
  limit: 'datapoints',
  ...listed((point: Datapoint) => ({ key: digest(point.ts ?? point.time ?? point), at: timestampOf(point) })),
} as const

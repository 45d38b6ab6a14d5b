/** Callbacks: Sensorist posts its events to an address [R0]. What it posts is not published. */
import { isRecord } from '../../base/foreign'
import * as v from 'valibot'
import type { CallbackEvents, RegisteredCallback, SensorEvent } from '../../vocabulary/events'
import { sentence } from '../../base/sentence'
import { operation } from '../../vocabulary/operation'
import { momentOf } from '../../base/time'
import { wire, WireError } from '../../vocabulary/wire'
import { under } from './envelope'
import { EVENTS } from './event-names'
import callbacks from './operations/callbacks'
import createCallback from './operations/create-callback'
import deleteCallback from './operations/delete-callback'

const Id = v.pipe(v.union([v.number(), v.string()]), v.transform(String))
const Bits = v.nullish(v.pipe(v.union([v.number(), v.string()]), v.transform(Number)))

const readRegistered = wire(v.array(v.looseObject({ id: Id, url: v.string(), type: Bits })))

/** Names of the events whose flags are set. */
const eventsOf = (bits: number): string[] => Object.keys(EVENTS).filter((name) => ((EVENTS[name] ?? 0) & bits) !== 0)

const list = operation({
  verb: 'get-data',
  title: callbacks.title,
  route: 'GET /callbacks',
  fields: {},
  decode: (body): RegisteredCallback[] =>
    readRegistered(under('callbacks')(body)).map(({ id, url, type }) => ({
      id,
      url,
      events: typeof type === 'number' && Number.isInteger(type) ? eventsOf(type) : undefined,
    })),
})

const readPost = wire(v.record(v.string(), v.unknown()))

/** The first that is an id, of an object or by itself. */
function idIn(...places: readonly unknown[]): string | null {
  for (const place of places) {
    const id = isRecord(place) && 'id' in place ? place.id : place
    if (typeof id === 'number' || (typeof id === 'string' && /^\d+$/.test(id))) return String(id)
  }
  return null
}

/** The flag of the event, by the vendor's names for what a callback can be told of; `event` where the post does not say. */
function nameOf(type: unknown): string {
  if (typeof type === 'string' && Object.hasOwn(EVENTS, type)) return type
  const bits = Number(type)
  return Object.keys(EVENTS).find((name) => EVENTS[name] === bits) ?? 'event'
}

function decode(body: unknown, receivedAt: number): Omit<SensorEvent, 'vendor'> {
  const post = readPost(body)
  if (Object.keys(post).length === 0) throw new WireError(sentence`the post is empty`)
  const { date, type, gateway, gateway_id, sensor, sensor_id } = post
  return {
    device: idIn(gateway, gateway_id),
    sensor: idIn(sensor, sensor_id),
    event: nameOf(type),
    timestamp: momentOf(date) ?? receivedAt,
    data: body,
  }
}

export const events: CallbackEvents = {
  kind: 'callback',
  help: 'What Sensorist posts when the button of a sensor is pressed, an alarm changes, or something is wrong with the system, such as a low battery.',
  unverified:
    'Sensorist does not publish what it posts: event, device, sensor and time are taken from where they are likely to stand, and data holds all of it.',
  choices: [
    { value: 'measurement', label: 'Button of a sensor pressed' },
    { value: 'alarm', label: 'Alarm' },
    { value: 'system', label: 'System, such as a low battery' },
  ],
  list,
  create: createCallback,
  remove: deleteCallback,
  decode,
}

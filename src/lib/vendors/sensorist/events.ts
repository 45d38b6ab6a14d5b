/** Callbacks: Sensorist posts its events to a registered address [R0]. The body of a post is not published. */
import { isRecord } from '../../base/foreign'
import * as v from 'valibot'
import type { CallbackEvents, Occurrence, RegisteredCallback } from '../../vocabulary/events'
import { sentence } from '../../base/sentence'
import { operation } from '../../vocabulary/operation'
import { momentOf } from '../../base/time'
import { wire, WireError } from '../../vocabulary/validation'
import { EVENTS } from './fields'
import callbacks from './operations/callbacks'
import createCallback from './operations/create-callback'
import deleteCallback from './operations/delete-callback'
import { readCallbacks } from './wire'

/** Names of the events whose flags are set. */
const eventsOf = (bits: number): string[] => Object.keys(EVENTS).filter((name) => ((EVENTS[name] ?? 0) & bits) !== 0)

const list = operation({
  verb: 'get-data',
  title: callbacks.title,
  route: 'GET /callbacks',
  fields: {},
  decode: (body): RegisteredCallback[] =>
    readCallbacks(body).map(({ id, url, type }) => ({
      id,
      url,
      events: typeof type === 'number' && Number.isInteger(type) ? eventsOf(type) : undefined,
    })),
})

const readPost = wire(v.record(v.string(), v.unknown()))

/** Anyone may post to the address, so a post is bounded. An event of Sensorist is a few measurements and an alarm with its logs. */
const MOST = { levels: 16, values: 10_000, characters: 200_000 } as const

/**
 * Without recursion: a post of many levels must not overflow the stack.
 * @throws WireError when a post is larger than any event
 */
function checkSize(post: unknown): void {
  let [values, characters] = [0, 0]
  for (let level: unknown[] = [post], depth = 0; level.length > 0; depth += 1) {
    const next: unknown[] = []
    for (const value of level) {
      values += 1
      if (typeof value === 'string') characters += value.length
      if (typeof value !== 'object' || value === null) continue
      for (const [key, inner] of Object.entries(value)) {
        characters += key.length
        next.push(inner)
      }
    }
    if (depth > MOST.levels || values + next.length > MOST.values || characters > MOST.characters)
      throw new WireError(sentence`the post is too large for an event: at most ${MOST.levels} levels, ${MOST.values} values and ${MOST.characters} characters are accepted`)
    level = next
  }
}

/** Digits of an id; more are none of Sensorist's. */
const ID = /^\d{1,20}$/

/** The first that is an id, of an object or by itself. */
function idIn(...places: readonly unknown[]): string | null {
  for (const place of places) {
    const id = isRecord(place) && 'id' in place ? place.id : place
    if (ID.test(typeof id === 'number' || typeof id === 'string' ? String(id) : '')) return String(id)
  }
  return null
}

/** The flag of the event, by the vendor's names for what a callback can be told of; `event` where the post does not say. */
function nameOf(type: unknown): string {
  if (typeof type === 'string' && Object.hasOwn(EVENTS, type)) return type
  const bits = Number(type)
  return Object.keys(EVENTS).find((name) => EVENTS[name] === bits) ?? 'event'
}

function decode(body: unknown, receivedAt: number): Omit<Occurrence, 'id'> {
  checkSize(body)
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
  help: 'What Sensorist posts: a pressed button of a sensor, a change of an alarm, or a system event such as a low battery.',
  documented: 'R0, "5.7 POST /callbacks": the post and its causes',
  unverified:
    'Sensorist does not publish the format of its posts. Event, device, sensor and time are read from likely properties; data holds the whole post.',
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

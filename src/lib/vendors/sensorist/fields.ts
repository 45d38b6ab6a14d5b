/** Fields that several operations share. */
import { isoSeconds } from '../../base/time'
import { list, text, time } from '../../vocabulary/operation'

export const DOCS = 'https://api.sensorist.com/'

/** Where address and sign-in are documented. */
export const FRAME = 'R0, "2. Endpoint"; R1: the base URL'

/** What of an operation the document leaves open: its route stands there. */
const answerUnverified = (unverified: string) => ({ unverified, routePublished: true }) as const

export const ANSWER_UNVERIFIED = answerUnverified('Sensorist has not published the format of this response.')

/** @param keys under which the list of an answer is looked for */
export const listUnverified = (...keys: readonly string[]) =>
  answerUnverified(`Sensorist has not published the key of this list. ${keys.map((key) => `"${key}"`).join(' or ')} is used, or else the only array of the response.`)

/** What a callback can be told of: bit flags of its type [R0]. */
export const EVENTS: Readonly<Record<string, number>> = { measurement: 1, alarm: 2, system: 4 }

/** The type of a callback for events by name, or by flags already put together. */
export const eventBits = (events: readonly string[]): number =>
  events.reduce((bits, event) => bits | (EVENTS[event] ?? Number(event)), 0)

const ID = { pattern: '\\d+', patternHint: 'a whole number' } as const

export const dataSources = list({
  in: 'query',
  wire: 'data_sources',
  label: 'Data sources',
  help: 'Give one or more data source ids, comma-separated; the gateways operation lists them. They may belong to several gateways.',
  pick: 'data-sources',
  placeholder: '220200, 220201',
  ...ID,
})

export const from = time({
  in: 'query',
  wireAs: isoSeconds,
  label: 'From',
  placeholder: '-24h',
  help: 'Start of the period; a week ago when empty',
  required: false,
})

export const to = time({ in: 'query', wireAs: isoSeconds, label: 'To', help: 'End of the period; now when empty', required: false })

export const idList = (wire: string, label: string, help: string, pick: string) =>
  list({ in: 'query', wire, label, help, pick, required: false, ...ID })

/** An id that the path names. */
const pathId = (label: string, help: string, pick: string) => text({ in: 'path', label, help, pick, ...ID })

export const gatewayId = pathId('Gateway', 'Give the id of the gateway, as the gateways operation lists it', 'gateways')
export const sensorId = pathId('Sensor', 'Give the id of the sensor, as the gateways operation lists it', 'sensors')
export const alarmId = pathId('Alarm', 'Give the id of the alarm, as the alarms operation lists it', 'alarms')
export const callbackId = pathId('Callback', 'Give the id of the callback, as the callbacks operation lists it', 'callbacks')

/** One data source whose measurements an alarm watches. */
export const dataSource = text({
  in: 'body',
  wire: 'data_source',
  label: 'Data source',
  help: 'Give the id of the data source to watch; the gateways operation lists them',
  pick: 'data-sources',
  placeholder: '220200',
  ...ID,
})

export const gatewayName = {
  in: 'body',
  wire: 'name',
  label: 'Name',
  help: 'Give the new name of the gateway',
  placeholder: 'Cellar',
} as const

/** The `events` in the messages of Senquip devices, for both versions of the vendor's API. */
import { isRecord, textOf } from '../../base/foreign'
import type { Occurrence, PollEvents } from '../../vocabulary/events'
import { deviceIdField, itemsOf, timestampOf, type Datapoint } from './message'
import { number, sequence, text, type Caller, type Params, type Route } from '../../vocabulary/operation'

const fields = { deviceId: text({ ...deviceIdField, in: 'none' }) }

type EventParams = Params<typeof fields>

/** Reads a device's datapoints from a time on (epoch ms). */
type ReadDatapoints = (caller: Caller<EventParams>, deviceId: string, from: number) => Promise<readonly Datapoint[]>

/** An event is `{ topic, msg, lv }` [S1a]; what its levels mean is not published, so that it goes on as it is. */
function occurrences(point: Datapoint, deviceId: string): Occurrence[] {
  const events = itemsOf(point.events)
  const timestamp = timestampOf(point)
  if (!events || timestamp === undefined) return []
  const device = textOf(point.deviceid) || deviceId
  return events.map((item: unknown, index) => ({
    id: `${device}/${timestamp}/${index}`,
    device,
    sensor: null,
    event: (isRecord(item) ? textOf(item.topic) : textOf(item)) || 'event',
    timestamp,
    data: item,
  }))
}

/** The same for both versions but for how datapoints are read. */
export const senquipEvents = (route: Route, readDatapoints: ReadDatapoints): PollEvents => ({
  kind: 'poll',
  help: 'The events in the messages of a device: thresholds that were passed, and what its scripts report.',
  unverified: 'It is assumed that the cloud gives the messages of a device with their events, as the device sends them.',
  fields,
  // One device's worth of a plan is 1000 requests a day [S1]: this leaves some for other nodes.
  interval: number({ in: 'none', label: 'Interval', help: 'Seconds between two reads of the device', default: 120, min: 100 }),
  // A device keeps its messages while it has no connection, and sends them later.
  overlap: 3_600_000,
  read: (since) =>
    sequence({
      verb: 'get-data',
      title: 'Events',
      route,
      measurements: false,
      fields,
      async *run(caller, { deviceId }) {
        const points = await readDatapoints(caller, deviceId, since)
        yield { data: points.flatMap((point) => occurrences(point, deviceId)) }
      },
    }),
})

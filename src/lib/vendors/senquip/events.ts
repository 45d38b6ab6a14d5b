/** The `events` in the messages of Senquip devices, for both versions of the vendor's API. */
import { isRecord, pushAll, textOf } from '../../base/foreign'
import type { Occurrence, PollEvents } from '../../vocabulary/events'
import { itemsOf, timestampOf, type Datapoint } from './datapoints'
import { DATAPOINTS_OF_PERIOD, deviceIdField } from './fields'
import { number, sequence, text, type Caller, type Params, type Route } from '../../vocabulary/operation'

const fields = { deviceId: text({ ...deviceIdField, in: 'none' }) }

type EventParams = Params<typeof fields>

/** Epoch ms. */
interface Period {
  from: number
  to?: number
}

/** Reads a device's datapoints of a period. */
type ReadDatapoints = (caller: Caller<EventParams>, params: EventParams & Period) => Promise<readonly Datapoint[]>

/**
 * All datapoints from a time on. A full answer may lack its oldest or its newest datapoints; which is not published, so
 * that both sides of it are read too. Times on the wire are whole seconds, so that a datapoint may come twice.
 */
async function datapointsFrom(read: (period: Period) => Promise<readonly Datapoint[]>, from: number): Promise<Datapoint[]> {
  const all: Datapoint[] = []
  const periods: Period[] = [{ from }]
  for (let period = periods.shift(); period; period = periods.shift()) {
    const points = await read(period)
    pushAll(all, points)
    if (points.length < DATAPOINTS_OF_PERIOD) continue
    const times = points.flatMap((point) => timestampOf(point) ?? [])
    const before = times.reduce((least, at) => Math.min(least, at), Infinity) + 1000
    const after = times.reduce((most, at) => Math.max(most, at), -Infinity)
    // Each is shorter than this period, so that the reads come to an end.
    if (before > period.from && before < (period.to ?? Infinity)) periods.push({ from: period.from, to: before })
    if (after > period.from && after < (period.to ?? Infinity)) periods.push({ ...period, from: after })
  }
  return all
}

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
  help: 'The events in the messages of a device: crossed thresholds, and reports of its scripts.',
  documented: 'S1a: topic, msg and lv of an event in the message of a device',
  seen: 'S1c, real messages over MQTT',
  unverified: 'Senquip does not publish whether the cloud returns the events in the messages of a device. The meaning of the level "lv" of an event is not published either.',
  fields,
  // One device's worth of a plan is 1000 requests a day [S1]: this leaves some for other nodes.
  interval: number({ in: 'none', label: 'Interval (s)', help: 'Time between two reads of the device', default: 120, min: 100 }),
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
        const points = await datapointsFrom((period) => readDatapoints(caller, { deviceId, ...period }), since)
        yield { data: points.flatMap((point) => occurrences(point, deviceId)) }
      },
    }),
})

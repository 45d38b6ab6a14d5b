import { sequence, type Caller } from '../../../vocabulary/operation'
import { DOCS, outgoingReadings, readingsField, readingsOf, sameBattery, type SensorReading } from '../readings'
import batch from './batch'
import bulk from './bulk'
import reading from './reading'

export default sequence({
  verb: 'send-reading',
  preferred: true,
  title: 'Readings (automatic request)',
  help: 'Takes one reading or an array of readings, and chooses the request for them.',
  docs: DOCS,
  documented: 'N1, "1. Single Sensor Reading", "2. Bulk Sensor Readings" and "3. Batch Readings (Multiple Sensors)"',
  route: 'POST /devices/{account.deviceUuid}/readings',
  mapped: 'readings',
  fields: {
    readings: readingsField('Give one { sensorSlug or sensorUuid, value, timestamp, batteryVoltage } or an array of them; without a time, the time of arrival counts', true),
  },
  outgoing: ({ readings }) => outgoingReadings(readingsOf(readings)),
  measurements: false,
  run: async function* (caller, { readings }) {
    const now = Date.now()
    const all = readingsOf(readings).map((reading) => ({ timestamp: now, ...reading }))
    for (const group of byBattery(all)) yield { data: await sendGroup(caller, group) }
  },
})

/** A request carries one battery voltage, so readings with another go in a request of their own; their order stays. */
function byBattery(readings: readonly SensorReading[]): SensorReading[][] {
  const groups: SensorReading[][] = []
  for (const one of readings) {
    const group = groups.at(-1)
    if (group?.[0] && sameBattery(group[0], one)) group.push(one)
    else groups.push([one])
  }
  return groups
}

function sendGroup<P>(caller: Caller<P>, group: readonly SensorReading[]): Promise<unknown> {
  const [first] = group
  if (!first) return Promise.resolve(null)
  const { batteryVoltage, sensorUuid, timestamp, value } = first
  const battery = batteryVoltage === undefined ? {} : { batteryVoltage }
  const same = sensorUuid !== undefined && group.every((one) => one.sensorUuid === sensorUuid)
  if (!same) return caller.call(batch, { readings: group, ...battery })
  if (group.length > 1) return caller.call(bulk, { sensorUuid, readings: group, ...battery })
  return caller.call(reading, { sensorUuid, value, ...(timestamp === undefined ? {} : { timestamp }), ...battery })
}

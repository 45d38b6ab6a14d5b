import { number, operation, time } from '../../../vocabulary/operation'
import { anything } from '../../../vocabulary/validation'
import { batteryVoltage, DOCS, outgoingReadings, sensorUuid, wireBody, wireReading } from '../readings'

export default operation({
  verb: 'send-reading',
  title: 'One reading',
  help: 'One value of one sensor.',
  docs: DOCS,
  documented: 'N1, "1. Single Sensor Reading"',
  route: 'POST /devices/{account.deviceUuid}/sensors/{sensorUuid}/readings',
  fields: {
    sensorUuid,
    value: number({ in: 'none', label: 'Value', help: 'Give the measured value' }),
    timestamp: time({ in: 'none', label: 'Time', help: 'When it was measured; the time of arrival when empty', required: false }),
    batteryVoltage,
  },
  outgoing: ({ timestamp, ...reading }) =>
    outgoingReadings([{ ...reading, ...(timestamp === undefined ? {} : { timestamp: Number(timestamp) }) }]),
  body: ({ value, timestamp, batteryVoltage: voltage }) =>
    wireBody(wireReading({ value, ...(timestamp === undefined ? {} : { timestamp: Number(timestamp) }) }, false), voltage),
  decode: anything,
})

import { operation } from '../../../vocabulary/operation'
import { batteryVoltage, DOCS, outgoingReadings, readingsField, readingsOf, storedCount, TIME_UNVERIFIED, wireBody, wireReading } from '../readings'

export default operation({
  verb: 'send-reading',
  title: 'Readings of several sensors',
  help: 'One request for all sensors of the device.',
  docs: DOCS,
  documented: 'N1, "3. Batch Readings (Multiple Sensors)"',
  unverified: TIME_UNVERIFIED,
  routePublished: true,
  route: 'POST /devices/{account.deviceUuid}/readings',
  mapped: 'readings',
  fields: {
    readings: readingsField('Give an array of { sensorSlug or sensorUuid, value, timestamp }; the time may be left out', true),
    batteryVoltage,
  },
  outgoing: ({ readings, batteryVoltage: voltage }) =>
    outgoingReadings(readingsOf(readings), voltage === undefined ? {} : { batteryVoltage: voltage }),
  body: ({ readings, batteryVoltage: voltage }) =>
    wireBody(readingsOf(readings).map((reading) => wireReading(reading, true)), voltage),
  decode: (body, sent) => storedCount(body, sent?.readings),
})

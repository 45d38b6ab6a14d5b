import { operation } from '../../../vocabulary/operation'
import { batteryVoltage, DOCS, outgoingReadings, readingsField, readReadings, storedCount, TIME_UNVERIFIED, wireBody, wireReading } from '../readings'

export default operation({
  verb: 'send-reading',
  title: 'Readings of several sensors',
  help: 'One request for all sensors of the device.',
  docs: DOCS,
  documented: 'N1, "3. Batch Readings (Multiple Sensors)"',
  unverified: TIME_UNVERIFIED,
  routePublished: true,
  route: 'POST /devices/{account.deviceUuid}/readings',
  fields: {
    readings: readingsField('Give an array of { sensorSlug or sensorUuid, value, timestamp }; the time may be left out'),
    batteryVoltage,
  },
  outgoing: ({ readings, batteryVoltage: voltage }, entered) =>
    outgoingReadings(readReadings(readings, true), entered, voltage === undefined ? {} : { batteryVoltage: voltage }),
  body: ({ readings, batteryVoltage: voltage }) =>
    wireBody(readReadings(readings, true).map((reading) => wireReading(reading, true)), voltage),
  decode: (body, sent) => storedCount(body, sent?.readings),
})

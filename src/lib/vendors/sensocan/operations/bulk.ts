import { operation } from '../../../vocabulary/operation'
import { batteryVoltage, DOCS, outgoingReadings, readingsField, readingsOf, sensorUuid, storedCount, TIME_UNVERIFIED, wireBody, wireReading } from '../readings'

export default operation({
  verb: 'send-reading',
  title: 'Many readings of one sensor',
  help: 'For example, readings that a device collected while it was offline.',
  docs: DOCS,
  documented: 'N1, "2. Bulk Sensor Readings"',
  unverified: TIME_UNVERIFIED,
  routePublished: true,
  route: 'POST /devices/{account.deviceUuid}/sensors/{sensorUuid}/readings/bulk',
  fields: {
    sensorUuid,
    readings: readingsField('Give an array of { value, timestamp }; the time may be left out', false),
    batteryVoltage,
  },
  outgoing: ({ sensorUuid: uuid, readings, batteryVoltage: voltage }) =>
    outgoingReadings(readingsOf(readings), { sensorUuid: uuid, ...(voltage === undefined ? {} : { batteryVoltage: voltage }) }),
  body: ({ readings, batteryVoltage: voltage }) =>
    wireBody(readingsOf(readings).map((reading) => wireReading(reading, false)), voltage),
  decode: (body, sent) => storedCount(body, sent?.readings),
})

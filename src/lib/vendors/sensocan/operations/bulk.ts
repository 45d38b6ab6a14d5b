import { operation } from '../../../spec'
import { anything } from '../../../wire'
import { batteryVoltage, DOCS, readingsField, readReadings, sensorUuid, wireBody, wireReading } from '../readings'

export default operation({
  verb: 'send-reading',
  title: 'Many readings of one sensor',
  help: 'For instance what a device collected while it was offline.',
  docs: DOCS,
  route: 'POST /devices/{account.deviceUuid}/sensors/{sensorUuid}/readings/bulk',
  fields: {
    sensorUuid,
    readings: readingsField('Give an array of { value, timestamp }; the time may be left out'),
    batteryVoltage,
  },
  body: ({ readings, batteryVoltage: voltage }) =>
    wireBody(readReadings(readings, false).map((reading) => wireReading(reading, false)), voltage),
  decode: anything,
})

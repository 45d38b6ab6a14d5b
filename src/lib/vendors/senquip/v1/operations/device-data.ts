import { datapoints, datapointsField, datapointsSince, deviceIdField, readingsOfDatapoints } from '../../message'
import { operation, time } from '../../../../vocabulary/operation'
import { unixSeconds } from '../../../../base/time'

/** The vendor does not say what its timestamps are: a text goes on untouched, a date as seconds like `ts` [S0, S1a]. */
const TIME_HELP =
  'A date or a number of milliseconds is sent as Unix seconds, a text exactly as written, since Senquip does not publish the form.'

export default operation({
  verb: 'get-data',
  title: 'Data of a device',
  help: 'What a device has measured: the latest datapoints, or those of a time range. The device needs a Hosted plan.',
  docs: 'https://docs.senquip.com/api/v1/',
  unverified:
    'Senquip writes the path as /get-data/{query} and does not say whether the device id alone stands there: if it fails, correct the route in the account.',
  route: 'GET /get-data/{deviceId}',
  fields: {
    deviceId: deviceIdField,
    datapoints: datapointsField('Give how many datapoints to read; when empty, Senquip gives the latest one.'),
    from: time({
      in: 'query',
      label: 'From',
      placeholder: '-24h',
      help: `Give the time of the oldest datapoint. ${TIME_HELP}`,
      required: false,
      passText: true,
      wireAs: unixSeconds,
    }),
    to: time({
      in: 'query',
      label: 'To',
      help: `Give the time of the newest datapoint. ${TIME_HELP}`,
      required: false,
      passText: true,
      wireAs: unixSeconds,
    }),
  },
  decode: datapoints,
  since: datapointsSince,
  readings: (points, { deviceId }, context) => readingsOfDatapoints('senquip-v1', points, deviceId, context),
})

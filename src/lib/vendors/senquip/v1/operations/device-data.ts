import { datapoints, datapointsSince } from '../../datapoints'
import { ANSWER_UNVERIFIED, datapointsField, deviceIdField, fromField, INSIDE_HELP, PRESSURE_UNVERIFIED, toField, withDatapoints } from '../../fields'
import { readingsOfDatapoints } from '../../readings'
import { operation, time } from '../../../../vocabulary/operation'

/** The vendor does not say what its timestamps are: a text goes on untouched, a date as seconds like `ts` [S0, S1a]. */
const TIME_FORM =
  'A date or a number of milliseconds is sent as Unix seconds. A text is sent exactly as written, because Senquip does not publish the format.'

/** `get-data` [S0]. */
export default operation({
  verb: 'get-data',
  title: 'Data of a device',
  latest: true,
  help: `What a device has measured: the latest datapoints, or those of a time range. The device needs a Hosted plan. ${INSIDE_HELP}`,
  docs: 'https://docs.senquip.com/api/v1/',
  documented: 'S0, "get-data"; S0b: the plan it needs; S1a: the message of a device',
  seen: 'S1c, real messages over MQTT',
  unverified:
    `Senquip documents the path as /get-data/{query}. It does not publish whether {query} is the device id alone. If the call fails, correct the route in the account. ${ANSWER_UNVERIFIED} ${PRESSURE_UNVERIFIED}`,
  route: 'GET /get-data/{deviceId}',
  fields: {
    deviceId: deviceIdField,
    datapoints: datapointsField,
    from: time({ ...fromField(TIME_FORM), passText: true }),
    to: time({ ...toField(TIME_FORM), passText: true }),
  },
  prepare: withDatapoints,
  decode: datapoints,
  since: datapointsSince,
  readings: (points, { deviceId }, context) => readingsOfDatapoints('senquip-v1', points, deviceId, context),
})

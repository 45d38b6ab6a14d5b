import { datapoints, datapointsField, datapointsSince, deviceIdField, readingsOfDatapoints } from '../../message'
import { operation, time } from '../../../../vocabulary/operation'
import { unixSeconds } from '../../../../base/time'
import { ROUTE_UNVERIFIED } from '../unverified'

/** `Get Device Data` [S1]; query names as in version 1 of the API [S0]. */
export default operation({
  verb: 'get-data',
  title: 'Data of a device',
  help: 'What a device has measured: the latest datapoints, or those of a time range. The device needs a Trial or Hosted plan.',
  docs: 'https://cloud-api-docs.v2.senquip.com',
  unverified: ROUTE_UNVERIFIED,
  route: 'GET /devices/{deviceId}/data',
  fields: {
    deviceId: deviceIdField,
    datapoints: datapointsField('Give how many datapoints to read; when empty, Senquip decides.'),
    from: time({
      in: 'query',
      label: 'From',
      placeholder: '-24h',
      help: 'Give the time of the oldest datapoint; it is sent as Unix seconds.',
      required: false,
      wireAs: unixSeconds,
    }),
    to: time({
      in: 'query',
      label: 'To',
      help: 'Give the time of the newest datapoint; it is sent as Unix seconds.',
      required: false,
      wireAs: unixSeconds,
    }),
  },
  decode: datapoints,
  since: datapointsSince,
  readings: (points, { deviceId }, context) => readingsOfDatapoints('senquip', points, deviceId, context),
})

import { datapoints, datapointsSince } from '../../datapoints'
import { datapointsField, deviceIdField, INSIDE_HELP, PRESSURE_UNVERIFIED, unixTimes, withDatapoints } from '../../fields'
import { readingsOfDatapoints } from '../../readings'
import { operation } from '../../../../vocabulary/operation'
import { DOCS, ROUTE_UNVERIFIED } from '../documentation'

/** `Get Device Data` [S1]; query names as in version 1 of the API [S0]. */
export default operation({
  verb: 'get-data',
  title: 'Data of a device',
  help: `What a device has measured: the latest datapoints, or those of a time range. The device needs a Trial or Hosted plan. ${INSIDE_HELP}`,
  docs: DOCS,
  unverified: `${ROUTE_UNVERIFIED} ${PRESSURE_UNVERIFIED}`,
  route: 'GET /devices/{deviceId}/data',
  fields: { deviceId: deviceIdField, datapoints: datapointsField, ...unixTimes },
  prepare: withDatapoints,
  decode: datapoints,
  since: datapointsSince,
  readings: (points, { deviceId }, context) => readingsOfDatapoints('senquip', points, deviceId, context),
})

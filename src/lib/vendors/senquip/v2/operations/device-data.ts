import { datapoints, datapointsSince } from '../../datapoints'
import { ANSWER_UNVERIFIED, datapointsField, deviceIdField, INSIDE_HELP, PRESSURE_UNVERIFIED, unixTimes, withDatapoints } from '../../fields'
import { readingsOfDatapoints } from '../../readings'
import { operation } from '../../../../vocabulary/operation'
import { DOCS, ROUTE_UNVERIFIED } from '../../sources'

/** `Get Device Data` [S1]; query names as in version 1 of the API [S0]. */
export default operation({
  verb: 'get-data',
  title: 'Data of a device',
  latest: true,
  help: `What a device has measured: the latest datapoints, or those of a time range. The device needs a Trial or Hosted plan. ${INSIDE_HELP}`,
  docs: DOCS,
  documented: 'S1, "API Access for Devices Without a Hosted Plan": the name of the call and the plans it needs; S1a: the message of a device',
  seen: 'S1c, real messages over MQTT',
  unverified: `${ROUTE_UNVERIFIED} ${ANSWER_UNVERIFIED} ${PRESSURE_UNVERIFIED}`,
  route: 'GET /devices/{deviceId}/data',
  fields: { deviceId: deviceIdField, datapoints: datapointsField, ...unixTimes },
  prepare: withDatapoints,
  decode: datapoints,
  since: datapointsSince,
  readings: (points, { deviceId }, context) => readingsOfDatapoints('senquip', points, deviceId, context),
})

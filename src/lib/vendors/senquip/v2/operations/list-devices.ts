import { deviceNames, listIn } from '../../devices'
import { operation } from '../../../../vocabulary/operation'
import { DOCS, ROUTE_UNVERIFIED } from '../../sources'

/** `List All Devices` [S1]. */
export default operation({
  verb: 'get-data',
  title: 'List of devices',
  help: 'All devices of the account, as Senquip describes them.',
  docs: DOCS,
  documented: 'S1, "Getting Started": the name of the call',
  unverified: ROUTE_UNVERIFIED,
  route: 'GET /devices',
  fields: {},
  decode: listIn,
  names: deviceNames,
})

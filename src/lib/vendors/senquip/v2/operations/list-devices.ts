import { listIn } from '../../message'
import { operation } from '../../../../vocabulary/operation'
import { ROUTE_UNVERIFIED } from '../unverified'

/** `List All Devices` [S1]. */
export default operation({
  verb: 'get-data',
  title: 'List of devices',
  help: 'All devices of the account, as Senquip describes them.',
  docs: 'https://cloud-api-docs.v2.senquip.com',
  unverified: ROUTE_UNVERIFIED,
  route: 'GET /devices',
  fields: {},
  decode: listIn,
})

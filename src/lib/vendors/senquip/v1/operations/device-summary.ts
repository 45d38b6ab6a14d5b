import { deviceNames, listIn } from '../../devices'
import { operation } from '../../../../vocabulary/operation'

/** The path is published, the answer is not [S0]. */
export default operation({
  verb: 'get-data',
  title: 'Summary of devices',
  help: 'The devices of the API account, as Senquip sums them up.',
  docs: 'https://docs.senquip.com/api/v1/',
  documented: 'S0, "get-device-summary": the path',
  unverified: 'Senquip does not publish the format of this response. It is returned unchanged.',
  routePublished: true,
  route: 'GET /get-device-summary',
  fields: {},
  decode: listIn,
  names: deviceNames,
})

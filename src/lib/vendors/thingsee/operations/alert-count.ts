import { operation } from '../../../vocabulary/operation'
import { DOCS } from '../fields'
import { alertCount } from '../wire'

export default operation({
  verb: 'get-data',
  title: 'Number of things with alerts',
  help: 'How many things have an active alert.',
  docs: DOCS,
  documented: 'H0, "Get alert count"',
  route: 'GET /things/alerts/count',
  fields: {},
  decode: alertCount,
})

import { operation } from '../../../vocabulary/operation'
import { DOCS } from '../fields'
import { alertingThings } from '../wire'

export default operation({
  verb: 'get-data',
  title: 'Things with alerts',
  help: 'The tuids of all things that have an active alert.',
  docs: DOCS,
  documented: 'H0, "Get all alerts"',
  route: 'GET /things/alerts',
  fields: {},
  decode: alertingThings,
})

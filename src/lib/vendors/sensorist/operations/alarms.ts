import { operation } from '../../../vocabulary/operation'
import { DOCS, listUnverified } from '../fields'
import { listUnder } from '../wire'

export default operation({
  verb: 'get-data',
  title: 'Alarms',
  help: 'The alarms of the user with their current state and most recent logs.',
  docs: DOCS,
  documented: 'R0, "4.4 GET /alarms"',
  ...listUnverified('alarms'),
  route: 'GET /alarms',
  fields: {},
  decode: listUnder('alarms'),
})

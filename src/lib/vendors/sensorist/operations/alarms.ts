import { operation } from '../../../vocabulary/operation'
import { under } from '../envelope'
import { DOCS } from '../fields'

export default operation({
  verb: 'get-data',
  title: 'Alarms',
  help: 'The alarms with their state and latest events.',
  docs: DOCS,
  route: 'GET /alarms',
  fields: {},
  decode: under('alarms'),
})

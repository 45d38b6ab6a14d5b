import { operation } from '../../../vocabulary/operation'
import { under } from '../envelope'
import { DOCS } from '../fields'

export default operation({
  verb: 'get-data',
  title: 'Callbacks',
  help: 'The addresses to which Sensorist posts events.',
  docs: DOCS,
  route: 'GET /callbacks',
  fields: {},
  decode: under('callbacks'),
})

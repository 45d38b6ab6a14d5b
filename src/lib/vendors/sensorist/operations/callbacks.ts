import { operation } from '../../../vocabulary/operation'
import { DOCS, listUnverified } from '../fields'
import { listUnder } from '../wire'

export default operation({
  verb: 'get-data',
  title: 'Callbacks',
  help: 'The addresses to which Sensorist posts events.',
  docs: DOCS,
  documented: 'R0, "4.6 GET /callbacks"',
  ...listUnverified('callbacks'),
  route: 'GET /callbacks',
  fields: {},
  decode: listUnder('callbacks'),
})

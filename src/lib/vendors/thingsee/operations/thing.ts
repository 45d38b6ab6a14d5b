import { operation } from '../../../vocabulary/operation'
import { DOCS, tuid } from '../fields'
import { thing } from '../wire'

export default operation({
  verb: 'get-data',
  title: 'State of a thing',
  help: 'Battery level, place, gateway and software version of a thing, and when it was last heard of.',
  docs: DOCS,
  route: 'GET /things/{tuid}',
  device: 'tuid',
  fields: { tuid },
  decode: thing,
})

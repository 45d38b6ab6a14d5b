import { operation } from '../../../vocabulary/operation'
import { DOCS, tuid } from '../fields'
import { readingsOfThing } from '../thing'
import { thing } from '../wire'

export default operation({
  verb: 'get-data',
  title: 'State of a thing',
  help: 'Battery level, place, gateway and software version of a thing, as readings with the time of its last event.',
  docs: DOCS,
  route: 'GET /things/{tuid}',
  device: 'tuid',
  fields: { tuid },
  decode: thing,
  readings: (body, { tuid }, { receivedAt }) => readingsOfThing(body, tuid, receivedAt),
})

import { operation } from '../../../spec'
import { DOCS, from, to, tuid } from '../fields'
import { thingAlerts } from '../wire'

export default operation({
  verb: 'get-data',
  title: 'Alerts of a thing',
  help: 'When a thing missed its heartbeat, lost its gateway, and so on; works for sensors and gateways. Times are UTC.',
  docs: DOCS,
  route: 'GET /things/{tuid}/alerts',
  device: 'tuid',
  fields: { tuid, from, to },
  decode: thingAlerts,
})

import { momentOf } from '../../../base/time'
import { operation } from '../../../vocabulary/operation'
import { readingsOf, type Measure } from '../../../vocabulary/reading'
import { DOCS, tuid } from '../fields'
import { thing } from '../wire'

/** Gateway and version are texts of their own names. */
const MEASURES: Readonly<Record<string, Measure>> = {
  battery_level: { quantity: 'battery', unit: '%' },
  lat: { quantity: 'latitude' },
  lon: { quantity: 'longitude' },
}

export default operation({
  verb: 'get-data',
  title: 'State of a thing',
  latest: true,
  help: 'Battery level, place, gateway and software version of a thing, as readings with the time of its last event.',
  docs: DOCS,
  documented: 'H0, "Get general information of a thing"',
  seen: 'H4 and H5 read the answer',
  route: 'GET /things/{tuid}',
  device: 'tuid',
  fields: { tuid },
  decode: thing,
  readings({ timestamp, ...properties }, { tuid }, { receivedAt }) {
    const origin = { vendor: 'thingsee', device: tuid, timestamp: momentOf(timestamp) ?? receivedAt }
    return readingsOf(origin, Object.entries(properties), (name) => (Object.hasOwn(MEASURES, name) ? MEASURES[name] : undefined))
  },
})

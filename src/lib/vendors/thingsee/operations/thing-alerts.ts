import { digest } from '../../../incremental/cursor'
import { operation, type SinceItem } from '../../../vocabulary/operation'
import { parseIso } from '../../../base/time'
import { ALERT_TIMES_UNVERIFIED, DOCS, from, to, tuid } from '../fields'
import { thingAlerts, type ThingAlerts } from '../wire'

type AlertRow = ThingAlerts[number]

/** An alert that ends is new again, with its end. */
const sinceItem = ({ tuid, alert_type: type }: AlertRow, { from, to }: AlertRow['alerts'][number]): SinceItem => ({
  key: digest([tuid, type, from, to]),
  at: parseIso(to ?? from ?? ''),
})

export default operation({
  verb: 'get-data',
  title: 'Alerts of a thing',
  help: 'When a thing missed its heartbeat, lost its gateway, and so on; works for sensors and gateways. A begin of 1970-01-01 means that the time is unknown.',
  docs: DOCS,
  documented: 'H0, "Get alerts of a thing"',
  unverified: ALERT_TIMES_UNVERIFIED,
  routePublished: true,
  route: 'GET /things/{tuid}/alerts',
  device: 'tuid',
  fields: { tuid, from, to },
  decode: thingAlerts,
  since: {
    source: ['tuid'],
    from: 'from',
    items: (rows) => rows.flatMap((row) => row.alerts.map((alert) => sinceItem(row, alert))),
    keep(rows, keys) {
      const wanted = new Set(keys)
      return rows
        .map((row) => ({ ...row, alerts: row.alerts.filter((alert) => wanted.delete(sinceItem(row, alert).key)) }))
        .filter(({ alerts }) => alerts.length > 0)
    },
  },
})

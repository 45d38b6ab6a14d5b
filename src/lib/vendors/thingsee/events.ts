/** Alerts of things as events. Haltian posts nothing by itself, so the alerts are read again and again. */
import type { Occurrence, PollEvents } from '../../vocabulary/events'
import { number, sequence, text } from '../../vocabulary/operation'
import { parseIso } from '../../base/time'
import { tuid } from './fields'
import alerts from './operations/alerts'
import thingAlertsOperation from './operations/thing-alerts'
import type { thingAlerts } from './wire'

type AlertRows = ReturnType<typeof thingAlerts>

const fields = {
  tuid: text({ ...tuid, in: 'none', required: false, help: 'Give the tuid of one thing; empty for all things that have an alert' }),
}

const read = (since: number) =>
  sequence({
    verb: 'get-data',
    title: 'Alerts',
    route: 'GET /things/alerts',
    measurements: false,
    fields,
    async *run(caller, params) {
      const tuids = params.tuid === undefined ? (await caller.call(alerts, {})).alerting_tuids : [params.tuid]
      for (const thing of tuids) {
        const rows = await caller.call(thingAlertsOperation, { tuid: thing, from: since })
        yield { data: occurrences(rows, since) }
      }
    },
  })

/** An alert has no id; thing, kind and start are the same for as long as it goes on. Without `from` a vendor may send its whole history. */
function occurrences(rows: AlertRows, since: number): Occurrence[] {
  return rows.flatMap((row) =>
    row.alerts
      .map(({ from, to }) => ({ from: momentOf(from) ?? 0, to: momentOf(to) ?? Infinity, alert: { from, to } }))
      .filter(({ to }) => to >= since)
      .map(({ from, to, alert }) => ({
        id: `${row.tuid}/${row.alert_type}/${from}`,
        device: row.tuid,
        sensor: null,
        event: row.alert_type,
        timestamp: from,
        ongoing: to === Infinity,
        data: { tuid: row.tuid, alert_type: row.alert_type, ...alert },
      })),
  )
}

const momentOf = (text: string | null | undefined): number | undefined => (typeof text === 'string' ? parseIso(text) : undefined)

export const events: PollEvents = {
  kind: 'poll',
  help: 'Each alert of a thing, such as a missed heartbeat or a lost connection to its gateway, when it begins. An alert that has ended before the next look is told only where one thing is given.',
  fields,
  interval: number({ in: 'none', label: 'Interval', help: 'Seconds between two looks at the alerts', default: 60, min: 10 }),
  // A missed heartbeat begins with the last heartbeat, and is known only later; how much later is not published.
  overlap: 86_400_000,
  read,
}

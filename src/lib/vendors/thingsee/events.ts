/** Alerts of things as events. Haltian posts no events, so the alerts are polled. */
import type { Occurrence, PollEvents } from '../../vocabulary/events'
import { number, operation, sequence, text } from '../../vocabulary/operation'
import { parseIso } from '../../base/time'
import { ALERT_TIMES_UNVERIFIED, from, tuid } from './fields'
import alerts from './operations/alerts'
import { thingAlertsAsSent } from './wire'

type AlertRow = ReturnType<typeof thingAlertsAsSent>[number]

const fields = {
  tuid: text({ ...tuid, in: 'none', required: false, help: 'Give the tuid of one thing; empty for all things that have an alert' }),
}

/** As the operation `thing-alerts`, but with times as the vendor sends them. */
const alertsOfThing = operation({
  verb: 'get-data',
  title: 'Alerts of a thing',
  route: 'GET /things/{tuid}/alerts',
  device: 'tuid',
  fields: { tuid, from },
  decode: thingAlertsAsSent,
})

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
        const rows = await caller.call(alertsOfThing, { tuid: thing, from: since })
        yield { data: rows.flatMap((row) => occurrencesOf(row, since, Date.now())) }
      }
    },
  })

/**
 * Alerts that had not ended before `since`: the vendor may send its whole history.
 * @param since epoch ms
 * @param seenAt epoch ms, the time of an alert whose begin is not known
 */
const occurrencesOf = ({ alerts, ...row }: AlertRow, since: number, seenAt: number): Occurrence[] =>
  alerts
    .map((alert) => ({ alert, begin: momentOf(alert.from), end: momentOf(alert.to) }))
    .filter(({ end }) => end === undefined || end >= since)
    .map(({ alert, begin, end }) => ({
      // An alert has no id. Thing, kind and begin are the same for as long as it goes on.
      id: `${row.tuid}/${row.alert_type}/${begin ?? 0}`,
      device: row.tuid,
      sensor: null,
      event: row.alert_type,
      timestamp: begin ?? end ?? seenAt,
      ongoing: end === undefined,
      ...(begin === undefined ? { undated: true } : {}),
      data: { ...row, ...alert },
    }))

/** Epoch ms; undefined for `1970-01-01T00:00:00`, by which the vendor writes that it does not know [H0]. */
const momentOf = (text: string | null | undefined): number | undefined => (typeof text === 'string' ? parseIso(text) || undefined : undefined)

export const events: PollEvents = {
  kind: 'poll',
  help: 'Reports each alert of a thing when it begins, such as a missed heartbeat or a lost connection to its gateway. An alert that ends before the next poll is reported only if you give one thing. The data are unchanged vendor data.',
  documented: 'H0, "Get all alerts" and "Get alerts of a thing"',
  unverified: ALERT_TIMES_UNVERIFIED,
  fields,
  interval: number({ in: 'none', label: 'Interval (s)', help: 'Time between two polls of the alerts', default: 60, min: 10 }),
  // A missed heartbeat begins with the last heartbeat, and is known only later; how much later is not published.
  overlap: 86_400_000,
  read,
}

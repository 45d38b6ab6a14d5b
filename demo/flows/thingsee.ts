/** Haltian Thingsee: messages of two things, and what is wrong with any. */
import type { Simulator } from '../../test/simulator'
import { SHARED, Tab, account, expression, fixed, fromMessage, tab, whole, type Flow } from './kit'

const MESSAGES = `A thing sends several kinds of message. Message ids 12100 (temperature, humidity, pressure, light) and 24100 (carbon dioxide)
are asked for, with event id 10, the timed reports. Pressure comes in Pa and goes out in hPa, as from every other cloud.
Thingsee gives the newest message first: Sort, a core node, turns that round for the chart.`

const ALERTS = `The first node gives the things with an alert, the second one the alerts of each: it takes the tuid from msg.payload.
Split and Join are the core nodes. The list goes to the Dashboard tab.`

/** One row of the dashboard's list for each alert that has no end yet. */
const ROWS = `[payload.$map($, function($thing) {
  $thing.alerts[$not($exists(to)) or to = null].{
    "wrong": true, "state": "active", "what": $thing.tuid & " " & $thing.alert_type,
    "since": from ? $moment(from).fromNow(true) : ""
  }
})]`

const ids = { messageIds: fixed('12100,24100'), eventIds: fixed('10') }

export function thingsee({ urls, credentials }: Simulator): Flow {
  const id = 'thingsee'
  const on = new Tab(id)
  const cloud = { vendor: 'thingsee', account: 'thingsee-cloud' }
  const messages = (name: string, tuid: string) => ({
    ...cloud, name, operation: 'messages',
    params: { tuid: fixed(tuid), limit: fromMessage('limit'), ...ids },
  })
  return {
    nodes: [
      tab(id, 'Thingsee'),
      account('thingsee-cloud', 'thingsee-account', 'Simulated Thingsee', { baseUrl: urls.thingsee }),
      on.comment('about', [0, 0], 'Thingsee: messages of two things', MESSAGES),
      on.inject('history', [0, 1], 'last 15 minutes', { after: 1 }, ['office', 'air'], { limit: whole(360), history: fixed('yes') }),
      on.inject('live', [0, 2], 'every 10 seconds', { after: 2.4, every: 10 }, ['office', 'air'], { limit: whole(2) }),
      on.getData('office', [1, 1], messages('office', 'TSPD04SIM00000001'), ['order']),
      on.getData('air', [1, 2], messages('air quality', 'TSAR02SIM00000005'), ['order']),
      on.node('sort', 'order', [2, 1.5], { name: 'oldest first', order: 'ascending', as_num: true, target: 'payload', targetType: 'msg', msgKey: 'timestamp', msgKeyType: 'jsonata', seqKey: 'payload', seqKeyType: 'msg' }, [['each']]),
      on.split('each', [3, 1.5], ['readings']),
      on.linkOut('readings', [4, 1.5], 'readings', SHARED.readings),
      on.comment('about-alerts', [0, 4], 'Thingsee: alerts', ALERTS),
      on.inject('check', [0, 5], 'every 10 seconds', { after: 2, every: 10 }, ['alerts']),
      on.getData('alerts', [1, 5], { ...cloud, name: 'things with alerts', operation: 'alerts' }, ['tuids']),
      on.change('tuids', [2, 5], 'their tuids', { payload: expression('[payload.alerting_tuids]') }, ['split']),
      on.split('split', [3, 5], ['details']),
      on.getData('details', [1, 6], { ...cloud, name: 'alerts of the thing', operation: 'thing-alerts', params: { tuid: fromMessage('payload') } }, ['join']),
      on.node('join', 'join', [2, 6], { name: 'together', mode: 'auto', build: 'object', property: 'payload', propertyType: 'msg', key: 'topic', joiner: '\\n', joinerType: 'str', useparts: true, accumulate: false, timeout: '', count: '', reduceRight: false }, [['rows']]),
      on.change('rows', [3, 6], 'rows of the list', { topic: fixed('thingsee'), payload: expression(ROWS) }, ['list']),
      on.linkOut('list', [4, 6], 'alarm list', SHARED.alarms),
      ...on.errors(8),
    ],
    credentials: { 'thingsee-cloud': { ...credentials.thingsee } },
  }
}

/** Haltian Thingsee: messages of two things, and what is wrong with any. */
import type { Simulator } from '../../test/simulator'
import { SHARED, Tab, account, fixed, fromMessage, tab, whole, type Flow } from './kit'

const MESSAGES = `A thing sends several kinds of message. Message ids 12100 (temperature, humidity, pressure, light) and 24100 (carbon dioxide)
are asked for, with event id 10, the timed reports. Pressure comes in Pa and goes out in hPa, as from every other cloud.
Thingsee gives the newest message first: Sort, a core node, turns that round for the chart.`

const ALERTS = `Haltian posts no events, so the node looks every ten seconds which things have an alert, and sends each one once.`

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
      on.inject('history', [0, 1], 'last 15 minutes', { after: 3 }, ['office', 'air'], { limit: whole(360), history: fixed('yes') }),
      on.inject('live', [0, 2], 'every 10 seconds', { after: 8.4, every: 10 }, ['office', 'air'], { limit: whole(2) }),
      on.getData('office', [1, 1], messages('office', 'TSPD04SIM00000001'), ['order']),
      on.getData('air', [1, 2], messages('meeting room', 'TSAR02SIM00000005'), ['order']),
      on.node('sort', 'order', [2, 1.5], { name: 'oldest first', order: 'ascending', as_num: true, target: '', targetType: 'seq', msgKey: '', msgKeyType: 'elem', seqKey: 'timestamp', seqKeyType: 'msg' }, [['values']]),
      on.linkOut('values', [3, 1.5], 'values', SHARED.values),
      on.comment('about-alerts', [0, 4], 'Thingsee: alerts', ALERTS),
      on.onEvent('alert', [0, 5], 'new alerts', cloud.vendor, cloud.account, { interval: '10' }, ['what']),
      on.change('what', [1, 5], 'what happened', { what: fromMessage('payload.event') }, ['event']),
      on.linkOut('event', [2, 5], 'event', SHARED.events),
      ...on.errors(7),
    ],
    credentials: { 'thingsee-cloud': { ...credentials.thingsee } },
  }
}

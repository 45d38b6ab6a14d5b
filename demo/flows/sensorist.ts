/** Sensorist: latest measurements of two gateways, a day in groups, and the alarms. */
import type { Simulator } from '../../test/simulator'
import { SHARED, Tab, account, expression, fixed, tab, whole, type Flow } from './kit'

const MEASUREMENTS = `Four data sources of two gateways in one node. Sensorist takes one gateway in a request;
the node looks up where each data source belongs and puts the answers together.
The node below reads every measurement of the last quarter of an hour, once, so that the chart is not empty.`

const RANGE = `Averages over steps of the last 24 hours, grouped by Sensorist. The chart takes the readings as they are:
x is timestamp, y is value, the series is extra.sensorTitle.`

const ALARMS = `The alarms of the account with their state and latest events. An alarm names its data source by id only,
so the first node reads the gateways and Change keeps the names. The list goes to the Dashboard tab.`

const EVENTS = `Sensorist posts to this Node-RED when an alarm changes. The node has registered its address there by itself.
What happens becomes a notice on the dashboard.`

const NOTICE = `"Sensorist alarm " & payload.data.alarm.state & ": " & $lookup($flowContext("names"), $string(payload.data.data_source))`

/** Name of each data source's sensor and kind by its id. */
const NAMES = 'payload.devices.($sensor := title; devices.{ $string(id): $sensor & " " & $lowercase(title) }) ~> $merge'

const ROWS = `[payload.{
  "wrong": state = "triggered", "state": state,
  "what": $lookup($flowContext("names"), $string(data_source)) & " " & direction & " " & value,
  "since": logs[0] ? $moment(logs[0].date).fromNow(true) : ""
}]`

/** Temperature and humidity of the sensors Rack left (gateway Cellar) and Fridge (gateway Kitchen). */
const SOURCES = '220200,220201,220208,220209'
const QUARTER = expression('$millis() - 900000')
const DAY = expression('$millis() - 86400000')

export function sensorist({ urls, credentials }: Simulator, ownUrl: string): Flow {
  const id = 'sensorist'
  const on = new Tab(id)
  const cloud = { vendor: 'sensorist', account: 'sensorist-cloud' }
  return {
    nodes: [
      tab(id, 'Sensorist'),
      account('sensorist-cloud', 'sensorist-account', 'Simulated Sensorist', { baseUrl: urls.sensorist, impersonate: '' }),
      on.comment('about', [0, 0], 'Sensorist: measurements', MEASUREMENTS),
      on.inject('live', [0, 1], 'every 10 seconds', { after: 8, every: 10 }, ['latest']),
      on.getData('latest', [1, 1], { ...cloud, name: 'latest', operation: 'measurements-latest', emit: 'each', params: { dataSources: fixed(SOURCES) } }, ['readings']),
      on.inject('history', [0, 2], 'last 15 minutes', { after: 1 }, ['raw'], { history: fixed('yes') }),
      on.getData('raw', [1, 2], { ...cloud, name: 'all measurements', operation: 'measurements-raw', emit: 'each', params: { dataSources: fixed(SOURCES), from: QUARTER } }, ['readings']),
      on.linkOut('readings', [2, 1.5], 'readings', SHARED.readings),
      on.comment('about-range', [0, 4], 'Sensorist: a day in groups', RANGE),
      on.inject('day', [0, 5], 'every minute', { after: 1.5, every: 60 }, ['range']),
      on.getData('range', [1, 5], { ...cloud, name: 'last 24 hours', operation: 'measurements-range', params: { dataSources: fixed('220200,220204'), from: DAY, ticks: whole(96) } }, ['to-chart']),
      on.linkOut('to-chart', [2, 5], 'day chart', SHARED.day),
      on.comment('about-alarms', [0, 7], 'Sensorist: alarms', ALARMS),
      on.inject('check', [0, 8], 'every 10 seconds', { after: 2, every: 10 }, ['gateways']),
      on.getData('gateways', [1, 8], { ...cloud, name: 'gateways', operation: 'gateways' }, ['names']),
      on.change('names', [2, 8], 'names', { 'flow.names': expression(NAMES) }, ['alarms']),
      on.getData('alarms', [1, 9], { ...cloud, name: 'alarms', operation: 'alarms' }, ['rows']),
      on.change('rows', [2, 9], 'rows of the list', { topic: fixed('sensorist'), payload: expression(ROWS) }, ['list']),
      on.linkOut('list', [3, 9], 'alarm list', SHARED.alarms),
      on.comment('about-events', [0, 10], 'Sensorist: events', EVENTS),
      on.onEvent('alarm-event', [0, 11], 'alarm changes', cloud.vendor, cloud.account, { publicUrl: ownUrl, events: ['alarm'] }, ['sentence']),
      on.change('sentence', [1, 11], 'a sentence', { payload: expression(NOTICE) }, ['event-notice']),
      on.linkOut('event-notice', [2, 11], 'to the dashboard', SHARED.notices),
      ...on.errors(13),
    ],
    credentials: { 'sensorist-cloud': { ...credentials.sensorist } },
  }
}

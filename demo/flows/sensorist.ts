/** Sensorist: latest measurements of two gateways, a day in groups, and what the alarms do. */
import type { Simulator } from '../../test/simulator'
import { SHARED, Tab, account, expression, fixed, tab, whole, type Flow } from './kit'

const MEASUREMENTS = `Four data sources of two gateways in one node. Sensorist takes one gateway in a request;
the node looks up where each data source belongs and puts the answers together.
The node below reads every measurement of the last quarter of an hour, once, so that the chart is not empty.`

const RANGE = `Averages over steps of the last 24 hours, grouped by Sensorist. The chart takes the readings as they are:
x is timestamp, y is value, the series is label.`

const EVENTS = `Sensorist posts to this Node-RED when an alarm changes. The node has registered its address there by itself.
An alarm names its data source by id only, so the names are read once from the gateways.
What happens goes to the list of the dashboard, and onto it as a notice.`

/** Place, quantity and unit of each data source by its id. */
const NAMES = `payload.($gateway := title; devices.($sensor := title; devices.{
  $string(id): { "place": $gateway & ", " & $sensor, "quantity": $lowercase(title), "unit": type.unit.name }
})) ~> $merge`

/** Sensorist does not publish what stands in a post; this is the post of the simulator. */
const WHAT = `($source := $lookup($flowContext("names"), $string(payload.data.data_source));
  payload.data.($source.quantity & " " & $round(log.value, 1) & " " & $source.unit
    & (alarm.state = "triggered" ? ", " : ", no longer ") & alarm.direction & " " & alarm.value & " " & $source.unit))`

const PLACE = '$lookup($flowContext("names"), $string(payload.data.data_source)).place'

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
      on.getData('latest', [1, 1], { ...cloud, name: 'latest', operation: 'measurements-latest', params: { dataSources: fixed(SOURCES) } }, ['values']),
      on.inject('history', [0, 2], 'last 15 minutes', { after: 3 }, ['raw'], { history: fixed('yes') }),
      on.getData('raw', [1, 2], { ...cloud, name: 'all measurements', operation: 'measurements-raw', params: { dataSources: fixed(SOURCES), from: QUARTER } }, ['values']),
      on.linkOut('values', [2, 1.5], 'values', SHARED.values),
      on.comment('about-range', [0, 4], 'Sensorist: a day in groups', RANGE),
      on.inject('day', [0, 5], 'every minute', { after: 1.5, every: 60 }, ['range']),
      on.getData('range', [1, 5], { ...cloud, name: 'last 24 hours', operation: 'measurements-range', output: 'readings', params: { dataSources: fixed('220200,220204'), from: DAY, ticks: whole(96) } }, ['to-chart']),
      on.linkOut('to-chart', [2, 5], 'day chart', SHARED.day),
      on.comment('about-events', [0, 7], 'Sensorist: events', EVENTS),
      on.inject('start', [0, 8], 'at the start', { after: 0.5 }, ['gateways']),
      on.getData('gateways', [1, 8], { ...cloud, name: 'gateways', operation: 'gateways', output: 'readings' }, ['names']),
      on.change('names', [2, 8], 'names', { 'flow.names': expression(NAMES) }, []),
      on.onEvent('alarm-event', [0, 9], 'alarm changes', cloud.vendor, cloud.account, { publicUrl: ownUrl, events: ['alarm'] }, ['what']),
      on.change('what', [1, 9], 'what happened', { what: expression(WHAT), 'payload.label': expression(PLACE) }, ['event']),
      on.linkOut('event', [2, 9], 'event', SHARED.events),
      ...on.errors(11),
    ],
    credentials: { 'sensorist-cloud': { ...credentials.sensorist } },
  }
}

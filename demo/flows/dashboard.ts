/** One chain for the values of all clouds: nothing in it asks which cloud a value is from. */
import { Tab, expression, tab, type Flow } from './kit'
import { ABOUT_STYLE, GROUPS, LEGEND, chart, gauge, notification, page, style, table } from './widgets'

const CHAIN = `The get data nodes of all clouds have the Output "values": one message for each value, with
msg.payload (the value), msg.topic (the place and the channel), msg.timestamp and msg.reading (all that is known of it).
Gauges and charts take them as they are, without a function node.

Named: the first values of a new account may come before the names of its places. They are left out.
Chart: x is msg.timestamp, y is msg.payload, the series is the name of the place.
Table: Join keeps the newest reading of each place and channel, Trigger waits until a burst is over, Change writes the rows.
Gauges: Switch picks four of them.

Messages with msg.history are of the past; only the chart takes them.`

const ROWS = `[$sort($each(reading, function($reading) { $reading }),
  function($one, $other) { $one.label & $one.quantity > $other.label & $other.quantity }
).{
  "place": label & ", " & quantity,
  "value": value & "\\u00a0" & unit, "time": $moment(timestamp).format("HH:mm:ss")
}]`

/** The ten newest events. */
const EVENTS = `[[$append({
  "at": payload.timestamp, "time": $moment(payload.timestamp).format("HH:mm"), "place": payload.label ? payload.label : payload.device, "what": what
}, $flowContext("events"))]^(>at)][[0..9]]`

const NOTICE = '(payload.label ? payload.label : payload.device) & ": " & what'

const QUANTITIES = '^(temperature|ambient|humidity|pressure|co2|illuminance|battery)$'

function values(on: Tab): Flow['nodes'] {
  const known = (key: string, to: string) => ({ is: key, to })
  const only = (id: string, place: readonly [number, number], name: string, property: string, rule: string, wires: string[]) =>
    on.node('switch', id, place, { name, property, propertyType: 'msg', rules: [{ t: rule }], checkall: 'true', repair: false, outputs: 1 }, [wires])
  return [
    on.comment('about', [0, 0], 'One chain for the values of all clouds', CHAIN),
    on.node('link in', 'values', [0, 1], { name: 'values', links: [] }, [['named']]),
    only('named', [1, 1], 'named', 'reading.label', 'nnull', ['temperatures', 'present']),
    on.choose('temperatures', [2, 1], 'temperature?', 'reading.quantity', [known('temperature', 'temperature-chart'), known('ambient', 'temperature-chart')]),
    on.node('ui-chart', 'temperature-chart', [3, 1], { ...chart({ group: GROUPS.temperature, width: 8, height: 8, unit: '°C', of: 'values', series: 'reading.label', action: 'append', hours: 0.25 }), name: 'temperature' }, [[]]),
    only('present', [2, 2], 'not of the past', 'history', 'null', ['common', 'gauges']),
    on.choose('common', [3, 2], 'for the table', 'reading.quantity', [{ matches: QUANTITIES, to: 'newest' }]),
    on.newest('newest', [4, 2], ['burst']),
    on.node('trigger', 'burst', [5, 2], { name: 'burst over', op1: '', op2: '', op1type: 'nul', op2type: 'payl', duration: '400', extend: true, overrideDelay: false, units: 'ms', reset: '', bytopic: 'all', topic: 'topic', outputs: 1 }, [['rows']]),
    on.change('rows', [6, 2], 'rows', { payload: expression(ROWS) }, ['readings-table']),
    on.node('ui-table', 'readings-table', [7, 2], {
      ...table(GROUPS.table, 8, 8, 0, [{ title: 'Place', key: 'place' }, { title: 'Value', key: 'value', align: 'end' }, { title: 'Time', key: 'time', align: 'end' }]), name: 'latest readings',
    }, [[]]),
    on.choose('gauges', [3, 3], 'four of them', 'topic', [
      known('Cold room, ambient', 'cold-room'), known('Meeting room, carbonDioxide', 'meeting-room'),
      known('Cellar, Rack left, humi', 'cellar'), known('Tank, temp_01', 'tank'),
    ]),
    on.node('ui-gauge', 'cold-room', [4, 3], gauge({ title: 'Cold room', unit: '°C', ranges: [[-5, 'amber'], [2, 'green'], [8, 'red']], max: 15, order: 1 })),
    on.node('ui-gauge', 'meeting-room', [4, 4], gauge({ title: 'Meeting room', unit: 'ppm CO₂', ranges: [[400, 'green'], [1000, 'amber'], [1400, 'red']], max: 1800, order: 2 })),
    on.node('ui-gauge', 'cellar', [4, 5], gauge({ title: 'Cellar', unit: '% humidity', ranges: [[20, 'amber'], [35, 'green'], [60, 'amber'], [75, 'red']], max: 90, order: 3 })),
    on.node('ui-gauge', 'tank', [4, 6], gauge({ title: 'Tank', unit: '°C', ranges: [[5, 'red'], [12, 'amber'], [15, 'green'], [22, 'amber'], [26, 'red']], max: 30, order: 4 })),
  ]
}

function others(on: Tab): Flow['nodes'] {
  const small = { width: 6, height: 6, hours: 1 }
  return [
    on.comment('about-others', [0, 8], 'Events, two more charts, notices', 'Each event becomes a row of the list and a notice: the place by its name, and what happened.'),
    on.node('link in', 'events', [0, 9], { name: 'events', links: [] }, [['list', 'sentence']]),
    on.change('list', [1, 9], 'the newest ten', { 'flow.events': expression(EVENTS), payload: expression('[$flowContext("events")]') }, ['event-table']),
    on.node('ui-table', 'event-table', [2, 9], {
      ...table(GROUPS.alarms, 4, 8, 0, [{ title: 'Since', key: 'time' }, { title: 'Place', key: 'place' }, { title: 'What', key: 'what' }]), name: 'events',
    }, [[]]),
    on.change('sentence', [1, 10], 'a sentence', { payload: expression(NOTICE) }, ['notice']),
    on.node('link in', 'notices', [0, 11], { name: 'errors', links: [] }, [['notice']]),
    on.node('ui-notification', 'notice', [2, 11], notification, [[]]),
    on.node('link in', 'day', [0, 12], { name: 'day chart', links: [] }, [['day-chart']]),
    on.node('ui-chart', 'day-chart', [1, 12], { ...chart({ ...small, group: GROUPS.day, unit: '°C', of: 'readings', series: 'label', action: 'replace', hours: 25 }), name: 'last 24 hours' }, [[]]),
    on.node('link in', 'stored', [0, 13], { name: 'stored readings', links: [] }, [['stored-chart']]),
    on.node('ui-chart', 'stored-chart', [1, 13], { ...chart({ ...small, group: GROUPS.stored, unit: '°C, %', of: 'readings', series: 'quantity', action: 'append' }), name: 'stored readings' }, [[]]),
    on.comment('about-style', [0, 15], 'Style, empty gauges, legends', ABOUT_STYLE),
    on.node('ui-template', 'style', [0, 16], style),
    on.once('empty', [1, 16], 'no value yet', { payload: '' }, ['cold-room', 'meeting-room', 'cellar', 'tank']),
    // The chart of values looks for the name of its series in each message.
    on.once('legend', [2, 16], 'one line', { ui_update: { chartOptions: LEGEND }, reading: {} }, ['temperature-chart', 'day-chart', 'stored-chart']),
  ]
}

export function dashboard(): Flow {
  const id = 'dashboard'
  const on = new Tab(id)
  return { nodes: [tab(id, 'Dashboard'), ...page, ...values(on), ...others(on)], credentials: {} }
}

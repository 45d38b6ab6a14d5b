/** One chain for the readings of all clouds: nothing in it asks which cloud a reading is from. */
import { Tab, expression, tab, type Flow } from './kit'
import { GROUPS, chart, gauge, notification, page, table } from './widgets'

const CHAIN = `Every cloud's readings have the same shape: vendor, device, sensor, quantity, value, unit, timestamp.
So one chain does for all of them, without a function node.

Chart: x is payload.timestamp and y is payload.value, each temperature as it comes. Change gives each series a name to read.
Table: Join keeps the newest reading of each device and quantity, Trigger waits until a burst is over, Change writes the rows.
Gauges: Switch picks four of them.

Messages with msg.history are of the past; only the chart takes them.`

/** A name to read where the cloud has one, else the device's id. */
const LABEL = 'payload.vendor & " " & (payload.extra.gatewayTitle ? payload.extra.gatewayTitle : payload.device)'
const KEY = '$join([payload.vendor, payload.device, payload.quantity], " ")'

const TABLE = `($order := function($r) { $r.vendor & " " & $r.device & " " & $r.quantity }; [$sort($each(payload, function($reading) { $reading }),
  function($one, $other) { $order($one) > $order($other) }
).{
  "cloud": vendor, "device": extra.sensorTitle ? extra.gatewayTitle & ", " & extra.sensorTitle : device,
  "quantity": quantity, "value": value & " " & unit, "time": $moment(timestamp).format("HH:mm:ss")
}])`

const ALARMS = `[$reduce([$each(payload, function($rows) { $rows })], $append, [])[$exists(state)]^(wrong ? 0 : 1).{
  "state": "<span style='color:" & (wrong ? "#c0392b" : "#2a7d4f") & ";font-family:Roboto,Helvetica,Arial,sans-serif;font-weight:600'>" & state & "</span>",
  "what": what, "since": since
}]`

/** On a phone the names of the series take five lines, which would stand on the chart. */
const ROOM_FOR_NAMES = { grid: { top: 105, bottom: 35 } }

const QUANTITIES = '^(temperature|ambient|humidity|pressure|co2|illuminance|battery)$'

function readings(on: Tab): Flow['nodes'] {
  const known = (key: string, to: string) => ({ is: key, to })
  return [
    on.comment('about', [0, 0], 'One chain for the readings of all clouds', CHAIN),
    on.node('link in', 'readings', [0, 1], { name: 'readings', links: [] }, [['names']]),
    on.change('names', [1, 1], 'name and key', { label: expression(LABEL), topic: expression(KEY) }, ['temperatures', 'present']),
    on.choose('temperatures', [2, 1], 'temperature?', 'payload.quantity', [known('temperature', 'temperature-chart'), known('ambient', 'temperature-chart')]),
    on.node('ui-chart', 'temperature-chart', [3, 1], { ...chart({ group: GROUPS.temperature, width: 8, height: 8, unit: '°C', series: 'label', seriesType: 'msg', action: 'append', hours: 0.25 }), name: 'temperature', chartOptions: ROOM_FOR_NAMES }, [[]]),
    on.node('switch', 'present', [2, 2], { name: 'not of the past', property: 'history', propertyType: 'msg', rules: [{ t: 'null' }], checkall: 'true', repair: false, outputs: 1 }, [['common', 'gauges']]),
    on.choose('common', [3, 2], 'for the table', 'payload.quantity', [{ matches: QUANTITIES, to: 'newest' }]),
    on.newest('newest', [4, 2], ['burst']),
    on.node('trigger', 'burst', [5, 2], { name: 'burst over', op1: '', op2: '', op1type: 'nul', op2type: 'payl', duration: '400', extend: true, overrideDelay: false, units: 'ms', reset: '', bytopic: 'all', topic: 'topic', outputs: 1 }, [['rows']]),
    on.change('rows', [6, 2], 'rows', { payload: expression(TABLE) }, ['readings-table']),
    on.node('ui-table', 'readings-table', [7, 2], {
      ...table(GROUPS.table, 8, 8, 6, [
        { title: 'Device', key: 'device' }, { title: 'Quantity', key: 'quantity' }, { title: 'Value', key: 'value', align: 'end' },
        { title: 'Time', key: 'time' }, { title: 'Cloud', key: 'cloud' },
      ]), name: 'latest readings',
    }, [[]]),
    on.choose('gauges', [3, 3], 'four of them', 'topic', [
      known('senquip JDA54E19F ambient', 'cold-room'), known('thingsee TSAR02SIM00000005 co2', 'office'),
      known('sensorist 7325 humidity', 'cellar'), known('sensocan a1b2c3d4 temperature', 'tank'),
    ]),
    on.node('ui-gauge', 'cold-room', [4, 3], gauge({ title: 'Cold room', unit: '°C', min: 10, max: 30, limits: [24, 27], order: 1 })),
    on.node('ui-gauge', 'office', [4, 4], gauge({ title: 'Office CO₂', unit: 'ppm', min: 400, max: 1600, limits: [1000, 1400], order: 2 })),
    on.node('ui-gauge', 'cellar', [4, 5], gauge({ title: 'Cellar humidity', unit: '%', min: 0, max: 100, limits: [60, 75], order: 3 })),
    on.node('ui-gauge', 'tank', [4, 6], gauge({ title: 'Tank', unit: '°C', min: 10, max: 30, limits: [24, 27], order: 4 })),
  ]
}

function others(on: Tab): Flow['nodes'] {
  const small = { width: 6, height: 6, action: 'append' as const, hours: 1 }
  return [
    on.comment('about-others', [0, 8], 'Alarms, two more charts, notices', 'Each cloud sends its list of alarms under its own topic; Join keeps the newest list of each.'),
    on.node('link in', 'alarms', [0, 9], { name: 'alarms', links: [] }, [['lists']]),
    on.newest('lists', [1, 9], ['list']),
    on.change('list', [2, 9], 'one list', { payload: expression(ALARMS) }, ['alarm-table']),
    on.node('ui-table', 'alarm-table', [3, 9], {
      ...table(GROUPS.alarms, 4, 8, 0, [{ title: 'State', key: 'state', type: 'html' }, { title: 'What', key: 'what' }, { title: 'For', key: 'since' }]), name: 'alarms',
    }, [[]]),
    on.node('link in', 'day', [0, 10], { name: 'day chart', links: [] }, [['day-chart']]),
    on.node('ui-chart', 'day-chart', [1, 10], { ...chart({ ...small, group: GROUPS.day, unit: '°C', series: 'extra.sensorTitle', seriesType: 'property', action: 'replace', hours: 25 }), name: 'last 24 hours' }, [[]]),
    on.node('link in', 'stored', [0, 11], { name: 'stored readings', links: [] }, [['stored-chart']]),
    on.node('ui-chart', 'stored-chart', [1, 11], { ...chart({ ...small, group: GROUPS.stored, unit: '°C, %', series: 'quantity', seriesType: 'property' }), name: 'stored readings' }, [[]]),
    on.node('link in', 'notices', [0, 12], { name: 'notices', links: [] }, [['notice']]),
    on.node('ui-notification', 'notice', [1, 12], notification, [[]]),
  ]
}

export function dashboard(): Flow {
  const id = 'dashboard'
  const on = new Tab(id)
  return { nodes: [tab(id, 'Dashboard'), ...page, ...readings(on), ...others(on)], credentials: {} }
}

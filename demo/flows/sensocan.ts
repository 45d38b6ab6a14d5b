/** SensoCAN: its API takes readings and gives none back, so this tab shows what the simulator has stored. */
import type { Simulator } from '../../test/simulator'
import { SHARED, Tab, account, expression, tab, type Flow, type FlowNode } from './kit'

const DEVICE = `The HTTP API of SensoCAN takes readings; it has no way to read them back, so there is no get data node on this tab.

The nodes below stand in for the device itself, which uploads a temperature and a humidity every five seconds.
They are core nodes: Change makes two numbers that wander, and http request posts them with the device's access token.
The account "Simulated SensoCAN" is set up for the same device and is not used by a node here.`

const STORED = `Not a SensoCAN API: the demo itself answers this address, with the newest reading of each sensor that the simulated cloud has stored.
A real SensoCAN account shows its readings in the SensoCAN web application only.

The Change node writes them as readings, so that the Dashboard tab charts them with the others.`

const wander = (name: string, around: number, step: number): string => (
  `$round(($exists($flowContext("${name}")) ? $flowContext("${name}") * 0.95 + ${around} * 0.05 : ${around}) + ($random() - 0.5) * ${step}, 2)`)

const UPLOAD = `{ "data": [
  { "sensor_slug": "temp_01", "value": $flowContext("temperature"), "timestamp": $now() },
  { "sensor_slug": "humidity_sensor", "value": $flowContext("humidity"), "timestamp": $now() }
], "battery_voltage": 12.4 }`

const READINGS = `[payload.{
  "vendor": "sensocan", "device": $substring(deviceUuid, 0, 8), "sensor": sensorUuid,
  "quantity": $lowercase(name), "value": value, "unit": unit, "timestamp": $toMillis(timestamp),
  "extra": { "name": slug }
}]`

export function sensocan({ urls, credentials }: Simulator, storedUrl: string): Flow {
  const id = 'sensocan'
  const on = new Tab(id)
  const { deviceUuid, accessToken } = credentials.sensocan
  const request = (name: string, place: readonly [number, number], settings: Record<string, unknown>, wires: string[]): FlowNode => (
    on.node('http request', name, place, {
      name, ret: 'obj', paytoqs: 'ignore', tls: '', persist: true, proxy: '', insecureHTTPParser: false, authType: '', senderr: true, headers: [], ...settings,
    }, [wires]))
  return {
    nodes: [
      tab(id, 'SensoCAN'),
      account('sensocan-cloud', 'sensocan-device', 'Simulated SensoCAN', { baseUrl: urls.sensocan, deviceUuid }),
      on.comment('about', [0, 0], 'SensoCAN: the device uploads (core nodes)', DEVICE),
      on.inject('measure', [0, 1], 'every 5 seconds', { after: 0.5, every: 5 }, ['values']),
      on.change('values', [1, 1], 'two values that wander', {
        'flow.temperature': expression(wander('temperature', 18.6, 0.4)), 'flow.humidity': expression(wander('humidity', 52, 2)), payload: expression(UPLOAD),
      }, ['upload']),
      request('upload', [2, 1], { method: 'POST', url: `${urls.sensocan}/devices/${deviceUuid}/readings`, authType: 'bearer' }, ['stored-answer']),
      on.debug('stored-answer', [3, 1], 'answer of the cloud'),
      on.comment('about-stored', [0, 3], 'What the simulated cloud has stored', STORED),
      on.inject('look', [0, 4], 'every 5 seconds', { after: 3, every: 5 }, ['stored']),
      request('stored', [1, 4], { method: 'GET', url: storedUrl }, ['readings']),
      on.change('readings', [2, 4], 'as readings', { payload: expression(READINGS) }, ['split', 'to-chart']),
      on.linkOut('to-chart', [3, 5], 'SensoCAN chart', SHARED.stored),
      on.split('split', [3, 4], ['to-all']),
      on.linkOut('to-all', [4, 4], 'readings', SHARED.readings),
      ...on.errors(7),
    ],
    credentials: {
      'sensocan-cloud': { accessToken },
      [on.idOf('upload')]: { user: '', password: accessToken },
    },
  }
}

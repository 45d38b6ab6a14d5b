/** SensoCAN: its API takes readings and gives none back, so this tab shows what the simulator has stored. */
import type { Simulator } from '../../test/simulator'
import { SHARED, Tab, account, expression, fromMessage, tab, type Flow } from './kit'

const DEVICE = `The device uploads a temperature and a humidity every five seconds: Change makes two numbers that wander,
and the send reading node sends them. The message goes on once the cloud has stored them.

The HTTP API of SensoCAN takes readings; it has no way to read them back, so there is no get data node on this tab.`

const STORED = `Not a SensoCAN API: the demo itself answers this address, with the newest reading of each sensor that the simulated cloud has stored.
A real SensoCAN account shows its readings in the SensoCAN web application only.

The Change nodes write them as get data does with the Output "values", so that the Dashboard tab shows them with the others.`

const wander = (name: string, around: number, step: number): string => (
  `$round(($exists($flowContext("${name}")) ? $flowContext("${name}") * 0.95 + ${around} * 0.05 : ${around}) + ($random() - 0.5) * ${step}, 2)`)

const UPLOAD = `[
  { "sensorSlug": "temp_01", "value": $flowContext("temperature"), "timestamp": $now(), "batteryVoltage": 12.4 },
  { "sensorSlug": "humidity_sensor", "value": $flowContext("humidity"), "timestamp": $now(), "batteryVoltage": 12.4 }
]`

const READINGS = `[payload.{
  "vendor": "sensocan", "device": deviceUuid, "sensor": sensorUuid, "label": "Tank", "channel": slug,
  "quantity": $lowercase(name), "value": $round(value, 1), "unit": unit, "timestamp": $toMillis(timestamp),
  "extra": { "name": slug }
}]`

export function sensocan({ urls, credentials }: Simulator, storedUrl: string): Flow {
  const id = 'sensocan'
  const on = new Tab(id)
  const { deviceUuid, accessToken } = credentials.sensocan
  return {
    nodes: [
      tab(id, 'SensoCAN'),
      account('sensocan-cloud', 'sensocan-device', 'Simulated SensoCAN', { baseUrl: urls.sensocan, deviceUuid }),
      on.comment('about', [0, 0], 'SensoCAN: a device sends its readings', DEVICE),
      on.inject('measure', [0, 1], 'every 5 seconds', { after: 0.5, every: 5 }, ['values']),
      on.change('values', [1, 1], 'two values that wander', {
        'flow.temperature': expression(wander('temperature', 18.6, 0.4)), 'flow.humidity': expression(wander('humidity', 52, 2)), payload: expression(UPLOAD),
      }, ['send']),
      on.sendReading('send', [2, 1], { name: 'to SensoCAN', vendor: 'sensocan', account: 'sensocan-cloud', operation: 'auto', params: { readings: fromMessage('payload') } }, []),
      on.comment('about-stored', [0, 3], 'What the simulated cloud has stored', STORED),
      on.inject('look', [0, 4], 'every 5 seconds', { after: 3, every: 5 }, ['stored']),
      on.node('http request', 'stored', [1, 4], {
        name: 'memory of the simulator', method: 'GET', ret: 'obj', paytoqs: 'ignore', url: storedUrl, tls: '', persist: true, proxy: '',
        insecureHTTPParser: false, authType: '', senderr: true, headers: [],
      }, [['readings']]),
      on.change('readings', [2, 4], 'as readings', { payload: expression(READINGS) }, ['split', 'to-chart']),
      on.linkOut('to-chart', [3, 5], 'SensoCAN chart', SHARED.stored),
      on.split('split', [3, 4], ['value']),
      on.change('value', [4, 4], 'as a value', {
        reading: fromMessage('payload'), topic: expression('payload.label & ", " & payload.channel'), timestamp: fromMessage('payload.timestamp'), payload: fromMessage('payload.value'),
      }, ['to-all']),
      on.linkOut('to-all', [5, 4], 'values', SHARED.values),
      ...on.errors(7),
    ],
    credentials: { 'sensocan-cloud': { accessToken } },
  }
}

/** What the simulator has after an example's buttons were pressed, and what came out, beyond what holds for all examples. */
import assert from 'node:assert/strict'
import type { FlowMessage } from '../nodes/harness'
import type { Simulator, SimulatorOptions } from '../simulator'
import { until } from '../until'
import { mails } from './mails'

/** The files that a user has, by their names; the content is made up. */
export const CERTIFICATES: Readonly<Record<string, string>> = {
  'mqtt_client.key': 'the key of the client',
  'mqtt_client.crt': 'the certificate of the client',
  'mqtt_ca.pem': 'the certificate of the authority',
}

/** What an example needs of the simulator. */
export const SIMULATORS: Readonly<Record<string, SimulatorOptions>> = {
  // A workflow that has ended at once, in answers that are not kept: the node looks until it stands still.
  'Sensorist - restart a gateway.json': { maxAge: 0, sensorist: { workflowSteps: [{ after: 0, state: 'completed' }] } },
}

const MINUTE = 60_000

/** The only measurement of a data source. */
export function measure({ state }: Simulator, dataSource: number, value: number, minutesAgo: number): void {
  const at = Date.now() - minutesAgo * MINUTE
  state.sensorist.silent.add(dataSource)
  state.sensorist.measurements.set(dataSource, [{ at, value, type: 1, seq: at * 1000 }])
}

/** What has happened in the cloud before the buttons are pressed. */
export const ARRANGED: Readonly<Record<string, (simulator: Simulator) => void>> = {
  'Sensorist - alarm to a notification.json': ({ state }) => void state.sensorist.alarmLogs.push({ id: 900, alarm: 17, state: 'triggered', value: 9.5, at: Date.now() - MINUTE }),
  'Cold chain - alarm with delay and all-clear.json': (simulator) => measure(simulator, 220208, 9.4, 40),
}

/** @param out all messages that came to debug nodes, other than those behind Catch */
type Outcome = (simulator: Simulator, out: readonly FlowMessage[]) => void | Promise<void>

const DEVICE = 'JDA54E19F'

const senquipDevice = ({ state }: Simulator) => {
  const device = state.senquip.devices.get(DEVICE)
  assert.ok(device)
  return device
}

export const OUTCOMES: Readonly<Record<string, Outcome>> = {
  // Each node begins by itself: the address is registered, and the clouds are asked.
  'Events - alarms and alerts.json': async ({ requests, state }) => {
    const asked = ['/callbacks', '/things/alerts', `/devices/${DEVICE}/data`, `/get-data/${DEVICE}`]
    const isAnswered = (path: string): boolean => requests.some((request) => request.path === path && request.status === 200)
    await until(() => asked.every(isAnswered) && state.sensorist.callbacks.size > 0, 'all vendors were asked')
    const [callback] = state.sensorist.callbacks.values()
    assert.match(callback?.url ?? '', /^https:\/\/example\.com\/sensor-clouds\/events\/[\w-]{32}$/)
    assert.equal(callback?.type, 6)
  },

  'SensoCAN - send readings.json': ({ state }) => assert.equal(state.sensocan.readings.length, 3),

  'Senquip - MQTT certificates.json': (simulator) => {
    const { files, queued } = senquipDevice(simulator)
    assert.deepEqual(Object.fromEntries([...files].map(([name, content]) => [name, content.toString()])), CERTIFICATES)
    const mqtt = {
      enable: true, server: 'mqtt.example.com:8883', client_id: 'cold-room',
      ssl_cert: 'mqtt_client.crt', ssl_key: 'mqtt_client.key', ssl_ca_cert: 'mqtt_ca.pem',
    }
    assert.deepEqual(queued, [{ endpoint: { mqtt } }])
    const paths = simulator.requests.map(({ path }) => path)
    assert.deepEqual(paths, [...Object.keys(CERTIFICATES).map((name) => `/devices/${DEVICE}/files/${name}`), `/devices/${DEVICE}/config`])
  },

  'Senquip - set an alarm.json': (simulator) => {
    assert.deepEqual(senquipDevice(simulator).queued, [{ ambient: { warning: '>35', alarm: '>40', hysteresis: 2 } }])
  },

  'Senquip - register a device.json': (simulator) => {
    assert.equal(senquipDevice(simulator).groupName, 'Cold stores')
    assert.deepEqual(JSON.parse(simulator.requests[0]?.body ?? ''), { groupName: 'Cold stores' })
  },

  'Sensorist - restart a gateway.json': (simulator, out) => {
    assert.deepEqual(out.map(({ payload }) => (payload as { state: string }).state), ['completed'])
    assert.deepEqual(simulator.requests.filter(({ method }) => method === 'POST').map(({ path, body }) => [path, body]), [['/gateways/7325/commands', 'command=reboot']])
  },

  'Sensorist - weekly report by e-mail.json': () => {
    const [mail] = mails.splice(0)
    assert.equal(mail?.to, 'building@example.com')
    assert.match(mail.subject, /^Sensors, week \d+$/)
    const rows = [...mail.html.matchAll(/<tr>(.*)<\/tr>/g)].slice(1).map(([, row]) => [...row!.matchAll(/<td[^>]*>([^<]*)<\/td>/g)].map(([, cell]) => cell!))
    assert.deepEqual(rows.map(([name, , , , unit]) => [name, unit]), [['Cellar, Rack left, temperature', '°C'], ['Cellar, Rack left, humidity', '%'], ['Cellar, Rack right, temperature', '°C']])
    for (const [name, low, mean, high] of rows) assert.ok(Number(low) < Number(mean) && Number(mean) < Number(high), name)
  },

  'Thingsee - onboard from a CSV.json': ({ state: { thingsee } }, out) => {
    const rows = out.flatMap(({ payload }) => payload as { index: number; ok: boolean }[])
    assert.deepEqual(rows.map(({ index, ok }) => [index, ok]), [[0, true], [1, true], [0, true], [1, true], [2, true]])
    assert.equal(thingsee.groups.get('prfi00coldstore'), 'Cold store, ground floor')
    assert.equal(thingsee.groups.get('prfi00workshop'), 'Workshop')
    const things = ['TSPD04SIM00000001', 'TSPR04SIM00000002', 'TSAP01SIM00000003'].map((tuid) => thingsee.things.get(tuid)?.groupId)
    assert.deepEqual(things, ['prfi00coldstore', 'prfi00coldstore', 'prfi00workshop'])
  },
}

/** Readings of one cloud on their way to another, without a node between get data and send reading. */
import assert from 'node:assert/strict'
import helper from 'node-red-node-test-helper'
import type { Reading } from '../../src/lib/vocabulary/reading'
import { startSimulator, type Simulator } from '../simulator'
import { until } from '../until'
import { accountsOn, load, typedAll, unload, type Flow } from './harness'

helper.init(require.resolve('node-red'))

const TEN = Date.UTC(2023, 9, 27, 10)
const READING: Reading = {
  vendor: 'sensorist', device: '7325', sensor: '57951', label: null, quantity: 'temperature', channel: 'temp', value: 21.5, unit: '°C', timestamp: TEN,
}
const ROWS = [
  { device: '7325', sensor: '57952', quantity: 'temperature', sensorSlug: 'battery_level' },
  { device: '', sensor: '', quantity: 'temperature', sensorSlug: 'temp_01' },
  { device: '', sensor: '', quantity: 'humidity', sensorSlug: 'humidity_sensor' },
  { device: '', sensor: '', quantity: 'signal', sensorSlug: '' },
]

describe('send reading with a mapping', () => {
  let simulator: Simulator
  beforeEach(async () => (simulator = await startSimulator()))
  afterEach(async () => {
    await unload()
    await simulator.close()
  })
  const on = (mapping: unknown, node: Record<string, unknown> = { outbox: false }, operation = 'auto'): Promise<Flow> =>
    load({ simulator, vendor: 'sensocan', verb: 'send-reading', operation, node: { mapping, ...node } })
  const stored = (): [slug: string | undefined, value: number, timestamp: number][] => {
    const { devices, readings } = simulator.state.sensocan
    const sensors = [...devices.values()].flatMap((device) => device.sensors)
    return readings.map(({ sensorUuid, timestamp, value }) => [sensors.find(({ uuid }) => uuid === sensorUuid)?.slug, value, Date.parse(timestamp)])
  }

  it('sends each reading to the sensor of the first row that matches, and passes the message on unchanged', async () => {
    const readings = [
      READING,
      { ...READING, sensor: '57952', value: 22 },
      { ...READING, quantity: 'humidity', channel: 'humi', value: 45 },
      { ...READING, quantity: 'signal', value: 80 },
    ]
    for (const node of [{ outbox: false }, { outbox: true, batchWindow: '0' }]) {
      simulator.state.sensocan.readings.length = 0
      const { out, caught } = await (await on(ROWS, node)).run({ payload: readings })
      assert.deepEqual(caught.map(({ error }) => error?.message), [])
      assert.deepEqual(stored(), [['temp_01', 21.5, TEN], ['battery_level', 22, TEN], ['humidity_sensor', 45, TEN]])
      assert.deepEqual(out[0]?.payload, readings)
      await unload()
    }
  })

  it('takes one reading a message too, and one that names its sensor already', async () => {
    const flow = await on(ROWS, { outbox: false }, 'batch')
    await flow.run({ payload: READING })
    await flow.run({ payload: [{ sensorSlug: 'battery_level', value: 1, timestamp: TEN }, READING] })
    assert.deepEqual(stored(), [['temp_01', 21.5, TEN], ['battery_level', 1, TEN], ['temp_01', 21.5, TEN]])
  })

  it('refuses a reading that no row matches, and sends none of its message', async () => {
    const flow = await on(ROWS)
    const payload = [READING, { ...READING, quantity: 'co2' }]
    const { out, caught } = await flow.run({ payload })
    assert.deepEqual([out, simulator.requests.length], [[], 0])
    assert.equal(caught[0]?.error?.code, 'INVALID')
    assert.equal(
      caught[0].error.message,
      'SensoCAN, Readings (automatic request): no row of the mapping matches the reading of device "7325", sensor "57951", quantity "co2"; add a row in the node, without a sensor slug if you want to leave this reading out',
    )
    assert.deepEqual(caught[0].payload, payload)
  })

  it('refuses a value that is no number, as without a mapping', async () => {
    const { caught } = await (await on(ROWS)).run({ payload: [READING, { ...READING, value: null }] })
    assert.match(caught[0]?.error?.message ?? '', /^SensoCAN, Readings \(automatic request\): "Readings" \(reading 2\) has a mistake: "value" is required/)
  })

  it('passes on a message from which nothing has to be sent', async () => {
    const flow = await on(ROWS)
    for (const payload of [[], [{ ...READING, quantity: 'signal' }]]) {
      const { out, caught } = await flow.run({ payload })
      assert.deepEqual([out.map((message) => message.payload), caught], [[payload], []])
    }
    assert.equal(simulator.requests.length, 0)
  })

  it('does nothing without a row, and for an operation whose sensor is a param', async () => {
    const refused = await (await on([{ device: '', sensor: '', quantity: '', sensorSlug: '' }])).run({ payload: READING })
    assert.match(refused.caught[0]?.error?.message ?? '', /"Readings" has no sensor: give its sensorSlug/)
    await unload()
    const sensorUuid = '7a8b9c0d-1234-5678-90ab-cdef12345678'
    const flow = await load({ simulator, vendor: 'sensocan', verb: 'send-reading', operation: 'bulk', params: { sensorUuid }, node: { mapping: ROWS, outbox: false } })
    await flow.run({ payload: [READING] })
    assert.deepEqual(simulator.state.sensocan.readings.map((reading) => [reading.sensorUuid, reading.value]), [[sensorUuid, 21.5]])
  })

  it('sends what get data gives, wired to it directly', async () => {
    const { settings, credentials } = accountsOn(simulator).sensorist
    const read = {
      id: 'read', z: 'tab', type: 'sensor-cloud-get-data', vendor: 'sensorist', accountSensorist: 'cellar', operation: 'measurements-latest',
      params: typedAll({ dataSources: '220200,220201,220204' }), output: 'readings', emit: 'array', wires: [['action']],
    }
    const caught: unknown[] = []
    await load({
      simulator, vendor: 'sensocan', verb: 'send-reading', operation: 'auto', node: { mapping: ROWS },
      more: [{ id: 'cellar', type: 'sensorist-account', ...settings }, read], moreCredentials: { cellar: credentials },
    })
    helper.getNode('caught').on('input', (message) => void caught.push(message))
    helper.getNode('read').receive({ payload: '' })
    await until(() => simulator.state.sensocan.readings.length === 3, 'three readings have arrived')
    assert.deepEqual(stored().map(([slug]) => slug), ['temp_01', 'humidity_sensor', 'battery_level'])
    assert.deepEqual(caught, [])
  })
})

import assert from 'node:assert/strict'
import helper from 'node-red-node-test-helper'
import { startSimulator, type Simulator } from '../simulator'
import { load, unload, type Flow } from './harness'

helper.init(require.resolve('node-red'))

const UUID = '7a8b9c0d-1234-5678-90ab-cdef12345678'
const DEVICE = 'a1b2c3d4-e5f6-7890-abcd-ef1234567890'
const TEN = Date.UTC(2023, 9, 27, 10)

describe('send reading to SensoCAN without an outbox', () => {
  let simulator: Simulator
  beforeEach(async () => (simulator = await startSimulator()))
  afterEach(async () => {
    await unload()
    await simulator.close()
  })
  const on = (operation: string, params: Record<string, unknown> = {}): Promise<Flow> =>
    load({ simulator, vendor: 'sensocan', verb: 'send-reading', operation, params, node: { outbox: false } })
  const sent = (): unknown[] => simulator.requests.map(({ method, path, body }) => [method, path, JSON.parse(body) as unknown])

  it('sends one reading and passes the message on unchanged', async () => {
    const flow = await on('reading', { sensorUuid: UUID, value: { type: 'msg', value: 'payload' }, timestamp: new Date(TEN), batteryVoltage: 3.7 })
    const { out, completed } = await flow.run({ payload: 25.5, topic: 'mine' })
    assert.deepEqual(sent(), [
      ['POST', `/devices/${DEVICE}/sensors/${UUID}/readings`, { data: { value: 25.5, timestamp: '2023-10-27T10:00:00.000Z' }, battery_voltage: 3.7 }],
    ])
    assert.deepEqual([out[0]?.payload, out[0]?.topic, out[0]?.response?.statusCode, completed], [25.5, 'mine', 201, 1])
    assert.deepEqual(simulator.state.sensocan.readings.map(({ sensorUuid, value, timestamp }) => [sensorUuid, value, timestamp]), [[UUID, 25.5, '2023-10-27T10:00:00.000Z']])
  })

  it('sends many of one sensor', async () => {
    const flow = await on('bulk', { sensorUuid: UUID, readings: [{ value: 22.1, timestamp: TEN }, { value: '22.4' }] })
    await flow.run()
    assert.deepEqual(sent(), [
      ['POST', `/devices/${DEVICE}/sensors/${UUID}/readings/bulk`, { data: [{ value: 22.1, timestamp: '2023-10-27T10:00:00.000Z' }, { value: 22.4 }] }],
    ])
  })

  it('sends those of several sensors, under either name', async () => {
    const flow = await on('batch', { readings: [{ sensorSlug: 'temp_01', value: 1 }, { sensor_uuid: UUID, value: 2 }], batteryVoltage: 3 })
    await flow.run()
    assert.deepEqual(sent(), [
      ['POST', `/devices/${DEVICE}/readings`, { data: [{ sensor_slug: 'temp_01', value: 1 }, { sensor_uuid: UUID, value: 2 }], battery_voltage: 3 }],
    ])
  })

  it('takes from the payload whatever comes, and stamps it with the time of arrival', async () => {
    const flow = await on('auto')
    const before = Date.now()
    await flow.run({ payload: { sensorUuid: UUID, value: 20 } })
    await flow.run({ payload: [{ sensorUuid: UUID, value: 21, timestamp: TEN }, { sensorUuid: UUID, value: 22, timestamp: TEN + 1000 }] })
    await flow.run({ payload: [{ sensor_slug: 'temp_01', value: 1, battery_voltage: 3 }, { sensorSlug: 'humidity_sensor', value: 2, batteryVoltage: 3 }, { sensorSlug: 'temp_01', value: 3 }] })
    const paths = simulator.requests.map(({ path }) => path.replace(`/devices/${DEVICE}`, ''))
    assert.deepEqual(paths, [`/sensors/${UUID}/readings`, `/sensors/${UUID}/readings/bulk`, '/readings', '/readings'])
    const { readings } = simulator.state.sensocan
    assert.deepEqual(readings.map(({ value, batteryVoltage }) => [value, batteryVoltage ?? null]), [[20, null], [21, null], [22, null], [1, 3], [2, 3], [3, null]])
    assert.ok(readings.every(({ timestampGiven }) => timestampGiven))
    const stamped = Date.parse(String(readings[0]?.timestamp))
    assert.ok(stamped >= before && stamped <= Date.now())
  })

  it('chooses by itself when the flow names no operation', async () => {
    const flow = await on('')
    const { out } = await flow.run({ payload: { sensorSlug: 'temp_01', value: 1 } })
    assert.equal(out[0]?.response?.operation, 'auto')
  })

  it('refuses what is no reading before it reaches the wire, and says which', async () => {
    const wrong: [unknown, RegExp][] = [
      [[], /empty list/],
      ['x', /"Readings" must be an object such as \{ "sensorSlug": "temp_01", "value": 21\.5 \}, not /],
      [[{ sensorSlug: 'a', value: 1 }, { value: 2 }], /"Readings" \(reading 2\) has no sensor: give its sensorSlug or sensorUuid, as in /],
      [{ sensorSlug: 'a', value: 'warm' }, /"Readings" has a mistake: "value" must be a number, not "warm"/],
      [{ sensorSlug: 'a', value: NaN }, /has a mistake: "value" must be a number/],
      [{ sensorSlug: 'a', value: null }, /has a mistake: "value" is required/],
      [{ sensorSlug: 'a', value: 1, batteryVoltage: 101 }, /has a mistake: "batteryVoltage" must be from 0 to 100/],
      [{ sensorUuid: 'a', value: 1 }, /has a mistake: "sensorUuid" must be a UUID/],
      [{ sensorSlug: 'a', value: 1, timestamp: 'now' }, /has a mistake: "timestamp" must be a time/],
    ]
    const flow = await on('auto')
    for (const [payload, sentence] of wrong) {
      const { out, caught } = await flow.run({ payload })
      assert.equal(out.length, 0)
      assert.equal(caught[0]?.error?.code, 'INVALID')
      assert.match(caught[0].error.message, sentence)
      assert.match(caught[0].error.message, /^SensoCAN, Readings \(automatic request\): /)
      assert.deepEqual(caught[0].payload, payload)
    }
    assert.equal(simulator.requests.length, 0)
  })

  it('says in the words of the flow which reading the vendor refuses', async () => {
    const flow = await on('auto')
    const { caught } = await flow.run({ payload: [{ sensorSlug: 'temp_01', value: 1 }, { sensorSlug: 'nobody', value: 2 }] })
    assert.equal(caught[0]?.error?.code, 'INVALID')
    assert.match(caught[0].error.message, /\(422\): .*reading 2: the device has no sensor "/)
    assert.ok((caught[0].response?.body as { errors: object }).errors)
  })

  it('never sends a reading twice when it may have arrived', async () => {
    const flow = await on('auto')
    simulator.faults.next({ reset: 'after' })
    const { caught } = await flow.run({ payload: { sensorSlug: 'temp_01', value: 1 } })
    assert.equal(caught[0]?.error?.code, 'NETWORK')
    assert.equal(simulator.requests.length, 1)
  })

  it('believes the vendor about what is left of the limit', async () => {
    const flow = await on('auto')
    const { out } = await flow.run({ payload: { sensorSlug: 'temp_01', value: 1 } })
    const [budget] = out[0]?.response?.budgets ?? []
    assert.deepEqual([budget?.limit, budget?.remaining], [1000, 999])
  })
})

/** SensoCAN counts what it has stored [N1]: where that is less than was sent, the flow hears of it. */
import assert from 'node:assert/strict'
import helper from 'node-red-node-test-helper'
import { startSimulator, type Simulator } from '../simulator'
import { SimpleStore } from '../lib/store/simple-store'
import { until } from '../until'
import { load, unload, type FlowMessage } from './harness'

helper.init(require.resolve('node-red'))

const READINGS = [{ sensorSlug: 'temp_01', value: 1 }, { sensorSlug: 'no_such', value: 2 }, { sensorSlug: 'humidity_sensor', value: 3 }]

describe('readings that SensoCAN leaves out', () => {
  let simulator: Simulator
  beforeEach(async () => (simulator = await startSimulator({ sensocan: { unknownBatchSensor: 'left-out' } })))
  afterEach(async () => {
    await unload()
    await simulator.close()
  })

  for (const [operation, title] of [['auto', 'Readings (automatic request)'], ['batch', 'Readings of several sensors']] as const)
    it(`are an error of ${operation} without an outbox`, async () => {
      const flow = await load({ simulator, vendor: 'sensocan', verb: 'send-reading', operation, node: { outbox: false } })
      const { caught, out } = await flow.run({ payload: READINGS })
      assert.deepEqual([caught[0]?.error?.code, out.length], ['INVALID', 0])
      assert.match(caught[0]?.error?.message ?? '', /: only 2 of 3 readings were stored, and the response does not say which; check the sensor/)
      assert.ok(caught[0]?.error?.message.startsWith(`SensoCAN, ${title}:`))
    })

  it('are found by the outbox, which delivers the others', async () => {
    const flow = await load({ simulator, vendor: 'sensocan', verb: 'send-reading', operation: 'auto', store: new SimpleStore() })
    const messages: unknown[] = []
    const failures: string[] = []
    helper.getNode('out').on('input', ({ payload }) => void messages.push(payload))
    helper.getNode('caught').on('input', (message) => void failures.push(String((message as FlowMessage).error?.message)))
    for (const payload of READINGS) flow.node.receive({ payload })
    await until(() => messages.length === 2 && failures.length === 1)
    assert.deepEqual(messages, [READINGS[0], READINGS[2]])
    assert.match(failures[0] ?? '', /only 0 of 1 readings were stored/)
    assert.deepEqual([...new Set(simulator.state.sensocan.readings.map(({ value }) => value))], [1, 3])
  })

  it('are none where the answer has no count', async () => {
    const flow = await load({ simulator, vendor: 'sensocan', verb: 'send-reading', operation: 'reading', params: { sensorUuid: '7a8b9c0d-1234-5678-90ab-cdef12345678', value: 5 }, node: { outbox: false } })
    assert.equal((await flow.run()).out.length, 1)
  })
})

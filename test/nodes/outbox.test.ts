import assert from 'node:assert/strict'
import helper from 'node-red-node-test-helper'
import { startSimulator, type Simulator } from '../simulator'
import { SimpleStore } from '../lib/store/simple-store'
import { pause, until } from '../until'
import { load, unload, type Flow, type FlowMessage } from './harness'

helper.init(require.resolve('node-red'))

const SLUGS = ['temp_01', 'humidity_sensor', 'battery_level']
const reading = (value: number, sensorSlug = 'temp_01'): object => ({ sensorSlug, value })

describe('outbox of send reading', () => {
  let simulator: Simulator
  let store: SimpleStore
  beforeEach(async () => {
    simulator = await startSimulator()
    store = new SimpleStore()
  })
  afterEach(async () => {
    await unload()
    await simulator.close()
  })

  const start = (setup: { node?: Record<string, unknown>; more?: object[]; operation?: string; params?: Record<string, unknown> } = {}): Promise<Flow> =>
    load({ simulator, vendor: 'sensocan', verb: 'send-reading', operation: 'auto', store, ...setup })
  /** Messages that come out of a node from now on. */
  const collect = (id: string): FlowMessage[] => {
    const messages: FlowMessage[] = []
    helper.getNode(id).on('input', (message) => void messages.push(message as FlowMessage))
    return messages
  }
  const stored = (): number[] => simulator.state.sensocan.readings.map(({ value }) => value)
  const queue = () => store.queueOf('account')
  const sizes = (): number[] => simulator.requests.map(({ body }) => [(JSON.parse(body) as { data: unknown }).data].flat().length)
  const said = (flow: Flow, words: RegExp): boolean => flow.log.some((line) => words.test(JSON.stringify(line)))

  it('is on by default: readings of several messages travel together, and each message goes on untouched', async () => {
    const flow = await start()
    const out = collect('out')
    const before = Date.now()
    const payloads = SLUGS.map((slug, value) => reading(value, slug))
    for (const payload of payloads) flow.node.receive({ payload, topic: 'mine' })
    await until(() => out.length === 3)
    assert.ok(sizes().length < 3, 'together, unless the machine stands still for a whole window')
    assert.deepEqual(stored(), [0, 1, 2])
    assert.deepEqual(out.map(({ payload }) => payload), payloads)
    const [first] = out
    assert.deepEqual([first?.topic, first?.response?.statusCode, first?.response?.operation], ['mine', 201, 'auto'])
    const [kept] = simulator.state.sensocan.readings
    assert.ok(kept?.timestampGiven && Date.parse(kept.timestamp) >= before && Date.parse(kept.timestamp) <= simulator.requests[0]!.at - 200, 'the time is that of the entry, not of the request after the window')
    assert.ok(flow.statuses.some(({ fill, shape }) => fill === 'yellow' && shape === 'dot'), 'the status shows that they wait')
  })

  it('serves every operation, in the form that carries the readings best', async () => {
    const uuid = '7a8b9c0d-1234-5678-90ab-cdef12345678'
    const flow = await start({ operation: 'reading', params: { sensorUuid: uuid, value: { type: 'msg', value: 'payload' }, timestamp: '2023-10-27T10:00:00Z', batteryVoltage: 3.7 } })
    const { out } = await flow.run({ payload: 25.5 })
    assert.deepEqual([out[0]?.payload, out[0]?.response?.operation], [25.5, 'reading'])
    const [request] = simulator.requests
    assert.match(request!.path, /\/sensors\/[^/]+\/readings$/)
    assert.deepEqual(JSON.parse(request!.body), { data: { value: 25.5, timestamp: '2023-10-27T10:00:00.000Z' }, battery_voltage: 3.7 })
  })

  it('refuses what is no reading at once, all or none of a message', async () => {
    const flow = await start({ node: { batchWindow: '0' } })
    const { caught } = await flow.run({ payload: [reading(1), { sensorSlug: 'temp_01', value: 'warm' }] })
    assert.equal(caught[0]?.error?.code, 'INVALID')
    assert.match(caught[0].error.message, /^SensoCAN, Readings \(automatic request\): .*"Readings" \(reading 2\) has a mistake: "value" must be a number/)
    assert.deepEqual([simulator.requests.length, queue().texts.length], [0, 0])
  })

  it('tells which reading the vendor refuses, and sends the rest of a batch', async () => {
    const flow = await start()
    const out = collect('out')
    const caught = collect('caught')
    for (let value = 0; value < 6; value += 1) flow.node.receive({ payload: value === 3 ? [reading(30), reading(31, 'nobody')] : reading(value) })
    await until(() => out.length === 5 && caught.length === 1)
    assert.deepEqual(stored(), [0, 1, 2, 30, 4, 5])
    const [message] = caught
    assert.match(message!.error!.message, /^SensoCAN, Readings \(automatic request\): .*\(422\).*reading 2: the device has no sensor "nobody".*1 of the 2 readings/)
    assert.deepEqual([message?.error?.code, message?.response?.statusCode, (message?.payload as unknown[]).length], ['INVALID', 422, 2])
    assert.ok((message?.response?.body as { errors: object }).errors)
  })

  it('keeps the order of each sensor over an outage, from several nodes on one account', async () => {
    const other = { id: 'other', z: 'tab', type: 'sensor-cloud-send-reading', vendor: 'sensocan', accountSensocan: 'account', operation: 'auto', params: {}, wires: [['others']] }
    const flow = await start({ more: [other, { id: 'others', z: 'tab', type: 'helper' }] })
    const [out, others] = [collect('out'), collect('others')]
    const end = simulator.faults.always({ status: 503 })
    for (let value = 0; value < 30; value += 1) {
      helper.getNode(value % 2 ? 'other' : 'action').receive({ payload: reading(value, SLUGS[value % 3]) })
      await pause(20)
    }
    await until(() => flow.statuses.some(({ fill }) => fill === 'red'), 'the failure is shown')
    end()
    await until(() => out.length === 15 && others.length === 15)
    assert.deepEqual(stored(), Array.from({ length: 30 }, (_none, value) => value))
    assert.ok(simulator.requests.filter(({ status }) => status === 201).length < 12, 'what waits travels together')
    assert.equal(flow.statuses.find(({ fill }) => fill === 'red')?.shape, 'ring')
    await until(() => flow.statuses.at(-1)?.fill === 'green')
  })

  it('fails with OUTBOX_FULL when it is full, and drops nothing', async () => {
    simulator.faults.always({ status: 503 })
    const flow = await start({ node: { outboxLimit: '3', batchWindow: '0' } })
    flow.node.receive({ payload: [reading(1), reading(2)] })
    const { caught } = await flow.run({ payload: [reading(3), reading(4)] })
    assert.equal(caught[0]?.error?.code, 'OUTBOX_FULL')
    assert.match(caught[0].error.message, /^SensoCAN, Readings \(automatic request\): the outbox is full \(3 readings\)/)
    assert.equal(queue().texts.length, 2)
  })

  it('fails with a clear sentence when the store does not take readings', async () => {
    const flow = await start()
    store.failing = 'UNAVAILABLE'
    const { caught } = await flow.run({ payload: reading(1) })
    assert.equal(caught[0]?.error?.code, 'NETWORK')
    assert.match(caught[0].error.message, /^SensoCAN, Readings \(automatic request\): the outbox cannot be used: the disk is full/)
  })

  it('keeps readings over a restart, says so, and sends them without a message', async () => {
    const end = simulator.faults.always({ status: 503 })
    const flow = await start({ node: { batchWindow: '0' } })
    flow.node.receive({ payload: [reading(1), reading(2)] })
    flow.node.receive({ payload: [reading(3, 'nobody')] })
    await until(() => queue().texts.length === 3)
    const lines: unknown[] = []
    // The helper's own log ends before the nodes do.
    flow.node.log = (line) => void lines.push(line)
    const began = Date.now()
    await unload()
    assert.ok(Date.now() - began < 10_000, 'within the time that Node-RED gives')
    assert.deepEqual(lines, ['2 messages were waiting; 3 readings stay in the outbox and will be sent'])
    assert.deepEqual([queue().texts.length, queue().held, store.leases], [3, 0, 0])
    end()
    await start()
    const caught = collect('caught')

    await until(() => queue().texts.length === 0)
    assert.deepEqual(stored(), [1, 2])
    await until(() => caught.length === 1)
    assert.match(caught[0]!.error!.message, /\(422\)/)
    assert.equal(caught[0]!.error!.source.id, 'action')
    assert.equal((caught[0]!.payload as { value: number }).value, 3, 'the reading as it was given')
  })

  it('lets the account speak for a node that is gone', async () => {
    const end = simulator.faults.always({ status: 503 })
    const flow = await start({ node: { batchWindow: '0' } })
    flow.node.receive({ payload: reading(3, 'nobody') })
    await until(() => queue().texts.length === 1)
    await unload()
    queue().texts.forEach((text) => assert.match(text, /"node":"action"/))
    const [text] = queue().texts
    await queue().clear()
    await queue().append([text!.replace('"node":"action"', '"node":"gone"')], 10)
    end()
    const next = await start()
    await until(() => queue().texts.length === 0)
    await until(() => said(next, /the reading was dropped: .*nobody/))
  })

  it('aborts its request when it is deployed anew, and keeps the readings', async () => {
    simulator.faults.next({ delay: 60_000, status: 503 })
    const flow = await start({ node: { batchWindow: '0' } })
    flow.node.receive({ payload: reading(1) })
    await until(() => simulator.requests.length === 1)
    const began = Date.now()
    await unload()
    assert.ok(Date.now() - began < 10_000, 'within the time that Node-RED gives')
    await start()
    await until(() => stored().length === 1)
    assert.deepEqual(stored(), [1])
  })

  it('sends directly when it is off', async () => {
    const flow = await start({ node: { outbox: false } })
    simulator.faults.next({ status: 503 })
    const { caught } = await flow.run({ payload: reading(1) })
    assert.equal(caught[0]?.error?.code, 'VENDOR')
    assert.equal(queue().texts.length, 0)
  })
})

/** The samples of the help are parts of what flows on the simulator send: the same properties, with values of the same kind. */
import assert from 'node:assert/strict'
import helper from 'node-red-node-test-helper'
import { accountSample, ACTION_SAMPLES, EVENT_SAMPLE } from '../../src/nodes/admin/help/help-samples'
import type { Verb } from '../../src/lib/vocabulary/operation'
import { knownVendors } from '../../src/nodes/runtime/node-types'
import { startSimulator, type Simulator } from '../simulator'
import { until } from '../until'
import { listen } from './events-harness'
import { load, unload, type FlowMessage, type Setup, type VendorId } from './harness'

helper.init(require.resolve('node-red'))

const THING = 'TSPD04SIM00000001'
/** One that exists already. */
const KNOWN_GATEWAY = '10000000'
const NEW_GATEWAY = '10000009'

/** The kinds of the values of a sample, and true or false; of something else, only where the sample has a property. */
function kinds(value: unknown, sample: unknown): unknown {
  if (Array.isArray(sample)) return sample.map((item, index) => kinds((value as unknown[] | undefined)?.[index], item))
  if (value === null || typeof value === 'boolean') return value
  if (typeof sample !== 'object' || sample === null) return typeof value
  const properties = (value ?? {}) as Record<string, unknown>
  return Object.fromEntries(Object.entries(sample).map(([name, part]) => [name, kinds(properties[name], part)]))
}

const isPartOf = (sample: unknown, value: unknown): void => assert.deepEqual(kinds(value, sample), kinds(sample, sample))

describe('the samples of the help', () => {
  let simulator: Simulator
  beforeEach(async () => {
    simulator = await startSimulator({ maxAge: 0 })
  })
  afterEach(async () => {
    await unload()
    await simulator.close()
  })

  /** The last message of a flow that got these messages, one after another. */
  async function last(verb: Verb, vendor: VendorId, operation: string, params: Setup['params'], ...payloads: unknown[]): Promise<FlowMessage> {
    const flow = await load({ simulator, vendor, verb, operation, params: params ?? {} })
    let message: FlowMessage | undefined
    for (const payload of payloads) {
      const { out, caught } = await flow.run({ payload })
      assert.deepEqual(caught.map(({ error }) => error?.message), [])
      message = out[0]
    }
    return message ?? assert.fail('no message')
  }

  it('of a reading', async () => {
    const { payload } = await last('get-data', 'sensorist', 'measurements-latest', { dataSources: '220200' }, 0)
    isPartOf(ACTION_SAMPLES['get-data'], (payload as unknown[])[0])
  })

  it('of readings that are sent', async () => {
    const sample = ACTION_SAMPLES['send-reading']
    const { payload } = await last('send-reading', 'sensocan', 'auto', {}, sample)
    assert.deepEqual(payload, sample)
  })

  it('of a command', async () => {
    isPartOf(ACTION_SAMPLES['send-command'], await last('send-command', 'sensorist', 'gateway-command', { gatewayId: '7325', command: 'reboot' }, 0))
  })

  it('of an alarm that existed already', async () => {
    const params = { dataSource: '220200', value: -5, direction: 'below', delay: 60 }
    isPartOf(ACTION_SAMPLES['set-alarm'], await last('set-alarm', 'sensorist', 'create-alarm', params, 0, 0))
  })

  it('of rows that are registered', async () => {
    const { payload } = await last('register-device', 'sensorist', 'add-gateway', { serial: '' }, [{ serial: NEW_GATEWAY }, { serial: KNOWN_GATEWAY }])
    isPartOf(ACTION_SAMPLES['register-device'], payload)
  })

  it('of the limits of an account', async () => {
    const { response } = await last('get-data', 'sensorist', 'measurements-latest', { dataSources: '220200' }, 0)
    isPartOf(accountSample(knownVendors.find(({ id }) => id === 'sensorist')!), response)
  })

  it('of an event', async () => {
    for (const { alerts } of simulator.state.thingsee.things.values()) alerts.length = 0
    const events = await listen({ simulator, vendor: 'thingsee', params: { tuid: THING } })
    await until(() => events.statuses.some(({ fill }) => fill === 'green'), 'the first poll')
    simulator.state.thingsee.things.get(THING)!.alerts.push({ type: EVENT_SAMPLE.event, from: Date.now(), to: null })
    await events.advance(60_000)
    await until(() => events.messages.length === 1, 'the message')
    const [message] = events.messages
    await events.end()
    isPartOf(EVENT_SAMPLE, message?.payload)
  })
})

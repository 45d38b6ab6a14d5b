/** Event nodes when something else goes wrong than the vendor. */
import assert from 'node:assert/strict'
import helper from 'node-red-node-test-helper'
import { accountEntry, eventEntry } from '../../src/nodes/entries'
import { startSimulator, type Simulator } from '../simulator'
import { until } from '../until'
import { listen } from './events-harness'
import { accountsOn, deployCheckSetting, redeploy } from './harness'

helper.init(require.resolve('node-red'))

describe('an event node in trouble', () => {
  let simulator: Simulator
  beforeEach(async () => (simulator = await startSimulator()))
  afterEach(() => simulator.close())

  it('deletes its callback and complains of nothing when account and store go with it, also while it still registers', async () => {
    const { settings, credentials } = accountsOn(simulator).sensorist
    const nodes = [
      { id: 'tab', type: 'tab', label: 'test' },
      { id: 'account', type: 'sensorist-account', ...settings },
      { id: 'listener', z: 'tab', type: 'sensor-cloud-on-event', vendor: 'sensorist', accountSensorist: 'account', publicUrl: 'http://127.0.0.1:1880', wires: [[]] },
    ]
    await helper.load([deployCheckSetting, accountEntry('sensorist'), eventEntry()], nodes, { account: credentials })
    try {
      await until(() => simulator.state.sensorist.callbacks.size === 1, 'the callback is registered')
      await redeploy(nodes.slice(0, 1))
      await until(() => simulator.state.sensorist.callbacks.size === 0, 'the callback is deleted')
      const warnings = helper.log().args.flat().filter(({ id }: { id?: string }) => id === 'listener')
      assert.deepEqual(warnings, [])
    } finally {
      await helper.unload()
    }
  })

  it('goes on after an event that could not be sent on, and tells it no second time', async () => {
    const { things } = simulator.state.thingsee
    const [one, other] = [...things.values()]
    const flow = await listen({ simulator, vendor: 'thingsee' })
    try {
      await until(() => flow.statuses.at(-1)?.fill === 'green', 'the first poll')
      const node = helper.getNode('listener')
      const send = node.send.bind(node)
      node.send = () => {
        throw new RangeError('Maximum call stack size exceeded')
      }
      one?.alerts.push({ type: 'too deep to be copied', from: Date.now(), to: null })
      await flow.advance(60_000)
      node.send = send
      other?.alerts.push({ type: 'heartbeat missed', from: Date.now(), to: null })
      await flow.advance(60_000)
      await until(() => flow.messages.length > 0, 'the next event')
      assert.deepEqual(flow.messages.map(({ topic }) => topic), ['heartbeat missed'])
      assert.equal(flow.statuses.at(-1)?.fill, 'green')
    } finally {
      await flow.end()
    }
  })
})

/** An event node that is removed together with its account, with a store of its own process. */
import assert from 'node:assert/strict'
import helper from 'node-red-node-test-helper'
import { registerAccount } from '../../src/nodes/accounts/register'
import { registerOnEvent } from '../../src/nodes/on-event/register'
import { startSimulator, type Simulator } from '../simulator'
import { until } from '../until'
import { accountsOn, redeploy } from './harness'

helper.init(require.resolve('node-red'))

describe('an event node that is removed', () => {
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
    await helper.load([registerAccount('sensorist'), registerOnEvent()], nodes, { account: credentials })
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
})

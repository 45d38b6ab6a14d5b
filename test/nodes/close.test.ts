import assert from 'node:assert/strict'
import helper from 'node-red-node-test-helper'
import { mostInAnyWindow } from '../lib/limiter/workload'
import { startSimulator, type Simulator } from '../simulator'
import { pause, until } from '../until'
import { load, unload } from './harness'

helper.init(require.resolve('node-red'))

describe('a node that is closed', () => {
  let simulator: Simulator
  beforeEach(async () => (simulator = await startSimulator()))
  afterEach(async () => {
    await unload()
    await simulator.close()
  })

  it('answers for every message that is in flight or waits, at once', async () => {
    simulator.faults.always({ delay: 30_000 })
    const flow = await load({ simulator, vendor: 'thingsee', operation: 'request', params: { path: { type: 'msg', value: 'path' } } })
    const failed: unknown[] = []
    const said: unknown[] = []
    flow.node.log = (text) => said.push(text)
    const tell = flow.node.error.bind(flow.node)
    flow.node.error = (error, message) => {
      failed.push((error as { code?: string }).code)
      tell(error, message)
    }
    for (let index = 0; index < 100; index += 1) flow.node.receive({ payload: index, path: `/things/alerts?n=${index}` })
    await until(() => simulator.requests.length > 0)
    const began = Date.now()
    await unload()
    assert.ok(Date.now() - began < 10_000, 'no answer is waited for')
    assert.deepEqual(failed, Array.from({ length: 100 }, () => 'CLOSED'))
    assert.deepEqual(said, ['100 messages were stopped because the node was closed by a deploy; each failed with the code CLOSED'])
  })

  it('does not warn of listeners that many messages leave behind', async () => {
    const warnings: Error[] = []
    const note = (warning: Error): void => void warnings.push(warning)
    process.on('warning', note)
    try {
      const flow = await load({ simulator, vendor: 'sensorist', operation: 'gateways', params: { serials: { type: 'msg', value: 'serial' } } })
      for (let index = 0; index < 40; index += 1) flow.node.receive({ payload: index, serial: '10000000' })
      await flow.run({ serial: '10000001' })
      await pause(50)
      assert.deepEqual(warnings.map(({ message }) => message), [])
    } finally {
      process.off('warning', note)
    }
  })

  it('keeps what the cloud said fresh over a deploy', async () => {
    for (let deploy = 0; deploy < 3; deploy += 1) {
      const flow = await load({ simulator, vendor: 'sensorist', operation: 'gateways' })
      await flow.run()
      await unload()
    }
    assert.equal(simulator.requests.length, 1)
  })

  it('shares one budget between accounts with the same credentials', async () => {
    const { settings, credentials } = { settings: { baseUrl: simulator.urls.senquip, hostedDevices: '2' }, credentials: simulator.credentials.senquip }
    const second = { id: 'other', type: 'senquip-account', name: 'Second', ...settings }
    const twin = { id: 'twin', z: 'tab', type: 'sensor-cloud-get-data', vendor: 'senquip', accountSenquip: 'other', operation: 'request', params: { path: { type: 'msg', value: 'path' } }, wires: [[]] }
    const flow = await load({
      simulator, vendor: 'senquip', operation: 'request', params: { path: { type: 'msg', value: 'path' } },
      account: { hostedDevices: '2' }, more: [second, twin], moreCredentials: { other: credentials },
    })
    for (let index = 0; index < 3; index += 1) {
      flow.node.receive({ path: `/devices?a=${index}` })
      helper.getNode('twin').receive({ path: `/devices?b=${index}` })
    }
    await until(() => simulator.requests.filter(({ status }) => status !== 0).length >= 6)
    assert.equal(simulator.requests.length, 6)
    // They leave two a second; half of it is for what a busy machine reads late.
    assert.equal(mostInAnyWindow(simulator.requests.map(({ at }) => at), 500), 2)
  })
})

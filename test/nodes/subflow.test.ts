import assert from 'node:assert/strict'
import helper from 'node-red-node-test-helper'
import { startSimulator, type Simulator } from '../simulator'
import { SimpleStore } from '../lib/store/simple-store'
import { until } from '../until'
import { accountsOn, load, QUICK, redeploy, unload } from './harness'

helper.init(require.resolve('node-red'))

describe('nodes in a subflow', () => {
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

  const callbacks = (): string[] => [...simulator.state.sensorist.callbacks.values()].map(({ url }) => url)
  const remembered = (): string[] => [...store.texts.keys()].filter((key) => /^(events|cursor):/.test(key))
  const definition = { id: 'sub', type: 'subflow', name: 'Listen', in: [], out: [] }
  const outer = { id: 'outer', type: 'subflow', name: 'Listen twice', in: [], out: [] }
  const listener = {
    id: 'listener', z: 'sub', type: 'sensor-cloud-on-event', vendor: 'sensorist', accountSensorist: 'account', publicUrl: 'https://plant.example', params: {}, x: 1, y: 1, wires: [[]],
  }
  const instance = (id: string, z = 'tab', of = 'sub'): object => ({ id, z, type: `subflow:${of}`, name: id, x: 1, y: 1, wires: [] })

  it('delete their callback when the instance is removed, and that of no other', async () => {
    const rest = [definition, outer, listener, instance('inner', 'outer'), instance('kept'), instance('nest', 'tab', 'outer')]
    await load({ simulator, vendor: 'sensorist', operation: 'alarms', store, more: [...rest, instance('gone')] })
    await until(() => callbacks().length === 3, 'all three have registered')
    const before = callbacks()
    await until(() => remembered().length === 3)
    await redeploy([...base(), ...rest])
    await until(() => callbacks().length === 2)
    assert.equal(before.filter((url) => callbacks().includes(url)).length, 2, 'the others stay as they are')
    assert.deepEqual(remembered().sort(), ['events:kept-listener', 'events:nest-inner-listener'])
    await redeploy([...base(), definition, outer, listener, instance('inner', 'outer'), instance('kept')])
    await until(() => callbacks().length === 1)
    assert.deepEqual(remembered(), ['events:kept-listener'])
    await redeploy([...base(), definition, instance('kept')])
    await until(() => callbacks().length === 0, 'the subflow itself has no such node any more')
  })

  it('delete it also when they are removed before their first look after a restart', async () => {
    await load({ simulator, vendor: 'sensorist', operation: 'alarms', store, more: [definition, listener, instance('gone')] })
    await until(() => callbacks().length === 1 && remembered().length === 1)
    await redeploy([...base(), definition, { ...listener, name: 'changed' }, instance('gone')])
    await redeploy([...base(), definition, { ...listener, name: 'changed' }])
    await until(() => callbacks().length === 0)
    assert.deepEqual(remembered(), [])
  })

  it('keep it over a deploy, a change of the subflow, and a restart', async () => {
    const rest = [definition, instance('kept')]
    await load({ simulator, vendor: 'sensorist', operation: 'alarms', store, more: [...rest, listener] })
    await until(() => callbacks().length === 1 && remembered().length === 1)
    const [url] = callbacks()
    await redeploy([...base(), ...rest, { ...listener, name: 'changed' }])
    await redeploy([...base(), ...rest, { ...listener, name: 'changed' }], 'full')
    await unload()
    assert.deepEqual([callbacks(), remembered()], [[url], ['events:kept-listener']])
  })

  it('that are an account drop what waits when the instance is removed, and say how much', async () => {
    const { settings, credentials } = accountsOn(simulator).sensocan
    const own = { id: 'own', z: 'sub', type: 'sensocan-device', name: 'Own', ...settings }
    const sender = { id: 'sender', z: 'sub', type: 'sensor-cloud-send-reading', vendor: 'sensocan', accountSensocan: 'own', operation: 'auto', params: {}, x: 1, y: 1, wires: [[]] }
    simulator.faults.always({ status: 503 })
    const flow = await load({ simulator, vendor: 'sensorist', operation: 'alarms', store, more: [definition, own, sender, instance('gone')], moreCredentials: { own: credentials } })
    helper.getNode('gone-sender').receive({ payload: { sensorSlug: 'temp_01', value: 1 } })
    const queue = store.queueOf('gone-own')
    await until(() => queue.texts.length === 1)
    await redeploy([...base(), definition, own, sender])
    assert.deepEqual(queue.texts, [])
    assert.ok(flow.log.flat().some((line) => /removed; 1 reading in its outbox was dropped/.test(String((line as { msg?: unknown }).msg))))
  })

  /** Tab and account as the harness has loaded them. */
  function base(): object[] {
    return [{ id: 'tab', type: 'tab', label: 'test' }, { id: 'account', type: 'sensorist-account', name: 'Test', baseUrl: simulator.urls.sensorist, ...QUICK.sensorist }]
  }
})

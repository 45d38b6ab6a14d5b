import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { NodeAPI } from 'node-red'
import helper from 'node-red-node-test-helper'
import { startSimulator, type Simulator } from '../simulator'
import type { LeaseAccountStore } from '../../src/nodes/stores/account-store'
import { SimpleStore } from '../lib/store/simple-store'
import { until } from '../until'
import { accountsOn, load, redeploy, unload } from './harness'

helper.init(require.resolve('node-red'))

interface LogLine {
  id?: string
  msg?: unknown
}

describe('outbox over a deploy and at the admin routes', () => {
  let simulator: Simulator
  let store: SimpleStore
  let admin: NodeAPI['httpAdmin']
  beforeEach(async () => {
    simulator = await startSimulator()
    store = new SimpleStore()
  })
  afterEach(async () => {
    await unload()
    await simulator.close()
  })

  const queue = () => store.queueOf('account')
  const said = (log: unknown[], words: RegExp): boolean => log.some((line) => (line as LogLine[]).some(({ msg }) => words.test(String(msg))))
  const account = (): object => ({ id: 'account', type: 'sensocan-device', name: 'Test', ...accountsOn(simulator).sensocan.settings })
  const sender = { id: 'action', z: 'tab', type: 'sensor-cloud-send-reading', vendor: 'sensocan', accountSensocan: 'account', operation: 'auto', params: {}, batchWindow: '0', output: 'readings', emit: 'array', wires: [['out']] }
  const out = { id: 'out', z: 'tab', type: 'helper' }
  const tab = { id: 'tab', type: 'tab', label: 'test' }

  /** A flow whose outbox holds two readings, of which the vendor will refuse the second, because the cloud is away. */
  async function waiting(stores?: LeaseAccountStore): Promise<{ end: () => void; log: unknown[] }> {
    const end = simulator.faults.always({ status: 503 })
    const flow = await load({ simulator, vendor: 'sensocan', verb: 'send-reading', operation: 'auto', store, ...(stores ? { stores } : {}), node: { batchWindow: '0' }, nodes: [(RED) => (admin = RED.httpAdmin)] })
    flow.node.receive({ payload: [{ sensorSlug: 'temp_01', value: 1 }, { sensorSlug: 'nobody', value: 2 }] })
    await until(() => queue().texts.length === 2 && simulator.requests.length > 0)
    return { end, log: flow.log }
  }

  it('sends for a node that was changed meanwhile, and hands it what is refused', async () => {
    const { end, log } = await waiting()
    await redeploy([tab, account(), { ...sender, name: 'changed' }, out])
    end()
    await until(() => queue().texts.length === 0)
    assert.deepEqual(simulator.state.sensocan.readings.map(({ value }) => value), [1])
    await until(() => log.some((line) => (line as LogLine[]).some(({ id, msg }) => id === 'action' && String(msg).includes('(422)'))), 'the new node tells')
  })

  it('warns when a node is removed, and sends all the same', async () => {
    const { end, log } = await waiting()
    await redeploy([tab, account(), out])
    assert.ok(said(log, /the node was removed; 2 readings stay in the outbox of account "Test" and are sent/))
    end()
    await until(() => queue().texts.length === 0)
    assert.deepEqual(simulator.state.sensocan.readings.map(({ value }) => value), [1])
    await until(() => said(log, /the reading was dropped: .*nobody/))
  })

  it('drops what waits when the account is removed, and says how much', async () => {
    const { log } = await waiting()
    await redeploy([tab, out])
    assert.deepEqual([queue().texts.length, store.leases], [0, 0])
    assert.ok(said(log, /the account was removed; 2 readings in its outbox were dropped/))
  })

  it('keeps what waits while the account is disabled, and sends it afterwards', async () => {
    const { end, log } = await waiting()
    await redeploy([tab, { ...account(), d: true }, sender, out])
    assert.equal(queue().texts.length, 2)
    assert.ok(!said(log, /dropped/))
    await redeploy([tab, account(), sender, out])
    end()
    await until(() => queue().texts.length === 0)
    assert.deepEqual(simulator.state.sensocan.readings.map(({ value }) => value), [1])
  })

  it('keeps the readings when the address of the account is corrected', async () => {
    const { end } = await waiting()
    await redeploy([tab, { ...account(), baseUrl: `${simulator.urls.sensocan}/` }, sender, out])
    end()
    await until(() => queue().texts.length === 0)
    assert.deepEqual(simulator.state.sensocan.readings.map(({ value }) => value), [1])
  })

  it('says how many readings stay in the store that the account no longer names, and sends them when it names it again', async () => {
    const other = Object.assign(new SimpleStore(), { place: 'redis://other:6379' })
    const { end, log } = await waiting((_RED, { store: name }) => (name === 'other' ? other : store).lease())
    await redeploy([tab, { ...account(), store: 'other' }, sender, out])
    await until(() => said(log, /the account now has another store, but 2 readings of its outbox are still in memory; choose that store again/))
    await redeploy([tab, { ...account(), store: 'other', name: 'changed' }, sender, out])
    end()
    await redeploy([tab, account(), sender, out])
    await until(() => queue().texts.length === 0)
    assert.equal(log.flat().filter((line) => /now has another store/.test(String((line as LogLine).msg))).length, 1, 'once')
  })

  it('is emptied by its admin route, and the messages that wait fail', async () => {
    const { log } = await waiting()
    const caught: unknown[] = []
    helper.getNode('caught').on('input', (message) => void caught.push((message as { error?: { code: string } }).error?.code))
    const server = admin.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const clear = (id: string): Promise<Response> =>
      fetch(`http://127.0.0.1:${port}/sensor-clouds/outbox/${id}/clear`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' })
    assert.equal((await clear('nobody')).status, 404)
    assert.equal((await clear('action')).status, 404)
    assert.deepEqual(await (await clear('account')).json(), { dropped: 2 })
    assert.equal(queue().texts.length, 0)
    await until(() => caught.length === 1)
    assert.deepEqual(caught, ['CLOSED'])
    assert.ok(said(log, /the outbox was emptied; 2 readings were dropped/))
    store.failing = 'UNAVAILABLE'
    assert.equal((await clear('account')).status, 409)
    store.failing = undefined
    server.closeAllConnections()
    server.close()
  })

  it('says in the diagnostics why readings are not sent, and drops only those that the cloud trips over', async () => {
    simulator.faults.always({ status: 500, match: { body: /"value":13\b/ } })
    const flow = await load({ simulator, vendor: 'sensocan', verb: 'send-reading', operation: 'auto', store, node: { batchWindow: '0' }, nodes: [(RED) => (admin = RED.httpAdmin)] })
    const caught: unknown[] = []
    helper.getNode('caught').on('input', (message) => void caught.push((message as { error?: { code: string } }).error?.code))
    const server = admin.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const ask = async (path: string, init: RequestInit = {}): Promise<Record<string, unknown>> =>
      (await fetch(`http://127.0.0.1:${port}/sensor-clouds/${path}`, { headers: { 'content-type': 'application/json' }, ...init })).json() as Promise<Record<string, unknown>>
    try {
      flow.node.receive({ payload: { sensorSlug: 'temp_01', value: 13 } })
      await until(() => simulator.requests.length > 0)
      await until(() => flow.statuses.some(({ fill, text }) => fill === 'red' && text !== undefined))
      const { diagnostics } = await ask('diagnostics/account') as { diagnostics: { outbox: { depth: number; quarantined: number; failure: { code: string; message: string } } } }
      assert.deepEqual([diagnostics.outbox.depth, diagnostics.outbox.quarantined, diagnostics.outbox.failure.code], [1, 1, 'VENDOR'])
      assert.match(diagnostics.outbox.failure.message, /^SensoCAN, Readings \(automatic request\): .*\(500\)/)
      assert.deepEqual(await ask('outbox/account/drop', { method: 'POST', body: '{}' }), { dropped: 1 })
      await until(() => caught.length === 1)
      assert.deepEqual([caught, queue().texts], [['VENDOR'], []])
      assert.ok(said(flow.log, /1 quarantined reading was dropped/))
      assert.equal(typeof (await ask('outbox/nobody/drop', { method: 'POST', body: '{}' })).message, 'string')
    } finally {
      server.closeAllConnections()
      server.close()
    }
  })
})

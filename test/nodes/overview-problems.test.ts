/** What goes wrong stands in the sidebar within seconds, and is gone when it is right again. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import helper from 'node-red-node-test-helper'
import type { NodeAPI } from 'node-red'
import sinon from 'sinon'
import { leaseAccountStore } from '../../src/nodes/stores/account-store'
import { needsRedis, RedisServer } from '../lib/store/redis-server'
import { SimpleStore } from '../lib/store/simple-store'
import { selfSignedPair, startSimulator, type Simulator } from '../simulator'
import { passFast, type FastTime } from '../fast-time'
import { until } from '../until'
import { assertNoSecret, post } from './admin'
import { listen } from './events-harness'
import { load, unload, type Flow, type Setup } from './harness'
import { WatchingEditor } from './overview'

helper.init(require.resolve('node-red'))

const tlsNode = require('@node-red/nodes/core/network/05-tls.js') as (RED: NodeAPI) => void

describe('problems in the sidebar', function () {
  this.timeout(60_000)
  let simulator: Simulator
  let editor: WatchingEditor | undefined
  let fastTime: FastTime
  beforeEach(async () => {
    fastTime = passFast(5)
    simulator = await startSimulator()
    editor = undefined
  })
  afterEach(async () => {
    const rows = JSON.stringify(editor?.changes ?? [])
    editor?.close()
    await unload()
    await simulator.close()
    fastTime.end()
    sinon.restore()
    const { senquip, sensocan, sensorist, thingsee } = simulator.credentials
    assertNoSecret(rows, { ...senquip, token: sensocan.accessToken, password: sensorist.password, secret: thingsee.clientSecret })
  })

  async function start(setup: Omit<Setup, 'simulator'>): Promise<{ flow: Flow; shown: WatchingEditor }> {
    const flow = await load({ simulator, ...setup })
    editor = await WatchingEditor.open()
    return { flow, shown: editor }
  }
  const reads = (more: Partial<Setup> = {}) => start({ vendor: 'sensorist', operation: 'users', ...more })
  const sends = (node: Record<string, unknown> = {}) => start({ vendor: 'sensocan', verb: 'send-reading', operation: 'auto', node: { batchWindow: '0', ...node } })
  const reading = { payload: { sensorSlug: 'temp_01', value: 1 } }

  it('a wrong key', async () => {
    const { flow, shown } = await reads({ credentials: { email: simulator.credentials.sensorist.email, password: 'not the password' } })
    await flow.run()
    await shown.shows(/\(401\)/)
    await until(() => shown.account().state === 'rejected', 'the state says so')
    assert.equal(shown.problems.length, 1, 'it is said once, at the account')
    simulator.faults.always({ status: 200, body: { code: 200, max_age: 0, time: 1, data: { users: [] } } })
    await flow.run()
    await shown.clears()
  })

  it('a limit of the day that is used up', async () => {
    fastTime.setDate(Date.UTC(2026, 2, 10, 12))
    const store = new SimpleStore()
    const setup = { simulator, vendor: 'senquip', operation: 'list-devices', store } as const
    await (await load(setup)).run()
    await unload()
    const [key] = [...store.texts.keys()].filter((name) => name.startsWith('counts:'))
    const [today] = JSON.parse(store.texts.get(key ?? '') ?? '') as { used: number }[]
    store.texts.set(key ?? '', JSON.stringify([{ ...today, used: 1_000_000 }]))
    const { flow, shown } = await start(setup)
    assert.equal((await flow.run()).caught[0]?.error?.code, 'QUOTA')
    await shown.shows(/^the daily limit of \d+ requests is used up; requests fail until/)
    fastTime.setDate(Date.UTC(2026, 2, 11, 12))
    await flow.run()
    await shown.clears()
  })

  it('a plan that does not allow it (403)', async () => {
    const { flow, shown } = await reads()
    simulator.faults.next({ status: 403 })
    await flow.run()
    await shown.shows(/\(403\)/)
    await flow.run()
    await shown.clears()
  })

  it('a cloud that cannot be reached, also while the node still tries again', async () => {
    const { flow, shown } = await reads()
    const end = simulator.faults.always({ reset: 'before' })
    flow.node.receive({ payload: 'in' })
    await shown.shows(/^the cloud has been unreachable since/)
    assert.equal(shown.account().state, 'away')
    assert.notEqual(shown.account().awaySince, undefined)
    end()
    await until(() => ['red', 'green'].includes(shown.node().fill ?? ''), 'the retries have ended')
    await flow.run()
    await shown.clears()
  })

  it('a route that does not exist (404), and an id that is gone', async () => {
    const { flow, shown } = await start({ vendor: 'thingsee', operation: 'thing', params: { tuid: { type: 'msg', value: 'tuid' } } })
    const [tuid] = [...simulator.state.thingsee.things.keys()]
    simulator.faults.next({ status: 404, match: { method: 'GET' } })
    await flow.run({ tuid })
    await shown.shows(/\(404\)/)
    await flow.run({ tuid })
    await shown.clears()
    await flow.run({ tuid: 'TSPD04SIM99999999' })
    await shown.shows(/TSPD04SIM99999999/)
    await flow.run({ tuid })
    await shown.clears()
  })

  it('a full outbox', async () => {
    const { flow, shown } = await sends({ outboxLimit: '1' })
    simulator.faults.always({ status: 503 })
    flow.node.receive(reading)
    await until(() => shown.account().outbox?.depth === 1, 'one reading waits')
    flow.node.receive(reading)
    await shown.shows(/the outbox is full \(1 readings\)/)
    simulator.faults.clear()
    assert.equal((await post('outbox/account/clear', {})).status, 200)
    await until(() => shown.account().outbox?.depth === 0, 'nothing waits')
    await flow.run(reading)
    await shown.clears(20_000)
  })

  it('a reading in quarantine', async () => {
    const { flow, shown } = await sends()
    simulator.faults.always({ status: 500 })
    flow.node.receive(reading)
    await shown.shows(/^1 reading is quarantined/)
    assert.equal(shown.account().state, 'problem')
    simulator.faults.clear()
    assert.equal((await post('outbox/account/drop', {})).status, 200)
    await until(() => shown.account().outbox?.quarantined === 0, 'it is dropped')
    await flow.run(reading)
    await shown.clears(20_000)
  })

  it('a callback that the vendor does not take', async () => {
    const end = simulator.faults.always({ status: 422, match: { method: 'POST', path: /callback/ } })
    const flow = await listen({ simulator, vendor: 'sensorist' })
    try {
      editor = await WatchingEditor.open()
      await flow.advance(1000)
      await editor.shows(/\(422\)/)
      assert.equal(editor.node('listener').fill, 'red')
      end()
      await flow.advance(61_000)
      await editor.clears()
    } finally {
      await flow.end()
    }
  })

  it('a token that has expired and is not renewed', async () => {
    const { flow, shown } = await start({ vendor: 'thingsee', operation: 'groups' })
    await flow.run()
    assert.equal(shown.problems.length, 0)
    const end = simulator.faults.always({ status: 401, match: { vendor: 'thingsee' } })
    await flow.run()
    await shown.shows(/\(401\)/)
    end()
    await flow.run()
    await shown.clears()
  })

  it('a clock that is wrong, so that no certificate is valid', async () => {
    await simulator.close()
    const [wrong, right] = [selfSignedPair('480101000000Z'), selfSignedPair()]
    simulator = await startSimulator({ tls: wrong })
    const trust = { id: 'trust', type: 'tls-config', name: '', cert: '', key: '', ca: '', verifyservercert: true }
    const setup = { account: { tls: 'trust' }, nodes: [tlsNode], more: [trust] }
    const { flow, shown } = await reads({ ...setup, moreCredentials: { trust: { cadata: wrong.cert + right.cert } } })
    await flow.run()
    await shown.shows(/not yet valid .*; check the date and time of this computer/)
    const { port } = simulator
    await simulator.close()
    simulator = await startSimulator({ tls: right, port })
    await flow.run()
    await shown.clears()
  })

  it('an account that is not complete, a node without one, and settings that differ', async () => {
    const { sensorist } = simulator.credentials
    const { shown } = await reads({
      credentials: { email: sensorist.email },
      more: [
        { id: 'one', type: 'sensorist-account', name: 'One', baseUrl: simulator.urls.sensorist },
        { id: 'two', type: 'sensorist-account', name: 'Two', baseUrl: simulator.urls.sensorist, requestsPerSecond: '1' },
        { id: 'alone', z: 'tab', type: 'sensor-cloud-get-data', vendor: 'sensorist', operation: 'users', params: {}, wires: [[]] },
      ],
      moreCredentials: { one: sensorist, two: sensorist },
    })
    assert.equal(shown.account().state, 'incomplete')
    assert.deepEqual(shown.account('one').problems.map(({ level, text }) => [level, /^the account "Two" has the same credentials/.test(text)]), [['warning', true]])
    assert.deepEqual(shown.account('two').problems.length, 1)
    assert.deepEqual(shown.node('alone').problems.map(({ text }) => text), ['no account is chosen; open the node and choose one'])
    assert.match(shown.account().problems[0]?.text ?? '', /^Sensorist account: .* is missing; enter it in the account$/)
    assert.equal(simulator.requests.length, 0, 'the sidebar sends no request')
  })

  describe('of a store', () => {
    needsRedis()
    it('Redis that is away', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'sensor-clouds-overview-'))
      const redis = await RedisServer.start('--appendonly', 'yes')
      try {
        const { flow, shown } = await reads({
          account: { store: 'shared' },
          stores: leaseAccountStore,
          nodes: [(RED: NodeAPI) => void (RED.settings.userDir = folder)],
          more: [{ id: 'shared', type: 'sensor-cloud-store', name: 'Shared', kind: 'redis', url: redis.url }],
        })
        await flow.run()
        await redis.kill()
        await shown.shows(/^the Redis store at .* cannot be reached/)
        assert.equal(shown.rows.get('shared')?.problems.length, 1)
        await redis.restart()
        await shown.clears(20_000)
      } finally {
        editor?.close()
        await unload()
        await redis.stop()
        rmSync(folder, { recursive: true, force: true })
      }
    })
  })
})

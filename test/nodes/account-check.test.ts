/** Checks of accounts by the editor: begun, asked for, stopped, and left alone. */
import assert from 'node:assert/strict'
import helper from 'node-red-node-test-helper'
import sinon from 'sinon'
import type { CheckReport } from '../../src/lib/field-check/report'
import { startSimulator, type Simulator } from '../simulator'
import { until } from '../until'
import { assertNoSecret, deploy, get, post, typed, type Reply } from './admin'
import { accountsOn, unload } from './harness'

helper.init(require.resolve('node-red'))

interface State {
  rows: { title: string; outcome: string; why?: string }[]
  total: number
  done: boolean
  report?: CheckReport
  error?: { code: string; message: string }
}

const FAST = { requestsPerSecond: '1000' }

describe('the check of an account', () => {
  let simulator: Simulator
  beforeEach(async () => {
    simulator = await startSimulator()
    await new Promise<void>((resolve) => helper.startServer(resolve))
  })
  afterEach(async () => {
    await unload()
    await new Promise<void>((resolve) => helper.stopServer(resolve))
    await simulator.close()
  })

  const begin = async (account: object): Promise<string> => String((await post('check', { account })).json?.run)
  const stateOf = async (run: string): Promise<State> => (await get(`check/${run}`)).json as unknown as State
  const untouched = { email: '__PWRD__', password: '__PWRD__' }

  async function finished(run: string): Promise<State> {
    for (;;) {
      const state = await stateOf(run)
      if (state.done) return state
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  for (const [what, credentials] of [['a typed account', undefined], ['a deployed account with its stored credentials', untouched]] as const)
    it(`tries the reads of ${what}, and gives a report without secrets`, async () => {
      await deploy(simulator, credentials ? [{ id: 'a', vendor: 'sensorist' }] : [])
      const account = typed(simulator, { id: 'a', vendor: 'sensorist', settings: FAST, ...(credentials ? { credentials } : {}) })
      const state = await finished(await begin(account))
      assert.equal(state.error, undefined)
      assert.equal(state.rows.length, state.total)
      assert.deepEqual(state.rows.find(({ title }) => title === 'Latest measurements'), { title: 'Latest measurements', outcome: 'works' })
      assert.match(state.rows.find(({ title }) => title === 'Workflow')?.why ?? '', /no read lists a value for "Workflow"/)
      assert.equal(state.report?.vendor, 'sensorist')
      assert.ok(state.report.versions.nodeRed)
      const text = JSON.stringify(state.report)
      assertNoSecret(text, accountsOn(simulator).sensorist.credentials)
      for (const known of ['Cellar', 'Rack', '7325', '220200', simulator.origin]) assert.equal(text.includes(known), false, known)
      assert.deepEqual(simulator.requests.filter(({ method }) => method !== 'GET'), [])
    })

  it('stops when its dialog is closed, and keeps the rows that it has', async () => {
    await deploy(simulator, [])
    simulator.faults.always({ delay: 60_000, match: { vendor: 'sensorist', path: /\/gateways$/ } })
    const run = await begin(typed(simulator, { vendor: 'sensorist', settings: FAST }))
    await until(() => simulator.requests.some(({ path }) => path === '/gateways'), 'the slow request')
    await post(`check/${run}/stop`, {})
    const state = await finished(run)
    assert.ok(state.rows.length > 0 && state.rows.length < state.total)
    const sent = simulator.requests.length
    assert.equal((await stateOf(run)).report?.operations.length, state.rows.length)
    assert.equal(simulator.requests.length, sent)
  })

  it('ends when nobody asks for it any more', async () => {
    await deploy(simulator, [])
    simulator.faults.always({ delay: 60_000, match: { vendor: 'sensorist', path: /\/gateways$/ } })
    const clock = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const run = await begin(typed(simulator, { vendor: 'sensorist', settings: { ...FAST, timeout: '60000' } }))
      while (!simulator.requests.some(({ path }) => path === '/gateways')) await new Promise((resolve) => setImmediate(resolve))
      clock.tick(14_000)
      assert.equal((await stateOf(run)).done, false)
      clock.tick(14_000)
      assert.equal((await stateOf(run)).done, false, 'a question begins the time anew')
      clock.tick(15_000)
      assert.equal((await get(`check/${run}`)).status, 404)
    } finally {
      clock.restore()
    }
  })

  it('goes on when flows are deployed meanwhile', async () => {
    await deploy(simulator, [{ id: 'a', vendor: 'sensorist' }])
    const run = await begin(typed(simulator, { id: 'a', vendor: 'sensorist', settings: FAST, credentials: untouched }))
    await helper.setFlows([], 'full')
    const state = await finished(run)
    assert.equal(state.error, undefined)
    assert.equal(state.rows.length, state.total)
    assert.deepEqual(state.rows.filter(({ outcome }) => outcome === 'failed'), [])
  })

  it('says what an account lacks', async () => {
    await deploy(simulator, [])
    const { error } = await finished(await begin(typed(simulator, { vendor: 'sensorist', credentials: {} })))
    assert.deepEqual([error?.code, /E-mail is missing/.test(error?.message ?? '')], ['CONFIG', true])
  })

  it('refuses what no dialog sends, and a fifth check at once', async () => {
    await deploy(simulator, [])
    assert.equal((await post('check', { account: 1 })).status, 400)
    assert.equal((await get('check/none')).status, 404)
    simulator.faults.always({ delay: 60_000, match: { vendor: 'sensorist' } })
    const account = typed(simulator, { vendor: 'sensorist', settings: FAST })
    const replies: Reply[] = []
    for (let count = 0; count < 5; count += 1) replies.push(await post('check', { account }))
    assert.deepEqual(replies.map(({ status }) => status), [200, 200, 200, 200, 429])
    for (const { json } of replies.slice(0, 4)) await post(`check/${String(json?.run)}/stop`, {})
  })
})

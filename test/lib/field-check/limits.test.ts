/** What a check costs, and what ends it: limits, refused credentials, and its user. */
import assert from 'node:assert/strict'
import { ClientPool } from '../../../src/lib/client/pool'
import { Call } from '../../../src/lib/client/call'
import { vendors } from '../../../src/lib/vendors'
import { startSimulator, type Simulator } from '../../simulator'
import type { VendorId } from '../../nodes/harness'
import { accountOn, check } from './check'

const VENDORS: readonly VendorId[] = ['senquip', 'senquip-v1', 'sensocan', 'thingsee', 'sensorist']

describe('field check: what it sends', () => {
  let simulator: Simulator
  beforeEach(async () => void (simulator = await startSimulator()))
  afterEach(() => simulator.close())
  const sent = (): string[] => simulator.requests.map(({ method, url }) => `${method} ${url}`)

  for (const vendor of VENDORS)
    it(`${vendor}: a row for each operation, no write, and each read once beside what it needs`, async () => {
      const { rows } = await check(simulator, vendor)
      assert.deepEqual(rows.map(({ report }) => report.operation).sort(), Object.keys(vendors[vendor].operations).sort())
      assert.deepEqual(sent().filter((line) => !line.startsWith('GET ') && !/token$/.test(line)), [])
      const tried = rows.filter(({ report }) => report.outcome !== 'not-tried')
      assert.deepEqual(tried.filter(({ report }) => report.outcome !== 'works').map(({ report }) => report.operation), [])
      // What the params need: lists of devices, groups and things, each once for each picker.
      assert.ok(sent().length <= tried.length + 5, sent().join('\n'))
    })

  it('asks for one page only', async () => {
    const thing = simulator.state.thingsee.things.get('TSPD04SIM00000001')
    assert.ok(thing)
    await check(simulator, 'thingsee')
    assert.equal(sent().filter((line) => line.includes('/messages')).length, 1)
    assert.equal(sent().filter((line) => line.includes('/commands')).length, 1)
  })

  /** Uses so many requests of the daily limit, as other flows do. */
  async function use(pool: ClientPool, count: number): Promise<void> {
    const account = accountOn(simulator, 'senquip', { hostedDevices: 1 }, pool)
    const budgets = account.budgets()
    const day = budgets.find(({ window }) => window === 'day')
    assert.ok(day)
    await new Call(account, 'list-devices', vendors.senquip.operations['list-devices'], { signal: account.signal }).pages({}).next()
    account.client.limiter.observe(day, day.limit - count, undefined)
    await account.close()
  }

  it('sends nothing when the limit of the day is spent', async () => {
    const pool = new ClientPool()
    await use(pool, 1_000)
    const before = sent().length
    const done = await check(simulator, 'senquip', { pool, settings: { hostedDevices: 1 } })
    assert.equal(sent().length, before)
    assert.equal(done.of('list-devices').outcome, 'not-tried')
    assert.match(done.why('list-devices'), /at most 5 % of what is left/)
  })

  it('uses no more than 5 % of what is left of a day', async () => {
    const pool = new ClientPool()
    // 39 are left, and 5 % of them are one request.
    await use(pool, 1_000 - 39)
    const before = sent().length
    const done = await check(simulator, 'senquip', { pool, settings: { hostedDevices: 1 } })
    assert.equal(sent().length - before, 1)
    assert.equal(done.of('list-devices').outcome, 'works')
    assert.equal(done.of('device-data').outcome, 'not-tried')
  })

  it('ends when the credentials are revoked half way', async () => {
    const done = await check(simulator, 'sensorist', {
      onRow: ({ report }) => {
        if (report.operation === 'gateways') simulator.faults.always({ status: 401, body: { code: 401 }, match: { vendor: 'sensorist' } })
      },
    })
    assert.equal(done.of('gateways').outcome, 'works')
    const first = done.rows.find(({ report }) => report.status === 401)
    assert.deepEqual([first?.report.outcome, first?.report.error], ['failed', 'AUTH'])
    assert.equal(simulator.requests.filter(({ status }) => status === 401).length, 1, 'nothing is asked with credentials that were rejected')
    assert.deepEqual([done.of('measurements-raw').outcome, done.why('measurements-raw')], ['not-tried', 'E-mail or Password is wrong'])
  })

  it('renews a token that is rejected half way, and goes on', async () => {
    const done = await check(simulator, 'thingsee', {
      onRow: ({ report }) => {
        if (report.operation === 'alerts') simulator.faults.next({ status: 401, body: { message: 'expired' }, match: { vendor: 'thingsee', method: 'GET' } })
      },
    })
    assert.equal(done.of('groups').outcome, 'works')
    assert.equal(sent().filter((line) => line.includes('client-token')).length, 2)
  })

  it('stops at once, and keeps the rows that it has', async () => {
    const stop = new AbortController()
    const { rows } = await check(simulator, 'sensorist', {
      signal: stop.signal,
      onRow: () => stop.abort(),
    })
    assert.equal(rows.length, 1)
    assert.equal(sent().length, 1)
  })

  it('stops a request that is in flight', async () => {
    const stop = new AbortController()
    simulator.faults.always({ delay: 10_000, match: { vendor: 'sensorist', path: /\/gateways$/ } })
    const running = check(simulator, 'sensorist', {
      signal: stop.signal,
      onRow: ({ report }) => {
        if (report.operation === 'callbacks') setImmediate(() => stop.abort())
      },
    })
    const { rows } = await running
    assert.equal(rows.some(({ report }) => report.operation === 'gateways'), false)
  })
})

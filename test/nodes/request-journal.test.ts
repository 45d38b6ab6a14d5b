/** The journal of an account: a row for each request, found by the message that caused it, without secrets and ids. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import helper from 'node-red-node-test-helper'
import type { Diagnostics } from '../../src/lib/client/diagnostics'
import type { JournalEntry } from '../../src/lib/client/request-journal'
import { metricsText } from '../../src/nodes/admin/metrics'
import { startSimulator, type Simulator } from '../simulator'
import { until } from '../until'
import { accountsOn, load, unload, type Flow, type Setup, withoutBackOff } from './harness'

helper.init(require.resolve('node-red'))

const THING = 'TSPD04SIM00000001'
const PATH = `/things/${THING}`
/** Node-RED's number of the level. */
const TRACE = 60
const ROOT = join(__dirname, '../..')

const diagnostics = async (): Promise<Diagnostics> => {
  const { text } = await helper.request().get('/sensor-clouds/diagnostics/account')
  return (JSON.parse(text) as { diagnostics: Diagnostics }).diagnostics
}

/** Without the lists of names, which the account reads by itself after the first message. */
const journal = async (): Promise<JournalEntry[]> => (await diagnostics()).journal.filter(({ operation }) => operation !== 'names')

/** Lines that accounts wrote at level trace. */
const traces = (flow: Flow): string[] =>
  (flow.log as { level: number; id?: string; msg: unknown }[][]).flatMap(([line]) => (line?.level === TRACE && line.id === 'account' ? [String(line.msg)] : []))

describe('the journal of requests', () => {
  withoutBackOff()
  let simulator: Simulator
  beforeEach(async () => (simulator = await startSimulator()))
  afterEach(async () => {
    helper.settings({ logging: {} })
    await unload()
    await simulator.close()
  })

  const thing = (more: Partial<Setup> = {}): Promise<Flow> => load({ simulator, vendor: 'thingsee', operation: 'thing', params: { tuid: THING }, ...more })

  it('has a row for a request with its message, route and time', async () => {
    const began = Date.now()
    const flow = await thing()
    await flow.run({ _msgid: 'first' })
    const [row, ...rest] = await journal()
    assert.ok(row)
    assert.deepEqual(rest, [])
    const { latency, time, ...known } = row
    assert.deepEqual(known, { operation: 'thing', route: 'GET /things/{tuid}', attempts: 1, status: 200, waited: 0, _msgid: 'first' })
    assert.ok(time >= began && time <= Date.now())
    assert.ok(latency !== undefined && latency >= 0 && Number.isInteger(latency))
  })

  it('says how often a request was retried, why, and what Retry-After said', async () => {
    simulator.faults.next({ match: { path: PATH }, status: 503 })
    simulator.faults.next({ match: { path: PATH }, status: 429, headers: { 'retry-after': '1' } })
    const flow = await thing()
    await flow.run({ _msgid: 'again' })
    const [row] = await journal()
    assert.deepEqual([row?.attempts, row?.status, row?.retried, row?.retryAfter, row?._msgid, row?.error], [3, 200, [503, 429], 1000, 'again', undefined])
    assert.ok((row?.waited ?? 0) >= 900, `waited ${row?.waited}`)
  })

  it('has the id that the vendor gave a refused request', async () => {
    simulator.faults.next({ match: { path: PATH }, status: 403, headers: { 'x-request-id': '7c9e6679-7425-40de' } })
    const flow = await thing()
    const { caught } = await flow.run({ _msgid: 'refused' })
    const row = (await journal()).find(({ _msgid: id }) => id === caught[0]?._msgid)
    assert.deepEqual([row?.attempts, row?.status, row?.error, row?.requestId, row?._msgid], [1, 403, 'FORBIDDEN', '7c9e6679-7425-40de', 'refused'])
  })

  it('has no status of a request that timed out', async () => {
    simulator.faults.always({ match: { path: PATH }, delay: 60_000 })
    const flow = await thing({ account: { timeout: '100' } })
    await flow.run({ _msgid: 'late' })
    const [row] = await journal()
    assert.deepEqual([row?.attempts, row?.status, row?.error, row?.retried], [4, undefined, 'TIMEOUT', ['TIMEOUT', 'TIMEOUT', 'TIMEOUT']])
    assert.ok((row?.latency ?? 0) >= 90)
  })

  it('shows a request that was not sent because its token was refused', async () => {
    const flow = await thing({ credentials: { clientId: 'nobody', clientSecret: 'no-such-secret' } })
    await flow.run({ _msgid: 'stranger' })
    const [row] = await journal()
    assert.deepEqual([row?.attempts, row?.error, row?._msgid], [0, 'AUTH', 'stranger'])
    assert.ok(row?.status === 400 || row?.status === 401)
    assert.equal(row.latency, undefined)
  })

  it('has no row for a cached response', async () => {
    const flow = await load({ simulator, vendor: 'sensorist', operation: 'alarms' })
    await flow.run({ _msgid: 'one' })
    const before = await journal()
    const { out } = await flow.run({ _msgid: 'two' })
    assert.equal(out[0]?.response?.cached, true)
    assert.equal(before.filter(({ _msgid: id }) => id === 'one').length, 1)
    assert.deepEqual((await journal()).filter(({ _msgid: id }) => id === 'two'), [])
  })

  it('finds each of two messages that failed with one request', async () => {
    simulator.faults.always({ match: { path: PATH }, status: 404, delay: 100 })
    const flow = await thing()
    flow.node.receive({ _msgid: 'one', payload: '' })
    flow.node.receive({ _msgid: 'two', payload: '' })
    await until(async () => (await journal()).length === 2, 'both rows')
    const rows = (await journal()).sort((one, other) => other.attempts - one.attempts)
    assert.deepEqual(rows.map(({ attempts, error, joined, _msgid: id }) => [id, attempts, error, joined]), [['one', 1, 'NOT_FOUND', undefined], ['two', 0, 'NOT_FOUND', true]])
  })

  it('knows the message of a reading that went through the outbox', async () => {
    simulator.faults.next({ match: { vendor: 'sensocan' }, status: 503 })
    const sensorSlug = 'temperature'
    const flow = await load({ simulator, vendor: 'sensocan', verb: 'send-reading', operation: 'auto', params: { readings: { type: 'msg', value: 'payload' } } })
    flow.node.receive({ _msgid: 'kept.1', payload: [{ sensorSlug, value: 20.5 }] })
    await until(async () => (await journal()).length > 0, 'a row')
    const [row] = await journal()
    assert.equal(row?._msgid, 'kept.1')
    assert.equal(row.operation, 'auto')
  })

  it('keeps the last 100 requests', async () => {
    const flow = await thing({ account: { requestsPerSecond: '1000' } })
    for (let index = 0; index < 105; index += 1) flow.node.receive({ _msgid: `m${index}`, payload: '' })
    await flow.run({ _msgid: 'last' })
    for (let index = 0; index < 105; index += 1) await flow.run({ _msgid: `n${index}` })
    const rows = await journal()
    assert.equal(rows.length, 100)
    assert.deepEqual([rows[0]?._msgid, rows.at(-1)?._msgid], ['n5', 'n104'])
  }).timeout(60_000)

  it('counts each attempt in the histogram of its operation', async () => {
    simulator.faults.next({ match: { path: PATH }, status: 503, delay: 60 })
    const flow = await thing()
    await flow.run()
    await flow.run()
    const state = await diagnostics()
    const latencies = state.latencies.find(({ operation }) => operation === 'thing')
    assert.equal(latencies?.count, 3)
    assert.equal(state.latencies.reduce((sum, { count }) => sum + count, 0), state.requests)
    const text = metricsText([{ id: 'account', name: 'Test', diagnostics: state }])
    assert.match(text, /request_duration_seconds_bucket\{vendor="thingsee",account="Test",id="account",operation="thing",le="\+Inf"\} 3\n/)
    // The one that took 60 ms is in no bucket below 0.1 s.
    assert.ok((latencies.counts[1] ?? 3) <= 2)
    assert.equal(latencies.counts.at(-1), 3)
  })

  it('is logged at level trace, one line a request, and not below it', async () => {
    const quiet = await thing()
    await quiet.run()
    assert.deepEqual(traces(quiet), [])
    await unload()
    helper.settings({ logging: { console: { level: 'trace' } } })
    const flow = await thing()
    await flow.run({ _msgid: 'told' })
    const lines = traces(flow).filter((line) => !line.includes('"operation":"names"'))
    assert.equal(lines.length, 1)
    const [row] = (await journal()).slice(-1)
    assert.deepEqual(JSON.parse(lines[0]?.replace(/^Haltian Thingsee request: /, '') ?? ''), row)
  })

  it('shows no secret, device, value of a query or body, also when the vendor repeats them as its request id', async () => {
    helper.settings({ logging: { console: { level: 'trace' } } })
    const { credentials } = accountsOn(simulator).thingsee
    const shown: unknown[] = []
    const secrets = Object.values(credentials) as string[]
    /** What each call sends, and the server gives back. */
    const calls: [string, Setup['verb'], Record<string, unknown>, string[]][] = [
      ['thing', 'get-data', { tuid: THING }, [THING]],
      ['messages', 'get-data', { tuid: THING, limit: 7, from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' }, [THING, '1767225600']],
      ['request', 'get-data', { path: `/things/${THING}?secretQuery=of-mine` }, [THING, 'secretQuery']],
      ['create-group', 'register-device', { groupId: 'group-of-mine', groupDescription: 'description-of-mine' }, ['group-of-mine']],
    ]
    for (const [operation, verb = 'get-data', params, sent] of calls) {
      const flow = await load({ simulator, vendor: 'thingsee', operation, verb, params })
      await flow.run()
      for (const id of [...secrets, ...sent]) {
        const tokens = simulator.requests.flatMap(({ headers }) => headers.authorization ?? [])
        const clear = simulator.faults.always({ match: { vendor: 'thingsee', path: /things|groups/ }, status: 403, headers: { 'x-request-id': id, 'request-id': tokens.at(-1) ?? '' } })
        await flow.run()
        clear()
      }
      shown.push(await diagnostics(), traces(flow))
      await unload()
    }
    const rows = (shown[0] as Diagnostics).journal
    assert.ok(rows.length > secrets.length)
    const text = JSON.stringify(shown)
    const tokens = simulator.requests.flatMap(({ headers }) => headers.authorization?.split(' ').slice(-1) ?? [])
    for (const hidden of [...secrets, ...tokens, THING, '1767225600', 'secretQuery', 'of-mine', 'limit=', '2026-01-01'])
      assert.equal(text.includes(hidden), false, `${hidden} is shown in ${text.slice(Math.max(0, text.indexOf(hidden) - 200), text.indexOf(hidden) + 60)}`)
    assert.match(text, /"route":"GET \{path\}"/)
  }).timeout(60_000)

  it('all requests name package and version, the token request too', async () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }
    await (await thing()).run()
    assert.ok(simulator.requests.length >= 2)
    for (const { headers } of simulator.requests) assert.equal(headers['user-agent'], `node-red-contrib-sensor-clouds/${version}`)
  })
})

import assert from 'node:assert/strict'
import { RequestJournal, type JournalEntry } from '../../../src/lib/client/request-journal'
import type { Budget } from '../../../src/lib/vocabulary/budget'
import { FakeClock } from '../fake-clock'
import { answer, BASE, rigOf, unreachable, vendorWith } from './rig'

const perDay: Budget = { name: 'per day', limit: 1, window: 'day', scope: 'account' }
const perMinute: Budget = { name: 'per minute', limit: 1, window: 60_000, scope: 'account' }

describe('the journal of a client', () => {
  it('has a row of a request that a limit refused', async () => {
    const rig = rigOf(() => answer(200), { budgets: [perDay] })
    await rig.ask('things/1')
    assert.match(await rig.ask('things/2', { msgid: 'too-many' }), /^QUOTA /)
    const row = rig.client.diagnostics([]).journal.at(-1)
    assert.deepEqual([row?.attempts, row?.status, row?.error, row?.latency, row?._msgid], [0, undefined, 'QUOTA', undefined, 'too-many'])
  })

  it('says how long a request waited that was never sent', async () => {
    const rig = rigOf(() => answer(200), { budgets: [perMinute] })
    await rig.clock.advance(1_000)
    await rig.ask('things/1')
    const late = rig.ask('things/2', { deadline: rig.clock.monotonic() + 5_000 })
    await rig.clock.advance(5_000)
    assert.match(await late, /^EXPIRED /)
    const row = rig.client.diagnostics([]).journal.at(-1)
    assert.deepEqual([row?.attempts, row?.error, row?.waited], [0, 'EXPIRED', 5_000])
  })

  it('has the failure of a connection among what was retried', async () => {
    let failures = 1
    const rig = rigOf(() => ((failures -= 1) >= 0 ? unreachable() : answer(200)))
    const asked = rig.ask('things')
    await rig.clock.advance(10_000)
    assert.equal(await asked, '200')
    const [row] = rig.client.diagnostics([]).journal
    assert.deepEqual([row?.attempts, row?.status, row?.retried], [2, 200, ['NETWORK']])
  })

  it('takes the first header that looks like an id', async () => {
    const rig = rigOf(() => answer(200, {}, { 'x-request-id': 'two words', 'request-id': 'short', 'x-correlation-id': 'a1b2c3d4e5', 'cf-ray': '7d1f0c3b5a9e2468' }))
    await rig.ask('things')
    assert.equal(rig.client.diagnostics([]).journal[0]?.requestId, 'a1b2c3d4e5')
  })

  it('cuts a long _msgid', async () => {
    const rig = rigOf(() => answer(200))
    await rig.ask('things', { msgid: 'x'.repeat(1000) })
    assert.equal(rig.client.diagnostics([]).journal[0]?._msgid?.length, 64)
  })

  it('gives each row to the first listener only, until that one leaves', async () => {
    const rig = rigOf(() => answer(200))
    const heard: [string, JournalEntry][] = []
    const end = rig.client.onRequest((entry) => heard.push(['first', entry]))
    rig.client.onRequest((entry) => heard.push(['second', entry]))
    await rig.ask('things/1', { msgid: 'the-token' })
    end()
    await rig.ask('things/2')
    assert.deepEqual(heard.map(([name]) => name), ['first', 'second'])
    assert.equal(heard[0]?.[1]._msgid, '•••')
  })

  it('has the status of the token request that failed', async () => {
    const rig = rigOf(() => answer(503), { vendor: vendorWith({ kind: 'token', request: () => ({ url: `${BASE.href}token`, headers: {}, body: '' }), decode: () => assert.fail(), header: () => '' }) })
    await rig.ask('things', { noRetry: true })
    const [row] = rig.client.diagnostics([]).journal
    assert.deepEqual([row?.attempts, row?.status, row?.error], [0, 503, 'VENDOR'])
  })

  it('keeps the status of the last response when it ended after that', async () => {
    const rig = rigOf(() => answer(429, {}, { 'retry-after': '60' }))
    const late = rig.ask('things', { priority: 'command', deadline: 5_000 })
    await rig.clock.advance(5_000)
    assert.match(await late, /^EXPIRED /)
    assert.equal(rig.client.diagnostics([]).journal[0]?.status, 429)
  })

  it('takes no id that was part of the request, such as a device or a password that the server repeats', async () => {
    const ids = ['device-12345678', 'password-1234', 'x'.repeat(129), '7d1f0c3b5a9e2468']
    const rig = rigOf(() => answer(200, {}, Object.fromEntries(['x-request-id', 'request-id', 'x-amzn-requestid', 'cf-ray'].map((name, index) => [name, ids[index] ?? '']))))
    const url = `${BASE.href}things/device-12345678`
    await rig.ask('', { request: { method: 'POST', url, body: '{"key":"password-1234"}' } })
    await rig.ask('', { request: { method: 'POST', url, body: new Uint8Array(3) } })
    assert.deepEqual(rig.client.diagnostics([]).journal.map(({ requestId }) => requestId), ['7d1f0c3b5a9e2468', 'password-1234'])
  })
})

describe('a journal', () => {
  const origin = { operation: 'things', route: 'GET /things' }

  it('keeps the latest hundred entries, the oldest first, and finds the newest that fits and was sent for itself', async () => {
    const clock = new FakeClock(0)
    const journal = new RequestJournal(clock)
    assert.deepEqual([journal.entries, journal.newest(() => true)], [[], undefined])
    for (let index = 0; index < 103; index += 1) {
      if (index % 10 === 9) journal.addJoined(origin, new Error('aborted'))
      else journal.add(journal.begin(origin))
      if (index === 0) assert.deepEqual([journal.entries.length, journal.newest(() => true)?.time], [1, 0])
      await clock.advance(1)
    }
    assert.deepEqual(journal.entries.map(({ time }) => time), Array.from({ length: 100 }, (_, index) => index + 3))
    assert.equal(journal.newest(() => true)?.time, 102)
    assert.equal(journal.newest(({ time }) => time < 100)?.time, 98, '99 joined another')
    assert.equal(journal.newest(({ time }) => time <= 3)?.time, 3)
    assert.equal(journal.newest(({ time }) => time < 3), undefined)
    assert.deepEqual(journal.entries.filter(({ error }) => error === 'CLOSED').length, 10)
  })

  it('counts each attempt in all buckets whose bound it does not exceed', () => {
    const journal = new RequestJournal(new FakeClock())
    for (const latency of [25, 26, 30_000, 30_001, 0]) journal.ended(journal.begin(origin), latency)
    journal.ended(journal.begin({ ...origin, operation: 'other' }), 300)
    assert.deepEqual(journal.latencies, [
      { operation: 'things', counts: [2, 3, 3, 3, 3, 3, 3, 3, 3, 4], count: 5, sum: 60_052 },
      { operation: 'other', counts: [0, 0, 0, 0, 1, 1, 1, 1, 1, 1], count: 1, sum: 300 },
    ])
  })

  it('forgets a listener once, however often it leaves', () => {
    const journal = new RequestJournal(new FakeClock())
    const heard: string[] = []
    const end = journal.subscribe(() => heard.push('first'))
    journal.subscribe(() => heard.push('second'))
    end()
    end()
    journal.add(journal.begin(origin))
    assert.deepEqual(heard, ['second'])
  })
})

import assert from 'node:assert/strict'
import type { JournalEntry } from '../../../src/lib/client/request-journal'
import type { Budget } from '../../../src/lib/vocabulary/budget'
import { answer, rigOf, unreachable } from './rig'

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
})

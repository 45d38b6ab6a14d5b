import assert from 'node:assert/strict'
import type { Budget } from '../../../src/lib/vocabulary/budget'
import { forecast } from '../../../src/lib/client/diagnostics'
import { answer, rigOf } from './rig'
import { localTime } from '../../../src/lib/base/time'

const perDay: Budget = { name: 'per day', limit: 100, window: 'day', scope: 'account' }
const noon = Date.parse('2026-03-10T12:00:00Z')
const midnight = Date.parse('2026-03-11T00:00:00Z')

describe('how long a budget lasts', () => {
  const state = (remaining: number): Parameters<typeof forecast>[0] => ({ name: 'per day', limit: 100, remaining, resetsAt: midnight })

  it('is foreseen at the pace of the period so far', () => {
    // 80 in twelve hours: the other 20 last three more.
    assert.equal(forecast(state(20), 'day', noon).emptyAt, Date.parse('2026-03-10T15:00:00Z'))
    assert.equal(forecast(state(20), 'day', noon).used, 80)
  })

  it('is not said when it lasts, or nothing is known of it', () => {
    assert.equal(forecast(state(60), 'day', noon).emptyAt, undefined)
    assert.equal(forecast(state(100), 'day', noon).emptyAt, undefined)
    assert.equal(forecast(state(1), 1000, noon).emptyAt, undefined)
  })

  it('is not estimated from the first seconds of a day', () => {
    const early = forecast(state(99), 'day', noon + 12 * 3_600_000 + 1)
    assert.ok(early.emptyAt === undefined || early.emptyAt > noon + 13 * 3_600_000)
  })
})

describe('the quota of a day', () => {
  it('warns once when four fifths are used, and again the next day', async () => {
    const rig = rigOf(() => answer(200), { budgets: [perDay] })
    const use = async (count: number): Promise<void> => {
      for (let index = 0; index < count; index += 1) await rig.ask(`things/${rig.sent.length}`)
    }
    await use(79)
    assert.deepEqual(rig.events, [])
    await use(10)
    assert.deepEqual(rig.events, [{ level: 'warn', text: `the daily limit of 100 requests is 80 % used; the rest must last until ${localTime(Date.UTC(2026, 2, 11))}. Trigger the nodes of this account less often` }])
    rig.clock.setDate('2026-03-11T08:00:00Z')
    await use(90)
    assert.equal(rig.events.length, 2)
  })
})

describe('what an account has done', () => {
  it('is counted', async () => {
    let failures = 2
    const rig = rigOf(() => ((failures -= 1) >= 0 ? answer(500) : answer(200, {}, { 'cache-control': 'max-age=60' })), { budgets: [perDay] })
    const asked = Promise.all([rig.ask('things'), rig.ask('things')])
    await rig.clock.advance(10_000)
    await asked
    await rig.ask('things')
    rig.reply = () => answer(429, {}, { 'retry-after': '10' })
    const limited = rig.ask('others')
    await rig.clock.advance(1_000)
    const shown = rig.client.diagnostics([perDay])
    assert.deepEqual(
      [shown.requests, shown.failures, shown.retries, shown.rateLimited, shown.cacheHits, shown.queued, shown.running],
      [4, 3, 3, 1, 2, 1, 0],
    )
    assert.deepEqual(shown.paused, { reason: 'the vendor answered 429', remaining: 9_000 })
    assert.equal(shown.budgets[0]?.used, 4)
    rig.reply = () => answer(200)
    await rig.clock.advance(20_000)
    assert.equal(await limited, '200')
    const later = rig.client.diagnostics([perDay])
    assert.equal(later.waits, 1)
    assert.ok(later.waited >= 9_000)
  })
})

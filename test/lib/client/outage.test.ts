import assert from 'node:assert/strict'
import { Breaker } from '../../../src/lib/limiter/circuit-breaker'
import { Limiter } from '../../../src/lib/limiter/limiter'
import type { Budget } from '../../../src/lib/vocabulary/budget'
import type { CallCost } from '../../../src/lib/client/client-request'
import { FakeClock, settle } from '../fake-clock'
import { answer, BASE, rigOf, unreachable, vendorWith } from './rig'
import { localTime } from '../../../src/lib/base/time'

/** When the clock of the tests begins. */
const SINCE = localTime(Date.UTC(2026, 2, 10, 12))

const perDay: Budget = { name: 'per day', limit: 1000, window: 'day', scope: 'account' }

describe('a cloud that is away', () => {
  const command = (path: string) => ({ request: { method: 'POST', url: `${BASE.href}${path}` }, repeatable: false, priority: 'command' }) as const

  it('is asked by one probe at a time, while commands wait and are not charged', async () => {
    const rig = rigOf(() => unreachable(), { budgets: [perDay] })
    const asked = Array.from({ length: 50 }, (_, index) => rig.ask(`things/${index}`, command(`things/${index}`)))
    await rig.clock.advance(60_000)
    assert.ok(rig.sent.length >= 16, 'the first sixteen go at once')
    // Four of those fail before the outage is noticed, and leave their places to others.
    assert.ok(rig.sent.length <= 16 + 4 + 6, `only probes follow, not ${rig.sent.length - 20} requests`)
    const [state] = rig.client.budgets([perDay])
    assert.equal(1000 - (state?.remaining ?? 0), rig.sent.length, 'what was not sent was not charged')
    rig.reply = () => answer(200)
    await rig.clock.advance(60_000)
    const outcomes = await Promise.all(asked)
    assert.ok(outcomes.filter((outcome) => outcome === '200').length > 25)
    assert.ok(outcomes.every((outcome) => outcome === '200' || outcome.startsWith('NETWORK ')), outcomes.join())
  })

  it('lets reads wait in the first ten seconds, and fails them at once after that', async () => {
    const rig = rigOf(() => unreachable(), { budgets: [perDay] })
    const early = Array.from({ length: 50 }, (_, index) => rig.ask(`things/${index}`))
    await rig.clock.advance(9_000)
    assert.ok(rig.client.limiter.queued > 20)
    await rig.clock.advance(2_000)
    assert.equal(rig.client.limiter.queued, 0)
    for (const outcome of await Promise.all(early)) assert.match(outcome, /^NETWORK /)
    while (rig.client.diagnostics([]).outage && rig.clock.monotonic() < 600_000) {
      const sent = rig.sent.length
      const outcomes = await Promise.all(Array.from({ length: 20 }, (_, index) => rig.ask(`things/${index}`)))
      assert.ok(rig.sent.length - sent <= 1, 'at most one of them is the probe')
      if (rig.sent.length === sent) for (const outcome of outcomes) assert.match(outcome, /^NETWORK the cloud has been unreachable since 2026-03-1\d \d\d:\d\d \(ECONNREFUSED\); try again later/)
      if (rig.clock.monotonic() > 300_000) rig.reply = () => answer(200)
      await rig.clock.advance(5_000)
    }
    assert.ok(rig.clock.monotonic() < 370_000, 'a probe finds the cloud within a minute')
    assert.equal(await rig.ask('things/1'), '200')
    const [state] = rig.client.budgets([perDay])
    assert.equal(1000 - (state?.remaining ?? 0), rig.sent.length, 'what was not sent was not charged')
  })

  it('gets a command whose token request failed, since the command itself was never sent', async () => {
    const vendor = vendorWith({
      kind: 'token',
      request: () => ({ url: `${BASE.href}token`, headers: {}, body: '' }),
      decode: () => ({ value: 'a-token', lifetime: 900 }),
      header: (token) => `Bearer ${token}`,
    })
    let failures = 1
    const rig = rigOf((url) => (url.endsWith('token') && (failures -= 1) >= 0 ? unreachable('ECONNRESET') : answer(200)), { vendor })
    const asked = rig.ask('commands', command('commands'))
    await rig.clock.advance(5000)
    assert.equal(await asked, '200')
    assert.deepEqual(rig.sent.map((url) => url.slice(BASE.href.length)), ['token', 'token', 'commands'])
  })

  it('is asked again after a day, whatever it says about when', async () => {
    const rig = rigOf(() => ({ ...answer(429), headers: { 'retry-after': '1773144000' } }))
    assert.match(await rig.ask('things'), /^RATE_LIMITED /)
    rig.reply = () => answer(200)
    const asked = rig.ask('things')
    await rig.clock.advance(86_400_000)
    assert.equal(await asked, '200')
  })

  it('says what is left only with a number', async () => {
    const perMinute: Budget = { name: 'per minute', limit: 10, window: 60_000, scope: 'account' }
    const vendor = { ...vendorWith(), remaining: { header: 'x-left', budget: 'per minute' } }
    const rig = rigOf(() => ({ ...answer(200), headers: { 'x-left': '' } }), { budgets: [perMinute], vendor })
    await rig.ask('things')
    assert.equal(rig.client.budgets([perMinute])[0]?.remaining, 9)
  })

  it('is not one that answers with what is no HTTP', async () => {
    const rig = rigOf(() => unreachable('HPE_HEADER_OVERFLOW'))
    const asked = Array.from({ length: 20 }, (_, index) => rig.ask(`things/${index}`))
    await rig.clock.advance(120_000)
    const outcomes = await Promise.all(asked)
    assert.ok(outcomes.every((outcome) => outcome.startsWith('PROTOCOL ')), outcomes.join())
    assert.equal(rig.client.diagnostics([]).outage, undefined)
  })

  it('is told of once, and its return once', async () => {
    const rig = rigOf(() => answer(503))
    const asked = Array.from({ length: 20 }, (_, index) => rig.ask(`things/${index}`))
    await rig.clock.advance(30_000)
    assert.deepEqual(rig.events, [{ level: 'warn', text: `the cloud has been unreachable since ${SINCE} (HTTP 503); until it can be reached again, reads fail and commands wait for up to two minutes` }])
    assert.equal(rig.client.diagnostics([]).outage?.cause, 'HTTP 503')
    rig.reply = () => answer(200)
    await rig.clock.advance(90_000)
    await Promise.all(asked)
    assert.equal(await rig.ask('things/later'), '200')
    assert.equal(rig.events.length, 2)
    assert.deepEqual(rig.events[1], { level: 'log', text: `the cloud can be reached again; the outage began at ${SINCE} (HTTP 503)` })
    assert.equal(rig.client.diagnostics([]).outage, undefined)
  })

  it('keeps no request for longer than two minutes', async () => {
    const rig = rigOf(() => unreachable('ENOTFOUND'))
    const first = Array.from({ length: 16 }, (_, index) => rig.ask(`things/${index}`))
    await settle()
    const waits = rig.ask('things/late', command('things/late'))
    await rig.clock.advance(125_000)
    assert.match(await waits, /^NETWORK (the cloud has been unreachable since 2026-03-1\d \d\d:\d\d \(ENOTFOUND\); try again later|no server has the name in the base URL \(ENOTFOUND\))/)
    for (const outcome of await Promise.all(first)) assert.match(outcome, /^NETWORK /)
    assert.equal(rig.client.limiter.queued, 0)
    assert.equal(rig.clock.pending, 0, 'no timer is left')
  })

  it('rejects a request that has waited for the maximum wait, without a probe', async () => {
    const clock = new FakeClock()
    const breaker = new Breaker({ clock, threshold: 1, base: 3_600_000, cap: 3_600_000 })
    const limiter = new Limiter({ clock, breaker, maximumWait: 120_000 })
    const first = await limiter.take({ budgets: [perDay] })
    first.done({ failure: { network: 'ENOTFOUND' } })
    const waits = assert.rejects(limiter.take({ budgets: [perDay], priority: 'command' }), { code: 'NETWORK', message: /^the cloud has been unreachable since 2026-03-1\d \d\d:\d\d \(ENOTFOUND\); try again/ })
    await clock.advance(119_000)
    assert.equal(limiter.queued, 1)
    await clock.advance(2_000)
    await waits
    assert.deepEqual([limiter.queued, clock.pending], [0, 0])
    assert.equal(limiter.states([perDay])[0]?.remaining, 999)
  })

  it('lets go of what is aborted or has become too old meanwhile', async () => {
    const rig = rigOf(() => unreachable())
    const all = Array.from({ length: 16 }, (_, index) => rig.ask(`things/${index}`))
    await rig.clock.advance(100)
    const leaving = new AbortController()
    const aborted = rig.ask('things/aborted', { signal: leaving.signal })
    const old = rig.ask('things/1/command', { request: { method: 'POST', url: 'https://cloud.example/v1/x' }, priority: 'command', repeatable: false, deadline: rig.clock.monotonic() + 5_000 })
    leaving.abort(new Error('I left'))
    assert.match(await aborted, /I left/)
    await rig.clock.advance(6_000)
    assert.match(await old, /^EXPIRED /)
    await rig.clock.advance(200_000)
    await Promise.all(all)
  })

  it('is not what a wrong clock means', async () => {
    for (const reason of ['CERT_NOT_YET_VALID', 'CERT_HAS_EXPIRED'])
      assert.equal(
        await rigOf(() => unreachable(reason)).ask('things/1'),
        `NETWORK the server's certificate ${reason === 'CERT_HAS_EXPIRED' ? 'has expired' : 'is not yet valid'} (${reason}); check the date and time of this computer, then the base URL in the account`,
      )
  })

  it('is not what a certificate that is not trusted means', async () => {
    const rig = rigOf(() => unreachable('DEPTH_ZERO_SELF_SIGNED_CERT'))
    for (let index = 0; index < 10; index += 1)
      assert.equal(
        await rig.ask(`things/${index}`),
        'NETWORK the server\'s certificate is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT); give the account a TLS configuration with its CA, or correct the base URL',
      )
    assert.equal(rig.sent.length, 10, 'each was tried once')
    assert.deepEqual(rig.events, [])
  })
})

describe('the tries of one request', () => {
  it('are bounded in number', async () => {
    const rig = rigOf(() => answer(500))
    const asked = rig.ask('things')
    await rig.clock.advance(60_000)
    assert.match(await asked, /^VENDOR /)
    assert.equal(rig.sent.length, 4)
  })

  it('are bounded for the whole account, and the error says so', async () => {
    const rig = rigOf(() => answer(500))
    const asked = Array.from({ length: 30 }, (_, index) => rig.ask(`things/${index}`))
    await rig.clock.advance(60_000)
    const outcomes = await Promise.all(asked)
    assert.equal(rig.sent.length, 30 + 20)
    assert.equal(rig.client.diagnostics([]).retries, 20)
    assert.ok(outcomes.includes('VENDOR the server failed (500); try again later; it was not retried, because too many requests of this account have failed'), outcomes.join('\n'))
    rig.reply = (url) => answer(url.endsWith('bad') ? 500 : 200)
    for (let index = 0; index < 7; index += 1) assert.equal(await rig.ask(`others/${index}`), '200')
    const again = rig.ask('things/bad')
    await rig.clock.advance(60_000)
    assert.match(await again, /it was not retried/)
    assert.equal(rig.client.diagnostics([]).retries, 21, 'seven successes allow one more')
  })

  it('are allowed again as hours go by', async () => {
    const rig = rigOf(() => answer(500))
    for (let index = 0; index < 30; index += 1) void rig.ask(`things/${index}`)
    await rig.clock.advance(60_000)
    await rig.clock.advance(2 * 3_600_000)
    void rig.ask('things/later')
    await rig.clock.advance(60_000)
    assert.equal(rig.client.diagnostics([]).retries, 22)
  })

  it('are bounded in time, also when the limits hold the next one up', async () => {
    const slow: Budget = { name: 'per hour', limit: 1, window: 3_600_000, scope: 'account' }
    const rig = rigOf(() => answer(500), { budgets: [slow] })
    const asked = rig.ask('things')
    await rig.clock.advance(119_000)
    assert.equal(rig.sent.length, 1)
    await rig.clock.advance(2_000)
    assert.match(await asked, /^VENDOR /)
    assert.equal(rig.clock.pending, 0)
  })

  it('have as long as four timeouts where that is more', async () => {
    const slow: Budget = { name: 'per hour', limit: 1, window: 3_600_000, scope: 'account' }
    const rig = rigOf(() => answer(500), { budgets: [slow] })
    let ended = false
    const asked = rig.ask('things', { timeout: 60_000 }).finally(() => (ended = true))
    await rig.clock.advance(239_000)
    assert.equal(ended, false)
    await rig.clock.advance(2_000)
    assert.match(await asked, /^VENDOR /)
  })
})

describe('what a call waited', () => {
  it('counts also when another call sent its request', async () => {
    const one: Budget = { name: 'per second', limit: 1, window: 1000, scope: 'account' }
    const rig = rigOf(() => answer(200), { budgets: [one] })
    await rig.ask('first')
    const costs: [CallCost, CallCost] = [{ attempts: 0, waited: 0 }, { attempts: 0, waited: 0 }]
    const asked = costs.map((cost) => rig.ask('second', { cost }))
    await rig.clock.advance(2_000)
    await Promise.all(asked)
    assert.deepEqual(costs.map(({ attempts }) => attempts), [1, 0])
    assert.ok(costs[0].waited >= 1000)
    assert.equal(costs[1].waited, costs[0].waited)
  })
})

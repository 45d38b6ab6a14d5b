/** What one request does when it fails: what is tried again and when, what is counted, and what its error says. */
import assert from 'node:assert/strict'
import { ApiError } from '../../../src/lib/base/api-error'
import { sentence } from '../../../src/lib/base/sentence'
import { localTime } from '../../../src/lib/base/time'
import type { ClientRequest } from '../../../src/lib/client/client-request'
import type { Budget } from '../../../src/lib/vocabulary/budget'
import type { Auth, Vendor } from '../../../src/lib/vocabulary/vendor'
import { answer, BASE, rigOf, unreachable, vendorWith, type Reply, type Rig } from './rig'

/** When the clock of the tests begins. */
const SINCE = localTime(Date.UTC(2026, 2, 10, 12))
const command = { request: { method: 'POST', url: `${BASE.href}things/bad` }, repeatable: false, priority: 'command' } as const
const perMinute: Budget = { name: 'per minute', limit: 10, window: 60_000, scope: 'account' }
const tokens: Auth = {
  kind: 'token',
  request: () => ({ url: `${BASE.href}token`, headers: {}, body: '' }),
  decode: (body) => ({ value: String(body), lifetime: 900 }),
  header: (token) => `Bearer ${token}`,
}

/** Lets time pass until a request has ended. */
async function ended<T>({ clock }: Rig, work: Promise<T>): Promise<T> {
  const state = { done: false }
  void work.finally(() => (state.done = true)).catch(() => undefined)
  for (let wait = 0; !state.done; wait = clock.untilNext ?? 1) await clock.advance(wait)
  return work
}

const failureOf = (rig: Rig, path: string, more: Partial<ClientRequest> = {}): Promise<ApiError> =>
  ended(rig, rig.send(path, more).then(
    () => assert.fail('it did not fail'),
    (error: unknown) => (error instanceof ApiError ? error : assert.fail(String(error))),
  ))

const replies = (...list: ReturnType<Reply>[]): Reply => () => list.shift() ?? answer(200)

describe('a route on which the server fails', () => {
  const bad: Reply = (url) => answer(url.includes('bad') ? 500 : 200)
  const noRetry = { noRetry: true }
  let rig: Rig
  /** Five failures within 12 s. */
  beforeEach(async () => {
    rig = rigOf(bad)
    for (let failures = 0; failures < 5; failures += 1) {
      if (failures > 0) await rig.clock.advance(3_000)
      assert.match(await rig.ask(`things/bad?page=${failures}`, noRetry), /^VENDOR /)
    }
  })

  it('gets no more reads for some seconds, whatever their query; other routes and commands are sent', async () => {
    const error = await failureOf(rig, 'things/bad?page=9')
    assert.equal(error.message, `the server has failed on this request since ${SINCE} (HTTP 500), so it was not sent now; try again in a minute`)
    assert.deepEqual([error.code, String(error.summary)], ['NETWORK', 'the cloud failed'])
    assert.equal(rig.sent.length, 5)
    assert.equal(await rig.ask('things/good'), '200')
    assert.match(await rig.ask('things/bad', command), /^VENDOR /)
    assert.match(await rig.ask('things/bad', { ...noRetry, priority: 'command' }), /^VENDOR /, 'a read that is urgent counts as a command')
    assert.deepEqual(rig.client.diagnostics([]).outage, undefined, 'the account as a whole has no outage')
  })

  it('gets one probe then, and all reads once that succeeds', async () => {
    await rig.clock.advance(2_000)
    assert.match(await rig.ask('things/bad', noRetry), /^VENDOR /)
    assert.match(await rig.ask('things/bad', noRetry), /^NETWORK /, 'the probe has failed')
    await rig.clock.advance(60_000)
    rig.reply = () => answer(200)
    assert.equal(await rig.ask('things/bad'), '200')
    rig.reply = bad
    assert.match(await rig.ask('things/bad', noRetry), /^VENDOR /)
    assert.match(await rig.ask('things/bad', noRetry), /^VENDOR /, 'one failure is no outage')
  })

  it('is not cleared by a probe that was never sent', async () => {
    await rig.clock.advance(2_000)
    assert.equal(await rig.ask('things/bad', { beforeSend: () => { throw new Error('not now') } }), ' not now')
    assert.match(await rig.ask('things/bad', noRetry), /^VENDOR /)
    assert.match(await rig.ask('things/bad', noRetry), /^NETWORK /)
  })

  it('gets no second attempt of a read once it is known', async () => {
    await rig.clock.advance(2_000)
    const sent = rig.sent.length
    assert.match((await failureOf(rig, 'things/bad')).message, /^the server failed \(500\); try again later$/)
    assert.equal(rig.sent.length, sent + 1)
    const cost = { attempts: 0, waited: 0 }
    await failureOf(rig, 'things/bad', { priority: 'command', cost })
    assert.equal(cost.attempts, 4, 'a command is asked for once, and is tried as ever')
  })
})

describe('another attempt', () => {
  it('waits longer each time after a fault of the server, and holds up no other request', async () => {
    const rig = rigOf((url) => answer(url.endsWith('bad') ? 500 : 200))
    const failed = failureOf(rig, 'things/bad')
    await rig.clock.advance(0)
    assert.equal(await rig.ask('things/good'), '200')
    assert.equal(rig.clock.monotonic(), 0)
    await failed
    const times = rig.sentAt.filter((_at, index) => rig.sent[index]?.endsWith('bad'))
    assert.equal(new Set(times).size, 4, times.join())
  })

  it('waits after a 429 as long as the vendor says, and so does every request of the account', async () => {
    const rig = rigOf(replies(answer(429, {}, { 'retry-after': '10' })))
    assert.match(await rig.ask('things/1', { noRetry: true }), /^RATE_LIMITED /)
    await ended(rig, rig.ask('things/2'))
    assert.deepEqual(rig.sentAt, [0, 10_000])
  })

  it('waits also after a 429 that does not say how long', async () => {
    const rig = rigOf(replies(answer(429)))
    assert.equal(await ended(rig, rig.ask('things')), '200')
    assert.ok((rig.sentAt[1] ?? 0) > 0)
  })

  it('gives the first failure when the cloud goes away meanwhile', async () => {
    const rig = rigOf((url) => (url.endsWith('first') ? answer(500, {}, { 'retry-after': '12' }) : unreachable()))
    const first = rig.ask('things/first')
    await rig.clock.advance(0)
    for (let index = 0; index < 5; index += 1) assert.match(await rig.ask(`things/${index}`, { noRetry: true }), /^NETWORK /)
    await rig.clock.advance(11_000)
    assert.match(await rig.ask('things/probe', { noRetry: true }), /^NETWORK /)
    await rig.clock.advance(1_000)
    assert.ok(rig.client.diagnostics([]).outage)
    assert.match(await first, /^VENDOR /)
    assert.equal(rig.sent.filter((url) => url.endsWith('first')).length, 1)
  })

  it('is not made where the account has used up its retries, and the error is that of the answer', async () => {
    const rig = rigOf(() => answer(500, { why: 'a defect' }))
    for (let index = 0; index < 7; index += 1) await failureOf(rig, `things/${index}`)
    const { body, code, message, statusCode, summary } = await failureOf(rig, 'things/last')
    assert.match(message, /it was not retried, because too many requests of this account have failed$/)
    assert.deepEqual([body, code, statusCode, String(summary)], [{ why: 'a defect' }, 'VENDOR', 500, 'the cloud failed (500)'])
  })
})

describe('a request that needs a token', () => {
  const tokenRig = (reply: Reply): Rig => rigOf(reply, { vendor: vendorWith(tokens) })
  const paths = (rig: Rig): string[] => rig.sent.map((url) => url.slice(BASE.href.length))

  it('gets a new one when the vendor rejects it, once', async () => {
    let given = 0
    const rig = tokenRig((url) => (url.endsWith('token') ? answer(200, `token-${(given += 1)}`) : answer(401)))
    assert.match(await ended(rig, rig.ask('things')), /^AUTH /)
    assert.deepEqual(paths(rig), ['token', 'things', 'token', 'things'])
    const [entry] = rig.client.diagnostics([]).journal
    assert.deepEqual([entry?.attempts, entry?.retried, entry?.status], [2, [401], 401])
  })

  it('keeps it when the request fails for another reason', async () => {
    const rig = tokenRig((url) => (url.endsWith('token') ? answer(200, 'token') : answer(500)))
    await failureOf(rig, 'things')
    assert.deepEqual(paths(rig), ['token', 'things', 'things', 'things', 'things'])
    assert.equal(new Set(rig.sentAt).size, 4, 'it waits before each attempt')
  })

  it('is tried again when the token request failed on the server, and is counted as not sent', async () => {
    const rig = tokenRig(replies(answer(500), answer(200, 'token')))
    assert.equal(await ended(rig, rig.ask('things')), '200')
    const { journal: [entry], latencies, requests } = rig.client.diagnostics([])
    assert.deepEqual([entry?.attempts, entry?.retried, latencies[0]?.count, requests], [1, [500], 1, 1])
  })

  it('is not tried again when no token can be made of the answer, which is no failure of a request', async () => {
    const rig = tokenRig(() => answer(200, 'x'.repeat(20_000)))
    const { code } = await failureOf(rig, 'things')
    const { failures, journal: [entry], latencies } = rig.client.diagnostics([])
    assert.deepEqual([code, failures, entry?.attempts, entry?.latency, latencies], ['PROTOCOL', 0, 0, undefined, []])
  })

  it('can get one beforehand, as the check of the credentials does', async () => {
    const { signal } = new AbortController()
    const rig = tokenRig(replies(answer(200, 'token')))
    const signIn = ({ client, transport }: Rig, during = signal): Promise<void> => client.signIn({ transport, settings: {}, timeout: 30_000 }, during)
    await signIn(rig)
    assert.equal(await rig.ask('things'), '200')
    assert.deepEqual(paths(rig), ['token', 'things'])
    await assert.rejects(signIn(tokenRig(() => answer(401))), { name: 'ApiError', code: 'AUTH' })
    await assert.rejects(signIn(tokenRig(() => unreachable())), { name: 'ApiError', code: 'NETWORK' })
    await assert.rejects(signIn(tokenRig(() => answer(200, 'token')), AbortSignal.abort(new Error('I left'))), { message: 'I left' })
  })
})

describe('what an answer tells', () => {
  it('is a success from 200 to 299, by the code of the envelope where it has one', async () => {
    const statusOf = (body: unknown): number | undefined => (body as { code?: number }).code
    for (const [status, code, outcome] of [[299, undefined, /^299/], [300, undefined, /\(300\)/], [200, 199, /\(199\)/], [200, 200, /^200/]] as const)
      assert.match(await rigOf(() => answer(status, { code }), { vendor: { ...vendorWith(), statusOf } }).ask('things', { noRetry: true }), outcome)
  })

  it('is explained by what was asked for', async () => {
    assert.match(await rigOf(() => answer(404)).ask('things', { named: () => sentence`device A` }), /^NOT_FOUND nothing found for device A \(404\)/)
  })

  it('lowers a budget to what its header says is left', async () => {
    const vendor = { ...vendorWith(), remaining: { header: 'x-left', budget: 'per minute' } }
    const rig = rigOf(() => answer(200, {}, { 'x-left': '4' }), { vendor, budgets: [perMinute] })
    await rig.ask('things')
    assert.equal(rig.client.budgets([perMinute])[0]?.remaining, 4)
  })

  /** A vendor that says how many requests are left to a device. */
  const counting: Vendor = { ...vendorWith(), allowance: 'per month', apiRequestsRemaining: (body) => (body as { left?: number }).left }
  const { allowance: _allowance, ...unlimited } = counting
  const { apiRequestsRemaining: _remaining, ...silent } = counting
  for (const [what, vendor, reply, device, attempts] of [
    ['has nothing left of its own', counting, answer(429, { left: 0 }), 'A', 1],
    ['has something left', counting, answer(429, { left: 1 }), 'A', 2],
    ['is not known', counting, answer(429, { left: 0 }), undefined, 2],
    ['has nothing left, but did not cause the failure', counting, answer(500, { left: 0 }), 'A', 2],
    ['has no allowance at this vendor', unlimited, answer(429, { left: 0 }), 'A', 2],
    ['has an allowance of which this vendor says nothing', silent, answer(429), 'A', 2],
  ] as const)
    it(`is ${attempts === 1 ? 'final' : 'a reason to wait'} when its device ${what}`, async () => {
      const rig = rigOf(replies(reply), { vendor })
      assert.match(await ended(rig, rig.ask('things', { device })), attempts === 1 ? /^RATE_LIMITED / : /^200$/)
      assert.equal(rig.sent.length, attempts)
      assert.equal(rig.client.diagnostics([]).paused, undefined)
    })
})

describe('what is noted of a request', () => {
  it('is the time that it waited, and how long each attempt took', async () => {
    const rig = rigOf(() => answer(200), { budgets: [{ ...perMinute, limit: 1 }] })
    await rig.clock.advance(5_000)
    await rig.ask('things/1')
    await ended(rig, rig.ask('things/2'))
    const { journal, latencies, waits } = rig.client.diagnostics([])
    assert.ok((journal[1]?.waited ?? 0) >= 60_000, `${journal[1]?.waited}`)
    assert.deepEqual([journal[0]?.waited, journal[0]?.latency, latencies[0]?.sum, waits], [0, 0, 0, 1])
  })

  it('is the latest time for which the vendor asked it to wait', async () => {
    const rig = rigOf(replies(answer(429, {}, { 'retry-after': '5' }), answer(500)))
    await ended(rig, rig.ask('things'))
    assert.deepEqual([rig.client.diagnostics([]).journal[0]?.retryAfter, rig.client.diagnostics([]).journal[0]?.retried], [5_000, [429, 500]])
  })

  it('is no failure of the vendor when the flow gave it up', async () => {
    const rig = rigOf(() => unreachable('aborted'))
    assert.match(await rig.ask('things', { noRetry: true }), /^CLOSED /)
    assert.equal(rig.client.diagnostics([]).failures, 0)
  })

  it('is a time-out of the connection when no response came in time', async () => {
    const rig = rigOf(() => unreachable('timeout'))
    for (let index = 0; index < 5; index += 1) await rig.ask(`things/${index}`, { noRetry: true })
    assert.equal(rig.client.diagnostics([]).outage?.cause, 'ETIMEDOUT')
  })

  it('keeps what ended it before it left', async () => {
    const rig = rigOf(() => answer(200))
    assert.equal(await rig.ask('things/bad', { ...command, beforeSend: () => { throw new Error('the message is too old') } }), ' the message is too old')
    assert.deepEqual([rig.sent, rig.client.diagnostics([]).requests, rig.client.diagnostics([]).journal[0]?.attempts], [[], 0, 0])
  })
})

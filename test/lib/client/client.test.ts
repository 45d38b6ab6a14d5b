/** What the requests of one account share: what they show of the vendor, who hears of them, and the answers that they use together. */
import assert from 'node:assert/strict'
import sinon from 'sinon'
import { ApiError } from '../../../src/lib/base/api-error'
import { sentence } from '../../../src/lib/base/sentence'
import { Client } from '../../../src/lib/client/client'
import { Transport, type HttpAnswer } from '../../../src/lib/http/transport'
import type { Budget } from '../../../src/lib/vocabulary/budget'
import type { Auth } from '../../../src/lib/vocabulary/vendor'
import { FakeClock, settle } from '../fake-clock'
import { answer, BASE, rigOf, unreachable, vendorWith } from './rig'

const perSecond: Budget = { name: 'per second', limit: 1, window: 1000, scope: 'account' }
const perDay: Budget = { name: 'per day', limit: 10, window: 'day', scope: 'account' }
const ofDevice: Budget = { name: 'per month', limit: 10, window: 'month', scope: 'device' }
const command = { request: { method: 'POST', url: `${BASE.href}things/1` }, priority: 'command' } as const
const noRetry = { noRetry: true }
const fresh = { 'cache-control': 'max-age=60' }

describe('the health of an account', () => {
  it('is that of its latest requests', async () => {
    const rig = rigOf(() => answer(200))
    const { client, clock } = rig
    assert.deepEqual(client.health, { isRejected: false })
    const begin = clock.now()
    await rig.ask('things/1')
    assert.deepEqual(client.health, { isRejected: false, workedAt: begin })
    await clock.advance(1_000)
    rig.reply = () => answer(401)
    await rig.ask('things/2')
    const rejected = { time: begin + 1_000, code: 'AUTH', operation: 'things' }
    assert.deepEqual(client.health, { isRejected: true, workedAt: begin, lastError: rejected })
    await clock.advance(1_000)
    rig.reply = () => unreachable()
    await rig.ask('things/3', noRetry)
    const failing = { since: begin + 2_000, cause: 'ECONNREFUSED' }
    const lastError = { time: begin + 2_000, code: 'NETWORK', operation: 'things' }
    assert.deepEqual(client.health, { isRejected: true, failing, workedAt: begin, lastError }, 'no answer says nothing of the credentials')
    await rig.ask('things/4', { beforeSend: () => { throw new ApiError('CLOSED', sentence`the flow was deployed`) } })
    assert.deepEqual(client.health.lastError, lastError, 'a deploy is no error')
    rig.reply = () => answer(200)
    await rig.ask('things/5')
    assert.deepEqual(client.health, { isRejected: false, workedAt: begin + 2_000, lastError })
  })

  it('comes with the limits of the account, and when they will be spent; each device has its own', async () => {
    const budgets = [ofDevice, perSecond, perDay]
    const rig = rigOf(() => answer(200), { budgets })
    for (let index = 0; index < 8; index += 1) {
      await rig.ask(`things/${index}`, { device: 'A' })
      await rig.clock.advance(2_000)
    }
    const shown = rig.client.activity(budgets).budgets
    assert.deepEqual(shown.map(({ name, used, emptyAt }) => [name, used, emptyAt === undefined]), [['per second', 0, true], ['per day', 8, false]])
  })
})

describe('those who listen to an account', () => {
  it('hear each event once: the first of them, until it leaves', () => {
    const client = new Client(vendorWith(), { token: 'the-token' }, new FakeClock())
    const happen = (what: string): void => client.emit({ level: 'log', text: sentence`${what} the-token` })
    happen('nobody hears')
    const heard: string[] = []
    const end = client.subscribe(({ text }) => heard.push(`first: ${String(text)}`))
    client.subscribe(({ text }) => heard.push(`second: ${String(text)}`))
    happen('one')
    end()
    end()
    happen('two')
    assert.deepEqual(heard, ['first: one •••', 'second: two •••'])
  })

  it('get all readings, until they leave', () => {
    const { client } = rigOf(() => answer(200))
    const end = client.onReadings(() => undefined)
    client.onReadings(() => undefined)
    assert.equal(client.readingListeners.size, 2)
    end()
    assert.equal(client.readingListeners.size, 1)
  })

  it('know the account by a name that tells nothing of its credentials', async () => {
    const client = new Client(vendorWith(), { token: 'the-token' })
    const name = await client.fingerprint()
    assert.equal(await client.fingerprint(), name)
    assert.equal(await new Client(vendorWith(), { token: 'the-token' }).fingerprint(), name)
    assert.notEqual(await new Client(vendorWith(), { token: 'another' }).fingerprint(), name)
  })
})

describe('reads that ask for the same', () => {
  it('have an entry in the journal each when their request fails', async () => {
    const rig = rigOf(() => answer(500))
    await Promise.all([rig.ask('things', noRetry), rig.ask('things', { ...noRetry, msgid: 'second' })])
    assert.deepEqual(rig.client.diagnostics([]).journal.map(({ joined, status, _msgid: msgid }) => [joined, status, msgid]), [[undefined, 500, undefined], [true, 500, 'second']])
  })

  it('count the time that each of them waited', async () => {
    const rig = rigOf(() => answer(200), { budgets: [perSecond] })
    await rig.ask('things/1')
    const [earlier, late] = [{ attempts: 1, waited: 5_000 }, { attempts: 0, waited: 0 }]
    const first = rig.ask('things/2', { cost: earlier })
    await rig.clock.advance(600)
    const second = rig.ask('things/2', { cost: late })
    await rig.clock.advance(1_000)
    await Promise.all([first, second])
    const wait = earlier.waited - 5_000
    assert.ok(wait >= 1_000 && wait < 1_100, `${wait}`)
    assert.equal(late.waited, wait - 600)
  })

  it('do not count what their request waited for before', async () => {
    const rig = rigOf(() => answer(200))
    const [earlier, second] = [{ attempts: 1, waited: 5_000 }, { attempts: 0, waited: 0 }]
    let land: (said: HttpAnswer) => void = () => undefined
    const transport = new Transport(BASE)
    sinon.stub(transport, 'send').returns(new Promise((resolve) => (land = resolve)))
    const asked = [earlier, second].map((cost) => rig.ask('things', { cost, transport }))
    await rig.clock.advance(1_000)
    land(answer(200))
    await Promise.all(asked)
    assert.equal(second.waited, 0, 'the answer was slow, and no limit held it up')
  })
})

describe('an answer', () => {
  it('says whether it came from the cache, and is counted then', async () => {
    const rig = rigOf(() => answer(200, {}, fresh))
    const { cached, freshUntil } = await rig.send('things')
    assert.deepEqual([cached, freshUntil, rig.client.diagnostics([]).cacheHits], [false, 60_000, 0])
    assert.deepEqual([(await rig.send('things')).cached, rig.client.diagnostics([]).cacheHits], [true, 1])
  })
})

describe('a write', () => {
  it('makes the next read ask the vendor, but only when it was sent', async () => {
    const rig = rigOf(() => answer(200, {}, fresh), { budgets: [perDay] })
    await rig.ask('things/1')
    const cost = { attempts: 3, waited: 0 }
    await rig.ask('things/1', { ...command, cost, beforeSend: () => { throw new Error('not now') } })
    assert.ok(rig.client.cache.get(`${BASE.href}things/1`))
    await rig.ask('things/1', { ...command, cost })
    assert.equal(rig.client.cache.get(`${BASE.href}things/1`), undefined)
  })
})

describe('a client that is closed', () => {
  it('ends its token request, for which calls wait', async () => {
    const auth: Auth = { kind: 'token', request: () => ({ url: `${BASE.href}token`, headers: {}, body: '' }), decode: (body) => ({ value: String(body), lifetime: 900 }), header: (token) => token }
    const rig = rigOf(() => answer(200), { vendor: vendorWith(auth) })
    const transport = new Transport(BASE)
    const send = sinon.stub(transport, 'send').returns(new Promise(() => undefined))
    void rig.ask('things', { transport })
    await settle()
    const signal = send.firstCall.args[3]
    assert.equal(signal.aborted, false)
    rig.client.close()
    const reason: unknown = signal.reason
    assert.ok(reason instanceof ApiError)
    assert.equal(reason.code, 'CLOSED')
  })
})

import assert from 'node:assert/strict'
import sinon from 'sinon'
import type { Budget } from '../../../src/lib/vocabulary/budget'
import { Client } from '../../../src/lib/client/client'
import { Transport, type HttpAnswer } from '../../../src/lib/http/transport'
import type { Auth, Vendor } from '../../../src/lib/vocabulary/vendor'
import { FakeClock, settle } from '../fake-clock'
import { KeptStore } from './kept-store'
import { answer, BASE, rigOf, vendorWith, type Reply, type Rig } from './rig'

const perDay: Budget = { name: 'per day', limit: 1000, window: 'day', scope: 'account' }
const perMonth: Budget = { name: 'per month', limit: 50, window: 'month', scope: 'device' }
const ok: Reply = () => answer(200)

const tokens: Auth = {
  kind: 'token',
  request: () => ({ url: 'https://cloud.example/token', headers: {}, body: '' }),
  decode: (body) => ({ value: (body as { token: string }).token, lifetime: 900 }),
  header: (token) => `Bearer ${token}`,
}

/** Waits for the work, and for what is stored after it. */
const ended = async (work: Promise<unknown>): Promise<void> => {
  await work
  await settle()
}

describe('over a restart', () => {
  let clock: FakeClock
  let store: KeptStore
  beforeEach(() => {
    clock = new FakeClock()
    store = new KeptStore(clock)
  })

  /** A process with a client of its own on the same store. */
  async function start(reply: Reply = ok, budgets: readonly Budget[] = [perDay], vendor: Vendor = vendorWith(), credentials = { token: 'the-token' }): Promise<Rig> {
    const client = new Client(vendor, credentials, clock)
    await client.attach(store)
    return rigOf(reply, { clock, vendor, budgets, client })
  }

  const run = async (rig: Rig, count: number, more = {}): Promise<string[]> => {
    const outcomes: string[] = []
    for (let index = 0; index < count; index += 1) await ended(rig.ask(`things/${rig.sent.length}`, more).then((outcome) => outcomes.push(outcome)))
    return outcomes
  }

  const usedOf = (rig: Rig, budget: Budget, device?: string): number => budget.limit - (rig.client.budgets([budget], device)[0]?.remaining ?? NaN)

  it('counts are exact when the process ended in order', async () => {
    const first = await start()
    await run(first, 7)
    await first.client.attach(undefined)
    const second = await start()
    await run(second, 1)
    assert.equal(usedOf(second, perDay), 8)
  })

  it('counts are saved before a request leaves', async () => {
    const rig = await start()
    await run(rig, 1)
    const saved = (): number => (JSON.parse(store.kept('counts')[0] ?? '[{"used":0}]') as { used: number }[])[0]?.used ?? 0
    rig.reply = () => {
      assert.ok(saved() >= rig.sent.length, `${rig.sent.length} were sent, ${saved()} are saved`)
      return answer(200)
    }
    store.hold()
    const asked = Array.from({ length: 40 }, () => rig.ask(`more/${Math.random()}`))
    await clock.advance(100)
    assert.ok(rig.sent.length <= 11, `${rig.sent.length} were sent, though the store did not answer`)
    while (rig.sent.length < 41) {
      store.release?.()
      await settle()
    }
    assert.ok((await Promise.all(asked)).every((outcome) => outcome === '200'))
    assert.ok(store.sets <= 12, `${store.sets} saves for 41 requests`)
  })

  it('a device has its own count, and a new period begins at nothing', async () => {
    const budgets = [perMonth]
    const first = await start(ok, budgets)
    await run(first, 3, { device: 'A' })
    await first.client.attach(undefined)
    const second = await start(ok, budgets)
    await run(second, 1, { device: 'A' })
    await run(second, 1, { device: 'B' })
    assert.deepEqual([usedOf(second, perMonth, 'A'), usedOf(second, perMonth, 'B')], [4, 1])
    await second.client.attach(undefined)
    clock.setDate('2026-04-01T00:00:00Z')
    const third = await start(ok, budgets)
    await run(third, 1, { device: 'A' })
    assert.equal(usedOf(third, perMonth, 'A'), 1)
  })

  it('a store that fails stops nothing, and is told of once', async () => {
    store.failing = 'UNAVAILABLE'
    const rig = await start()
    assert.ok((await run(rig, 30)).every((outcome) => outcome === '200'))
    assert.deepEqual(rig.events.map(({ text }) => text), [
      'the daily or monthly request count cannot be saved in memory, so a restart loses it: the disk is full; free some space',
    ])
    store.failing = undefined
    await run(rig, 30)
    assert.ok(store.kept('counts').length > 0, 'counts are kept once it works again')
  })

  it('a token is used until it runs out', async () => {
    let given = 0
    const reply: Reply = (url, headers) =>
      url.endsWith('/token') ? answer(200, { token: `token-${(given += 1)}` }) : answer(headers.Authorization === `Bearer token-${given}` ? 200 : 401)
    const vendor = vendorWith(tokens)
    await run(await start(reply, [], vendor), 1)
    const second = await start(reply, [], vendor)
    assert.deepEqual(await run(second, 1), ['200'])
    assert.equal(given, 1)
    assert.ok(!second.sent.some((url) => url.endsWith('/token')))
    assert.equal(second.client.redactor.text('Bearer token-1'), 'Bearer •••', 'it is kept out of errors too')
    await clock.advance(841_000)
    assert.deepEqual(await run(await start(reply, [], vendor), 1), ['200'])
    assert.equal(given, 2)
  })

  it('a token that is refused meanwhile is replaced', async () => {
    let good = 'token-1'
    const reply: Reply = (url, headers) => (url.endsWith('/token') ? answer(200, { token: good }) : answer(headers.Authorization === `Bearer ${good}` ? 200 : 401))
    const vendor = vendorWith(tokens)
    await run(await start(reply, [], vendor), 1)
    good = 'token-2'
    assert.deepEqual(await run(await start(reply, [], vendor), 1), ['200'])
    const third = await start(reply, [], vendor)
    assert.deepEqual(await run(third, 1), ['200'])
    assert.deepEqual(third.sent.map((url) => url.split('/').at(-2)), ['things'])
  })

  it('a token is renewed in time when the clock is set back by 6 h, also in a later process', async () => {
    let given = 0
    let givenAt = 0
    // The vendor takes a token for 900 s by its own clock.
    const reply: Reply = (url, headers) => {
      if (!url.endsWith('/token')) return answer(headers.Authorization === `Bearer token-${given}` && clock.monotonic() - givenAt < 900_000 ? 200 : 401)
      givenAt = clock.monotonic()
      return answer(200, { token: `token-${(given += 1)}` })
    }
    const vendor = vendorWith(tokens)
    const first = await start(reply, [], vendor)
    await run(first, 1)
    clock.step(-21_600_000)
    await clock.advance(850_000)
    assert.deepEqual(await run(first, 1), ['200'])
    assert.equal(given, 2)
    clock.step(-21_600_000)
    await clock.advance(1_000_000)
    assert.deepEqual(await run(await start(reply, [], vendor), 1), ['200'])
    clock.step(43_200_000)
    assert.deepEqual(await run(await start(reply, [], vendor), 1), ['200'])
  })

  it('nothing in the store can be read without the credentials', async () => {
    const vendor = vendorWith(tokens)
    const reply: Reply = (url) => (url.endsWith('/token') ? answer(200, { token: 'a-very-secret-token' }) : answer(200, { reading: 'private' }, { 'cache-control': 'max-age=900' }))
    await run(await start(reply, [perDay], vendor, { token: 'hunter2' }), 1)
    const all = JSON.stringify([...store.texts])
    for (const secret of ['a-very-secret-token', 'hunter2', 'private', 'things'])
      for (const form of [secret, Buffer.from(secret).toString('base64').slice(0, -3), Buffer.from(secret).toString('hex')])
        assert.ok(!all.includes(form), `${secret} stands in the store`)
    const stranger = await start(reply, [perDay], vendor, { token: 'hunter3' })
    await run(stranger, 1)
    assert.ok(stranger.sent.some((url) => url.endsWith('/token')), 'other credentials find nothing')
  })

  it('an entry that stands in the place of another is none', async () => {
    const reply: Reply = () => answer(200, {}, { 'cache-control': 'max-age=900' })
    const first = await start(reply)
    await ended(first.ask('things/1'))
    const [one] = store.kept('answer')
    await ended(first.ask('things/2'))
    for (const key of store.texts.keys()) if (key.startsWith('answer:')) store.texts.set(key, one ?? '')
    const second = await start(reply)
    await ended(second.ask('things/1'))
    await ended(second.ask('things/2'))
    assert.equal(second.sent.length, 1)
  })

  it('an answer is as fresh as its max-age says', async () => {
    const reply: Reply = () => answer(200, {}, { 'cache-control': 'max-age=900' })
    const first = await start(reply)
    await ended(first.ask('things/1'))
    await clock.advance(500_000)
    const second = await start(reply)
    await ended(second.ask('things/1'))
    assert.equal(second.sent.length, 0)
    assert.equal(second.client.diagnostics([]).cacheHits, 1)
    await clock.advance(399_000)
    await ended(second.ask('things/1'))
    assert.equal(second.sent.length, 0)
    await clock.advance(1_001)
    await ended(second.ask('things/1'))
    assert.equal(second.sent.length, 1)
  })

  it('an answer that a write has changed is forgotten, others are not', async () => {
    const reply: Reply = () => answer(200, {}, { 'cache-control': 'max-age=900' })
    const first = await start(reply)
    await ended(first.ask('things/1'))
    await ended(first.ask('gateways'))
    await ended(first.ask('things/1/name', { request: { method: 'POST', url: 'https://cloud.example/v1/things/1/name' }, priority: 'command' }))
    const second = await start(reply)
    await ended(second.ask('things/1'))
    await ended(second.ask('gateways'))
    assert.deepEqual(second.sent.map((url) => new URL(url).pathname), ['/v1/things/1'])
  })

  it('writes of an account that has no such answer cost the disk nothing', async () => {
    const first = await start(ok, [])
    for (let index = 0; index < 5; index += 1)
      await ended(first.ask('readings', { request: { method: 'POST', url: 'https://cloud.example/v1/readings' }, repeatable: false }))
    assert.equal(first.sent.length, 5)
    assert.equal(store.sets, 0)
  })

  it('an answer is not worth a sync to disk; a count and the note of a write are', async () => {
    const rig = await start(() => answer(200, {}, { 'cache-control': 'max-age=900' }), [])
    for (let index = 0; index < 3; index += 1) await ended(rig.ask(`things/${index}`))
    await settle()
    assert.deepEqual(store.syncedWithin, [Infinity, Infinity, Infinity, Infinity], 'that there are answers, and three of them')
    await ended(rig.ask('things/1/name', { request: { method: 'POST', url: 'https://cloud.example/v1/things/1/name' } }))
    assert.deepEqual(store.syncedWithin.slice(4), [0])
    await run(await start(), 1)
    assert.deepEqual(store.syncedWithin.slice(5), [0])
  })

  it('an answer that comes during a write is not kept', async () => {
    const { client, ...first } = await start()
    let land: (said: HttpAnswer) => void = () => undefined
    const transport = new Transport(BASE)
    const send = sinon.stub(transport, 'send').returns(new Promise((resolve) => (land = resolve)))
    const read = first.ask('things/1', { transport })
    while (!send.called) await settle()
    await ended(first.ask('things/1/name', { request: { method: 'POST', url: 'https://cloud.example/v1/things/1/name' } }))
    land(answer(200, {}, { 'cache-control': 'max-age=900' }))
    await ended(read)
    await ended(client.attach(undefined))
    const second = await start()
    await ended(second.ask('things/1'))
    assert.equal(second.sent.length, 1)
  })

  it('an answer of a few seconds is not worth keeping', async () => {
    const reply: Reply = () => answer(200, {}, { 'cache-control': 'max-age=59' })
    await ended((await start(reply)).ask('things/1'))
    assert.deepEqual(store.kept('answer'), [])
  })
})

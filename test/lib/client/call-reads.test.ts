/** What a read asks the vendor for, and what it gives. */
import assert from 'node:assert/strict'
import type { Call } from '../../../src/lib/client/call'
import type { ReadingNotice } from '../../../src/lib/client/reading-notice'
import type { HttpRequest } from '../../../src/lib/http/request'
import type { Budget } from '../../../src/lib/vocabulary/budget'
import { number, operation, sequence, text, time } from '../../../src/lib/vocabulary/operation'
import type { Reading } from '../../../src/lib/vocabulary/reading'
import { FakeClock } from '../fake-clock'
import { accountRigOf, type AccountRig } from './account-rig'
import { answer } from './rig'

interface Row { id: string; at: number }
const rows = (body: unknown): Row[] => body as Row[]
const readingsOf = (list: Row[]): Reading[] => list.map(({ id, at }) => ({ vendor: 'example', device: id, sensor: null, label: null, quantity: 'temperature', channel: 't', value: 1, unit: '°C', timestamp: at, extra: {} }))

const one = operation({ verb: 'get-data', title: 'One', route: 'GET /things/{id}', fields: { id: text({ in: 'path', label: 'Thing' }) }, device: 'id', decode: rows, readings: readingsOf, latest: true })
const log = operation({
  verb: 'get-data', title: 'Log', route: 'GET /log/{id}', decode: rows, readings: (list) => readingsOf(list),
  fields: { id: text({ in: 'path', label: 'Thing' }), from: time({ in: 'query', label: 'From', wire: 'from', unit: 'ms', required: false }), kind: text({ in: 'query', label: 'Kind', required: false }) },
  since: { source: ['id', 'kind'], from: 'from', items: (list) => list.map(({ id, at }) => ({ key: id, at })), keep: (list, keys) => { const kept = [...keys]; return list.filter(({ id }) => kept.includes(id)) } },
})
const paged = operation({
  verb: 'get-data', title: 'Paged', route: 'GET /paged', fields: { page: number({ in: 'query', label: 'Page', required: false }) }, decode: rows,
  async *pages(caller) {
    for (const page of [1, 2]) {
      caller.progress(`page ${page}`)
      yield rows(await caller.send({ page }, { sort: 'up' }))
    }
  },
})
const both = sequence({
  verb: 'get-data', title: 'Both', route: 'GET /both', fields: {}, measurements: false,
  async *run(caller) {
    for (const id of ['a', 'b']) yield { data: await caller.call(one, { id }) }
  },
})

async function read(call: Call, params: object = {}): Promise<unknown[]> {
  const pages: unknown[] = []
  for await (const { data } of call.pages({ ...params })) pages.push(data)
  return pages
}
const AT = Date.parse('2026-03-10T11:00:00Z')
const reply = ({ url }: HttpRequest) => answer(200, [{ id: url.split('/').at(-1), at: AT }], { 'cache-control': 'max-age=60' })

describe('a read', () => {
  let rig: AccountRig
  const start = (...given: Parameters<typeof accountRigOf>): AccountRig => (rig = accountRigOf(...given))
  afterEach(() => rig.account.close())

  it('gives its pages one by one, says where it is, and sends what each page adds', async () => {
    start(reply)
    const progress: string[] = []
    assert.equal((await read(rig.call(paged, { onProgress: (said) => progress.push(said) }))).length, 2)
    assert.deepEqual(progress, ['page 1', 'page 2'])
    assert.deepEqual(rig.paths(), ['paged?sort=up&page=1', 'paged?sort=up&page=2'])
  })

  it('asks anew for itself and for what it reads first, unless only itself has to be new', async () => {
    start(reply)
    await read(rig.call(both))
    assert.equal(rig.sent.length, 2)
    await read(rig.call(both))
    assert.equal(rig.sent.length, 2)
    await read(rig.call(both, { fresh: true }))
    assert.equal(rig.sent.length, 4)
    await read(rig.call(both, { fresh: 'own' }))
    assert.equal(rig.sent.length, 4, 'the others come from the cache')
    await read(rig.call(paged, { fresh: 'own' }))
    await read(rig.call(paged, { fresh: 'own' }))
    assert.equal(rig.sent.length, 8)
  })

  it('has readings with the settings of the account and the time of the answer, unless nobody wants them', async () => {
    let seen: unknown
    const settled = operation({ verb: 'get-data', title: 'Settled', route: 'GET /settled', fields: {}, decode: rows, readings: (list, _params, context) => { seen = context; return readingsOf(list) } })
    start(reply)
    const before = Date.now()
    const page = await rig.call(settled).pages({}).next()
    assert.equal((page.value as { readings?: Reading[] } | undefined)?.readings?.length, 1)
    const { receivedAt, settings } = seen as { receivedAt: number; settings: object }
    assert.ok(receivedAt >= before)
    assert.deepEqual(settings, rig.account.settings)
    const without = await rig.call(settled, { readings: false }).pages({}).next()
    assert.ok(!('readings' in (without.value ?? {})))
  })

  it('is sent by the route of the account, its own or the one that it shares', async () => {
    const corrected = { 'one': 'GET /items/{id}' }
    start(reply, { config: { routes: corrected } })
    await read(rig.call({ ...one, file: 'one' }), { id: 'a' })
    await read(rig.call({ ...one, file: 'newest', routeOf: 'one' }), { id: 'b' })
    await read(rig.call({ ...one, file: 'other' }), { id: 'c' })
    await read(rig.call(one), { id: 'd' })
    assert.deepEqual(rig.paths(), ['items/a', 'items/b', 'things/c', 'things/d'])
  })

  it('is tried again after a fault of the server, and its error names what it asked for', async () => {
    const replies = [answer(500), answer(404)]
    start(() => replies.shift() ?? answer(200))
    const failed = assert.rejects(read(rig.call(one), { id: 'a7' }), { code: 'NOT_FOUND', message: /^Example, One: nothing found for Thing a7 \(404\)/ })
    await rig.clock.advance(10_000)
    await failed
  })

  it('leaves to commands what is reserved for them, unless it is urgent', async () => {
    const budget: Budget = { name: 'per day', limit: 3, window: 'day', scope: 'account', reserve: 2 }
    start(reply, { vendor: { budgets: () => [budget] } })
    await read(rig.call(one), { id: 'a' })
    await assert.rejects(read(rig.call(one), { id: 'b' }), { code: 'QUOTA' })
    await read(rig.call(one, { urgent: true }), { id: 'c' })
    await rig.call({ ...one, verb: 'send-command' }).write({ id: 'd' }, false)
    assert.equal(rig.sent.length, 3)
  })

  it('learns the allowance of a device from answers of the vendor, and not again from a cached one', async () => {
    const budget: Budget = { name: 'per month', limit: 10, window: 'month', scope: 'device' }
    const vendor = { budgets: () => [budget], allowance: 'per month', apiRequestsRemaining: () => 4 }
    start(({ url }) => answer(200, [{ id: url, at: AT }], { 'cache-control': 'max-age=600' }), { vendor, clock: new FakeClock('2026-03-31T23:58:00Z') })
    const left = async (): Promise<unknown> => {
      const call = rig.call(one)
      await read(call, { id: 'a' })
      return call.response.budgets[0]?.remaining
    }
    assert.equal(await left(), 4)
    await rig.clock.advance(300_000)
    assert.equal(await left(), 10)
    const { device: _device, ...ofNoDevice } = one
    const ofNone = rig.call(ofNoDevice)
    await read(ofNone, { id: 'b' })
    assert.deepEqual(ofNone.response.budgets, [], 'an operation of no device uses the allowance of none')
  })

  it('explains what is wrong with its params', async () => {
    start()
    for (const work of [() => read(rig.call(one)), () => rig.call(log).since({}, undefined).next(), () => Promise.resolve().then(() => rig.call(log).source('account', {}))])
      await assert.rejects(work(), { code: 'INVALID', message: /^Example, (One|Log): "Thing" is required/ })
  })
})

describe('a read of what is new', () => {
  let rig: AccountRig
  afterEach(() => rig.account.close())
  const news = async (cursor: unknown, params: object = { id: 'a' }): Promise<{ keys: string[]; cursor: unknown }> => {
    const found = { keys: [] as string[], cursor }
    for await (const page of rig.call(log, { fresh: true }).since({ ...params }, found.cursor)) {
      found.keys.push(...(page.readings ?? []).map(({ device }) => device))
      found.cursor = page.cursor
    }
    return found
  }

  it('gives each item once, with its readings', async () => {
    const now = Date.now()
    const items = [{ id: '1', at: now - 2_000 }]
    rig = accountRigOf(() => answer(200, items))
    const first = await news(undefined)
    items.push({ id: '2', at: now - 1_000 })
    const second = await news(first.cursor)
    assert.deepEqual([first.keys, second.keys, (await news(second.cursor)).keys], [['1'], ['2'], []])
  })

  it('has a cursor for each thing that is read, which it can name', async () => {
    rig = accountRigOf()
    const name = rig.call(log).source('account', { id: 'a' })
    assert.equal(rig.call(log).source('account', { id: 'a', from: AT }), name, 'the period is not part of it')
    for (const other of [rig.call(log).source('account', { id: 'b' }), rig.call(log).source('other', { id: 'a' }), rig.call({ ...log, file: 'log' }).source('account', { id: 'a' })]) assert.notEqual(other, name)
    assert.throws(() => rig.call(one).source('account', { id: 'a' }), { code: 'CONFIG', message: 'Example, One: this operation cannot be read incrementally; clear "Only new" in the node' })
    for (const operationWithout of [one, both]) assert.deepEqual(await rig.call(operationWithout).since({ id: 'a' }, undefined).next(), { value: undefined, done: true })
    assert.deepEqual(rig.sent, [])
  })
})

describe('those who listen to readings', () => {
  let rig: AccountRig
  let heard: ReadingNotice[]
  beforeEach(() => {
    rig = accountRigOf(reply)
    heard = []
    rig.account.client.onReadings((notice) => heard.push(notice))
  })
  afterEach(() => rig.account.close())

  it('get those of each page, then that there are no more; with their age and what was asked for', async () => {
    await read(rig.call(one), { id: 'a' })
    await rig.clock.advance(10_000)
    await read(rig.call(one), { id: 'a' })
    const source = { operation: 'things', key: JSON.stringify(['things', { id: 'a' }]) }
    assert.deepEqual(heard.map(({ readings, ...rest }) => [readings.length, rest]), [
      [1, { ...source, age: 0, freshFor: 60_000, isComplete: false }], [0, { ...source, age: 0, freshFor: 60_000, isComplete: true }],
      [1, { ...source, age: 10_000, freshFor: 50_000, isComplete: false }], [0, { ...source, age: 10_000, freshFor: 50_000, isComplete: true }],
    ])
  })

  it('hear nothing of reads without readings', async () => {
    await read(rig.call(both))
    assert.deepEqual(heard, [])
  })

  for (const [what, operationOf, params, isSince, key] of [
    ['of the newest values', one, { id: 'a' }, false, ['things', { id: 'a' }]],
    ['of a period', log, { id: 'a', from: AT }, false, undefined],
    ['that does not give the newest values', log, { id: 'a' }, false, undefined],
    ['of the newest values at a time', { ...one, fields: { ...one.fields, from: log.fields.from } }, { id: 'a', from: AT }, false, undefined],
    ['of what is new', log, { id: 'a' }, true, ['things', 'since', { id: 'a' }]],
    ['of what is new since the begin of the user', log, { id: 'a', from: AT }, true, ['things', 'since', { id: 'a', from: AT }]],
    ['of what is new of one kind', log, { id: 'a', kind: 'x' }, true, undefined],
    ['of what is new until an end', { ...log, fields: { ...log.fields, to: log.fields.from } }, { id: 'a', to: AT }, true, undefined],
  ] as const)
    it(`${key ? 'can tell' : 'cannot tell'} from a read ${what} that nothing newer was there`, async () => {
      const call = rig.call(operationOf)
      for await (const page of isSince ? call.since(params, undefined) : call.pages(params)) assert.ok(page.readings)
      assert.equal(heard.at(-1)?.key, key && JSON.stringify(key))
    })
})

/** What a write sends and gives, and what an account reads by itself beside the calls of a flow. */
import assert from 'node:assert/strict'
import { sentence } from '../../../src/lib/base/sentence'
import { countDevices } from '../../../src/lib/client/call'
import type { AccountEvent } from '../../../src/lib/quota/account-event'
import type { Budget } from '../../../src/lib/vocabulary/budget'
import { checkedReading, operation, sequence, text, type GivenName } from '../../../src/lib/vocabulary/operation'
import type { Vendor } from '../../../src/lib/vocabulary/vendor'
import { accountRigOf, type AccountRig } from './account-rig'
import { answer } from './rig'

const decode = (body: unknown): unknown => body
const fields = { id: text({ in: 'path', label: 'Thing' }) }
const list = operation({ verb: 'get-data', title: 'List', route: 'GET /things/list', fields: {}, decode })
const other = operation({ verb: 'get-data', title: 'Other', route: 'GET /others', fields: {}, decode })
const plain = operation({ verb: 'send-command', title: 'Plain', route: 'POST /things/{id}', fields, decode })
const rich = operation({
  verb: 'send-command', title: 'Rich', route: 'POST /things/{id}', fields, decode, changes: ['others'],
  prepare: (params) => ({ ...params, id: `${params.id}-prepared` }),
  warnings: () => [sentence`that is doubtful`],
  existing: async (caller, { id }) => ((await caller.call(list, {})) as string[]).find((name) => name === id),
  follow: async (caller, _params, begun) => ({ data: [begun, await caller.call(other, {})], state: 'running' }),
  outgoing: ({ id }) => [checkedReading({ id })],
})
const steps = sequence({
  verb: 'send-command', title: 'Steps', route: 'POST /steps', fields: {}, measurements: false,
  async *run(caller) {
    for (const step of ['1', '2']) yield { data: await caller.send({}, { step }) }
  },
})
const perMinute: Budget = { name: 'per minute', limit: 1, window: 60_000, scope: 'account' }

describe('a write', () => {
  let rig: AccountRig
  afterEach(() => rig.account.close())
  const start = (...given: Parameters<typeof accountRigOf>): AccountRig => (rig = accountRigOf(...given))
  const fresh = { 'cache-control': 'max-age=600' }
  const names = (request: { url: string }): ReturnType<typeof answer> => answer(200, request.url.endsWith('list') ? ['a-prepared'] : 'done', fresh)

  it('sends params that its operation has completed, and can be followed with reads that are fresh', async () => {
    start(names)
    const { poll, ...written } = await rig.call(rich).write({ id: 'a' }, false)
    assert.deepEqual([written.data, written.existing, written.warnings.map(String)], ['done', false, ['that is doubtful']])
    assert.deepEqual(await poll?.(), { data: ['done', 'done'], state: 'running' })
    assert.deepEqual(rig.paths(), ['things/a-prepared', 'others'])
    const simple = await rig.call(plain).write({ id: 'a' }, true)
    assert.deepEqual([simple.data, simple.existing, simple.warnings, await simple.poll?.()], ['done', false, [], undefined])
  })

  it('leaves alone what exists, by a list that is new, where it is asked to', async () => {
    start(names)
    for await (const _page of rig.call(list).pages({}));
    const written = await rig.call(rich).write({ id: 'a' }, true)
    assert.deepEqual([written.data, written.existing, written.warnings.length, written.poll], ['a-prepared', true, 1, undefined])
    assert.deepEqual(rig.paths(), ['things/list', 'things/list'])
    assert.equal((await rig.call(rich).write({ id: 'b' }, true)).existing, false)
  })

  it('of several requests gives the data of the last', async () => {
    start(({ url }) => answer(200, url.at(-1)))
    assert.deepEqual(await rig.call(steps).write({}, true), { data: '2', existing: false, warnings: [] })
  })

  for (const [what, write, asked] of [['of a thing makes reads of things new', plain, ['things/list']], ['makes new what its operation names as well', rich, ['things/list', 'others']]] as const)
    it(what, async () => {
      start(names)
      const reads = async (): Promise<void> => {
        for (const one of [list, other]) for await (const _page of rig.call(one).pages({}));
      }
      await reads()
      await rig.call(write).write({ id: 'a' }, false)
      const before = rig.sent.length
      await reads()
      assert.deepEqual(rig.paths().slice(before), asked)
    })

  it('is not repeated when it may have been done', async () => {
    start(() => answer(500))
    await assert.rejects(rig.call(plain).write({ id: 'a' }, false), { code: 'VENDOR', attempts: 1 })
  })

  it('is not sent after its time to live; without one it waits', async () => {
    start(names, { vendor: { budgets: () => [perMinute] } })
    await rig.clock.advance(1_000)
    await rig.call(plain, { ttl: 5_000 }).write({ id: 'a' }, false)
    const late = assert.rejects(rig.call(plain, { ttl: 5_000 }).write({ id: 'b' }, false), { code: 'EXPIRED' })
    const patient = rig.call(plain).write({ id: 'c' }, false)
    await rig.clock.advance(5_000)
    await late
    await rig.clock.advance(60_000)
    await patient
    assert.deepEqual(rig.paths(), ['things/a', 'things/c'])
  })

  it('is refused where only reads may be sent', async () => {
    start()
    await assert.rejects(rig.call(plain, { getOnly: true }).write({ id: 'a' }, false), { code: 'CONFIG', message: /the route of "Plain" is POST, but only GET requests are sent/ })
    assert.deepEqual(rig.sent, [])
  })

  it('of the outbox is checked when it is stored, and not when it is delivered', async () => {
    start(({ url }) => (url.endsWith('bad') ? answer(422) : answer(200)))
    assert.deepEqual(rig.call(rich).outgoing({ id: 'a' }), [{ id: 'a' }])
    assert.deepEqual(rig.call(plain).outgoing({ id: 'a' }), [])
    assert.throws(() => rig.call(rich).outgoing({}), { code: 'INVALID', message: /^Example, Rich: "Thing" is required/ })
    await rig.call(plain).deliver({ id: 7 })
    await rig.call(steps).deliver({})
    assert.deepEqual(rig.paths(), ['things/7', 'steps?step=1', 'steps?step=2'])
    await assert.rejects(rig.call(plain).deliver({ id: 'bad' }), { message: /^Example, Plain: .+ \(422\)/ })
  })
})

describe('what an account reads by itself', () => {
  let rig: AccountRig
  afterEach(() => rig.account.close())
  const reading = operation({ verb: 'get-data', title: 'Reading', route: 'GET /readings', fields: {}, decode, readings: () => [{ vendor: 'example', device: 'A', sensor: null, label: null, quantity: 't', channel: 't', value: 1, unit: '', timestamp: 0, extra: {} }] })
  const read = async (): Promise<void> => {
    for await (const _page of rig.call(reading, { fresh: true }).pages({}));
    for (let turn = 0; turn < 5; turn += 1) await rig.clock.advance(0)
  }

  /** Counts devices, on which its limit depends. */
  const counting: Partial<Vendor> = {
    operations: { 'list-devices': other },
    budgets: (_settings, counted) => [{ ...perMinute, limit: 100 * (counted?.devices ?? 1) }],
    deviceCount: { every: 3_600_000, operation: 'list-devices', what: 'devices', wanted: ({ wanted }) => wanted !== 'no', count: (data) => ({ devices: (data as unknown[]).length, limited: [] }) },
  }

  it('is the number of its devices, with the first request and from time to time', async () => {
    rig = accountRigOf(() => answer(200, ['A', 'B', 'C']), { vendor: counting })
    await read()
    assert.deepEqual([rig.paths().sort(), rig.account.budgets()[0]?.limit], [['others', 'readings'], 300])
    await read()
    assert.equal(rig.sent.length, 3)
    assert.deepEqual(rig.account.client.diagnostics([]).journal.map(({ operation: id }) => id).sort(), ['list-devices', 'things', 'things'])
  })

  it('is told of when it fails, but not when the account was closed meanwhile', async () => {
    const events: AccountEvent[] = []
    rig = accountRigOf(({ url }) => answer(url.endsWith('others') ? 404 : 200), { vendor: counting, config: { notify: (event) => events.push(event) } })
    await read()
    assert.deepEqual(events.map(({ text: said }) => String(said).slice(0, 97)), ['devices could not be counted; the last known limits apply, or those of one device: Example, Other'])
    await rig.account.close()
    const without = accountRigOf(() => answer(200), { vendor: { ...counting, operations: {} }, config: { notify: (event) => events.push(event) } })
    await countDevices(without.account)
    assert.match(String(events[1]?.text), /: there is no operation list-devices$/)
    await without.account.close()
    const closed = accountRigOf(() => answer(404), { vendor: counting, config: { notify: (event) => events.push(event) } })
    const count = countDevices(closed.account)
    await closed.account.close()
    await count
    assert.equal(events.length, 2)
  })

  it('are all pages of the list of names, once, and in the turn of reads', async () => {
    const group = operation({ verb: 'get-data', title: 'Group', route: 'GET /groups/{id}', fields, decode, names: (body): GivenName[] => [{ device: String(body), name: `Name of ${String(body)}` }] })
    const groups = sequence({
      verb: 'get-data', title: 'Names', route: 'GET /groups', fields: {}, measurements: false,
      async *run(caller) {
        for (const id of ['A', 'B']) yield { data: await caller.call(group, { id }) }
      },
    })
    rig = accountRigOf(({ url }) => answer(200, url.at(-1)), { vendor: { labels: { list: groups } } })
    await read()
    assert.deepEqual([rig.paths(), rig.account.labelOf('A'), rig.account.labelOf('B')], [['readings', 'groups/A', 'groups/B'], 'Name of A', 'Name of B'])
    await read()
    assert.equal(rig.sent.length, 4)
  })
})

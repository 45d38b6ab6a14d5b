import assert from 'node:assert/strict'
import { CursorError, listed, OVERLAP, readSince, sourceName } from '../../../src/lib/incremental/cursor'
import type { SinceRule } from '../../../src/lib/vocabulary/operation'
import { seededRandom } from '../fake-clock'
import { Cloud, Node, NOW, type Item } from './cloud'

const MINUTE = 60_000

const items = (count: number, from: number, step: number, name = 'i'): Item[] =>
  Array.from({ length: count }, (_, index) => ({ id: `${name}${index}`, at: from + index * step }))

const sorted = (ids: readonly string[]): string[] => [...ids].sort()

describe('reading since last', () => {
  for (const [what, wrong] of [['6 h back', -360], ['6 h forward', 360], ['a month back', -43_200], ['to 1970', -NOW / MINUTE]] as const)
    it(`gives each item once when the clock is set ${what}, and right again`, async () => {
      const [cloud, node] = [new Cloud(), new Node()]
      cloud.items = items(30, NOW - 30 * MINUTE, MINUTE)
      await node.read(cloud, { params: { limit: 5 } })
      const before = node.given.length
      for (let minute = 1; minute <= 60; minute += 1) {
        const now = NOW + minute * MINUTE
        cloud.items.push({ id: `new${minute}`, at: now })
        await node.read(cloud, { params: { limit: 5 }, now: minute > 20 && minute < 40 ? now + wrong * MINUTE : now })
      }
      assert.deepEqual(sorted(node.given.slice(before)), sorted(Array.from({ length: 60 }, (_none, index) => `new${index + 1}`)))
    })

  it('begins with what the params say, and then gives only what is new', async () => {
    const [cloud, node] = [new Cloud(), new Node()]
    cloud.items = items(30, NOW - 30 * MINUTE, MINUTE)
    await node.read(cloud)
    assert.deepEqual(node.given, ['i29', 'i28', 'i27', 'i26', 'i25', 'i24', 'i23', 'i22', 'i21', 'i20'])
    await node.read(cloud, { params: { limit: 100 } })
    assert.equal(node.given.length, 10, 'what the first answer left out is not new')
    cloud.items.push({ id: 'new', at: NOW }, { id: 'late', at: NOW - 9 * MINUTE })
    await node.read(cloud, { params: { limit: 100 } })
    assert.deepEqual(sorted(node.given.slice(10)), ['late', 'new'])
  })

  for (const cut of ['oldest', 'newest'] as const)
    for (const toIsInclusive of [true, false])
      it(`leaves no gap where answers lack their ${cut} items and the end is ${toIsInclusive ? '' : 'not '}included`, async () => {
        const [cloud, node] = [new Cloud(), new Node()]
        Object.assign(cloud, { cut, toIsInclusive })
        cloud.items = items(3, NOW - 60 * MINUTE, 20_000, 'first')
        await node.read(cloud)
        cloud.items.push(...items(500, NOW - 50 * MINUTE, 2_500))
        await node.read(cloud)
        await node.read(cloud)
        assert.deepEqual(sorted(node.given), sorted(cloud.items.map(({ id }) => id)))
      })

  it('goes back until the mark also where the vendor gives less than it was asked for', async () => {
    const [cloud, node] = [new Cloud(), new Node()]
    cloud.items = items(3, NOW - 90 * MINUTE, 20_000, 'first')
    await node.read(cloud)
    cloud.most = 7
    cloud.items.push(...items(100, NOW - 50 * MINUTE, 10_000))
    await node.read(cloud)
    assert.equal(new Set(node.given).size, 103)
    assert.equal(node.given.length, 103)
  })

  it('gets past a second that holds more than a page', async () => {
    const [cloud, node] = [new Cloud(), new Node()]
    cloud.items = items(2, NOW - 30 * MINUTE, 1000, 'first')
    await node.read(cloud)
    cloud.items.push(...items(25, NOW - 10 * MINUTE, 0), ...items(5, NOW - 20 * MINUTE, 1000, 'before'), ...items(12, NOW - MINUTE, 1000, 'after'))
    await node.read(cloud)
    assert.deepEqual(sorted(node.given), sorted(cloud.items.map(({ id }) => id)))
  })

  it('gives the oldest item of a full answer once, also where the next page lies hours after it', async () => {
    const [cloud, node] = [new Cloud(), new Node()]
    cloud.cut = 'newest'
    cloud.items = items(1, NOW, 0, 'first')
    await node.read(cloud, { params: { limit: 1000 } })
    cloud.items.push({ id: 'oldest', at: NOW + 300 }, ...items(10, NOW + 600 * MINUTE, 0, 'hours later'))
    await node.read(cloud, { now: NOW + 600 * MINUTE, params: { limit: 5 } })
    assert.deepEqual(sorted(node.given), sorted(cloud.items.map(({ id }) => id)))
  })

  it('gives what arrives late within the overlap, once, and keeps a bounded cursor', async () => {
    const [cloud, node] = [new Cloud(), new Node()]
    for (let minute = 0; minute < 24 * 60; minute += 1) {
      const now = NOW + minute * MINUTE
      cloud.items.push({ id: `on time ${minute}`, at: now })
      if (minute >= 50) cloud.items.push({ id: `late ${minute}`, at: now - 50 * MINUTE }, { id: `late ${minute}`, at: now - 50 * MINUTE })
      await node.read(cloud, { now, params: { limit: 1000 } })
    }
    const expected = new Set(cloud.items.map(({ id }) => id))
    assert.deepEqual(sorted(node.given), sorted([...expected]))
    assert.ok(node.largest <= 2 * (OVERLAP / MINUTE) + 3, `${node.largest} keys were kept`)
  })

  it('is not led astray by a device whose clock is ahead', async () => {
    const [cloud, node] = [new Cloud(), new Node()]
    cloud.items = [{ id: 'astray', at: NOW + 10 * 365 * 86_400_000 }]
    await node.read(cloud)
    for (let minute = 1; minute < 200; minute += 1) {
      cloud.items.push({ id: `right ${minute}`, at: NOW + minute * MINUTE })
      await node.read(cloud, { now: NOW + minute * MINUTE, params: { limit: 1000 } })
    }
    assert.equal(node.given.length, 200)
  })

  for (const limit of [1, 10])
    it(`costs one request a look where the user wants ${limit} an answer, however many lie in the overlap`, async () => {
      const [cloud, node] = [new Cloud(), new Node()]
      for (let minute = 0; minute <= 300; minute += 5) {
        const now = NOW + minute * MINUTE
        cloud.items.push(...items(5, now - 4 * MINUTE, MINUTE).map((item) => ({ ...item, id: `${minute} ${item.id}` })))
        const before = cloud.requests
        await node.read(cloud, { now, params: { limit } })
        assert.equal(cloud.requests - before, 1, `in minute ${minute}`)
      }
      assert.equal(node.given.length, 5 * 60 + Math.min(5, limit))
    })

  it('begins anew with the user\'s own begin as long as nothing came', async () => {
    const [cloud, node] = [new Cloud(), new Node()]
    const params = { limit: 10, from: NOW - 5 * MINUTE }
    await node.read(cloud, { params })
    assert.deepEqual(node.given, [])
    cloud.items = [...items(30, NOW - 4 * MINUTE, 1000), { id: 'before the begin', at: NOW - 6 * MINUTE }]
    await node.read(cloud, { params })
    assert.equal(node.given.length, 30)
  })

  it('leaves no gap over crashes at random, repeats at most the page that was not noted, and keeps few keys', async () => {
    for (let seed = 1; seed <= 12; seed += 1) {
      const random = seededRandom(seed)
      const [cloud, node] = [new Cloud(), new Node()]
      cloud.cut = random() < 0.5 ? 'oldest' : 'newest'
      const limit = 5 + Math.floor(random() * 20)
      let [now, serial] = [NOW, 0]
      for (let round = 0; round < 25; round += 1) {
        const burst = Math.floor(random() * 80)
        // Some rounds last longer than the overlap, so that only the gap tells what is left to read.
        const step = random() < 0.5 ? 3_000 : 240_000
        for (let index = 0; index < burst; index += 1) {
          const late = random() < 0.2 ? random() * (OVERLAP - 30 * MINUTE) : 0
          now += Math.floor(random() * step)
          cloud.items.push({ id: `s${serial++}`, at: now - late })
        }
        const crash = round > 0 && random() < 0.5
        // The first read gives what its limit says; all of it here, so that the rest can be counted.
        await node.read(cloud, { now, params: { limit: round === 0 ? 1000 : limit }, ...(crash ? { crashAfter: 1 + Math.floor(random() * 5) } : {}) })
      }
      await node.read(cloud, { now, params: { limit } })
      assert.deepEqual(sorted([...new Set(node.given)]), sorted(cloud.items.map(({ id }) => id)), `seed ${seed}: something is missing`)
      const twice = node.given.length - new Set(node.given).size
      assert.ok(twice <= node.unnoted, `seed ${seed}: ${twice} were repeated, and pages with ${node.unnoted} were not noted`)
    }
  }).timeout(60_000)

  it('goes on from a stored cursor, and ends the read that it says was broken off', async () => {
    const [cloud, node] = [new Cloud(), new Node()]
    cloud.items = items(30, NOW - 30 * MINUTE, MINUTE)
    node.cursor = { begin: NOW - 40 * MINUTE, mark: NOW - 5 * MINUTE, seen: [['i25', NOW - 5 * MINUTE], ['i24', NOW - 6 * MINUTE]], gap: { mark: NOW - 20 * MINUTE, to: NOW - 7 * MINUTE } }
    await node.read(cloud, { params: { limit: 100 } })
    assert.deepEqual(sorted(node.given), sorted(cloud.items.map(({ id }) => id).filter((id) => id !== 'i25' && id !== 'i24')))
    const { seen, ...rest } = node.cursor as Record<string, unknown>
    assert.deepEqual(rest, { begin: NOW - 40 * MINUTE, mark: NOW - MINUTE })
    assert.equal((seen as unknown[]).length, 30)
  })

  /** The params of each request, and the cursor, where the vendor gives these items to every request. */
  async function requests(given: readonly Item[], rule: Partial<SinceRule<string, Item[]>>, params: Readonly<Record<string, unknown>>, cursor?: unknown): Promise<{ sent: unknown[]; cursor: unknown }> {
    const sent: unknown[] = []
    const whole = { source: ['thing'], from: 'from', ...listed((item: Item) => ({ key: item.id, at: item.at })), ...rule }
    const send = (changed: Readonly<Record<string, unknown>>): Promise<Item[]> => Promise.resolve(sent.push(changed) > 3 ? [] : [...given])
    let last = cursor
    for await (const page of readSince({ rule: whole, params, cursor, send, now: () => NOW })) last = page.cursor
    return { sent, cursor: last }
  }

  it('changes only the params that the vendor knows', async () => {
    const known = { seen: [], mark: NOW }
    assert.deepEqual(await requests(items(2, NOW, 0), {}, { limit: 2 }), { sent: [{}], cursor: { mark: NOW, seen: [['i0', NOW], ['i1', NOW]] } })
    assert.deepEqual((await requests([], {}, {}, known)).sent, [{ from: NOW - OVERLAP }])
    assert.deepEqual((await requests([], { limit: 'most' }, { most: 20 }, known)).sent, [{ from: NOW - OVERLAP, most: 20 }])
    for (const most of [0, -1, '20', undefined]) assert.deepEqual((await requests([], { limit: 'most' }, { most }, known)).sent, [{ from: NOW - OVERLAP }])
    assert.deepEqual((await requests([], { limit: 'most', pageSize: 30 }, {}, known)).sent, [{ from: NOW - OVERLAP, most: 30 }])
    assert.deepEqual((await requests([], { to: 'to' }, { from: 5 })), { sent: [{}], cursor: { begin: 5, seen: [] } })
    assert.deepEqual((await requests([], { to: 'to' }, { from: '5' })), { sent: [{}], cursor: { seen: [] } })
  })

  it('reads the whole period of the user where the vendor gives pages and the user gives no limit', async () => {
    const paged = { to: 'to', limit: 'most', pageSize: 2 }
    const full = items(2, NOW - 5000, 1000)
    assert.deepEqual((await requests(full, paged, { from: NOW - 9000 })).sent.slice(0, 2), [{}, { to: NOW - 4000, most: 2 }])
    assert.deepEqual((await requests(full, paged, { from: NOW - 9000, most: 2 })).sent, [{}])
    assert.deepEqual((await requests(full, { to: 'to', limit: 'most' }, { from: NOW - 9000 })).sent, [{}])
    assert.deepEqual((await requests(full, { limit: 'most', pageSize: 2 }, { from: NOW - 9000 })).sent[1], { most: 2 }, 'without an end')
  })

  it('stores the gap of a read that was broken off', async () => {
    const [cloud, node] = [new Cloud(), new Node()]
    cloud.items = items(1, NOW - 90 * MINUTE, 0, 'first')
    await node.read(cloud)
    cloud.items.push(...items(40, NOW - 60 * MINUTE, MINUTE))
    await node.read(cloud, { crashAfter: 2 })
    assert.deepEqual((node.cursor as { gap: unknown }).gap, { mark: NOW - 90 * MINUTE, to: NOW - 31 * MINUTE + 1000 })
  })

  it('does not take a cursor that it did not write', async () => {
    const node = new Node()
    node.cursor = { seen: 'all' }
    await assert.rejects(node.read(new Cloud()), CursorError)
  })
})

describe('the name of a source', () => {
  const name = (params: Record<string, unknown>, account = 'ac1'): string => sourceName([account], ['thing', 'ids'], params)
  it('is that of what is read, not of how much', () => {
    assert.equal(name({ thing: 't', ids: ['1', '2'], limit: 5, from: 1 }), name({ thing: 't', ids: ['2', '1'] }))
    assert.notEqual(name({ thing: 't' }), name({ thing: 'u' }))
    assert.notEqual(name({ thing: 't' }), name({ thing: 't', ids: ['1'] }))
    assert.notEqual(name({ thing: 't', ids: ['1'] }), name({ thing: 't', ids: ['2'] }))
    assert.notEqual(name({ thing: 't' }), name({ thing: 't' }, 'ac2'))
  })
})

/** The names of an account by themselves: what is learned from answers, how it is stored, and when the lists are read. */
import assert from 'node:assert/strict'
import { EncryptedStore } from '../../../src/lib/cache/encrypted-store'
import { DeviceNames } from '../../../src/lib/client/device-names'
import type { BudgetState } from '../../../src/lib/vocabulary/budget'
import { operation, type GivenName, type Page } from '../../../src/lib/vocabulary/operation'
import type { Reading } from '../../../src/lib/vocabulary/reading'
import { FakeClock } from '../fake-clock'
import { KeptStore } from './kept-store'

const HOUR = 3_600_000
const { signal } = new AbortController()
const namesOf = (body: unknown): GivenName[] => body as GivenName[]
const list = operation({ verb: 'get-data', title: 'List', route: 'GET /things', fields: {}, decode: namesOf, names: namesOf })
const other = operation({ verb: 'get-data', title: 'Other', route: 'GET /others', fields: {}, decode: namesOf, names: namesOf })
const broken = operation({ verb: 'get-data', title: 'Broken', route: 'GET /broken', fields: {}, decode: namesOf, names: () => { throw new TypeError('not a list') } })
const readingOf = (device: string, sensor: string): Reading => ({ vendor: 'example', device, sensor, label: null, quantity: 't', channel: 't', value: 1, unit: '', timestamp: 0, extra: {} })
const cellar: GivenName[] = [{ device: 'A', name: 'Cellar' }]

describe('the names that an account knows', () => {
  const keys = Promise.resolve({ account: 'example', encryption: Buffer.alloc(32, 'k') })
  let clock: FakeClock
  let store: KeptStore
  let encrypted: EncryptedStore
  beforeEach(() => {
    clock = new FakeClock()
    store = new KeptStore(clock)
    encrypted = new EncryptedStore(store, keys)
  })

  /** Those of a process, with what it finds in the store. */
  async function start(known: GivenName[] = [], from = other): Promise<DeviceNames> {
    const names = new DeviceNames({ list }, clock)
    if (known.length > 0) names.learn(from, known)
    names.attach(encrypted)
    await names.loading
    assert.equal(names.loading, undefined)
    return names
  }
  /** Learns from an answer, and waits until the store has it. */
  async function learn(names: DeviceNames, given: GivenName[], from = other): Promise<void> {
    names.learn(from, given)
    for (let turn = 0; turn < 3; turn += 1) await clock.advance(0)
  }
  const plenty: BudgetState[] = [{ name: 'per day', limit: 100, remaining: 5, resetsAt: 0 }]
  /** Whether the lists were read. */
  async function refresh(names: DeviceNames, { quotas = plenty, fails = false, during = signal } = {}): Promise<boolean> {
    let isRead = false
    await names.refresh(() => quotas, during, () => {
      isRead = true
      return fails ? Promise.reject(new Error('away')) : Promise.resolve()
    })
    await clock.advance(0)
    return isRead
  }

  it('are stored with groups and sensors, once, and found by the next process', async () => {
    const given: GivenName[] = [{ group: 'g', name: 'Hall' }, { device: 'A', group: 'g' }, { device: 'A', sensor: '1', name: 'Rack' }, { device: 'B', name: 'Kitchen', group: 'g' }, { device: 'B', group: 'g' }]
    const names = await start()
    await learn(names, given)
    await learn(names, given)
    assert.equal(store.sets, 1)
    const next = await start()
    for (const known of [names, next]) assert.deepEqual(['A', 'B'].map((device) => known.labelOf(device, null)), ['Hall', 'Kitchen'])
    assert.equal(next.labelOf('A', '1'), 'Hall, Rack')
    const last = new DeviceNames({ list }, clock)
    last.attach(encrypted)
    const pages = last.labelled((async function* () { yield await Promise.resolve({ data: 1, readings: [readingOf('A', '1')] }) })(), signal, () => undefined)
    const page = await pages.next()
    assert.ok(!page.done)
    assert.equal(page.value.readings[0]?.label, 'Hall, Rack', 'a reading waits for the stored names')
  })

  it('are null where a place has none, and follow the group of a device until it is in another', async () => {
    const names = await start([{ group: 'g', name: 'Hall' }, { device: 'A', group: 'g' }, { device: 'A', name: undefined }, { device: 'C', name: undefined }, { device: 'C', sensor: '1', name: ' ' }])
    assert.deepEqual([names.labelOf('A', null), names.labelOf('C', null), names.labelOf('C', '1')], ['Hall', null, null])
  })

  it('are stored again by a list that says the same only after an hour, so that their age is known', async () => {
    const names = await start()
    await learn(names, cellar, list)
    await clock.advance(HOUR - 1)
    await learn(names, cellar, list)
    assert.equal(store.sets, 1)
    await clock.advance(1)
    await learn(names, cellar, list)
    assert.equal(store.sets, 2)
    await clock.advance(11 * HOUR)
    assert.equal(await refresh(await start()), false, 'the next process does not read them again')
  })

  it('are stored also where a list has none, and not after a list that could not be read', async () => {
    const names = await start()
    assert.equal(await refresh(names, { fails: true }), true)
    assert.equal(store.sets, 0)
    await clock.advance(HOUR)
    await learn(names, [], list)
    assert.equal(store.sets, 1)
    assert.equal(await refresh(await start()), false)
  })

  it('cost the disk nothing where the vendor has no lists, and are learned from answers all the same', async () => {
    const names = new DeviceNames(undefined, clock)
    names.attach(encrypted)
    assert.equal(names.loading, undefined)
    await learn(names, cellar)
    assert.equal(names.labelOf('A', null), 'Cellar')
    assert.deepEqual([store.sets, await refresh(names)], [0, false])
  })

  it('are not changed by an answer that is odd', async () => {
    const names = await start(cellar)
    names.learn(broken, [])
    assert.equal(names.labelOf('A', null), 'Cellar')
    const odd = new DeviceNames({ list: broken }, clock)
    odd.learn(broken, [])
    assert.equal(await refresh(odd), true, 'an odd list counts as not read')
  })

  it('are cut where they are long, and at most ten thousand of a kind', async () => {
    const names = await start()
    await learn(names, Array.from({ length: 10_001 }, (_, index) => ({ device: `${index}`, name: `${index} ${'x'.repeat(300)}` })))
    assert.deepEqual(['0', '1', '10000'].map((device) => names.labelOf(device, null)?.length), [undefined, 200, 200])
  })

  it('are looked up for each sensor of a device', async () => {
    const names = await start([{ device: 'A', sensor: '1', name: 'Left' }, { device: 'A', sensor: '2', name: 'Right' }, { device: 'B', sensor: '2', name: 'Top' }])
    const readings = [['A', '1'], ['A', '1'], ['A', '2'], ['B', '2']].map(([device = '', sensor = '']) => readingOf(device, sensor))
    async function* pages(): AsyncGenerator<Page> {
      yield await Promise.resolve({ data: 1 })
      yield { data: 2, readings }
    }
    let ends = 0
    for await (const _page of names.labelled(pages(), signal, () => (ends += 1)));
    assert.deepEqual([readings.map(({ label }) => label), ends], [['Left', 'Left', 'Right', 'Top'], 1])
  })

  describe('in a store', () => {
    it('are taken over where they are newer; else only those that are missing', async () => {
      await learn(await start(), [...cellar, { device: 'B', name: 'Kitchen' }], list)
      const before = await start([{ device: 'A', name: 'Attic' }])
      assert.deepEqual(['A', 'B'].map((device) => before.labelOf(device, null)), ['Cellar', 'Kitchen'])
      await clock.advance(6 * HOUR)
      const later = await start([{ device: 'A', name: 'Attic' }], list)
      assert.deepEqual(['A', 'B'].map((device) => later.labelOf(device, null)), ['Attic', 'Kitchen'])
      await clock.advance(7 * HOUR)
      assert.equal(await refresh(later), false, 'its own list is as new as before')
      await clock.advance(5 * HOUR)
      assert.equal(await refresh(later), true)
    })

    it('do not replace what an answer said where nobody has read the lists', async () => {
      await learn(await start(), cellar)
      assert.equal((await start([{ device: 'A', name: 'Attic' }])).labelOf('A', null), 'Attic')
    })

    for (const record of [{}, 'text', { groups: [], devices: [['A']], groupOf: [], sensors: [], at: 1 }, { groups: [], devices: [['A', 7]], groupOf: [], sensors: [], at: 1 }])
      it(`are nothing where they cannot be read: ${JSON.stringify(record)}`, async () => {
        await encrypted.set('names', '', record)
        const names = await start(cellar)
        assert.equal(names.labelOf('A', null), 'Cellar')
      })
  })

  describe('have lists that are read', () => {
    it('every twelve hours, by one call at a time', async () => {
      const names = await start()
      let reads = 0
      let end: () => void = () => undefined
      const read = (): Promise<void> => {
        reads += 1
        return new Promise((resolve) => (end = resolve))
      }
      const first = names.refresh(() => plenty, signal, read)
      for (let turn = 0; turn < 3; turn += 1) await clock.advance(0)
      await names.refresh(() => plenty, signal, read)
      assert.equal(reads, 1)
      end()
      await first
      await clock.advance(12 * HOUR - 1)
      await names.refresh(() => assert.fail('the limits are not looked at'), signal, read)
      await clock.advance(1)
      assert.equal(await refresh(names), true)
    })

    it('an hour after a failure, and at once after a failure that was the end of the account', async () => {
      const names = await start()
      assert.equal(await refresh(names, { fails: true, during: AbortSignal.abort() }), true)
      assert.equal(await refresh(names, { fails: true }), true)
      await clock.advance(HOUR - 1)
      assert.equal(await refresh(names), false)
      await clock.advance(1)
      assert.equal(await refresh(names), true)
    })

    it('while a twentieth of each limit is left', async () => {
      const names = await start()
      assert.equal(await refresh(names, { quotas: [...plenty, { name: 'per month', limit: 100, remaining: 4, resetsAt: 0 }] }), false)
      assert.equal(await refresh(names), true)
    })
  })
})

import assert from 'node:assert/strict'
import { Limiter } from '../../../src/lib/limiter/limiter'
import type { AccountEvent } from '../../../src/lib/quota/account-event'
import { SavedCounts } from '../../../src/lib/quota/saved-counts'
import type { Budget } from '../../../src/lib/vocabulary/budget'
import { KeptStore } from '../client/kept-store'
import { FakeClock } from '../fake-clock'

const perDay: Budget = { name: 'per day', limit: 100, window: 'day', scope: 'account' }
const KEY = 'counts:account:per day:'
const { signal } = new AbortController()
const request = { budgets: [perDay], priority: 'read', signal, deadlines: [] } as const

describe('saved counts', () => {
  let clock: FakeClock
  let store: KeptStore
  let limiter: Limiter
  let events: AccountEvent[]
  let counts: SavedCounts
  beforeEach(() => {
    clock = new FakeClock()
    store = new KeptStore(clock)
    limiter = new Limiter({ clock })
    events = []
    counts = new SavedCounts({ store, account: Promise.resolve('account'), limiter, clock, emit: (event) => events.push(event) })
  })
  const remaining = (): number | undefined => limiter.states([perDay])[0]?.remaining

  it('are a list of periods, in JSON', async () => {
    const permit = await limiter.take(request)
    await counts.confirm(permit, request)
    permit.done()
    const start = Date.parse('2026-03-10T00:00:00Z')
    assert.deepEqual(store.kept('counts'), [JSON.stringify([{ start, used: 2 }])], 'one request ahead of the one that was sent')
    await counts.flush()
    assert.deepEqual(store.kept('counts'), [JSON.stringify([{ start, used: 1 }])])
  })

  it('are restored before the first request', async () => {
    await store.set(KEY, JSON.stringify([{ start: Date.parse('2026-03-10T00:00:00Z'), used: 40 }]))
    await counts.load(request)
    assert.equal(remaining(), 60)
    assert.equal(counts.load(request), undefined, 'later requests need not wait')
  })

  for (const damaged of ['null', '"x"', '{"counts":5}', '[null]', '[{}]', '[{"start":"today","used":1}]', '[{"start":1773100800000,"used":0.5}]', '[{"start":1773100800000}]'])
    it(`are ignored when they are ${damaged}`, async () => {
      await store.set(KEY, damaged)
      await counts.load(request)
      assert.equal(remaining(), 100)
      assert.deepEqual(events, [])
    })

  it('are ignored with a warning when they are not JSON', async () => {
    await store.set(KEY, '[{"start":')
    await counts.load(request)
    assert.equal(remaining(), 100)
    assert.match(String(events[0]?.text), /^the daily or monthly request count cannot be saved in memory, so a restart loses it: /)
  })

  /** A process that ends without warning leaves what it has saved. */
  const nextProcess = async (): Promise<void> => {
    limiter = new Limiter({ clock })
    counts = new SavedCounts({ store, account: Promise.resolve('account'), limiter, clock, emit: (event) => events.push(event) })
    await counts.load(request)
  }
  const send = async (): Promise<void> => {
    const permit = await limiter.take(request)
    await counts.confirm(permit, request)
    permit.done()
  }

  it('survive a boot in 1970 and a crash after the clock was set', async () => {
    await store.set(KEY, JSON.stringify([{ start: Date.parse('2026-03-10T00:00:00Z'), used: 90 }]))
    clock.setDate('1970-01-01T00:00:10Z')
    await nextProcess()
    await send()
    clock.setDate('2026-03-10T12:00:00Z')
    await nextProcess()
    assert.ok((remaining() ?? NaN) <= 10, `${remaining()} are left`)
  })

  it('survive a boot with a clock that is a month ahead', async () => {
    for (let count = 0; count < 40; count += 1) await send()
    await counts.flush()
    clock.step(31 * 86_400_000)
    await nextProcess()
    await send()
    clock.step(-31 * 86_400_000)
    await nextProcess()
    assert.ok((remaining() ?? NaN) <= 60, `${remaining()} are left`)
  })
})

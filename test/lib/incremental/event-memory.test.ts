import assert from 'node:assert/strict'
import { momentOf } from '../../../src/lib/base/clock'
import { EventMemory } from '../../../src/lib/incremental/event-memory'
import { FakeClock } from '../fake-clock'
import { SimpleStore } from '../store/simple-store'
import type { Occurrence } from '../../../src/lib/vocabulary/events'

const occurrence = (timestamp: number): Occurrence => ({ id: String(timestamp), device: 'd', sensor: null, event: 'e', timestamp, data: null })

const timesOf = (occurrences: readonly Occurrence[]): number[] => occurrences.map(({ timestamp }) => timestamp)
const HOUR = 3_600_000
const DAY = 24 * HOUR

describe('memory of events', () => {
  it('does not hold events back until a moment that lay ahead, because the calendar was wrong at the first start', async () => {
    const right = Date.parse('2026-01-01')
    const clock = new FakeClock('2027-01-01')
    const memory = new EventMemory(undefined, 'key', 'about', momentOf(clock))
    assert.equal(await memory.since(momentOf(clock)), Date.parse('2027-01-01'))
    await memory.note([], momentOf(clock))
    clock.setDate('2026-01-01')
    assert.equal(await memory.since(momentOf(clock)), right)
    await memory.note([occurrence(right - 1000)], momentOf(clock))
    assert.deepEqual(timesOf(memory.fresh([occurrence(right - 1000), occurrence(right + 1000)])), [right + 1000])
  })

  it('asks for a sync to disk only where a poll brought news', async () => {
    const store = new SimpleStore()
    const clock = new FakeClock('2026-03-10T12:00:00Z')
    const memory = new EventMemory(store, 'key', 'about', momentOf(clock))
    const note = (...shown: Occurrence[]): Promise<void> => memory.note(shown, momentOf(clock))
    await note()
    await note()
    await note(occurrence(3500))
    await note(occurrence(3500))
    clock.step(-HOUR)
    await note()
    assert.deepEqual(store.syncedWithin, [0, Infinity, 0, Infinity, 0])
  })

  it('goes on from what was stored, and begins anew where that cannot be read', async () => {
    const store = new SimpleStore()
    const clock = new FakeClock(5000)
    const memoryOf = (): EventMemory => new EventMemory(store, 'key', 'about', momentOf(clock))
    clock.step(-1000)
    const earlier = momentOf(clock)
    clock.step(1000)
    await memoryOf().note([occurrence(3000)], earlier)
    assert.deepEqual(JSON.parse((await store.get('key')) ?? ''), { about: 'about', began: 4000, polled: 4000, seen: { 3000: 4000 } })
    assert.equal(await memoryOf().since(momentOf(clock)), 4000)
    const record = { about: 'about', began: 1, polled: 2, seen: {} }
    for (const stored of ['', '[]', 'null', '{', JSON.stringify({ ...record, seen: null }), JSON.stringify({ ...record, seen: { a: 'x' } }), JSON.stringify({ ...record, polled: '2' }), JSON.stringify({ ...record, about: 'else' })]) {
      await store.set('key', stored)
      assert.equal(await memoryOf().since(momentOf(clock)), 5000, stored)
    }
  })

  it('gives events from the first start on, and older ones that go on only after the first poll', async () => {
    const clock = new FakeClock(10_000)
    const memory = new EventMemory(undefined, 'key', 'about', momentOf(clock))
    const [old, begun, later] = [occurrence(9_999), occurrence(10_000), occurrence(10_001)]
    const ongoing = { ...occurrence(5), ongoing: true }
    const undated = { ...occurrence(10_002), undated: true }
    assert.deepEqual(timesOf(memory.fresh([later, begun, old, ongoing, undated, later])), [10_000, 10_001])
    await memory.note([], momentOf(clock))
    assert.deepEqual(timesOf(memory.fresh([later, ongoing, undated, { ...undated, id: 'u', ongoing: true }])), [5, 10_001, 10_002])
    await memory.note([later], momentOf(clock))
    assert.deepEqual(timesOf(memory.fresh([later, begun])), [10_000])
  })

  it('forgets events that were not shown for a day, and the oldest of more than 10,000', async () => {
    const clock = new FakeClock(10_000)
    const memory = new EventMemory(undefined, 'key', 'about', momentOf(clock))
    await memory.note([occurrence(10_001)], momentOf(clock))
    await clock.advance(DAY - 1)
    await memory.note([occurrence(10_002)], momentOf(clock))
    assert.deepEqual(memory.fresh([occurrence(10_001)]), [])
    await clock.advance(1)
    await memory.note([], momentOf(clock))
    assert.deepEqual(timesOf(memory.fresh([occurrence(10_001), occurrence(10_002)])), [10_001])
    await memory.note(Array.from({ length: 10_000 }, (_none, index) => occurrence(20_000 + index)), momentOf(clock))
    assert.deepEqual(timesOf(memory.fresh([occurrence(10_002), occurrence(20_000)])), [10_002])
  })

  describe('with a clock that is wrong', () => {
    let clock: FakeClock
    let store: SimpleStore
    beforeEach(() => {
      clock = new FakeClock('2026-03-10T12:00:00Z')
      store = new SimpleStore()
    })
    const start = (): EventMemory => new EventMemory(store, 'key', 'about', momentOf(clock))
    /** One poll of a vendor that shows these events, as far as it was asked for them. */
    const poll = async (memory: EventMemory, events: readonly number[]): Promise<number[]> => {
      const now = momentOf(clock)
      const since = (await memory.since(now)) - HOUR
      const shown = events.filter((at) => at >= since).map(occurrence)
      const fresh = timesOf(memory.fresh(shown))
      await memory.note(shown, now)
      return fresh
    }

    for (const [what, behind] of [['6 h', 6 * HOUR], ['a month', 30 * DAY]] as const)
      it(`sends no event again after a boot that is ${what} behind, and none is missing`, async () => {
        const now = clock.now()
        const old = [-20 * DAY, -3 * DAY, -5 * HOUR].map((ms) => now + ms)
        clock.step(-40 * DAY)
        let memory = start()
        await poll(memory, [])
        clock.step(40 * DAY)
        await clock.advance(HOUR)
        assert.deepEqual(await poll(memory, [...old, now + 60_000]), [now + 60_000])
        await poll(memory, [])
        clock.reboot()
        clock.step(-behind)
        memory = start()
        const events = [...old, now + 60_000]
        assert.deepEqual(await poll(memory, events), [])
        await clock.advance(60_000)
        assert.deepEqual(await poll(memory, events), [])
        events.push(now + HOUR + 90_000)
        clock.step(behind)
        await clock.advance(60_000)
        assert.deepEqual(await poll(memory, events), [now + HOUR + 90_000])
        assert.deepEqual(await poll(memory, events), [])
      })

    it('does not ask for the years since 1970 once the clock is set after the first start', async () => {
      const now = clock.now()
      clock.setDate('1970-01-01T00:00:10Z')
      const memory = start()
      await poll(memory, [])
      await clock.advance(60_000)
      clock.step(now - clock.now())
      assert.equal(await memory.since(momentOf(clock)), now - 60_000)
      assert.deepEqual(await poll(memory, [now - DAY, now - 30_000]), [now - 30_000])
    })

    it('goes on within minutes when an earlier process was a month ahead', async () => {
      clock.step(30 * DAY)
      await poll(start(), [])
      clock.step(-30 * DAY)
      const memory = start()
      for (let minute = 0; minute < 12; minute += 1) {
        await poll(memory, [])
        await clock.advance(60_000)
      }
      const now = clock.now()
      assert.deepEqual(await poll(memory, [now - 30_000]), [now - 30_000])
    })

    it('begins at its start by the right clock when that is set before the first poll', async () => {
      const now = clock.now()
      clock.setDate('1970-01-01T00:00:10Z')
      const memory = start()
      clock.step(now - clock.now())
      assert.equal(await memory.since(momentOf(clock)), now)
      assert.deepEqual(timesOf(memory.fresh([occurrence(now - 1), occurrence(now)])), [now])
    })

    it('sends no event again that it saw before the clock was set forward', async () => {
      const now = clock.now()
      clock.step(-30 * DAY)
      const memory = start()
      assert.deepEqual(await poll(memory, [now + 30_000]), [now + 30_000])
      await clock.advance(60_000)
      clock.step(30 * DAY)
      assert.deepEqual(await poll(memory, []), [])
      assert.deepEqual(await poll(memory, [now + 30_000]), [])
    })

    it('sends no event again that an earlier process saw, when its own clock was ahead and is set back', async () => {
      const event = clock.now() + 30_000
      await poll(start(), [event])
      clock.step(30 * DAY)
      const memory = start()
      await memory.since(momentOf(clock))
      clock.step(-30 * DAY)
      await clock.advance(60_000)
      assert.deepEqual(await poll(memory, []), [])
      assert.deepEqual(await poll(memory, [event]), [])
    })

    it('goes on from each of its polls at once when the clock is right, and from the earlier process\'s while it is behind', async () => {
      await poll(start(), [])
      const first = clock.now()
      await clock.advance(60_000)
      const memory = start()
      await poll(memory, [])
      assert.equal(await memory.since(momentOf(clock)), first + 60_000)
      clock.step(-6 * HOUR)
      await poll(start(), [])
      assert.equal(await start().since(momentOf(clock)), first + 60_000, 'as it is stored')
    })

    it('misses no event of a time in which the computer was suspended', async () => {
      const memory = start()
      await poll(memory, [])
      const during = clock.now() + HOUR
      clock.suspend(8 * HOUR)
      assert.deepEqual(await poll(memory, [during]), [during])
    })
  })
})

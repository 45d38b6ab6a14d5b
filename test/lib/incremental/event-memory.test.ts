import assert from 'node:assert/strict'
import { EventMemory } from '../../../src/lib/incremental/event-memory'
import { SimpleStore } from '../store/simple-store'
import type { Occurrence } from '../../../src/lib/vocabulary/events'

const occurrence = (timestamp: number): Occurrence => ({ id: String(timestamp), device: 'd', sensor: null, event: 'e', timestamp, data: null })

describe('what has been told', () => {
  it('does not hold events back until a moment that lay ahead, because the calendar was wrong at the first start', async () => {
    const ahead = Date.parse('2027-01-01')
    const right = Date.parse('2026-01-01')
    const memory = new EventMemory(undefined, 'key', 'about', ahead)
    assert.equal(await memory.since(), ahead)
    await memory.note([], ahead)
    await memory.note([occurrence(right - 1000)], right)
    assert.deepEqual(memory.fresh([occurrence(right - 1000), occurrence(right + 1000)]).map(({ timestamp }) => timestamp), [right + 1000])
  })

  it('asks for a sync to disk only where a poll brought news', async () => {
    const store = new SimpleStore()
    const memory = new EventMemory(store, 'key', 'about', 1000)
    await memory.note([], 2000)
    await memory.note([], 3000)
    await memory.note([occurrence(3500)], 4000)
    await memory.note([occurrence(3500)], 5000)
    // The calendar was set back.
    await memory.note([], 4500)
    assert.deepEqual(store.syncedWithin, [0, Infinity, 0, Infinity, 0])
  })

  it('goes on from what was stored, and begins anew where that cannot be read', async () => {
    const store = new SimpleStore()
    const memoryOf = (): EventMemory => new EventMemory(store, 'key', 'about', 5000)
    await memoryOf().note([occurrence(3000)], 4000)
    assert.deepEqual(JSON.parse((await store.get('key')) ?? ''), { about: 'about', began: 4000, polled: 4000, seen: { 3000: 4000 } })
    assert.equal(await memoryOf().since(), 4000)
    const record = { about: 'about', began: 1, polled: 2, seen: {} }
    for (const stored of ['', '[]', 'null', '{', JSON.stringify({ ...record, seen: null }), JSON.stringify({ ...record, seen: { a: 'x' } }), JSON.stringify({ ...record, polled: '2' }), JSON.stringify({ ...record, about: 'else' })]) {
      await store.set('key', stored)
      assert.equal(await memoryOf().since(), 5000, stored)
    }
  })
})

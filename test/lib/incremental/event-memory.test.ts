import assert from 'node:assert/strict'
import { EventMemory } from '../../../src/lib/incremental/event-memory'
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
})

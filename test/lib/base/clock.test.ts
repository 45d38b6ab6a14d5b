import assert from 'node:assert/strict'
import { LONGEST_TIMER, systemClock } from '../../../src/lib/base/clock'

describe('system clock', () => {
  it('does not let a timer of months fire at once', async () => {
    let fired = false
    const timer = systemClock.setTimeout(() => (fired = true), LONGEST_TIMER + 1)
    await new Promise((resolve) => setTimeout(resolve, 20))
    systemClock.clearTimeout(timer)
    assert.equal(fired, false)
  })
})

import assert from 'node:assert/strict'
import { defaultRate } from '../../../src/lib/vocabulary/budget'

describe('a rate of our own', () => {
  const budget = (requestsPerSecond?: number): (string | number)[] => defaultRate({ requestsPerSecond }).flatMap(({ name, limit, window }) => [name, limit, window])

  it('is five a second where the account says nothing', () => {
    assert.deepEqual(budget(), ['per second', 5, 1000])
  })

  it('has a longer window where it is less than one a second, or has a fraction', () => {
    assert.deepEqual(budget(10), ['per second', 10, 1000])
    assert.deepEqual(budget(0.1), ['in 10 seconds', 1, 10_000])
    assert.deepEqual(budget(2.5), ['in 0.8 seconds', 2, 800])
    for (const rate of [0.01, 0.3, 1.9, 7.7]) {
      const [, limit, window] = budget(rate)
      assert.ok(Math.abs(Number(limit) / (Number(window) / 1000) - rate) < 0.01, `${rate} became ${limit} in ${window} ms`)
    }
  })
})

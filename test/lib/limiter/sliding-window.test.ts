/** A sliding window by itself: when it opens, how long the wait will be, and what it reports. */
import assert from 'node:assert/strict'
import type { Instant } from '../../../src/lib/base/clock'
import { SlidingWindow } from '../../../src/lib/limiter/sliding-window'
import type { Budget } from '../../../src/lib/vocabulary/budget'

/** Epoch ms at the monotonic ms 0. */
const EPOCH = Date.UTC(2026, 2, 10)
const at = (monotonic: number): Instant => ({ monotonic, epoch: EPOCH + monotonic })
const budgetOf = (limit: number): Budget => ({ name: 'per second', limit, window: 1000, scope: 'account' })

/** A window of a second with a request at each of the times. */
const windowOf = (limit: number, ...times: number[]): SlidingWindow => {
  const window = new SlidingWindow(budgetOf(limit), 1000)
  for (const time of times) window.charge(at(time), 0)
  return window
}

describe('a sliding window', () => {
  describe('opens', () => {
    it('at once while there is room, and else when the oldest request leaves it', () => {
      assert.deepEqual([windowOf(2, 100).opensAt(300), windowOf(2, 100, 200).opensAt(300), windowOf(2, 100, 200).opensAt(1100)], [300, 1100, 1100])
    })

    it('when enough requests have left it, after its limit was lowered', () => {
      const window = windowOf(4, 100, 200, 300, 300)
      assert.equal(window.adopt(budgetOf(2)), true)
      assert.equal(window.opensAt(400), 1300)
      window.adopt(budgetOf(3))
      assert.equal(window.opensAt(400), 1200)
    })

    it('never with a limit below one, and after as many requests as a fraction has whole ones', () => {
      for (const limit of [0, 0.5]) {
        assert.deepEqual([windowOf(limit).opensAt(5), windowOf(limit, 1).opensAt(5), windowOf(limit).isSpent()], [Infinity, Infinity, true])
        assert.match(windowOf(limit).refusal().message, /the account allows no requests per second/)
      }
      assert.deepEqual([windowOf(1.5, 3).opensAt(5), windowOf(1.5).opensAt(5), windowOf(1.5).isSpent()], [1003, 5, false])
    })

    it('after the time within which the vendor has counted its oldest request', () => {
      const window = new SlidingWindow(budgetOf(2), 1000)
      assert.deepEqual([window.charge(at(0), 90), window.charge(at(50), 10)], [false, false])
      assert.equal(window.opensAt(100), 1060, 'the later one is counted first')
      assert.equal(window.opensAt(1060), 1060)
      window.charge(at(1060), 0)
      assert.equal(window.opensAt(1061), 1090)
    })
  })

  it('takes over the budget of another sliding window with its requests, and no calendar period', () => {
    const window = windowOf(2, 100, 200)
    assert.equal(window.adopt({ ...budgetOf(2), window: 'day' }), false)
    assert.equal(window.budget.window, 1000)
    assert.equal(window.adopt({ ...budgetOf(2), window: 5000 }), true)
    assert.equal(window.opensAt(300), 5100)
  })

  describe('estimates the wait of a request with others ahead', () => {
    const cases: [string, number[], ahead: number, now: number, expected: number][] = [
      ['none while there is room for it', [], 1, 700, 0],
      ['a whole window once those ahead have filled it', [], 2, 700, 1000],
      ['until the oldest request leaves, when the one ahead takes the last place', [200], 1, 700, 500],
      ['until the oldest request leaves, when there is no room', [200, 300], 0, 700, 500],
      ['half a window more for each one ahead', [200, 300], 3, 700, 2000],
      ['half a window more for each one ahead that finds no room', [200], 4, 700, 2000],
    ]
    for (const [title, times, ahead, now, expected] of cases)
      it(title, () => assert.equal(windowOf(2, ...times).estimate(ahead, now), expected))

    it('from when it opens, also after its limit was lowered', () => {
      const window = windowOf(4, 100, 200, 300, 400)
      window.adopt(budgetOf(2))
      assert.equal(window.estimate(1, 500), 800 + 500)
    })
  })

  describe('moves a request', () => {
    it('between the others, also where several stand at one moment', () => {
      const window = windowOf(3, 100, 100, 300)
      window.redate(100, 200)
      assert.equal(window.opensAt(400), 1100)
      window.redate(100, 250)
      assert.equal(window.opensAt(400), 1200)
      window.redate(300, 150)
      assert.equal(window.opensAt(400), 1150)
      assert.deepEqual(window.usage(at(1200)), { used: 1, resetsAt: EPOCH + 1250 })
    })

    it('once for each call, and none that has left the window', () => {
      const window = windowOf(2, 100, 100)
      window.redate(100, 500)
      window.redate(100, 600)
      assert.equal(window.usage(at(1100)).used, 2)
      window.redate(100, 700)
      assert.deepEqual(window.usage(at(1599)), { used: 1, resetsAt: EPOCH + 1600 })
      assert.equal(window.usage(at(1600)).used, 0)
    })
  })

  it('is lowered to what the vendor says is left, and never raised', () => {
    const window = windowOf(5, 100)
    const used = (remaining: number): number => {
      assert.equal(window.lower(remaining, at(300)), false, 'a sliding window opens again soon')
      return window.usage(at(300)).used
    }
    assert.deepEqual([5, 4, 2.5, 3].map(used), [1, 1, 2, 2])
    assert.equal(window.usage(at(300)).resetsAt, EPOCH + 1300)
    assert.deepEqual([window.usage(at(1100)).used, window.usage(at(1300)).used], [1, 0])
    const other = windowOf(5, 100)
    other.lower(4, at(300))
    assert.equal(other.usage(at(300)).resetsAt, EPOCH + 1100, 'the vendor has counted no more than we have')
    other.lower(2, at(1100))
    assert.equal(other.usage(at(1100)).used, 3, 'what has left the window is not counted')
  })

  it('says what is used, and when all of it is available again', () => {
    assert.deepEqual(windowOf(3).usage(at(700)), { used: 0, resetsAt: EPOCH + 700 })
    assert.deepEqual(windowOf(3, 100, 200).usage(at(700)), { used: 2, resetsAt: EPOCH + 1200 })
    assert.deepEqual(windowOf(3, 0, 200.25).usage({ monotonic: 1000, epoch: EPOCH }), { used: 1, resetsAt: EPOCH + 201 })
  })

  it('is idle when it counts nothing, and has nothing to save', () => {
    const window = windowOf(1, 0)
    assert.deepEqual([window.isIdle(at(999)), window.isIdle(at(1000)), window.counts()], [false, true, []])
  })

  it('counts to the millisecond up to a limit of 200, and above it a little later', () => {
    const opensAt = (limit: number, time: number): number => windowOf(limit, ...Array.from({ length: limit }, () => time)).opensAt(500)
    assert.deepEqual([opensAt(200, 101), opensAt(201, 101), opensAt(201, 102.5), opensAt(201, 103)], [1101, 1102.5, 1102.5, 1105])
    const window = windowOf(201, ...Array.from({ length: 201 }, (_, index) => (index < 2 ? 101 : 300)))
    window.redate(101, 102)
    assert.equal(window.opensAt(500), 1102.5)
    window.redate(102, 151)
    window.redate(101, 151)
    assert.equal(window.opensAt(500), 1152.5)
  })
})

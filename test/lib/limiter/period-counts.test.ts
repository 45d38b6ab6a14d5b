/** A calendar window by itself: what it counts, saves and forgets. */
import assert from 'node:assert/strict'
import type { Instant } from '../../../src/lib/base/clock'
import { CalendarWindow } from '../../../src/lib/limiter/calendar-window'
import type { Budget } from '../../../src/lib/vocabulary/budget'

const DAY = 86_400_000
const budget: Budget = { name: 'per day', limit: 5, window: 'day', scope: 'account', reserve: 2 }
const midnight = Date.UTC(2026, 2, 10)
/** A moment of the day in ms, by a clock that was right from the beginning. */
const at = (ms: number, step = 0): Instant => ({ epoch: midnight + ms + step, monotonic: 1_000_000 + ms })

describe('the count of a day', () => {
  let window: CalendarWindow
  beforeEach(() => (window = new CalendarWindow(budget, 'day')))
  const charge = (count: number, now: Instant): boolean[] => Array.from({ length: count }, () => window.charge(now))
  const used = (now: Instant): number => window.usage(now).used

  it('says when the last request for reads, and for all, was taken', () => {
    assert.deepEqual(charge(5, at(DAY / 2)), [false, false, true, false, true])
    assert.deepEqual(new CalendarWindow({ ...budget, reserve: 0 }, 'day').charge(at(0)), false)
  })

  it('takes over a budget of the same period only', () => {
    assert.equal(window.adopt({ ...budget, limit: 9 }), true)
    assert.equal(window.budget.limit, 9)
    assert.deepEqual([window.adopt({ ...budget, window: 'month' }), window.adopt({ ...budget, window: 1000 }), window.budget.limit], [false, false, 9])
    assert.deepEqual([window.estimate(), window.opensAt(7)], [0, 7])
  })

  it('refuses for two seconds after midnight what the day before would refuse', () => {
    charge(3, at(DAY - 10_000))
    assert.deepEqual([window.isSpent('read', at(DAY - 1)), window.isSpent('command', at(DAY - 1))], [true, false])
    assert.deepEqual([window.isSpent('read', at(DAY + 1999)), window.isSpent('read', at(DAY + 2000))], [true, false])
    assert.deepEqual([window.refusal('read', at(DAY)).resetsAt, window.refusal('read', at(DAY - 1)).resetsAt], [midnight + DAY + 2000, midnight + DAY])
    charge(2, at(DAY + 100))
    assert.deepEqual([window.isSpent('command', at(DAY + 200)), used(at(DAY + 200))], [true, 2], 'the vendor may count them in the day before')
    assert.equal(window.isSpent('command', at(2 * DAY + 100)), false)
  })

  it('counts in both days what left within two seconds of midnight', () => {
    charge(1, at(DAY - 2001))
    charge(1, at(DAY - 2000))
    charge(1, at(DAY - 1))
    assert.deepEqual([used(at(DAY - 1)), used(at(DAY))], [3, 2])
  })

  it('believes the vendor from the second minute of a day on, and only where it has counted more', () => {
    assert.deepEqual([window.lower(1, at(59_999)), used(at(59_999))], [false, 0])
    assert.deepEqual([window.lower(3, at(60_000)), used(at(60_000))], [false, 2])
    assert.deepEqual([window.lower(3, at(60_000)), window.lower(4, at(60_000)), used(at(60_000))], [false, false, 2])
    assert.deepEqual([window.lower(1.5, at(60_000)), used(at(60_000))], [true, 3])
  })

  it('saves the present day with what may follow, and the day before', () => {
    charge(2, at(DAY / 2))
    assert.deepEqual(window.counts(at(DAY / 2), 3), [{ start: midnight, used: 5 }])
    assert.deepEqual(window.counts(at(DAY + 5000), 0), [{ start: midnight, used: 2 }])
    assert.deepEqual(window.counts(at(DAY + 5000), 1), [{ start: midnight + DAY, used: 1 }, { start: midnight, used: 2 }])
  })

  it('saves for both days what was sent before the clock was set back over midnight', () => {
    charge(2, at(DAY / 2))
    charge(1, at(DAY + 5000))
    const back = at(DAY + 6000, -3_600_000)
    assert.deepEqual(window.counts(back, 0), [{ start: midnight, used: 3 }, { start: midnight + DAY, used: 1 }])
    assert.equal(used(back), 3, 'by the clock of now, all of it was sent in this day')
  })

  it('counts a day that was saved ahead once, also where it is told again with more', () => {
    window.raise(2, midnight + DAY, at(DAY / 2))
    window.raise(3, midnight + DAY, at(DAY / 2))
    window.raise(1, midnight + 2 * DAY, at(DAY / 2))
    assert.equal(used(at(DAY / 2)), 4)
    assert.deepEqual(window.counts(at(DAY / 2), 0), [{ start: midnight + DAY, used: 3 }, { start: midnight + 2 * DAY, used: 1 }])
    assert.equal(used(at(DAY + 5000)), 3)
  })

  it('counts a day that was saved ahead once, also after a step of the clock, and not on the days before it', () => {
    window.raise(2, midnight + DAY, at(DAY / 2))
    window.raise(3, midnight + DAY, at(DAY / 2))
    assert.equal(used(at(DAY / 2 + 1, -10_000)), 3)
    const other = new CalendarWindow(budget, 'day')
    other.raise(2, midnight + 2 * DAY, at(DAY - 1000))
    assert.deepEqual([other.usage(at(DAY - 500)).used, other.usage(at(DAY + 100)).used], [2, 0])
  })

  it('knows the count of a day that has come, also when it is older than a day or the clock is set back', () => {
    window.raise(2, midnight + DAY, at(10))
    assert.deepEqual([used(at(10)), used(at(DAY + 10)), window.isIdle(at(DAY + 11))], [2, 2, false])
    assert.equal(used(at(DAY + 20, 5000)), 2, 'nothing was forgotten')
    const back = at(DAY + 30, -3_600_000)
    assert.deepEqual([used(back), window.isIdle(back)], [0, false], 'the later day comes again')
  })

  it('saves for both days what left within two seconds of midnight', () => {
    charge(1, at(DAY - 3000))
    charge(1, at(DAY - 1000))
    assert.deepEqual(window.counts(at(DAY - 500), 0), [{ start: midnight, used: 2 }, { start: midnight + DAY, used: 1 }])
  })

  it('refuses after midnight because of the day before only, and of no earlier day', () => {
    charge(5, at(DAY / 2))
    assert.equal(window.isSpent('command', at(3 * DAY + 500)), false)
  })

  describe('after a step of the clock', () => {
    it('remembers the requests of ten minutes as one group, sent with its latest one', () => {
      const [first, last, next] = [DAY / 2, DAY / 2 + 599_999, DAY / 2 + 600_000]
      /** What counts when the clock is set so that midnight was at `ms`. */
      const usedSince = (ms: number): number => {
        const other = new CalendarWindow(budget, 'day')
        for (const time of [first, last, next]) other.charge(at(time))
        return other.usage(at(next + 1, DAY - ms)).used
      }
      assert.deepEqual([first, last, last + 1, next + 1].map(usedSince), [3, 3, 1, 0])
    })

    it('adds up small steps, and counts anew once they come to more than two seconds', () => {
      charge(1, at(DAY - 3000))
      assert.deepEqual([used(at(DAY + 10)), used(at(DAY + 20, 1500)), used(at(DAY + 30, 3000))], [0, 0, 1])
      assert.equal(used(at(DAY + 3040)), 0, 'the clock is right again')
    })

    it('still knows the day before', () => {
      charge(2, at(DAY / 2))
      used(at(DAY + 5000))
      assert.deepEqual(window.counts(at(DAY + 6000, 5000), 0), [{ start: midnight, used: 2 }])
    })
  })

  it('is idle once nothing can count any more', () => {
    assert.equal(window.isIdle(at(0)), true)
    charge(1, at(100))
    assert.deepEqual([window.isIdle(at(200)), window.isIdle(at(DAY + 100)), window.isIdle(at(DAY + 101))], [false, false, true])
    window.raise(1, midnight + 9 * DAY, at(DAY + 200))
    assert.deepEqual([window.isIdle(at(DAY + 300)), window.isIdle(at(2 * DAY + 300))], [false, true], 'a count ahead is forgotten after a day')
    const other = new CalendarWindow(budget, 'day')
    other.raise(1, midnight, at(0))
    assert.deepEqual([other.isIdle(at(1)), other.isIdle(at(DAY))], [false, true])
  })

  it('remembers four other days, and forgets the oldest first', () => {
    for (const [index, used] of [1, 2, 3, 4, 5].entries()) window.raise(used, midnight - (9 - index) * DAY, at(0))
    window.raise(0, midnight, at(0))
    window.raise(0, midnight - 2 * DAY, at(0))
    assert.deepEqual(window.counts(at(0), 0).map((count) => count.used), [2, 3, 4, 5])
  })
})

import assert from 'node:assert/strict'
import { Limiter } from '../../../src/lib/limiter/limiter'
import { FakeClock } from '../fake-clock'
import type { Budget } from '../../../src/lib/vocabulary/budget'

const perDay: Budget = { name: 'per day', limit: 100, window: 'day', scope: 'account' }
const perMonth: Budget = { name: 'per month', limit: 50, window: 'month', scope: 'device' }
const perSecond: Budget = { name: 'per second', limit: 2, window: 1000, scope: 'account' }

describe('days and months', () => {
  const make = (start: string): { clock: FakeClock; limiter: Limiter } => {
    const clock = new FakeClock(start)
    return { clock, limiter: new Limiter({ clock }) }
  }

  /** Whether the request was let go. */
  const take = async (limiter: Limiter, budgets: Budget[], device?: string): Promise<boolean> => {
    try {
      const permit = await limiter.take({ budgets, device })
      permit.done()
      return true
    } catch (error) {
      assert.equal((error as { code?: string }).code, 'QUOTA')
      return false
    }
  }

  const takeMany = async (limiter: Limiter, count: number, budgets: Budget[], device?: string): Promise<number> => {
    let taken = 0
    for (let index = 0; index < count; index += 1) if (await take(limiter, budgets, device)) taken += 1
    return taken
  }

  it('three days with twice the demand: all of each day is used, and not one more', async () => {
    const { clock, limiter } = make('2026-03-10T00:00:00Z')
    const byDay = new Map<string, number>()
    for (let asked = 0; asked < 600; asked += 1) {
      const day = new Date(clock.now()).toISOString().slice(0, 10)
      if (await take(limiter, [perSecond, perDay])) byDay.set(day, (byDay.get(day) ?? 0) + 1)
      await clock.advance(86_400_000 / 200)
    }
    assert.deepEqual([...byDay], [['2026-03-10', 100], ['2026-03-11', 100], ['2026-03-12', 100]])
  })

  it('two months, each device for itself, with a leap day between', async () => {
    const { clock, limiter } = make('2028-02-01T00:00:00Z')
    const taken = new Map<string, number>()
    for (let hour = 0; hour < (29 + 31) * 24; hour += 8) {
      const month = new Date(clock.now()).toISOString().slice(0, 7)
      for (const device of ['a', 'b'])
        if (await take(limiter, [perMonth], device)) taken.set(`${device} ${month}`, (taken.get(`${device} ${month}`) ?? 0) + 1)
      await clock.advance(8 * 3_600_000)
    }
    assert.deepEqual(Object.fromEntries(taken), { 'a 2028-02': 50, 'b 2028-02': 50, 'a 2028-03': 50, 'b 2028-03': 50 })
  })

  it('keeps the restored count of the present day, also where later days are known and the clock is set', () => {
    const { clock, limiter } = make('2026-02-01T12:00:00Z')
    const days = ['2026-02-01', '2026-03-10', '2026-03-11', '2026-03-12', '2026-03-13']
    limiter.restore(perDay, undefined, days.map((day) => ({ start: Date.parse(`${day}T00:00:00Z`), used: day.startsWith('2026-02') ? 90 : 1 })))
    clock.step(86_400_000)
    limiter.states([perDay])
    clock.step(-86_400_000)
    assert.ok(limiter.states([perDay])[0]!.remaining <= 10)
  })

  it('gives the reset in the error', async () => {
    const { limiter } = make('2026-12-31T23:00:00Z')
    await takeMany(limiter, 50, [perMonth], 'd')
    const resetsAt = Date.parse('2027-01-01T00:00:00Z')
    await assert.rejects(limiter.take({ budgets: [perMonth], device: 'd' }), { code: 'QUOTA', resetsAt, message: /the monthly limit of 50 requests is used up until (2027-01-01|2026-12-31) / })
  })

  it('rejects waiting requests as soon as the day is spent', async () => {
    const { clock, limiter } = make('2026-03-10T12:00:00Z')
    const slow: Budget = { name: 'per hour', limit: 1, window: 3_600_000, scope: 'device' }
    await takeMany(limiter, 98, [perDay])
    await takeMany(limiter, 1, [slow, perDay], 'a')
    const waiting = assert.rejects(limiter.take({ budgets: [slow, perDay], device: 'a' }), { code: 'QUOTA' })
    assert.equal(limiter.queued, 1)
    assert.equal(await take(limiter, [perDay]), true)
    await waiting
    assert.deepEqual([limiter.queued, clock.pending], [0, 0])
  })

  it('keeps a reserve for commands', async () => {
    const { limiter } = make('2026-03-10T12:00:00Z')
    const budgets = [{ ...perDay, reserve: 10 }]
    assert.equal(await takeMany(limiter, 100, budgets), 90)
    await assert.rejects(limiter.take({ budgets }), { code: 'QUOTA', message: /except 10 that are reserved for commands/ })
    for (let index = 0; index < 10; index += 1) (await limiter.take({ budgets, priority: 'command' })).done()
    await assert.rejects(limiter.take({ budgets, priority: 'command' }), { code: 'QUOTA' })
  })

  describe('midnight, when the vendor\'s clock may differ', () => {
    const two: Budget = { ...perDay, limit: 2 }

    it('counts a request just before it in both days', async () => {
      const { clock, limiter } = make('2026-03-10T23:59:59Z')
      await take(limiter, [two])
      await clock.advance(10_000)
      assert.equal(limiter.states([two])[0]!.remaining, 1)
    })

    it('refuses a request just after it that the spent day before might count', async () => {
      const { clock, limiter } = make('2026-03-10T12:00:00Z')
      await take(limiter, [two])
      await take(limiter, [two])
      await clock.advance(12 * 3_600_000 + 1000)
      await assert.rejects(limiter.take({ budgets: [two] }), { code: 'QUOTA', message: /is used up until 2026-03-1\d \d\d:\d\d/ })
      await clock.advance(1000)
      await take(limiter, [two])
    })
  })

  describe('what the vendor says is left', () => {
    it('can only lower what remains', async () => {
      const { limiter } = make('2026-03-10T12:00:00Z')
      await takeMany(limiter, 10, [perDay])
      const remaining = (): number => limiter.states([perDay])[0]!.remaining
      for (const [said, expected] of [[95, 90], [90, 90], [20, 20], [50, 20], [NaN, 20], [-1, 20]] as const) {
        limiter.observe(perDay, said)
        assert.equal(remaining(), expected)
      }
      limiter.observe({ ...perDay, name: 'no such budget' }, 0)
      limiter.observe(perDay, 0)
      assert.equal(await take(limiter, [perDay]), false)
    })

    it('lowers a sliding window until it has passed', async () => {
      const { clock, limiter } = make('2026-03-10T12:00:00Z')
      await take(limiter, [perSecond])
      limiter.observe(perSecond, 0)
      assert.equal(limiter.states([perSecond])[0]!.remaining, 0)
      await clock.advance(1100)
      assert.equal(limiter.states([perSecond])[0]!.remaining, 2)
    })

    it('concerns one device only, for a budget of devices', async () => {
      const { limiter } = make('2026-03-10T12:00:00Z')
      await take(limiter, [perMonth], 'a')
      limiter.observe(perMonth, 3, 'a')
      limiter.observe(perMonth, 7, 'b')
      assert.deepEqual(['a', 'b', 'c'].map((device) => limiter.states([perMonth], device)[0]!.remaining), [3, 7, 50])
    })

    it('is ignored in the first minute of a day, since it may be about the day before', async () => {
      const { clock, limiter } = make('2026-03-10T23:59:50Z')
      await take(limiter, [perDay])
      await clock.advance(11_000)
      limiter.observe(perDay, 1)
      assert.equal(limiter.states([perDay])[0]!.remaining, 100)
      await clock.advance(60_000)
      limiter.observe(perDay, 1)
      assert.equal(limiter.states([perDay])[0]!.remaining, 1)
    })
  })

  describe('after a restart', () => {
    const at = (time: string): number => Date.parse(time)
    /** What an earlier process has counted: 30 of the day, 20 of the month of one device. */
    const restore = (limiter: Limiter): void => {
      limiter.restore(perDay, undefined, [{ start: at('2026-03-10T00:00:00Z'), used: 30 }])
      limiter.restore(perMonth, 'd', [{ start: at('2026-03-01T00:00:00Z'), used: 20 }])
    }
    const left = (limiter: Limiter): number[] => limiter.states([perDay, perMonth], 'd').map(({ remaining }) => remaining)

    it('saved counts are continued where they are higher', async () => {
      const { limiter } = make('2026-03-10T13:00:00Z')
      await takeMany(limiter, 5, [perDay])
      restore(limiter)
      assert.deepEqual(left(limiter), [70, 30])
      assert.equal(await takeMany(limiter, 100, [perDay]), 70)
    })

    it('counts of past periods are ignored', () => {
      const { limiter } = make('2026-03-11T01:00:00Z')
      restore(limiter)
      assert.deepEqual(left(limiter), [100, 30])
    })

    it('a machine that starts in 1970 still knows its counts once it has the time', async () => {
      const { clock, limiter } = make('1970-01-01T00:00:00Z')
      restore(limiter)
      await take(limiter, [perDay])
      clock.setDate('2026-03-10T12:05:00Z')
      assert.deepEqual(left(limiter), [69, 30], 'the request was sent in the day that it is now')
    })
  })

  describe('a clock that is stepped', () => {
    const HOUR = 3_600_000
    const left = (limiter: Limiter): number => limiter.states([perDay])[0]!.remaining
    const saved = (limiter: Limiter, day: string, used: number): void => limiter.restore(perDay, undefined, [{ start: Date.parse(day), used }])

    it('forth and back over midnight does not give a second limit', async () => {
      const { clock, limiter } = make('2026-03-10T23:50:00Z')
      assert.equal(await takeMany(limiter, 40, [perDay]), 40)
      clock.step(HOUR)
      assert.equal(left(limiter), 60, 'all was sent a moment ago')
      assert.equal(await takeMany(limiter, 100, [perDay]), 60)
      clock.step(-HOUR)
      assert.equal(await takeMany(limiter, 10, [perDay]), 0)
      await clock.advance(30 * 60_000)
      assert.equal(await takeMany(limiter, 200, [perDay]), 100, 'after midnight the next day begins')
    })

    it('6 h forward takes along what was sent in the true day, and no more', async () => {
      const { clock, limiter } = make('2026-03-10T12:00:00Z')
      for (let hour = 0; hour < 9; hour += 1) {
        await takeMany(limiter, 10, [perDay])
        await clock.advance(HOUR)
      }
      // By the true time it was 02:00 to 03:00 that the last were sent.
      clock.step(6 * HOUR)
      assert.equal(left(limiter), 70)
    })

    it('6 h forward in the same day finds what was sent before midnight by the wrong clock', async () => {
      const { clock, limiter } = make('2026-03-09T23:00:00Z')
      await takeMany(limiter, 80, [perDay])
      await clock.advance(2 * HOUR)
      assert.equal(left(limiter), 100)
      clock.step(6 * HOUR)
      assert.equal(left(limiter), 20, 'they were sent at 05:00')
    })

    it('6 h back does not refuse beyond the end of the day', async () => {
      const { clock, limiter } = make('2026-03-11T02:00:00Z')
      await takeMany(limiter, 100, [perDay])
      clock.step(-6 * HOUR)
      assert.equal(left(limiter), 0, 'they were sent at 20:00')
      await clock.advance(4 * HOUR + 3_000)
      assert.equal(left(limiter), 100)
    })

    it('a count that was saved in the future holds now, and is not counted twice then', async () => {
      const { clock, limiter } = make('2026-03-10T22:00:00Z')
      saved(limiter, '2026-03-11T00:00:00Z', 90)
      assert.equal(await takeMany(limiter, 20, [perDay]), 10)
      clock.step(6 * HOUR)
      assert.equal(left(limiter), 0)
      await clock.advance(20 * HOUR + 3_000)
      assert.equal(left(limiter), 100)
    })

    it('a count that a clock saved that was a year ahead does not refuse for longer than the day', async () => {
      const { clock, limiter } = make('2026-03-10T22:00:00Z')
      saved(limiter, '2027-03-11T00:00:00Z', 100)
      assert.equal(left(limiter), 0)
      await clock.advance(2 * HOUR + 3_000)
      assert.equal(left(limiter), 100)
    })

    it('a count that is saved again for a later process stays the same', async () => {
      const { clock, limiter } = make('2026-02-10T22:00:00Z')
      saved(limiter, '2026-03-11T00:00:00Z', 50)
      await takeMany(limiter, 3, [perDay])
      const { windows: [window] } = await limiter.take({ budgets: [perDay] })
      const counts = window!.counts({ epoch: clock.now(), monotonic: clock.monotonic() }, 0)
      assert.deepEqual(counts, [{ start: Date.parse('2026-02-10T00:00:00Z'), used: 4 }, { start: Date.parse('2026-03-11T00:00:00Z'), used: 50 }])
      clock.setDate('2026-03-11T09:00:00Z')
      const later = window!.counts({ epoch: clock.now(), monotonic: clock.monotonic() }, 0)
      assert.deepEqual(later.find(({ start }) => start === Date.parse('2026-03-11T00:00:00Z')), { start: Date.parse('2026-03-11T00:00:00Z'), used: 54 })
    })

    it('a count of the day before is kept in case the clock is ahead', () => {
      const { clock, limiter } = make('2026-03-11T03:00:00Z')
      saved(limiter, '2026-03-10T00:00:00Z', 70)
      assert.equal(left(limiter), 100)
      clock.step(-6 * HOUR)
      assert.equal(left(limiter), 30)
    })

    it('a month of one device is counted on when the clock starts a month behind', async () => {
      const { clock, limiter } = make('2026-02-20T00:00:00Z')
      limiter.restore(perMonth, 'd', [{ start: Date.parse('2026-03-01T00:00:00Z'), used: 45 }])
      assert.equal(await takeMany(limiter, 20, [perMonth], 'd'), 5)
      clock.setDate('2026-03-20T00:00:00Z')
      assert.equal(await takeMany(limiter, 20, [perMonth], 'd'), 0)
    })
  })
})

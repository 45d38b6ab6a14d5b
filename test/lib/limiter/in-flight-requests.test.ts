import assert from 'node:assert/strict'
import { Limiter, type Permit } from '../../../src/lib/limiter/limiter'
import type { JitterAllowanceOptions } from '../../../src/lib/limiter/permit'
import { JitterAllowance } from '../../../src/lib/limiter/in-flight-requests'
import { FakeClock } from '../fake-clock'

describe('jitter allowance', () => {
  const learn = (allowance: JitterAllowance, count: number, roundTrip: (index: number) => number): JitterAllowance => {
    for (let index = 0; index < count; index += 1) allowance.learn(roundTrip(index))
    return allowance
  }

  it('is 50 ms until enough is known, unless the spread is larger', () => {
    assert.equal(learn(new JitterAllowance(), 96, () => 30).at(0), 50)
    assert.equal(learn(new JitterAllowance(), 96, (index) => 30 + index * 2).at(0), 190)
  })

  it('follows p99 minus minimum, between its floor and its cap', () => {
    assert.equal(learn(new JitterAllowance(), 128, () => 30).at(0), 5)
    assert.equal(learn(new JitterAllowance(), 256, (index) => 100 + (index % 128)).at(0), 126)
    assert.equal(learn(new JitterAllowance(), 256, (index) => 100 + index * 10).at(0), 500)
    assert.equal(learn(new JitterAllowance(), 256, (index) => (index === 7 ? 5000 : 30)).at(0), 5)
  })

  it('forgets round trips of long ago', () => {
    const allowance = learn(new JitterAllowance(), 256, (index) => 100 + (index % 100))
    assert.equal(learn(allowance, 256, () => 60).at(0), 5)
  })

  it('is doubled for a while after a 429', async () => {
    const clock = new FakeClock()
    const limiter = new Limiter({ clock })
    limiter.pause(10, 'the vendor asked for it')
    assert.equal(limiter.jitterAllowance, 100)
    await clock.advance(60_000)
    assert.equal(limiter.jitterAllowance, 50)
  })

  it('judges a request with a response by its own round trip', () => {
    const allowance = learn(new JitterAllowance(), 10_000, (index) => 100 + (index % 100))
    const [quick, slow] = [allowance.lateness(100, 0), allowance.lateness(180, 0)]
    assert.ok(quick >= 5 && quick < 10, `${quick}`)
    assert.ok(Math.abs(slow - quick - 80) < 1e-9)
  })

  it('is never less than the allowance with few round trips, or after a 429', () => {
    const young = learn(new JitterAllowance(), 99, () => 30)
    assert.equal(young.lateness(30, 0), 50)
    assert.equal(young.lateness(130, 0), 100, 'it was held up for longer than that')
    const allowance = learn(new JitterAllowance(), 1000, () => 30)
    allowance.widen(0)
    assert.equal(allowance.lateness(30, 59_999), 10)
    assert.equal(allowance.lateness(30, 60_000), 5)
  })

  it('ignores a round trip that is no number', () => {
    assert.equal(learn(learn(new JitterAllowance(), 128, () => 30), 128, () => NaN).at(0), 5)
    assert.equal(learn(new JitterAllowance(), 128, () => 0).at(0), 5, 'nothing is a number too')
  })

  it('takes the whole round trip for lateness until the shortest of 32 is known', () => {
    assert.deepEqual([31, 32].map((count) => learn(new JitterAllowance(), count, () => 150).lateness(300, 0)), [300, 150])
  })

  it('doubts the shortest round trip the less, the more were seen', () => {
    const lateness = (count: number): number => Math.round(learn(new JitterAllowance({ floor: 0 }), count, (index) => 100 + (index % 100)).lateness(100, 0) * 10) / 10
    assert.deepEqual([99, 128, 512, 2048, 8192].map(lateness), [95, 13, 6.6, 3.3, 3.2])
    assert.equal(learn(new JitterAllowance(), 100, () => 30).lateness(30, 0), 7.5, 'from a hundred on; measured anew with the 128th')
  })

  it('forgets the shortest round trip after eight times 256 others', () => {
    const allowance = learn(learn(new JitterAllowance(), 256, () => 10), 7 * 256, () => 100)
    assert.equal(allowance.lateness(200, 0), 195)
    assert.equal(learn(allowance, 1, () => 100).lateness(200, 0), 105)
    assert.equal(learn(allowance, 2047, (index) => (index === 300 ? 60 : 100)).lateness(200, 0), 145)
  })

  it('widens the window of a request without a response', async () => {
    const clock = new FakeClock()
    const limiter = new Limiter({ clock })
    const budgets = [{ name: 'per second', limit: 1, window: 1000, scope: 'account' }] as const
    const first = await limiter.take({ budgets })
    first.sent()
    const next = limiter.take({ budgets })
    await clock.advance(2000)
    assert.equal((await next).waited, 1050)
  })

  it('counts a request from when it has left, not from its permit', async () => {
    const clock = new FakeClock()
    const limiter = new Limiter({ clock })
    const budgets = [{ name: 'per second', limit: 1, window: 1000, scope: 'account' }] as const
    const first = await limiter.take({ budgets })
    const next = limiter.take({ budgets })
    // The event loop is busy meanwhile: its timers come late, and the request later still.
    await clock.advance(1500)
    first.sent()
    await clock.advance(2000)
    assert.equal((await next).waited, 2550)
  })
})

describe('a request in flight', () => {
  const budgetOf = (window: number) => [{ name: 'a window', limit: 1, window, scope: 'account' }] as const
  const exact = { initial: 0, floor: 0, cap: 0 }

  /** Ms of the clock at which the next request starts, where `act` happens to the first one, which starts at 500. */
  const nextStart = async (window: number, jitterAllowance: JitterAllowanceOptions, act: (first: Permit, clock: FakeClock, limiter: Limiter) => Promise<unknown>): Promise<number> => {
    const clock = new FakeClock()
    const limiter = new Limiter({ clock, jitterAllowance })
    await clock.advance(500)
    const first = await limiter.take({ budgets: budgetOf(window) })
    assert.equal(first.waited, 0)
    await act(first, clock, limiter)
    const queuedAt = clock.monotonic()
    const next = limiter.take({ budgets: budgetOf(window) })
    await clock.advance(3 * window)
    return queuedAt + (await next).waited
  }

  it('leaves once, and not after it is done', async () => {
    const act = async (first: Permit, clock: FakeClock): Promise<void> => {
      first.sent()
      await clock.advance(300)
      first.sent()
      first.done()
      await clock.advance(300)
      first.sent()
    }
    assert.equal(await nextStart(1000, exact, act), 1500)
    const givenUp = async (first: Permit, clock: FakeClock): Promise<void> => {
      first.done()
      await clock.advance(300)
      first.sent()
    }
    assert.equal(await nextStart(1000, exact, givenUp), 1500)
  })

  it('is counted from when the limiter sees that it has not left, by more than two milliseconds', async () => {
    for (const [late, expected] of [[2, 1500], [3, 1503]] as const) {
      const act = async (first: Permit, clock: FakeClock, limiter: Limiter): Promise<void> => {
        await clock.advance(late)
        limiter.pause(1, 'any work of the limiter will do')
        await clock.advance(100)
        first.done()
      }
      assert.equal(await nextStart(1000, exact, act), expected)
    }
  })

  it('counts as late as its round trip says, up to the cap or its own allowance', async () => {
    const slowly = async (first: Permit, clock: FakeClock): Promise<void> => {
      first.sent()
      await clock.advance(5000)
      first.done({ roundTrip: 5000 })
    }
    assert.equal(await nextStart(10_000, {}, slowly), 11_000, 'half a second at most')
    const afterRefusal = async (first: Permit, clock: FakeClock, limiter: Limiter): Promise<void> => {
      first.done()
      await clock.advance(20_000)
      limiter.pause(1, 'the vendor refused a request')
      await clock.advance(1)
      await slowly(await limiter.take({ budgets: budgetOf(10_000) }), clock)
    }
    assert.equal(await nextStart(10_000, { initial: 400 }, afterRefusal), 500 + 20_001 + 10_000 + 800, 'its allowance was doubled')
  })

  it('teaches the limiter its round trip when it is done, if that is known', async () => {
    const limiter = new Limiter({ clock: new FakeClock() })
    for (let index = 0; index < 256; index += 1) (await limiter.take({ budgets: [] })).done(index < 128 ? {} : { roundTrip: 30 })
    assert.equal(limiter.jitterAllowance, 5)
  })
})

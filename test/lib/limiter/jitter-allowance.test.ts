import assert from 'node:assert/strict'
import { Limiter } from '../../../src/lib/limiter/limiter'
import { JitterAllowance } from '../../../src/lib/limiter/jitter-allowance'
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

import assert from 'node:assert/strict'
import { Breaker, type Outage, type Pass } from '../../../src/lib/limiter/circuit-breaker'
import { FakeClock } from '../fake-clock'

const refused = { network: 'ECONNREFUSED' }

describe('breaker', () => {
  let clock = new FakeClock()
  let events: string[] = []
  let breaker = new Breaker()

  beforeEach(() => {
    clock = new FakeClock()
    events = []
    const note = (what: string) => (outage: Outage) => void events.push(`${what} ${outage.cause} ${outage.failures}`)
    breaker = new Breaker({ clock, threshold: 3, base: 1000, cap: 4000, onOutage: note('outage'), onRecovery: note('recovery') })
  })

  const enter = (): Pass => {
    const pass = breaker.enter()
    assert.ok(typeof pass === 'object', 'the breaker is open')
    return pass
  }
  const fail = (times: number, failure = refused): void => {
    for (let index = 0; index < times; index += 1) enter().settle(failure)
  }

  it('opens after so many failures in a row, and says so once', () => {
    fail(2)
    enter().settle()
    fail(2)
    assert.equal(breaker.open, false)
    const late = enter()
    fail(1)
    late.settle(refused)
    assert.equal(breaker.open, true)
    assert.equal(typeof breaker.enter(), 'number')
    assert.deepEqual(events, ['outage ECONNREFUSED 3'])
  })

  it('takes only network faults and 503 for failures', () => {
    for (const status of [200, 401, 429, 500]) {
      fail(2)
      enter().settle({ status })
    }
    assert.equal(breaker.open, false)
    for (let index = 0; index < 3; index += 1) enter().settle({ status: 503 })
    assert.deepEqual(events, ['outage HTTP 503 3'])
  })

  it('lets one probe through after the back-off, and closes when it succeeds', async () => {
    fail(3)
    await clock.advance(1000)
    const probe = enter()
    assert.equal(probe.probe, true)
    assert.equal(typeof breaker.enter(), 'number')
    probe.settle({ status: 429 })
    assert.equal(enter().probe, false)
    assert.deepEqual(events, ['outage ECONNREFUSED 3', 'recovery ECONNREFUSED 3'])
  })

  it('waits longer after each probe that fails, up to the cap', async () => {
    fail(3)
    for (const most of [1000, 2000, 4000, 4000]) {
      const wait = breaker.enter()
      assert.ok(typeof wait === 'number' && wait >= most / 2 && wait <= most, `${most}`)
      await clock.advance(wait)
      enter().settle(refused)
    }
    assert.equal(events.length, 1)
  })

  it('lets another one probe when the first gave up, and learns nothing from that', async () => {
    fail(3)
    await clock.advance(1000)
    const first = enter()
    first.release()
    first.settle()
    assert.equal(breaker.open, true)
    assert.equal(enter().probe, true)
  })

  it('is not put off by requests that were sent before the outage was noticed', async () => {
    const early = enter()
    fail(3)
    await clock.advance(999)
    early.settle(refused)
    await clock.advance(1)
    assert.equal(enter().probe, true)
  })

  it('ends the outage when an early request succeeds after all', () => {
    const early = enter()
    fail(3)
    early.settle()
    assert.equal(breaker.open, false)
    assert.deepEqual(events, ['outage ECONNREFUSED 3', 'recovery ECONNREFUSED 3'])
  })

  it('keeps nobody waiting for a timer', () => {
    fail(3)
    assert.equal(clock.pending, 0)
  })
})

import assert from 'node:assert/strict'
import { Breaker, RouteBreakers, type Outage, type Pass, type RequestFailure } from '../../../src/lib/limiter/circuit-breaker'
import { FakeClock } from '../fake-clock'

const refused = { network: 'ECONNREFUSED' }

describe('breaker', () => {
  let clock = new FakeClock()
  let events: string[] = []
  let breaker = new Breaker()

  beforeEach(() => {
    clock = new FakeClock()
    events = []
    const record = (what: string) => (outage: Outage) => void events.push(`${what} ${outage.cause} ${outage.failures}`)
    breaker = new Breaker({ clock, threshold: 3, base: 1000, cap: 4000, onOutage: record('outage'), onRecovery: record('recovery') })
  })

  const enter = (): Pass => {
    assert.equal(breaker.delay(), 0, 'no request may be sent')
    return breaker.enter()
  }
  /** A request that is sent while there is an outage is its probe: no other may be sent meanwhile. */
  const enterAsProbe = (): Pass => {
    const pass = enter()
    assert.ok(breaker.delay() > 0)
    return pass
  }
  const fail = (times: number, failure: RequestFailure = refused): void => {
    for (let index = 0; index < times; index += 1) enter().settle(failure)
  }

  it('reports an outage once, after so many failures in a row', () => {
    fail(2)
    enter().settle()
    fail(2)
    assert.equal(breaker.outage, undefined)
    const late = enter()
    fail(1)
    late.settle(refused)
    assert.ok(breaker.outage)
    assert.ok(breaker.delay() > 0)
    assert.deepEqual(events, ['outage ECONNREFUSED 3'])
  })

  it('counts only network errors and 503 as failures', () => {
    for (const status of [200, 401, 429, 500]) {
      fail(2)
      enter().settle({ status })
    }
    assert.equal(breaker.outage, undefined)
    for (let index = 0; index < 3; index += 1) enter().settle({ status: 503 })
    assert.deepEqual(events, ['outage HTTP 503 3'])
  })

  it('takes a 503 of one route alone for no outage of the account', () => {
    for (let index = 0; index < 9; index += 1) enter().settle({ status: 503, route: 'GET /one' })
    assert.equal(breaker.outage, undefined)
    enter().settle({ status: 503, route: 'GET /other' })
    assert.deepEqual(events, ['outage HTTP 503 10'])
  })

  it('allows one probe after the back-off, and closes when it succeeds', async () => {
    fail(3)
    await clock.advance(1000)
    const probe = enterAsProbe()
    probe.settle({ status: 429 })
    enter()
    assert.equal(breaker.delay(), 0)
    assert.deepEqual(events, ['outage ECONNREFUSED 3', 'recovery ECONNREFUSED 3'])
  })

  it('waits longer after each probe that fails, up to the cap', async () => {
    fail(3)
    for (const most of [1000, 2000, 4000, 4000]) {
      const wait = breaker.delay()
      assert.ok(wait >= most / 2 && wait <= most, `${most}`)
      await clock.advance(wait)
      enterAsProbe().settle(refused)
    }
    assert.equal(events.length, 1)
  })

  it('allows another probe when the first was given up, and learns nothing from that', async () => {
    fail(3)
    await clock.advance(1000)
    const first = enter()
    first.release()
    first.settle()
    assert.ok(breaker.outage)
    enterAsProbe()
  })

  it('does not delay the probe for requests that were sent before the outage was noticed', async () => {
    const early = enter()
    fail(3)
    await clock.advance(999)
    early.settle(refused)
    await clock.advance(1)
    enterAsProbe()
  })

  it('ends the outage when an earlier request succeeds', () => {
    const early = enter()
    fail(3)
    early.settle()
    assert.equal(breaker.outage, undefined)
    assert.equal(breaker.delay(), 0)
    assert.deepEqual(events, ['outage ECONNREFUSED 3', 'recovery ECONNREFUSED 3'])
  })

  it('waits for the result of its probe, whatever becomes of earlier requests', async () => {
    const [one, other] = [enter(), enter()]
    fail(3)
    await clock.advance(1000)
    const probe = enterAsProbe()
    one.settle(refused)
    other.release()
    assert.ok(breaker.delay() > 0)
    probe.settle(refused)
    await clock.advance(breaker.delay())
    enterAsProbe()
  })

  it('knows when failures began, and whether an outage lasts for longer than a short interruption', async () => {
    await clock.advance(50_000)
    const since = clock.now()
    const failing = (): Outage | undefined => breaker.failing
    assert.equal(failing(), undefined)
    fail(1)
    await clock.advance(400)
    assert.deepEqual([failing(), breaker.outage], [{ since, failures: 1, cause: 'ECONNREFUSED' }, undefined])
    fail(2)
    assert.deepEqual([failing(), breaker.outage?.since], [{ since, failures: 3, cause: 'ECONNREFUSED' }, since])
    await clock.advance(9_599)
    assert.equal(breaker.isLasting, false)
    await clock.advance(1)
    assert.equal(breaker.isLasting, true)
    enter().settle()
    assert.deepEqual([failing(), breaker.isLasting], [undefined, false])
    await clock.advance(60_000)
    fail(1)
    assert.equal(failing()?.since, since + 70_000)
  })

  it('takes requests of one route without a response for an outage, since they reached no server', () => {
    fail(3, { ...refused, route: 'GET /one' })
    assert.deepEqual(events, ['outage ECONNREFUSED 3'])
  })

  it('sets no timer', () => {
    fail(3)
    assert.equal(clock.pending, 0)
  })
})

describe('breakers of routes', () => {
  let clock = new FakeClock()
  let routes = new RouteBreakers(clock)
  beforeEach(() => {
    clock = new FakeClock()
    routes = new RouteBreakers(clock)
  })
  const fail = (route: string, status: number): void => routes.enter(route).settle({ status })

  it('open after five failures in a row over ten seconds, each for its own route', async () => {
    await clock.advance(20_000)
    for (const status of [500, 502, 503, 504, 520]) fail('GET /one', status)
    assert.equal(routes.outage('GET /one'), undefined, 'a short interruption')
    await clock.advance(10_000)
    fail('GET /one', 500)
    assert.equal(routes.outage('GET /one')?.cause, 'HTTP 500')
    assert.equal(routes.outage('GET /other'), undefined)
  })

  it('open for no other failure, and forget theirs after any other response', async () => {
    for (const status of [200, 404, 429, 501, 505]) {
      for (let index = 0; index < 4; index += 1) fail('GET /one', 500)
      await clock.advance(10_000)
      fail('GET /one', status)
      assert.equal(routes.outage('GET /one'), undefined, `${status}`)
    }
  })

  it('learn nothing from a request without a response', async () => {
    for (let index = 0; index < 5; index += 1) fail('GET /one', 500)
    routes.enter('GET /one').settle(refused)
    await clock.advance(10_000)
    fail('GET /one', 500)
    assert.ok(routes.outage('GET /one'))
  })

  it('close after one probe', async () => {
    for (let index = 0; index < 6; index += 1) {
      fail('GET /one', 500)
      await clock.advance(4_000)
    }
    assert.equal(routes.outage('GET /one'), undefined, 'the probe is due')
    const probe = routes.enter('GET /one')
    assert.ok(routes.outage('GET /one'), 'only one')
    probe.settle()
    assert.equal(routes.outage('GET /one'), undefined)
    fail('GET /one', 500)
    assert.equal(routes.outage('GET /one'), undefined, 'the failures before it are forgotten')
  })

  it('allow another probe when the first was given up or got no response', async () => {
    for (let index = 0; index < 6; index += 1) {
      fail('GET /one', 500)
      await clock.advance(4_000)
    }
    for (const end of [(pass: Pass) => pass.release(), (pass: Pass) => pass.settle(refused)]) {
      const probe = routes.enter('GET /one')
      assert.ok(routes.outage('GET /one'))
      end(probe)
      assert.equal(routes.outage('GET /one'), undefined)
    }
    routes.enter('GET /unknown').release()
  })

  it('count the failures of requests that were sent at once, and of several routes', async () => {
    const passes = Array.from({ length: 4 }, () => [routes.enter('GET /one'), routes.enter('GET /other')])
    for (const pass of passes.flat()) pass.settle({ status: 500 })
    await clock.advance(10_000)
    for (const route of ['GET /one', 'GET /other']) {
      fail(route, 500)
      assert.ok(routes.outage(route), route)
    }
  })

  it('are forgotten beyond a thousand', async () => {
    for (let round = 0; round < 5; round += 1)
      for (let index = 0; index < 1001; index += 1) fail(`GET /${index}`, 500)
    await clock.advance(10_000)
    fail('GET /0', 500)
    assert.equal(routes.outage('GET /0'), undefined)
  })
})

/** What the limiter does while the breaker of the account says that the cloud is away. */
import assert from 'node:assert/strict'
import { Breaker } from '../../../src/lib/limiter/circuit-breaker'
import type { LimiterOptions, Outcome, PermitRequest } from '../../../src/lib/limiter/limiter'
import { settle } from '../fake-clock'
import { LimiterRig, perSecond } from './limiter-rig'

const refused = { network: 'ECONNREFUSED' }
const command: PermitRequest = { budgets: [], priority: 'command' }
const read: PermitRequest = { budgets: [] }

describe('the limiter in an outage', () => {
  /** An outage that has just begun, and whose probes are `base` ms apart, or half of that. */
  const outage = async (base: number, options: LimiterOptions = {}): Promise<LimiterRig & { breaker: Breaker }> => {
    let breaker = new Breaker()
    const rig = await LimiterRig.create((clock) => ({ breaker: (breaker = new Breaker({ clock, threshold: 1, base, cap: base })), ...options }))
    const first = await rig.limiter.take({ budgets: [] })
    first.done({ failure: refused })
    return Object.assign(rig, { breaker })
  }

  it('sends one probe, and charges no other request until its result is known', async () => {
    const rig = await outage(1000)
    const budgets = [perSecond(9)]
    const waits: number[] = []
    const probe = rig.limiter.take({ budgets, onWait: (ms) => waits.push(ms) })
    const behind = rig.limiter.take({ budgets })
    const untilProbe = rig.breaker.delay()
    assert.deepEqual(waits, [untilProbe])
    await rig.clock.advance(untilProbe - 1)
    assert.deepEqual([rig.limiter.running, rig.limiter.queued], [0, 2])
    // A timer fires up to a millisecond late.
    await rig.clock.advance(2)
    assert.deepEqual([rig.limiter.running, rig.limiter.queued, rig.limiter.states(budgets)[0]!.remaining], [1, 1, 8])
    const permit = await probe
    permit.done({ roundTrip: 20 })
    assert.deepEqual([rig.limiter.running, rig.limiter.queued], [1, 0])
    ;(await behind).done()
  })

  const results: [string, Outcome | undefined, expected: 'over' | 'goes on' | 'another probe may be sent'][] = [
    ['a probe whose caller gave up', undefined, 'another probe may be sent'],
    ['a probe of which nothing was learned', {}, 'another probe may be sent'],
    ['a probe with a response', { roundTrip: 20 }, 'over'],
    ['a probe without a response', { failure: refused }, 'goes on'],
    ['a probe with a response that says 503', { roundTrip: 20, failure: { status: 503 } }, 'goes on'],
    ['a probe with a response that says 404', { roundTrip: 20, failure: { status: 404 } }, 'over'],
  ]
  for (const [title, outcome, expected] of results)
    it(`after ${title}: ${expected}`, async () => {
      const rig = await outage(1000)
      await rig.clock.advance(rig.breaker.delay())
      const probe = await rig.limiter.take(read)
      probe.done(outcome)
      const isOver = rig.breaker.outage === undefined
      assert.equal(isOver ? 'over' : rig.breaker.delay() > 0 ? 'goes on' : 'another probe may be sent', expected)
      probe.done({ roundTrip: 1 })
      assert.deepEqual([rig.breaker.outage === undefined, rig.limiter.running], [isOver, 0], 'a permit is done once')
    })

  it('rejects a command that has waited for the maximum wait, and none before', async () => {
    for (const maximumWait of [5000, undefined]) {
      const rig = await outage(3_600_000, maximumWait === undefined ? {} : { maximumWait })
      const longest = maximumWait ?? 120_000
      const early = assert.rejects(rig.limiter.take(command), { code: 'NETWORK', message: /^the cloud has been unreachable since 2026-03-1\d \d\d:\d\d \(ECONNREFUSED\)/ })
      await rig.clock.advance(500)
      const late = assert.rejects(rig.limiter.take({ ...command, device: 'other' }), { code: 'NETWORK' })
      await rig.clock.advance(longest - 501)
      assert.equal(rig.limiter.queued, 2)
      await rig.clock.advance(1)
      await early
      assert.equal(rig.limiter.queued, 1)
      await rig.clock.advance(1500)
      await late
      assert.deepEqual([rig.limiter.queued, rig.clock.pending], [0, 0])
    }
  })

  it('rejects reads once it has lasted for ten seconds, and lets commands wait', async () => {
    const rig = await outage(3_600_000)
    const reads = Array.from({ length: 3 }, (_, device) => assert.rejects(rig.limiter.take({ ...read, device: `${device}` }), { code: 'NETWORK' }))
    const waiting = assert.rejects(rig.limiter.take({ ...command, device: '0' }), { code: 'CLOSED' })
    await rig.clock.advance(9_999)
    assert.equal(rig.limiter.queued, 4)
    await rig.clock.advance(1)
    await Promise.all(reads)
    assert.equal(rig.limiter.queued, 1)
    await assert.rejects(rig.limiter.take(read), { code: 'NETWORK' }, 'at once')
    rig.limiter.close()
    await waiting
  })

  it('sends a read as its probe, however long it has lasted', async () => {
    const rig = await outage(20_000)
    await rig.clock.advance(20_000)
    assert.equal(rig.breaker.isLasting, true)
    const probe = await rig.limiter.take(read)
    await assert.rejects(rig.limiter.take(read), { code: 'NETWORK' }, 'there is one probe at a time')
    probe.done({ roundTrip: 20 })
    ;(await rig.limiter.take(read)).done()
  })

  it('rejects a long queue in several turns of the event loop', async () => {
    const rig = await outage(3_600_000)
    const outcomes = Promise.allSettled(Array.from({ length: 2500 }, (_, index) => rig.limiter.take({ ...read, device: `${index % 2}` })))
    await rig.clock.advance(10_000)
    assert.equal(rig.limiter.queued, 1500)
    await rig.clock.advance(1)
    assert.equal(rig.limiter.queued, 500)
    await rig.clock.advance(1)
    assert.equal((await outcomes).filter(({ status }) => status === 'rejected').length, 2500)
    await settle()
    assert.deepEqual([rig.limiter.queued, rig.clock.pending], [0, 0])
  })
})

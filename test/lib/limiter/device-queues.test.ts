/** The order in which requests of several devices and windows start, and how seldom their windows are looked at. */
import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import sinon from 'sinon'
import type { PermitRequest } from '../../../src/lib/limiter/limiter'
import { SlidingWindow } from '../../../src/lib/limiter/sliding-window'
import type { Budget } from '../../../src/lib/vocabulary/budget'
import { settle } from '../fake-clock'
import { LimiterRig, perMinuteOfDevice, perSecond } from './limiter-rig'

const perDay: Budget = { name: 'per day', limit: 1, window: 'day', scope: 'account' }

describe('the queues of devices', () => {
  let rig: LimiterRig
  beforeEach(async () => {
    rig = await LimiterRig.create()
  })
  afterEach(() => sinon.restore())
  /** Takes a permit for each name; a device is the first letter of its names. */
  const runAll = (names: string[], request: PermitRequest): Promise<unknown> => Promise.all(names.map((name) => rig.run(name, { ...request, device: name.slice(0, 1) })))

  it('keep their turn when another request joins them', async () => {
    const budgets = [perSecond(1)]
    await rig.spend(1, { budgets })
    const all = runAll(['a1', 'b1', 'a2', 'c1', 'b2'], { budgets })
    await rig.clock.advance(10_000)
    await all
    assert.deepEqual(rig.started, ['a1', 'b1', 'c1', 'a2', 'b2'])
  })

  it('wait only for the windows of the account that concern them', async () => {
    const perMinute: Budget = { ...perSecond(1, 'per minute'), window: 60_000 }
    await rig.spend(1, { budgets: [perMinute] })
    const slow = runAll(['a1', 'b1'], { budgets: [perMinute] })
    const quick = runAll(['c1', 'd1', 'e1'], { budgets: [perSecond(1)] })
    await rig.clock.advance(2000)
    await quick
    assert.deepEqual(rig.started, ['c1', 'd1', 'e1'])
    await rig.clock.advance(120_000)
    await slow
    assert.deepEqual(rig.started.slice(3), ['a1', 'b1'])
  })

  it('go on when a blocked request was aborted, as if it had never come', async () => {
    const leaving = new AbortController()
    for (const device of ['a', 'b', 'c']) {
      await rig.spend(1, { budgets: [perMinuteOfDevice], device })
      await rig.clock.advance(1000)
    }
    const aborted = assert.rejects(rig.run('a', { budgets: [perMinuteOfDevice], device: 'a', signal: leaving.signal }))
    const others = runAll(['b1', 'c1'], { budgets: [perMinuteOfDevice] })
    leaving.abort()
    await aborted
    await rig.clock.advance(58_000)
    assert.deepEqual(rig.started, ['b1'])
    await rig.clock.advance(2_000)
    await others
    assert.deepEqual([rig.started, rig.limiter.queued, rig.clock.pending], [['b1', 'c1'], 0, 0])
  })

  it('are all rejected when the limiter is closed, also after a blocked request was aborted', async () => {
    const leaving = new AbortController()
    for (const device of ['a', 'b']) await rig.spend(1, { budgets: [perMinuteOfDevice], device })
    const aborted = assert.rejects(rig.run('a', { budgets: [perMinuteOfDevice], device: 'a', signal: leaving.signal }))
    const other = assert.rejects(rig.run('b', { budgets: [perMinuteOfDevice], device: 'b' }), { code: 'CLOSED' })
    leaving.abort()
    await aborted
    rig.limiter.close()
    await other
    rig.limiter.close()
    assert.deepEqual([rig.limiter.queued, rig.clock.pending], [0, 0])
  })

  it('are not looked at while they are blocked: another request starts without a look at them', async () => {
    const looks = sinon.spy(SlidingWindow.prototype, 'opensAt')
    const devices = Array.from({ length: 100 }, (_, index) => `${index}`)
    for (const device of devices) await rig.spend(1, { budgets: [perMinuteOfDevice], device })
    const all = devices.map((device) => rig.run(device, { budgets: [perMinuteOfDevice], device }))
    looks.resetHistory()
    await rig.spend(10, { budgets: [perSecond(99)], device: 'free' })
    assert.ok(looks.callCount <= 40, `${looks.callCount} looks`)
    await rig.clock.advance(60_000)
    await Promise.all(all)
    assert.equal(rig.started.length, 100)
  })

  it('wake the limiter once when all of them are blocked, and not for a request that was aborted', async () => {
    const { signal } = new AbortController()
    await rig.run('at once', { budgets: [perSecond(1)], signal })
    assert.equal(getEventListeners(signal, 'abort').length, 0, 'a request that starts at once listens to nothing')
    const waiting = rig.run('waits', { budgets: [perSecond(1)], signal })
    assert.deepEqual([getEventListeners(signal, 'abort').length, rig.clock.pending, rig.clock.untilNext], [1, 1, 1000])
    await rig.clock.advance(1000)
    await waiting
    assert.equal(rig.clock.pending, 0)
  })

  it('start a request as soon as a quick response shows that the one before it was counted early', async () => {
    rig = await LimiterRig.create(() => ({ jitterAllowance: {} }))
    for (let index = 0; index < 128; index += 1) (await rig.limiter.take({ budgets: [] })).done({ roundTrip: 20 + (index % 100) })
    assert.ok(rig.limiter.jitterAllowance > 90)
    const first = await rig.limiter.take({ budgets: [perMinuteOfDevice], device: 'a' })
    first.sent()
    const next = rig.limiter.take({ budgets: [perMinuteOfDevice], device: 'a' })
    await rig.clock.advance(20)
    first.done({ roundTrip: 20 })
    await rig.clock.advance(60_100)
    const { waited } = await next
    assert.ok(waited > 60_000 && waited < 60_020, `${waited}`)
    assert.equal(Math.round(rig.limiter.lateness(60) - rig.limiter.lateness(20)), 40, 'a later response shows a later count')
  })

  it('start an undisturbed request where one without a budget of its device comes first', async () => {
    await rig.spend(1, { budgets: [perMinuteOfDevice], device: 'a' })
    await Promise.all([rig.run('1', { budgets: [perMinuteOfDevice] }), rig.run('2', { budgets: [perMinuteOfDevice] })])
    assert.deepEqual(rig.started, ['1', '2'], 'no budget of a device concerns a request without a device')
  })

  describe('do not take', () => {
    it('a request that a spent limit refuses, also in a pause', async () => {
      await rig.spend(1, { budgets: [perDay] })
      rig.limiter.pause(60_000, 'the vendor asked for it')
      const refused = assert.rejects(rig.limiter.take({ budgets: [perDay] }), { code: 'QUOTA' })
      assert.equal(rig.limiter.queued, 0)
      await refused
    })

    it('any request once the limiter is closed, whatever its limits say', async () => {
      await rig.spend(1, { budgets: [perDay] })
      rig.limiter.close()
      await assert.rejects(rig.limiter.take({ budgets: [perDay] }), { code: 'CLOSED' })
      await settle()
      assert.equal(rig.limiter.queued, 0)
    })
  })
})

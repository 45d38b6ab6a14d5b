/** What callers learn of how long their requests will wait. */
import assert from 'node:assert/strict'
import { Limiter, type PermitRequest } from '../../../src/lib/limiter/limiter'
import { FakeClock, settle } from '../fake-clock'
import { LimiterRig, perMinuteOfDevice, perSecond } from './limiter-rig'

describe('the estimate of a wait', () => {
  let rig: LimiterRig
  let told: number[] = []
  let all: Promise<unknown>[] = []
  beforeEach(async () => {
    rig = await LimiterRig.create()
    told = []
    all = []
  })
  /** Whatever still waits at the end of a test is rejected. */
  afterEach(async () => {
    rig.limiter.close()
    await Promise.allSettled(all)
  })
  const wait = (request: PermitRequest, count = 1): void => {
    for (let index = 0; index < count; index += 1) all.push(rig.limiter.take(request).catch(() => undefined))
  }
  const onWait = (ms: number): void => void told.push(ms)

  it('counts the reads of all devices ahead for a read, and only the commands for a command', async () => {
    const budgets = [perSecond(1)]
    await rig.spend(1, { budgets })
    wait({ budgets }, 4)
    wait({ budgets, device: 'a', onWait })
    wait({ budgets, priority: 'command' }, 2)
    assert.equal(told.at(-1), 5000)
    wait({ budgets, device: 'a', priority: 'command', onWait })
    assert.equal(told.at(-1), 3000)
  })

  it('counts only the requests of its device for a budget of devices', async () => {
    const budgets = [perMinuteOfDevice]
    await rig.spend(1, { budgets, device: 'a' })
    wait({ budgets, device: 'b' }, 5)
    wait({ budgets, device: 'a' }, 2)
    wait({ budgets, device: 'a', onWait })
    assert.deepEqual(told, [3 * 60_000])
  })

  it('is not told where nothing but other requests in flight hold it up', async () => {
    rig = await LimiterRig.create(() => ({ concurrency: 1 }))
    await rig.limiter.take({ budgets: [perSecond(9)] })
    wait({ budgets: [perSecond(9)], onWait })
    assert.deepEqual([told, rig.limiter.queued], [[], 1])
  })

  it('is told the first time also where it is short and the process has just started', async () => {
    const clock = new FakeClock()
    const limiter = new Limiter({ clock, jitterAllowance: { initial: 0, floor: 0, cap: 0 } })
    const budgets = [{ ...perSecond(1), window: 300 }]
    ;(await limiter.take({ budgets })).done()
    const waiting = limiter.take({ budgets, onWait })
    await clock.advance(300)
    ;(await waiting).done()
    assert.deepEqual(told, [300])
  })

  describe('is told again after a pause', () => {
    const cases: [first: number, pause: number, isTold: boolean][] = [
      [1000, 999, false],
      [1000, 1000, true],
      [9000, 2999, false],
      [9000, 3000, true],
    ]
    for (const [first, pause, isTold] of cases)
      it(`of ${pause} ms${isTold ? '' : ', but not'} where it was ${first} ms: ${pause < 1000 ? 'less than a second more' : pause < 3000 ? 'less than a quarter of the wait' : 'enough'}`, async () => {
        const budgets = [{ ...perSecond(1), window: first }]
        await rig.spend(1, { budgets })
        wait({ budgets, onWait })
        rig.limiter.pause(pause, 'the vendor asked for it')
        assert.deepEqual(told, isTold ? [first, first + pause] : [first])
      })

    it('and not for a pause that ends no later than the one before', async () => {
      const budgets = [perSecond(1)]
      await rig.spend(1, { budgets })
      wait({ budgets, onWait })
      rig.limiter.pause(5000, 'the first')
      rig.limiter.pause(5000, 'the second')
      assert.deepEqual([told, rig.limiter.paused?.reason], [[1000, 6000], 'the first'])
    })
  })

  describe('goes to a callback', () => {
    it('that may abort its own request', async () => {
      const budgets = [perSecond(1)]
      await rig.spend(1, { budgets })
      const leaving = new AbortController()
      await assert.rejects(rig.limiter.take({ budgets, signal: leaving.signal, onWait: () => leaving.abort(new Error('too long')) }), { message: 'too long' })
      assert.deepEqual([rig.limiter.queued, rig.clock.pending], [0, 0])
    })

    it('that may abort its own request and then throw', async () => {
      const budgets = [perSecond(1)]
      await rig.spend(1, { budgets })
      const leaving = new AbortController()
      let calls = 0
      const waiting = rig.limiter.take({
        budgets,
        signal: leaving.signal,
        onWait: () => {
          calls += 1
          if (calls === 1) return
          leaving.abort(new Error('too long'))
          throw new Error('and worse')
        },
      })
      rig.limiter.pause(60_000, 'the vendor asked for it')
      await assert.rejects(waiting, { message: 'too long' })
      assert.deepEqual([calls, rig.limiter.queued], [2, 0])
    })

    it('not for a request that another callback has aborted meanwhile', async () => {
      const budgets = [perSecond(1)]
      await rig.spend(1, { budgets })
      const leaving = new AbortController()
      let calls = 0
      wait({ budgets, device: 'a', onWait: () => ((calls += 1) === 2 ? leaving.abort() : undefined) })
      wait({ budgets, device: 'b', signal: leaving.signal, onWait })
      rig.limiter.pause(60_000, 'the vendor asked for it')
      await settle()
      assert.deepEqual([calls, Math.max(...told), rig.limiter.queued], [2, 2000, 1])
    })

    it('that throws, and then the request behind it goes where the window of its device does not concern it', async () => {
      await rig.spend(1, { budgets: [perMinuteOfDevice], device: 'a' })
      let calls = 0
      const onWaitOnce = (): void => {
        if ((calls += 1) === 2) throw new Error('no status bar')
      }
      const blocked = assert.rejects(rig.limiter.take({ budgets: [perMinuteOfDevice], device: 'a', onWait: onWaitOnce }), { message: 'no status bar' })
      const behind = rig.run('behind', { budgets: [], device: 'a' })
      rig.limiter.pause(20_000, 'the vendor asked for it')
      await blocked
      await rig.clock.advance(20_000)
      assert.deepEqual(rig.started, ['behind'])
      await behind
    })

    it('only where there is one: a request without it waits as ever', async () => {
      const budgets = [perSecond(1)]
      await rig.spend(1, { budgets })
      const waiting = rig.run('waits', { budgets })
      rig.limiter.pause(3000, 'the vendor asked for it')
      await rig.clock.advance(3000)
      await waiting
      assert.deepEqual(rig.started, ['waits'])
    })
  })
})

import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import { Limiter, type LimiterOptions, type Permit, type PermitRequest } from '../../../src/lib/limiter/limiter'
import { FakeClock, settle } from '../fake-clock'
import type { Budget } from '../../../src/lib/vocabulary/budget'

const perSecond: Budget = { name: 'per second', limit: 2, window: 1000, scope: 'account' }
const perDay: Budget = { name: 'per day', limit: 3, window: 'day', scope: 'account' }
const ofDevice: Budget = { name: 'of a device', limit: 1, window: 60_000, scope: 'device' }
/** The jitter allowance has its own tests; here a second is a second. */
const exact = { initial: 0, floor: 0, cap: 0 }

const make = (options: LimiterOptions = {}, start?: string): { clock: FakeClock; limiter: Limiter } => {
  const clock = new FakeClock(start)
  return { clock, limiter: new Limiter({ clock, jitterAllowance: exact, concurrency: 1000, ...options }) }
}

describe('limiter', () => {
  let { clock, limiter } = make()
  let started: string[] = []

  beforeEach(() => {
    ;({ clock, limiter } = make())
    started = []
  })

  /** Takes a permit and notes the name when it starts; done at once. */
  const run = async (name: string, request: PermitRequest): Promise<Permit> => {
    const permit = await limiter.take(request)
    started.push(name)
    permit.done()
    return permit
  }
  const spend = async (count: number, request: PermitRequest): Promise<void> => {
    for (let index = 0; index < count; index += 1) await run('spent', request)
    started = []
  }

  describe('windows', () => {
    it('opens exactly when the oldest request leaves the window', async () => {
      const all = ['a', 'b', 'c'].map((name) => run(name, { budgets: [perSecond] }))
      await clock.advance(999)
      assert.deepEqual(started, ['a', 'b'])
      await clock.advance(1)
      assert.deepEqual(started, ['a', 'b', 'c'])
      assert.ok((await all[2]!).waited >= 1000)
      assert.equal((await all[0]!).waited, 0)
    })

    it('charges no window when another one refuses', async () => {
      await spend(3, { budgets: [perDay] })
      await assert.rejects(limiter.take({ budgets: [perSecond, perDay] }), { code: 'QUOTA' })
      assert.equal(limiter.states([perSecond])[0]!.remaining, 2)
    })

    it('follows a limit that changes', async () => {
      await spend(2, { budgets: [perSecond] })
      const all = ['a', 'b', 'c'].map((name) => run(name, { budgets: [{ ...perSecond, limit: 4 }] }))
      await clock.advance(500)
      assert.deepEqual(started, ['a', 'b'])
      await clock.advance(1001)
      await Promise.all(all)
      assert.deepEqual(limiter.states([{ ...perSecond, limit: 1 }])[0]!.remaining, 0)
    })

    it('gives what remains and when the whole limit is available again', async () => {
      await spend(1, { budgets: [perSecond, perDay, ofDevice], device: 'd' })
      await clock.advance(400)
      assert.deepEqual(limiter.states([perSecond, perDay, ofDevice], 'd'), [
        { name: 'per second', limit: 2, remaining: 1, resetsAt: clock.now() + 600 },
        { name: 'per day', limit: 3, remaining: 2, resetsAt: Date.parse('2026-03-11T00:00:00Z') },
        { name: 'of a device', limit: 1, remaining: 0, resetsAt: clock.now() + 59_600 },
      ])
      assert.deepEqual(limiter.states([ofDevice]), [])
      assert.equal(limiter.states([ofDevice], 'other')[0]!.remaining, 1)
    })

    it('rejects a budget that is out of range', async () => {
      await assert.rejects(limiter.take({ budgets: [{ ...perSecond, limit: NaN }] }), RangeError)
      await assert.rejects(limiter.take({ budgets: [{ ...perSecond, window: 0 }] }), RangeError)
      await assert.rejects(limiter.take({ budgets: [{ ...perSecond, limit: 0 }] }), { code: 'QUOTA' })
      assert.equal(limiter.queued, 0)
    })
  })

  describe('queue', () => {
    it('does not hold up a device because another is blocked', async () => {
      const all = ['a1', 'a2', 'b1'].map((name) => run(name, { budgets: [ofDevice], device: name.slice(0, 1) }))
      await clock.advance(1)
      assert.deepEqual(started, ['a1', 'b1'])
      await clock.advance(60_001)
      assert.deepEqual(started, ['a1', 'b1', 'a2'])
      await Promise.all(all)
    })

    it('takes devices in turns, and each in its order', async () => {
      await spend(2, { budgets: [perSecond] })
      const names = ['a1', 'a2', 'a3', 'b1', 'b2', 'c1']
      const all = names.map((name) => run(name, { budgets: [perSecond], device: name.slice(0, 1) }))
      await clock.advance(10_000)
      await Promise.all(all)
      assert.deepEqual(started, ['a1', 'b1', 'c1', 'a2', 'b2', 'a3'])
    })

    it('starts commands before earlier reads, also those of the same device', async () => {
      await spend(2, { budgets: [perSecond] })
      const all = [
        run('read a', { budgets: [perSecond], device: 'a' }),
        run('read b', { budgets: [perSecond], device: 'b' }),
        run('command a', { budgets: [perSecond], device: 'a', priority: 'command' }),
      ]
      await clock.advance(5000)
      await Promise.all(all)
      assert.deepEqual(started, ['command a', 'read a', 'read b'])
    })

    it('starts each blocked device when its own window opens', async () => {
      const delays = [60, 7, 30, 1, 45, 3, 20, 2]
      const requests = delays.map((seconds) => ({
        budgets: [{ name: `every ${seconds} s`, limit: 1, window: seconds * 1000, scope: 'device' as const }],
        device: `${seconds}`,
      }))
      for (const request of requests) await spend(1, request)
      const all = requests.map((request) => run(request.device, request))
      await clock.advance(60_000)
      await Promise.all(all)
      assert.deepEqual(started, ['1', '2', '3', '7', '20', '30', '45', '60'])
    })

    it('starts a waiting command without any read', async () => {
      await spend(2, { budgets: [perSecond] })
      const command = run('command', { budgets: [perSecond], priority: 'command' })
      await clock.advance(1000)
      assert.deepEqual(started, ['command'])
      await command
    })

    it('runs no more requests at once than its concurrency', async () => {
      ;({ clock, limiter } = make({ concurrency: 2 }))
      const first = await limiter.take({ budgets: [] })
      await limiter.take({ budgets: [] })
      const third = run('third', { budgets: [] })
      await clock.advance(60_000)
      assert.deepEqual([started, limiter.running, limiter.queued], [[], 2, 1])
      first.done()
      first.done()
      await third
      assert.equal(limiter.running, 1)
    })

    it('rejects requests beyond its bound, and says what to do', async () => {
      ;({ clock, limiter } = make({ maxQueue: 1 }))
      await spend(2, { budgets: [perSecond] })
      const waiting = run('waits', { budgets: [perSecond] })
      await assert.rejects(limiter.take({ budgets: [perSecond] }), { code: 'RATE_LIMITED', message: /trigger its nodes less often/ })
      const command = run('command', { budgets: [perSecond], priority: 'command' })
      await run('goes at once', { budgets: [], device: 'other' })
      assert.equal(limiter.queued, 2)
      await clock.advance(5000)
      await Promise.all([waiting, command])
      assert.deepEqual(started, ['goes at once', 'command', 'waits'])
    })

    it('has one timer at most, and none when no request waits', async () => {
      const all = Array.from({ length: 50 }, (_, index) => run('x', { budgets: [perSecond, ofDevice], device: `${index % 7}` }))
      await settle()
      assert.equal(clock.pending, 1)
      await clock.advance(600_000)
      await Promise.all(all)
      assert.equal(clock.pending, 0)
    })
  })

  describe('abort', () => {
    it('removes one request without disturbing the others, and leaves no listener', async () => {
      await spend(2, { budgets: [perSecond] })
      const controllers = [new AbortController(), new AbortController(), new AbortController()]
      const all = controllers.map(({ signal }, index) => run(`${index}`, { budgets: [perSecond], signal }))
      assert.deepEqual(controllers.map(({ signal }) => getEventListeners(signal, 'abort').length), [1, 1, 1])
      controllers[1]!.abort(new Error('changed my mind'))
      await assert.rejects(all[1]!, { message: 'changed my mind' })
      assert.equal(limiter.queued, 2)
      await clock.advance(1001)
      await Promise.all([all[0], all[2]])
      assert.deepEqual(started, ['0', '2'])
      assert.deepEqual(controllers.map(({ signal }) => getEventListeners(signal, 'abort').length), [0, 0, 0])
    })

    it('shares one listener among all requests of a signal', async () => {
      await spend(2, { budgets: [perSecond] })
      const controller = new AbortController()
      const all = Array.from({ length: 100 }, () => limiter.take({ budgets: [perSecond], signal: controller.signal }))
      assert.equal(getEventListeners(controller.signal, 'abort').length, 1)
      controller.abort()
      const outcomes = await Promise.allSettled(all)
      assert.ok(outcomes.every(({ status }) => status === 'rejected'))
      assert.deepEqual([limiter.queued, clock.pending], [0, 0])
    })

    it('shares one listener with other limiters, so that Node.js does not warn of a leak', async () => {
      const { signal } = new AbortController()
      const warnings: Error[] = []
      const record = (warning: Error): void => void warnings.push(warning)
      process.on('warning', record)
      const limiters = Array.from({ length: 12 }, () => new Limiter({ clock, concurrency: 0 }))
      const all = Promise.allSettled(limiters.map((one) => one.take({ budgets: [], signal })))
      assert.equal(getEventListeners(signal, 'abort').length, 1)
      for (const one of limiters) one.close()
      await all
      await new Promise((resolve) => setImmediate(resolve))
      process.off('warning', record)
      assert.deepEqual(warnings, [])
      assert.equal(getEventListeners(signal, 'abort').length, 0)
    })

    it('rejects at once with a signal that was aborted before', async () => {
      await assert.rejects(limiter.take({ budgets: [], signal: AbortSignal.abort(new Error('too late')) }), { message: 'too late' })
      assert.equal(limiter.running, 0)
    })

    it('starts the request behind an aborted one that was blocked', async () => {
      await spend(1, { budgets: [ofDevice], device: 'a' })
      const controller = new AbortController()
      const blocked = run('blocked', { budgets: [ofDevice], device: 'a', signal: controller.signal })
      const behind = run('behind', { budgets: [], device: 'a' })
      await settle()
      assert.deepEqual(started, [])
      controller.abort(new Error('gone'))
      await assert.rejects(blocked)
      await behind
      assert.deepEqual(started, ['behind'])
    })
  })

  describe('close', () => {
    it('rejects ready, blocked and paused requests with CLOSED, and keeps no timer and no listener', async () => {
      await spend(1, { budgets: [perSecond, ofDevice], device: 'a' })
      const { signal } = new AbortController()
      const all: Promise<Permit>[] = [limiter.take({ budgets: [ofDevice], device: 'a', signal })]
      await spend(1, { budgets: [perSecond] })
      all.push(limiter.take({ budgets: [perSecond], device: 'b', signal }))
      limiter.pause(60_000, 'the vendor asked for it')
      all.push(limiter.take({ budgets: [], device: 'c', priority: 'command', signal }))
      limiter.close()
      for (const promise of all) await assert.rejects(promise, { code: 'CLOSED' })
      await assert.rejects(limiter.take({ budgets: [] }), { code: 'CLOSED' })
      assert.deepEqual([limiter.queued, clock.pending, getEventListeners(signal, 'abort').length], [0, 0, 0])
    })

    it('drops a long queue in several turns', async () => {
      ;({ clock, limiter } = make({ concurrency: 0 }))
      const outcomes = Promise.allSettled(Array.from({ length: 2500 }, () => limiter.take({ budgets: [] })))
      limiter.close()
      assert.equal(limiter.queued, 1500)
      await clock.advance(10)
      assert.equal((await outcomes).filter(({ status }) => status === 'rejected').length, 2500)
      assert.equal(clock.pending, 0)
    })
  })

  describe('pause', () => {
    it('holds all requests and keeps their order', async () => {
      limiter.pause(5000, 'the vendor asked for it')
      limiter.pause(1000, 'shorter, so it changes nothing')
      const all = ['a', 'b'].map((name) => run(name, { budgets: [perSecond] }))
      await clock.advance(4999)
      assert.deepEqual([started, limiter.queued], [[], 2])
      assert.deepEqual(limiter.paused, { reason: 'the vendor asked for it', remaining: 1 })
      await clock.advance(1)
      await Promise.all(all)
      assert.deepEqual(started, ['a', 'b'])
      assert.equal(limiter.paused, undefined)
    })

    it('may be longer than a timer can be', async () => {
      limiter.pause(60 * 86_400_000, 'come back in two months')
      const late = run('late', { budgets: [] })
      await clock.advance(59 * 86_400_000)
      assert.deepEqual(started, [])
      await clock.advance(86_400_000)
      await late
    })
  })

  describe('onWait', () => {
    it('is called once when nothing changes, and not at all without a wait', async () => {
      const waits: number[] = []
      await run('at once', { budgets: [perSecond], onWait: (ms) => waits.push(ms) })
      await spend(1, { budgets: [perSecond] })
      assert.equal(waits.length, 0)
      const waiting = run('waits', { budgets: [perSecond], onWait: (ms) => waits.push(ms) })
      await clock.advance(2000)
      await waiting
      assert.deepEqual(waits, [1000])
    })

    it('includes the requests ahead, and is called again after a pause', async () => {
      await spend(2, { budgets: [perSecond] })
      const waits: number[] = []
      const before = Array.from({ length: 20 }, () => run('before', { budgets: [perSecond] }))
      const waiting = run('waits', { budgets: [perSecond], onWait: (ms) => waits.push(ms) })
      assert.equal(waits.length, 1)
      assert.ok(waits[0]! >= 10_000 && waits[0]! <= 12_000, `${waits[0]}`)
      limiter.pause(30_000, 'the vendor asked for it')
      assert.ok(waits[1]! >= 40_000 && waits[1]! <= 42_000, `${waits[1]}`)
      await clock.advance(60_000)
      await Promise.all([...before, waiting])
    })

    it('rejects only its own request with the error that it throws', async () => {
      await spend(2, { budgets: [perSecond] })
      const other = run('other', { budgets: [perSecond] })
      const onWait = (): void => {
        throw new Error('no status bar')
      }
      await assert.rejects(limiter.take({ budgets: [perSecond], onWait }), { message: 'no status bar' })
      await clock.advance(1001)
      await other
      await spend(1, { budgets: [perSecond] })
      await assert.rejects(limiter.take({ budgets: [perSecond], onWait }))
      assert.equal(clock.pending, 0)
    })
  })
})

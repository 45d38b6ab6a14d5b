/** The limiter beside a model that remembers when each request started. */
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { Limiter, LimiterError, type Permit } from '../../src/lib/limiter/limiter'
import type { Budget, Priority } from '../../src/lib/vocabulary/budget'
import { FakeClock, settle } from '../lib/fake-clock'
import { checkHistories } from './histories'

const DAY = 86_400_000
/** Ms around midnight in which the vendor's clock may be on another day. */
const RESET = 2000

interface Setting {
  account: number
  device: number
  day: number
  reserve: number
  concurrency: number
  /** Without one the model knows to the ms when a place becomes free. */
  hasAllowance: boolean
}

const setting: fc.Arbitrary<Setting> = fc.record({
  account: fc.integer({ min: 1, max: 5 }),
  device: fc.integer({ min: 1, max: 4 }),
  day: fc.integer({ min: 10, max: 60 }),
  reserve: fc.integer({ min: 0, max: 5 }),
  concurrency: fc.integer({ min: 1, max: 8 }),
  hasAllowance: fc.boolean(),
})

type Step =
  | { do: 'take'; device: 'a' | 'b' | undefined; priority: Priority }
  | { do: 'pass'; ms: number }
  | { do: 'end'; which: number; roundTrip: number | undefined }
  | { do: 'abort'; which: number }
  | { do: 'pause'; ms: number }
  | { do: 'observe'; remaining: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 10, arbitrary: fc.record({ do: fc.constant('take' as const), device: fc.constantFrom('a' as const, 'b' as const, undefined), priority: fc.constantFrom<Priority>('command', 'read') }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(0, 1, 250, 999, 1000, 1050, 3000, 60_000, 6 * 3_600_000) }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('end' as const), which: fc.nat(8), roundTrip: fc.constantFrom(undefined, 0, 20, 49) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('abort' as const), which: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('pause' as const), ms: fc.constantFrom(10, 1500, 30_000) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('observe' as const), remaining: fc.nat(5) }) },
)

interface Request {
  index: number
  device: string | undefined
  priority: Priority
  state: 'waiting' | 'running' | 'over'
  permit?: Permit
  abort: AbortController
}

/** Counts by hand: each charge is a moment and a device. */
class Model {
  readonly charges: { at: number; epoch: number; device: string | undefined }[] = []
  pausedUntil = 0

  constructor(readonly setting: Setting) {}

  /** Whether both windows of a second have room. */
  hasRoom(device: string | undefined, now: number): boolean {
    const recent = this.charges.filter(({ at }) => at + 1000 > now)
    return recent.length < this.setting.account && (device === undefined || recent.filter((charge) => charge.device === device).length < this.setting.device)
  }

  /** Whether the day is spent. The vendor's clock may differ by two seconds, so near midnight a request counts on both days. */
  isSpent(priority: Priority, epoch: number): boolean {
    const since = (start: number): number => this.charges.filter((charge) => charge.epoch >= start - RESET && charge.device !== 'observed').length
    const today = Math.floor(epoch / DAY) * DAY
    const used = epoch - today < RESET ? since(today - DAY) : since(today)
    return used >= this.setting.day - (priority === 'read' ? this.setting.reserve : 0)
  }
}

class World {
  readonly clock = new FakeClock('2026-03-10T12:00:00Z')
  readonly model: Model
  readonly requests: Request[] = []
  readonly #limiter: Limiter
  readonly #perSecond: Budget
  readonly #budgets: Budget[]

  constructor(readonly setting: Setting) {
    this.model = new Model(setting)
    this.#limiter = new Limiter({ clock: this.clock, concurrency: setting.concurrency, ...(setting.hasAllowance ? {} : { jitterAllowance: { initial: 0, floor: 0, cap: 0 } }) })
    this.#perSecond = { name: 'per second', limit: setting.account, window: 1000, scope: 'account' }
    this.#budgets = [
      this.#perSecond,
      { name: 'of a device', limit: setting.device, window: 1000, scope: 'device' },
      { name: 'per day', limit: setting.day, window: 'day', scope: 'account', reserve: setting.reserve },
    ]
  }

  of(state: Request['state']): Request[] {
    return this.requests.filter((request) => request.state === state)
  }

  async apply(step: Step): Promise<void> {
    if (step.do === 'take') this.#take(step.device, step.priority)
    else if (step.do === 'pass') await this.clock.advance(step.ms)
    else if (step.do === 'end') this.#end(this.of('running')[step.which], step.roundTrip)
    else if (step.do === 'abort') this.of('waiting')[step.which]?.abort.abort(new Error('aborted'))
    else if (step.do === 'pause') {
      this.#limiter.pause(step.ms, 'made for a test')
      this.model.pausedUntil = Math.max(this.model.pausedUntil, this.clock.monotonic() + step.ms)
    } else this.#observe(step.remaining)
    await settle()
    this.#check()
  }

  /** All waiting requests end, once nothing holds them up. */
  async drain(): Promise<void> {
    for (let turn = 0; turn < 400 && this.of('waiting').length + this.of('running').length > 0; turn += 1) {
      for (const request of this.of('running')) this.#end(request, 10)
      await this.clock.advance(1100)
      this.#check()
      if (turn === 40) await this.clock.advance(60_000)
    }
    assert.deepEqual([this.of('waiting').length, this.#limiter.queued, this.#limiter.running, this.clock.pending], [0, 0, 0, 0], 'a request is left over')
  }

  #take(device: string | undefined, priority: Priority): void {
    const request: Request = { index: this.requests.length, device, priority, state: 'waiting', abort: new AbortController() }
    this.requests.push(request)
    const { signal } = request.abort
    this.#limiter.take({ budgets: this.#budgets, device, priority, signal }).then(
      (permit) => this.#started(request, permit),
      (error: unknown) => this.#refused(request, error),
    ).catch((error: unknown) => this.#failures.push(error))
  }

  readonly #failures: unknown[] = []
  /** Looked at after a step: the request that spent the day is known a moment later than those that are refused because of it. */
  #refusals: { request: Request; error: unknown; epoch: number }[] = []

  #started(request: Request, permit: Permit): void {
    const { device, index, priority } = request
    const now = this.clock.monotonic()
    permit.sent()
    assert.ok(this.model.hasRoom(device, now), `request ${index} starts, and a window of a second is full`)
    assert.ok(!this.model.isSpent(priority, this.clock.now()), `request ${index} starts, and the day is spent`)
    assert.ok(now >= this.model.pausedUntil, `request ${index} starts in a pause`)
    assert.ok(this.of('running').length < this.setting.concurrency, `request ${index} is one too many in flight`)
    const earlier = this.of('waiting').find((other) => other.index < index && other.device === device && other.priority === priority)
    assert.equal(earlier?.index, undefined, `request ${index} overtakes one of its device`)
    if (priority === 'read' && !this.setting.hasAllowance) assert.equal(this.#couldStart('command')?.index, undefined, `request ${index} is a read, and overtakes a command`)
    Object.assign(request, { state: 'running', permit })
    this.model.charges.push({ at: now, epoch: this.clock.now(), device })
  }

  #refused(request: Request, error: unknown): void {
    request.state = 'over'
    if (!request.abort.signal.aborted) this.#refusals.push({ request, error, epoch: this.clock.now() })
  }

  #end(request: Request | undefined, roundTrip: number | undefined): void {
    if (!request) return
    request.state = 'over'
    request.permit?.done(roundTrip === undefined ? {} : { roundTrip })
  }

  /** What the vendor has counted besides stands in the model as charges of now. With an allowance it may be requests that the model has dropped. */
  #observe(remaining: number): void {
    if (this.setting.hasAllowance) return
    const now = this.clock.monotonic()
    const used = this.model.charges.filter(({ at }) => at + 1000 > now).length
    this.#limiter.observe(this.#perSecond, remaining)
    if (this.model.charges.length === 0) return
    for (let count = used; count < this.setting.account - remaining; count += 1) this.model.charges.push({ at: now, epoch: 0, device: 'observed' })
  }

  /** The first waiting request of its device and priority that nothing holds up. */
  #couldStart(priority: Priority): Request | undefined {
    const [now, epoch] = [this.clock.monotonic(), this.clock.now()]
    const waiting = this.of('waiting').filter((request) => request.priority === priority)
    return waiting.find((request) => waiting.find(({ device }) => device === request.device) === request && this.model.hasRoom(request.device, now) && !this.model.isSpent(priority, epoch))
  }

  #check(): void {
    if (this.#failures.length > 0) throw this.#failures[0] as Error
    for (const { request: { index, priority }, error, epoch } of this.#refusals)
      assert.ok(error instanceof LimiterError && error.code === 'QUOTA' && this.model.isSpent(priority, epoch), `request ${index} is refused: ${String(error)}`)
    this.#refusals = []
    assert.equal(this.#limiter.queued, this.of('waiting').length)
    // With an allowance a place becomes free a little later than the model says.
    if (this.setting.hasAllowance || this.clock.monotonic() < this.model.pausedUntil || this.of('running').length >= this.setting.concurrency) return
    assert.equal((this.#couldStart('command') ?? this.#couldStart('read'))?.index, undefined, 'a request waits without a reason')
  }
}

describe('the limiter and its model', () => {
  it('agree on who may start, in which order, and who waits', () =>
    checkHistories(setting, step, async (given, steps) => {
      const world = new World(given)
      for (const one of steps) await world.apply(one)
      await world.drain()
    }))
})

import { Limiter, type LimiterOptions, type Permit, type PermitRequest } from '../../../src/lib/limiter/limiter'
import type { Budget } from '../../../src/lib/vocabulary/budget'
import { FakeClock } from '../fake-clock'

/** A budget of the account whose window is a second. */
export const perSecond = (limit: number, name = 'per second'): Budget => ({ name, limit, window: 1000, scope: 'account' })
/** One request a minute for each device. */
export const perMinuteOfDevice: Budget = { name: 'of a device', limit: 1, window: 60_000, scope: 'device' }

/** A limiter without a jitter allowance, whose clock has run for five seconds, and the names of the requests that have started. */
export class LimiterRig {
  readonly clock: FakeClock
  readonly limiter: Limiter
  started: string[] = []

  private constructor(clock: FakeClock, options: LimiterOptions) {
    this.clock = clock
    this.limiter = new Limiter({ clock, jitterAllowance: { initial: 0, floor: 0, cap: 0 }, concurrency: 1000, ...options })
  }

  static async create(options: (clock: FakeClock) => LimiterOptions = () => ({})): Promise<LimiterRig> {
    const clock = new FakeClock()
    await clock.advance(5000)
    return new LimiterRig(clock, options(clock))
  }

  /** Takes a permit, notes the name when the request starts, and is done at once. */
  async run(name: string, request: PermitRequest): Promise<Permit> {
    const permit = await this.limiter.take(request)
    this.started.push(name)
    permit.done()
    return permit
  }

  /** Uses up `count` requests of the budgets. */
  async spend(count: number, request: PermitRequest): Promise<void> {
    for (let index = 0; index < count; index += 1) await this.run('spent', request)
    this.started = []
  }
}

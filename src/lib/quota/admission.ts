/** What a request passes before it is sent: the local limiter, then what is counted outside of this process. */
import { sentenceOf } from '../base/sentence'
import type { StopSignal } from '../base/abort-signal'
import { Breaker } from '../limiter/circuit-breaker'
import { Limiter, LimiterError, type Budget, type Outcome, type Permit } from '../limiter/limiter'
import { CalendarCounter } from '../limiter/calendar-window'
import type { Clock } from '../base/clock'
import { expiring, type Expiry } from '../base/deadline'
import { outageBegan, outageEnded, quotaNearlySpent, WARN_AT, type AccountEvent } from './account-event'
import type { Priority } from '../limiter/sliding-window'
import { DEFAULT_SOCKETS } from '../http/transport'
import { ApiError } from '../base/api-error'

export interface Ask {
  budgets: readonly Budget[]
  device?: string | undefined
  priority: Priority
  signal: StopSignal
  /** Told how long the request waits, in ms. */
  onWait?: ((ms: number) => void) | undefined
  /** After the first of these moments it does not leave any more. */
  expiries: readonly Expiry[]
}

/** A place among those that may leave. */
export interface Turn {
  /** ms that it waited. */
  waited: number
  /** It has left, now. */
  sent(): void
  /** Frees its place; to be called once the answer is there, or the request has failed. */
  done(result?: Outcome): void
}

/** Counts outside of this process; see `CountKeeper` and `SharedLimits`. */
export interface OutsideCounts {
  /** Before the local limiter is asked. */
  before(ask: Ask): Promise<void> | undefined
  /** After a local permit was given. Rejects when the request may not leave. */
  after(permit: Permit, ask: Ask): Promise<Turn | undefined> | undefined
  /** All of the account waits for so many ms. */
  pause(duration: number): void
  /** What the vendor says is left of a budget. */
  observe(budget: Budget, remaining: number, device: string | undefined): void
  /** Keeps what is exact, and ends. */
  settle(): Promise<void>
}

export class Admission {
  readonly limiter: Limiter
  readonly breaker: Breaker
  readonly #clock: Clock
  readonly #tell: (notice: AccountEvent) => void
  /** End of the period for which was warned, epoch ms. */
  readonly #warned = new WeakMap<CalendarCounter, number>()
  outside: OutsideCounts | undefined

  constructor(clock: Clock, tell: (notice: AccountEvent) => void) {
    this.#clock = clock
    this.#tell = tell
    this.breaker = new Breaker({ clock, onOutage: (outage) => tell(outageBegan(outage)), onRecovery: (outage) => tell(outageEnded(outage)) })
    this.limiter = new Limiter({ clock, concurrency: DEFAULT_SOCKETS, breaker: this.breaker })
  }

  /**
   * Waits until the request may leave, at once.
   * @throws ApiError QUOTA, RATE_LIMITED, NETWORK, CLOSED; the reason of the signal; the error of an expiry
   */
  async enter(ask: Ask): Promise<Turn> {
    const { signal, settle } = expiring(ask.signal, ask.expiries, this.#clock)
    const bounded = signal === ask.signal ? ask : { ...ask, signal }
    try {
      const loading = this.outside?.before(bounded)
      if (loading) await loading
      const permit = await this.limiter.take(bounded)
      return await this.#confirmed(permit, bounded)
    } catch (error) {
      throw error instanceof LimiterError ? new ApiError(error.code, sentenceOf(error)) : error
    } finally {
      settle()
    }
  }

  async #confirmed(permit: Permit, ask: Ask): Promise<Turn> {
    try {
      this.#warn(permit)
      const turn = await this.outside?.after(permit, ask)
      if (!turn) return permit
      const sent = (): void => {
        permit.sent()
        turn.sent()
      }
      const done = (result?: Outcome): void => {
        permit.done(result)
        turn.done(result)
      }
      return { waited: permit.waited + turn.waited, sent, done }
    } catch (error) {
      permit.done()
      throw error
    }
  }

  pause(duration: number): void {
    this.limiter.pause(duration, 'the vendor answered 429')
    this.outside?.pause(duration)
  }

  /** What a vendor says of its own count may only lower ours. */
  observe(name: string, remaining: number, ask: Pick<Ask, 'budgets' | 'device'>): void {
    const budget = ask.budgets.find((known) => known.name === name)
    if (!budget || !Number.isFinite(remaining)) return
    this.limiter.observe(budget, remaining, ask.device)
    this.outside?.observe(budget, remaining, ask.device)
  }

  #warn(permit: Permit): void {
    for (const window of permit.windows) {
      if (!(window instanceof CalendarCounter)) continue
      const usage = window.usage(this.#clock.now())
      if (usage.used < window.budget.limit * WARN_AT || this.#warned.get(window) === usage.resetsAt) continue
      this.#warned.set(window, usage.resetsAt)
      this.#tell(quotaNearlySpent(window.budget, usage))
    }
  }
}

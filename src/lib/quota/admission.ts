/** The way of a request to its permit: the local limiter first, then the limits that processes share. */
import { type AbortSignalLike, withDeadlines, type Deadline } from '../base/abort-signal'
import { ApiError } from '../base/api-error'
import { instantOf, type Clock } from '../base/clock'
import { sentenceOf } from '../base/sentence'
import { Breaker } from '../limiter/circuit-breaker'
import { Limiter, LimiterError, type Outcome, type Permit } from '../limiter/limiter'
import type { Window } from '../limiter/window'
import { isCalendar, type Budget, type Priority } from '../vocabulary/budget'
import { outageBegan, outageEnded, quotaNearlySpent, WARN_AT, type AccountEvent } from './account-event'

export interface AdmissionRequest {
  budgets: readonly Budget[]
  device?: string | undefined
  priority: Priority
  signal: AbortSignalLike
  /** Receives the ms that the request waits. */
  onWait?: ((ms: number) => void) | undefined
  /** The request is not sent after the earliest of them. */
  deadlines: readonly Deadline[]
}

/** The right to send one request, now. */
export type AdmissionPermit = Pick<Permit, 'waited' | 'sent' | 'done'>

/** Counts beyond this process: saved for the next one (`SavedCounts`), or shared with others (`DistributedLimits`). */
export interface CountBackend {
  /** Called before the local limiter. Resolves when the counts of earlier processes are known. */
  load(request: AdmissionRequest): Promise<void> | undefined
  /** Called with a local permit. Rejects when the request must not be sent. */
  confirm(permit: Permit, request: AdmissionRequest): Promise<AdmissionPermit | undefined> | undefined
  /** Nothing of the account starts for so many ms. */
  pause(duration: number): void
  /** The vendor says how many requests are left of a budget. */
  observe(budget: Budget, remaining: number, device: string | undefined): void
  /** Saves the exact counts, and ends. */
  flush(): Promise<void>
}

export interface AdmissionOptions {
  clock: Clock
  /** Requests that may be in flight at once. */
  concurrency: number
  /** Receives outages, and quotas that are nearly spent. */
  emit(event: AccountEvent): void
}

export class Admission {
  readonly limiter: Limiter
  readonly breaker: Breaker
  /** Absent where the account has no store. */
  counts: CountBackend | undefined
  readonly #clock: Clock
  readonly #emit: (event: AccountEvent) => void
  /** End of the period in which the user was warned, epoch ms. */
  readonly #warned = new WeakMap<Window, number>()

  constructor({ clock, concurrency, emit }: AdmissionOptions) {
    this.#clock = clock
    this.#emit = emit
    this.breaker = new Breaker({
      clock,
      onOutage: (outage) => emit(outageBegan(outage)),
      onRecovery: (outage) => emit(outageEnded(outage)),
    })
    this.limiter = new Limiter({ clock, concurrency, breaker: this.breaker })
  }

  /**
   * Waits until the request may be sent. It has to be sent at once when the promise resolves.
   * @throws ApiError QUOTA, RATE_LIMITED, NETWORK, CLOSED; the reason of the signal; the error of a deadline
   */
  async enter(request: AdmissionRequest): Promise<AdmissionPermit> {
    const { signal, release } = withDeadlines(request.signal, request.deadlines, this.#clock)
    const bounded = signal === request.signal ? request : { ...request, signal }
    try {
      const loading = this.counts?.load(bounded)
      if (loading) await loading
      const permit = await this.limiter.take(bounded)
      return await this.#confirmed(permit, bounded)
    } catch (error) {
      throw error instanceof LimiterError ? new ApiError(error.code, sentenceOf(error), { summary: error.summary }) : error
    } finally {
      release()
    }
  }

  async #confirmed(permit: Permit, request: AdmissionRequest): Promise<AdmissionPermit> {
    try {
      this.#warn(permit)
      const confirmed = await this.counts?.confirm(permit, request)
      if (!confirmed) return permit
      const sent = (): void => {
        permit.sent()
        confirmed.sent()
      }
      const done = (outcome?: Outcome): void => {
        permit.done(outcome)
        confirmed.done(outcome)
      }
      return { waited: permit.waited + confirmed.waited, sent, done }
    } catch (error) {
      permit.done()
      throw error
    }
  }

  /** After a 429: nothing of the account starts for so many ms. */
  pause(duration: number): void {
    this.limiter.pause(duration, 'the vendor answered 429')
    this.counts?.pause(duration)
  }

  /** The vendor says how many requests are left of a budget. Its count can only lower ours. */
  observe(name: string, remaining: number, request: Pick<AdmissionRequest, 'budgets' | 'device'>): void {
    const budget = request.budgets.find((known) => known.name === name)
    if (!budget || !Number.isFinite(remaining)) return
    this.limiter.observe(budget, remaining, request.device)
    this.counts?.observe(budget, remaining, request.device)
  }

  /** Warns once a period when a day's or month's budget is nearly spent. */
  #warn(permit: Permit): void {
    for (const window of permit.windows) {
      if (!isCalendar(window.budget)) continue
      const usage = window.usage(instantOf(this.#clock))
      if (usage.used < window.budget.limit * WARN_AT || this.#warned.get(window) === usage.resetsAt) continue
      this.#warned.set(window, usage.resetsAt)
      this.#emit(quotaNearlySpent(window.budget, usage))
    }
  }
}

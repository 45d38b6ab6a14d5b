/**
 * The limiter of one account: every request takes a permit here before it leaves, and is charged to all its budgets at
 * once. No sliding window ever holds more starts than its limit, and nothing waits that could go.
 */
import { Alarm } from '../base/wake-up-timer'
import type { Breaker, Outage, Pass } from './circuit-breaker'
import { systemClock, type Clock } from '../base/clock'
import { Departures } from './in-flight-requests'
import { Expectations } from './wait-estimates'
import { Ledger } from './window-registry'
import { LimiterError } from './limiter-error'
import { Margin } from './jitter-allowance'
import { Start, type LimiterOptions, type Outcome, type Pause, type Permit, type Request } from './permit'
import { Job, Schedule, type Lane, type Moment } from './queue'
import { blocker, estimate, refusal } from './rules'
import { Signals } from './signals'
import { SlidingWindow, type Budget, type BudgetState, type Priority } from './sliding-window'

export { LimiterError }
export type { Budget, BudgetState, LimiterOptions, Outcome, Pause, Permit, Priority, Request }

/** Promises that are rejected in one turn of the event loop: more would hold it up. */
const SLICE = 1000

/** Ms between looks at what has waited too long for a vendor that is away. */
const PATIENCE_STEP = 1000

/** Order of service. */
const PRIORITIES: readonly Priority[] = ['command', 'read']

export class Limiter {
  readonly #clock: Clock
  readonly #concurrency: number
  readonly #maxQueue: number
  readonly #margin: Margin
  readonly #breaker: Breaker | undefined
  readonly #patience: number
  readonly #ledger = new Ledger()
  readonly #schedule = new Schedule()
  readonly #signals = new Signals<Job>((jobs, reason) => this.#abort(jobs, reason))
  readonly #expectations = new Expectations((job, reason) => {
    if (job.queued) this.#reject(job, reason)
  })
  readonly #alarm: Alarm
  readonly #queued = { command: 0, read: 0 }
  #running = 0
  readonly #departures: Departures
  #pausedUntil = -Infinity
  /** Monotonic ms at which the breaker is asked again. */
  #heldUntil = -Infinity
  #pauseReason = ''
  #closed: LimiterError | undefined
  /** Rejections left in this turn of the event loop. */
  #rejections = SLICE

  constructor(options: LimiterOptions = {}) {
    this.#clock = options.clock ?? systemClock
    this.#alarm = new Alarm(this.#clock, () => this.#work())
    this.#concurrency = options.concurrency ?? 8
    this.#maxQueue = options.maxQueue ?? 10_000
    this.#margin = new Margin(options.margin)
    this.#departures = new Departures(this.#clock, this.#margin)
    this.#breaker = options.breaker
    this.#patience = options.patience ?? 120_000
  }

  /** Requests that wait. */
  get queued(): number {
    return this.#queued.command + this.#queued.read
  }

  /** Permits that are not done. */
  get running(): number {
    return this.#running
  }

  /** Devices of which something is remembered. */
  get devices(): number {
    return this.#ledger.size
  }

  /** Ms by which windows are widened now. */
  get margin(): number {
    return this.#margin.at(this.#clock.monotonic())
  }

  /** Ms after its start by which a request with this round trip was counted at the latest, as far as is known. */
  lateness(roundTrip: number): number {
    return this.#margin.lateness(roundTrip, this.#clock.monotonic())
  }

  /** Why all wait; undefined when they do not. */
  get paused(): Pause | undefined {
    const remaining = this.#pausedUntil - this.#clock.monotonic()
    return remaining > 0 ? { reason: this.#pauseReason, remaining } : undefined
  }

  /**
   * Waits until the request may leave, and charges it. The request has to be sent at once when the promise resolves.
   * @throws LimiterError QUOTA when a day's or month's budget is spent; RATE_LIMITED when too many wait; CLOSED
   * @throws the reason of the signal; RangeError for a budget that cannot be one
   */
  take(request: Request): Promise<Permit> {
    return new Promise((resolve, reject) => {
      const { signal } = request
      if (this.#closed) throw LimiterError.closed()
      signal?.throwIfAborted()
      const now = this.#moment()
      const lane = this.#ledger.holder(request.device, now).lane(request.priority ?? 'read')
      const windows = this.#ledger.windows(request.budgets, lane.holder)
      const quota = refusal(windows, lane.priority, now)
      if (quota) throw quota
      this.#enqueue(new Job(lane, windows, now.monotonic, signal, request.onWait, resolve, reject), now)
    })
  }

  /**
   * After a 429: nothing of the account starts for `duration` ms, and the margin is widened for a while. What waits
   * keeps its place. A pause is never shortened by a later one.
   * @param reason shown to users
   */
  pause(duration: number, reason: string): void {
    const now = this.#moment()
    this.#margin.widen(now.monotonic)
    const until = now.monotonic + duration
    const longer = until - Math.max(now.monotonic, this.#pausedUntil)
    if (!(longer > 0)) return
    this.#pausedUntil = until
    this.#pauseReason = reason
    for (const lane of this.#ledger.waiting())
      for (let job = lane.jobs.head; job; job = job.next)
        this.#expectations.note(job, Math.max(now.monotonic, job.told) + longer, now.monotonic)
    this.#work()
  }

  /**
   * What a vendor's header says is left. Only ever lowers what we think remains: requests on their way are not in its
   * figure. Names that no request has used are ignored.
   */
  observe(budget: Budget | string, remaining: number, device?: string): void {
    if (!(remaining >= 0)) return
    const now = this.#moment()
    const window = this.#ledger.named(budget, device, now)
    if (window instanceof SlidingWindow) window.lower(remaining, now.monotonic)
    else if (window?.lower(remaining, now.epoch)) {
      this.#schedule.reconsider()
      this.#work()
    }
  }

  /** What is left of each budget; those of devices only with a device. Changes nothing. */
  states(budgets: readonly Budget[], device?: string): BudgetState[] {
    return this.#ledger.states(budgets, device, this.#moment())
  }

  /** The counts of days and months as plain JSON, to be kept over a restart. */
  dump(): unknown {
    return { version: 1, counts: this.#ledger.save(this.#moment()) }
  }

  /** Takes over what `dump` gave, where it is more than was counted since. Anything else, or of a past period, is ignored. */
  load(saved: unknown): void {
    const counts = typeof saved === 'object' && saved !== null && 'counts' in saved ? saved.counts : undefined
    if (Array.isArray(counts)) this.#ledger.restore(counts, this.#moment())
    this.#schedule.reconsider()
    this.#work()
  }

  /** Rejects all that waits with CLOSED, and what comes later too. A long queue takes a few turns of the event loop. */
  close(): void {
    if (this.#closed) return
    // One error for all: a hundred thousand stack traces would take a second.
    this.#closed = LimiterError.closed()
    this.#schedule.reconsider()
    this.#work()
  }

  #enqueue(job: Job, now: Moment): void {
    const { lane } = job
    lane.push(job)
    this.#queued[lane.priority] += 1
    if (job.signal) this.#signals.add(job.signal, job)
    // A lane that has its place already is blocked, and stays so with one more at its end.
    if (!lane.placed) {
      this.#schedule.ready(lane)
      this.#work()
    }
    if (!job.queued) return
    if (this.#queued[lane.priority] > this.#maxQueue) this.#reject(job, LimiterError.full(this.#maxQueue))
    else if (job.onWait) {
      this.#expectations.note(job, this.#estimate(job, now), now.monotonic)
      this.#expectations.tell()
    }
  }

  readonly #finish = (start: Start, roundTrip: number | undefined): void => {
    this.#running -= 1
    this.#heldUntil = -Infinity
    const moved = this.#departures.done(start, roundTrip)
    if (moved) for (const lane of start.job.lane.holder.waiting()) if (lane.parkedUntil !== undefined) this.#schedule.ready(lane)
    this.#work()
  }

  /** Starts all that may start, and sets the timer for the next. */
  #work(): void {
    const now = this.#moment()
    this.#departures.postpone(now.monotonic)
    this.#rejections = SLICE
    if (this.#breaker?.outage) this.#giveUp(this.#breaker.outage, now.monotonic)
    if (this.#closed || now.monotonic >= this.#pausedUntil) for (const priority of PRIORITIES) this.#serve(priority, now)
    this.#setAlarm(now.monotonic)
    this.#expectations.tell()
  }

  #serve(priority: Priority, now: Moment): void {
    while (this.#rejections > 0) {
      if (!this.#closed && (this.#running >= this.#concurrency || now.monotonic < this.#heldUntil)) return
      const lane = this.#schedule.next(priority, now.monotonic)
      if (!lane) return
      this.#look(lane, now)
    }
  }

  /** Starts, rejects or blocks the first of a lane. */
  #look(lane: Lane, now: Moment): void {
    const job = lane.jobs.head
    if (!job) return
    const refused = this.#closed ?? refusal(job.windows, lane.priority, now)
    const blocking = refused ? undefined : blocker(job.windows, now.monotonic)
    if (blocking) {
      const at = blocking.opensAt(now.monotonic)
      this.#schedule.block(lane, blocking, at)
      this.#expectations.note(job, at, now.monotonic)
      return
    }
    const pass = refused ? undefined : this.#breaker?.enter()
    if (typeof pass === 'number') {
      this.#heldUntil = now.monotonic + pass
      this.#expectations.note(job, this.#heldUntil, now.monotonic)
    } else if (refused) {
      this.#rejections -= 1
      this.#reject(job, refused)
    } else this.#start(job, now, pass)
    if (lane.length > 0) this.#schedule.ready(lane)
  }

  /** Nothing waits longer for a vendor that is away than its patience lasts. */
  #giveUp(outage: Outage, now: number): void {
    const reason = LimiterError.away(outage)
    for (const lane of this.#ledger.waiting())
      for (let job = lane.jobs.head; job && now - job.since >= this.#patience && this.#rejections > 0; job = lane.jobs.head) {
        this.#rejections -= 1
        this.#reject(job, reason)
      }
  }

  #start(job: Job, now: Moment, pass: Pass | undefined): void {
    this.#forget(job)
    this.#running += 1
    const late = this.#margin.at(now.monotonic)
    for (const window of job.windows) {
      if (window instanceof SlidingWindow) window.charge(now.monotonic + late)
      // Those that wait for another window need not wait any longer to be told that the day is spent.
      else if (window.charge(now.epoch)) this.#schedule.reconsider()
    }
    const start = new Start(job, now.monotonic, late, pass, this.#departures.left, this.#finish)
    this.#departures.add(start)
    job.resolve(start)
  }

  #abort(jobs: Iterable<Job>, reason: unknown): void {
    for (const job of jobs) {
      const { lane } = job
      this.#reject(job, reason)
      // What comes after it may not be charged to the device's window that it waited for.
      if (lane.parkedUntil !== undefined) this.#schedule.ready(lane)
    }
    this.#work()
  }

  #reject(job: Job, reason: unknown): void {
    this.#forget(job)
    job.reject(reason)
  }

  /** Takes a request out of the queue. */
  #forget(job: Job): void {
    const { lane } = job
    lane.remove(job)
    this.#queued[lane.priority] -= 1
    if (job.signal) this.#signals.remove(job.signal, job)
    if (lane.length === 0) this.#schedule.leave(lane)
    if (this.queued === 0) this.#alarm.clear()
  }

  /** Monotonic ms at which a request that has just joined the queue may start, roughly. */
  #estimate(job: Job, now: Moment): number {
    const { lane } = job
    const account = lane.priority === 'command' ? this.#queued.command : this.queued
    const wait = estimate(job.windows, { device: lane.length - 1, account: account - 1 }, now.monotonic)
    return Math.max(now.monotonic + wait, this.#pausedUntil)
  }

  #setAlarm(now: number): void {
    if (this.queued === 0) this.#alarm.clear()
    else if (this.#rejections === 0) this.#alarm.set(now)
    else if (now < this.#pausedUntil) this.#alarm.set(this.#pausedUntil)
    else if (now < this.#heldUntil) this.#alarm.set(Math.min(this.#heldUntil, now + PATIENCE_STEP))
    // With no place free, the next that is done goes on.
    else if (this.#running < this.#concurrency) this.#alarm.set(this.#schedule.wakesAt(now))
  }

  #moment(): Moment {
    return { monotonic: this.#clock.monotonic(), epoch: this.#clock.now() }
  }
}

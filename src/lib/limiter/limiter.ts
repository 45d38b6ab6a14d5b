/**
 * The limiter of one account. Every request needs a permit before it is sent, and is charged to all its budgets at
 * once. No window ever holds more requests than its limit. A request starts as soon as its limits allow it.
 */
import { AbortGroups } from '../base/abort-signal'
import { instantOf, systemClock, type Clock, type Instant, WakeUpTimer } from '../base/clock'
import type { Budget, BudgetState } from '../vocabulary/budget'
import type { Breaker } from './circuit-breaker'
import { InFlightRequests, JitterAllowance, RunningRequest } from './in-flight-requests'
import { LimiterError } from './limiter-error'
import type { LimiterOptions, Outcome, Pause, Permit, PermitRequest } from './permit'
import { QueuedRequest, Schedule, type Decision } from './queue'
import { longestWait, WaitEstimates } from './wait-estimates'
import type { PeriodCount } from './window'
import { blockingWindow, refusalBy, WindowRegistry } from './window-registry'

export { LimiterError, type LimiterOptions, type Outcome, type Pause, type Permit, type PermitRequest }

/** Promises that are rejected in one turn of the event loop. More would hold it up. */
const SLICE = 1000

/** During an outage, ms between checks for requests that have waited too long. */
const OUTAGE_CHECK = 1000

export class Limiter {
  readonly #clock: Clock
  readonly #concurrency: number
  readonly #maxQueue: number
  readonly #maximumWait: number
  readonly #breaker: Breaker | undefined
  readonly #jitterAllowance: JitterAllowance
  readonly #inFlight: InFlightRequests
  readonly #wakeUpTimer: WakeUpTimer
  readonly #windows = new WindowRegistry()
  readonly #schedule = new Schedule()
  readonly #abortGroups = new AbortGroups<QueuedRequest>((requests, reason) => this.#abort(requests, reason))
  readonly #waitEstimates = new WaitEstimates((request, reason) => {
    // Its callback may have aborted it before it threw.
    if (request.isQueued) this.#abort([request], reason)
  })
  readonly #queued = { command: 0, read: 0 }
  #running = 0
  /** Monotonic ms, as is `#heldUntil`, when the breaker is asked again. */
  #pausedUntil = -Infinity
  #pauseReason = ''
  #heldUntil = -Infinity
  #closed: LimiterError | undefined
  /** Rejections left in this turn of the event loop. */
  #rejectionsLeft = SLICE

  constructor(options: LimiterOptions = {}) {
    this.#clock = options.clock ?? systemClock
    this.#concurrency = options.concurrency ?? 8
    this.#maxQueue = options.maxQueue ?? 10_000
    this.#maximumWait = options.maximumWait ?? 120_000
    this.#breaker = options.breaker
    this.#jitterAllowance = new JitterAllowance(options.jitterAllowance)
    this.#inFlight = new InFlightRequests(this.#clock, this.#jitterAllowance)
    this.#wakeUpTimer = new WakeUpTimer(this.#clock, () => this.#work())
  }

  /** Requests that wait. */
  get queued(): number {
    return this.#queued.command + this.#queued.read
  }

  /** Permits that are not done. */
  get running(): number {
    return this.#running
  }

  /** Ms after its start at which a request without a response was counted at the latest. */
  get jitterAllowance(): number {
    return this.#jitterAllowance.at(this.#clock.monotonic())
  }

  /** The same for a request with this round trip. */
  lateness(roundTrip: number): number {
    return this.#jitterAllowance.lateness(roundTrip, this.#clock.monotonic())
  }

  /** Why all requests wait; undefined when they do not. */
  get paused(): Pause | undefined {
    const remaining = this.#pausedUntil - this.#clock.monotonic()
    return remaining > 0 ? { reason: this.#pauseReason, remaining } : undefined
  }

  /**
   * Waits until the request may be sent, and charges it. It has to be sent at once when the promise resolves.
   * @throws LimiterError QUOTA when a day's or month's budget is spent; RATE_LIMITED when too many requests wait;
   *   NETWORK when it has waited too long during an outage; CLOSED
   * @throws the reason of the signal; RangeError for a budget that is out of range
   */
  take(asked: PermitRequest): Promise<Permit> {
    return new Promise((resolve, reject) => {
      const { budgets, device, priority = 'read', signal, onWait } = asked
      if (this.#closed) throw LimiterError.closed()
      signal?.throwIfAborted()
      const now = instantOf(this.#clock)
      const scope = this.#windows.scope(device, now)
      const windows = this.#windows.windows(budgets, scope)
      const refusal = refusalBy(windows, priority, now)
      if (refusal) throw refusal
      this.#enqueue(new QueuedRequest(scope.queues.of(priority), windows, now.monotonic, signal, onWait, resolve, reject), now)
    })
  }

  /**
   * After a 429: nothing of the account starts for `duration` ms, and the jitter allowance is doubled for a while.
   * Queued requests keep their places. A later pause never shortens an earlier one.
   * @param reason shown to users
   */
  pause(duration: number, reason: string): void {
    const now = this.#clock.monotonic()
    this.#jitterAllowance.widen(now)
    const until = now + duration
    const longer = until - Math.max(now, this.#pausedUntil)
    if (!(longer > 0)) return
    this.#pausedUntil = until
    this.#pauseReason = reason
    for (const queue of this.#windows.waiting())
      for (let request = queue.head; request; request = request.next)
        this.#waitEstimates.note(request, Math.max(now, request.estimatedStart) + longer, now)
    this.#work()
  }

  /**
   * The vendor says how many requests are left of a budget. It can only lower what remains here, since the vendor has
   * not counted the requests on their way.
   */
  observe(budget: Budget, remaining: number, device?: string): void {
    if (!(remaining >= 0)) return
    const now = instantOf(this.#clock)
    if (this.#windows.find(budget, device, now)?.lower(remaining, now)) this.#unblockAll()
  }

  /** What is left of each budget; those of devices only with a device. Changes nothing. */
  states(budgets: readonly Budget[], device?: string): BudgetState[] {
    return this.#windows.states(budgets, device, instantOf(this.#clock))
  }

  /** Takes over the counts of earlier processes, where they are higher. Counts of past periods are ignored. */
  restore(budget: Budget, device: string | undefined, counts: readonly PeriodCount[]): void {
    this.#windows.restore(budget, device, counts, instantOf(this.#clock))
    this.#unblockAll()
  }

  /** Rejects all queued and later requests with CLOSED. A long queue takes a few turns of the event loop. */
  close(): void {
    // One error for all: a hundred thousand stack traces would take a second.
    this.#closed ??= LimiterError.closed()
    this.#unblockAll()
  }

  #unblockAll(): void {
    this.#schedule.unblockAll()
    this.#work()
  }

  #enqueue(request: QueuedRequest, now: Instant): void {
    const { queue, signal } = request
    queue.push(request)
    this.#queued[queue.priority] += 1
    // A queue with other requests in it is scheduled already. It is blocked, and stays so with one more at its end.
    if (queue.length === 1) {
      this.#schedule.ready(queue)
      this.#work()
    }
    if (!request.isQueued) return
    // The callback of another request may have aborted it meanwhile.
    if (signal?.aborted) this.#reject(request, signal.reason)
    else if (this.#queued[queue.priority] > this.#maxQueue) this.#reject(request, LimiterError.queueFull(this.#maxQueue))
    else {
      if (signal) this.#abortGroups.add(signal, request)
      // An estimate that nobody asks for costs time.
      if (!request.onWait) return
      this.#waitEstimates.note(request, this.#estimatedStart(request, now), now.monotonic)
      this.#waitEstimates.notify()
    }
  }

  /** Carries out one decision after another, and sets the timer for the next one. */
  #work(): void {
    const now = instantOf(this.#clock)
    this.#inFlight.postpone(now.monotonic)
    this.#schedule.unblockDue(now.monotonic)
    this.#rejectionsLeft = SLICE
    this.#rejectOverdue(now.monotonic)
    for (let decision = this.#next(now); decision; decision = this.#next(now)) this.#carryOut(decision, now)
    this.#setWakeUpTimer(now.monotonic)
    if (this.#waitEstimates.hasNews) this.#waitEstimates.notify()
  }

  /** Decides what happens next, and changes nothing. Undefined when all requests have to wait. */
  #next(now: Instant): Decision | undefined {
    const { monotonic } = now
    if (this.#rejectionsLeft === 0 || (!this.#closed && this.#allWait(monotonic))) return undefined
    const queue = this.#schedule.first(monotonic)
    const request = queue?.head
    if (!request) return undefined
    const reason = this.#closed ?? refusalBy(request.windows, queue.priority, now)
    if (reason) return { action: 'reject', request, reason }
    const window = blockingWindow(request.windows, monotonic)
    if (window) return { action: 'block', request, window, until: window.opensAt(monotonic) }
    const delay = this.#breaker?.delay() ?? 0
    return delay > 0 ? { action: 'hold', request, until: monotonic + delay } : { action: 'start', request }
  }

  #allWait(now: number): boolean {
    return this.#running >= this.#concurrency || now < this.#pausedUntil || now < this.#heldUntil
  }

  #carryOut(decision: Decision, now: Instant): void {
    const { action, request } = decision
    if (action === 'start') this.#start(request, now)
    else if (action === 'reject') {
      this.#rejectionsLeft -= 1
      this.#reject(request, decision.reason)
    } else {
      if (action === 'block') this.#schedule.block(request.queue, decision.window, decision.until)
      else this.#heldUntil = decision.until
      this.#waitEstimates.note(request, decision.until, now.monotonic)
      return
    }
    // The next device takes its turn.
    if (request.queue.length > 0) this.#schedule.ready(request.queue)
  }

  #start(request: QueuedRequest, now: Instant): void {
    this.#dequeue(request)
    this.#running += 1
    const allowance = this.#jitterAllowance.at(now.monotonic)
    let isSpent = false
    for (const window of request.windows) if (window.charge(now, allowance)) isSpent = true
    // Requests that wait for another window are refused now.
    if (isSpent) this.#schedule.unblockAll()
    const running = new RunningRequest(request, now.monotonic, allowance, this.#breaker?.enter(), this.#inFlight.sent, this.#done)
    this.#inFlight.add(running)
    request.resolve(running)
  }

  readonly #done = (running: RunningRequest, roundTrip: number | undefined): void => {
    this.#running -= 1
    this.#heldUntil = -Infinity
    if (this.#inFlight.done(running, roundTrip))
      for (const queue of running.request.queue.device.waiting()) if (queue.blockedUntil !== undefined) this.#schedule.ready(queue)
    this.#work()
  }

  /** During an outage, rejects requests that have waited too long. If it lasts, reads do not wait for its end at all. */
  #rejectOverdue(now: number): void {
    if (!this.#breaker?.outage) return
    const reason = LimiterError.unavailable(this.#breaker.outage)
    const longest = { command: this.#maximumWait, read: this.#breaker.isLasting && this.#breaker.delay() > 0 ? 0 : this.#maximumWait }
    for (const queue of this.#windows.waiting())
      for (let { head } = queue; head && now - head.queuedAt >= longest[queue.priority] && this.#rejectionsLeft > 0; { head } = queue) {
        this.#rejectionsLeft -= 1
        this.#reject(head, reason)
      }
  }

  #abort(requests: Iterable<QueuedRequest>, reason: unknown): void {
    for (const request of requests) {
      const { queue } = request
      this.#reject(request, reason)
      // The window that blocked it may not concern the next request of its device.
      if (queue.blockedUntil !== undefined) this.#schedule.ready(queue)
    }
    this.#work()
  }

  #reject(request: QueuedRequest, reason: unknown): void {
    this.#dequeue(request)
    request.reject(reason)
  }

  #dequeue(request: QueuedRequest): void {
    const { queue, signal } = request
    queue.remove(request)
    this.#queued[queue.priority] -= 1
    if (signal) this.#abortGroups.remove(signal, request)
    if (queue.length === 0) this.#schedule.remove(queue)
    if (this.queued === 0) this.#wakeUpTimer.clear()
  }

  /** Monotonic ms at which a request that has just joined the queue may start, roughly. */
  #estimatedStart({ queue, windows }: QueuedRequest, { monotonic }: Instant): number {
    const account = queue.priority === 'command' ? this.#queued.command : this.queued
    return Math.max(monotonic + longestWait(windows, { device: queue.length - 1, account: account - 1 }, monotonic), this.#pausedUntil)
  }

  #setWakeUpTimer(now: number): void {
    if (this.queued === 0) this.#wakeUpTimer.clear()
    else if (this.#rejectionsLeft === 0) this.#wakeUpTimer.set(now)
    else if (now < this.#pausedUntil) this.#wakeUpTimer.set(this.#pausedUntil)
    else if (now < this.#heldUntil) this.#wakeUpTimer.set(Math.min(this.#heldUntil, now + OUTAGE_CHECK))
    // With all places taken, the next request that is done continues the work.
    else if (this.#running < this.#concurrency) this.#wakeUpTimer.set(this.#schedule.opensAt(now))
  }
}

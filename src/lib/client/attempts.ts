/** The attempts of one request: waits for limits, adds credentials, sends, reads the status, and decides on a retry. */
import { sentence } from '../base/sentence'
import { localTime } from '../base/time'
import type { Vendor } from '../vocabulary/vendor'
import { type AbortSignalLike, sleep, type Deadline } from '../base/abort-signal'
import type { Admission, AdmissionPermit } from '../quota/admission'
import { statusError, statusOf, transportFailure } from '../http/response'
import type { Authorizer } from '../auth/authorizer'
import type { TokenSender } from '../auth/token-request'
import { RouteBreakers, type Outage, type Pass } from '../limiter/circuit-breaker'
import type { Outcome as Learned } from '../limiter/limiter'
import type { Clock } from '../base/clock'
import type { Counts } from './diagnostics'
import type { CallCost, ClientRequest } from './client-request'
import type { JournalEntry, RequestJournal } from './request-journal'
import { ApiError } from '../base/api-error'
import { type Failure, RetryBudget, retryAfterOf, retryDecision, showsOutage } from '../http/retry-policy'
import { TransportError, type HttpAnswer } from '../http/transport'

/** What the attempts of one request share. */
interface AttemptState {
  entry: JournalEntry
  /** Monotonic ms of the first one. */
  sentAt?: number
  /** How the latest one failed. */
  error?: ApiError
}

interface Failed {
  failure: Failure
  error: ApiError
}

/** What an attempt needs to be sent; a command has no route. */
interface Entry {
  permit: AdmissionPermit
  route: string | undefined
  pass: Pass | undefined
}

type Outcome = { answer: HttpAnswer } | Failed

/** All attempts of a request begin within so many ms, or four timeouts where that is longer. */
const DEADLINE = 120_000
const deadlineOf = (timeout: number): number => Math.max(DEADLINE, 4 * timeout)

interface Parts {
  vendor: Vendor
  clock: Clock
  counts: Counts
  journal: RequestJournal
  admission: Admission
  authorizer: Authorizer
}

export class Attempts {
  readonly #vendor: Vendor
  readonly #clock: Clock
  readonly #counts: Counts
  readonly #journal: RequestJournal
  readonly #admission: Admission
  readonly #authorizer: Authorizer
  readonly #routes: RouteBreakers
  readonly #retryBudget: RetryBudget
  #successes = 0

  constructor({ vendor, clock, counts, journal, admission, authorizer }: Parts) {
    this.#vendor = vendor
    this.#clock = clock
    this.#counts = counts
    this.#journal = journal
    this.#admission = admission
    this.#authorizer = authorizer
    this.#routes = new RouteBreakers(clock)
    this.#retryBudget = new RetryBudget(clock.monotonic())
  }

  /**
   * Sends until there is an answer that stands.
   * @param signal of all who wait for the answer, where those are more than the one who asks
   * @throws ApiError of the last failure, QUOTA, RATE_LIMITED, NETWORK, EXPIRED; the reason of the signal
   */
  async send(request: ClientRequest, signal: AbortSignalLike = request.signal): Promise<HttpAnswer> {
    const entry = this.#journal.begin(request)
    try {
      return await this.#untilAnswer(request, signal, { entry })
    } catch (error) {
      this.#journal.failed(entry, error)
      throw error
    } finally {
      this.#journal.add(entry)
    }
  }

  /**
   * Gets a token where none is valid.
   * @throws ApiError
   */
  async signIn(sender: TokenSender, signal: AbortSignalLike): Promise<void> {
    try {
      await this.#authorizer.headers(sender, signal)
    } catch (error) {
      throw error instanceof TransportError ? transportFailure(error) : error
    }
  }

  async #untilAnswer(request: ClientRequest, signal: AbortSignalLike, state: AttemptState): Promise<HttpAnswer> {
    const { entry } = state
    let renewed = false
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await this.#attempt(request, signal, state)
      if (!('error' in outcome)) return outcome.answer
      const { failure, error } = outcome
      state.error = error
      entry.retryAfter = retryAfterOf(failure, this.#clock.now()) ?? entry.retryAfter
      if (failure.network !== 'aborted') this.#counts.failures += 1
      if (failure.status === 429) this.#counts.rateLimited += 1
      if (failure.status === 401 && this.#authorizer.renewable && !renewed) {
        renewed = true
        noteRetry(entry, outcome)
        continue
      }
      if (this.#isSpent(request, outcome)) throw error
      await this.#waitForRetry(request, outcome, this.#delay(request, failure, attempt, state), signal)
      noteRetry(entry, outcome)
    }
  }

  /**
   * @param delay ms; undefined when another attempt is not safe, or of no use
   * @throws the failure when there is no other attempt
   */
  async #waitForRetry(request: ClientRequest, { failure, error }: Failed, delay: number | undefined, signal: AbortSignalLike): Promise<void> {
    if (failure.status === 429) this.#admission.pause(delay ?? retryAfterOf(failure, this.#clock.now()) ?? 0)
    if (delay === undefined || this.#isOutage(request)) throw error
    if (!this.#retryBudget.take(this.#successes, this.#clock.monotonic())) throw notRetried(error)
    this.#counts.retries += 1
    if (failure.status !== 429) await sleep(delay, signal, this.#clock)
  }

  /** Waits for a place in the budgets, while the cloud is available. */
  async #enter(request: ClientRequest, signal: AbortSignalLike, state: AttemptState): Promise<Entry> {
    const { budgets, device, priority, onWait } = request
    const route = routeOf(request)
    const outage = route === undefined ? undefined : this.#routes.outage(route)
    if (outage) throw failing(outage)
    const began = this.#clock.monotonic()
    try {
      const permit = await this.#admission.enter({ budgets, device, priority, signal, onWait, deadlines: deadlinesOf(request, state) })
      state.entry.waited += permit.waited
      this.#countWait(permit.waited, request.cost)
      state.sentAt ??= this.#clock.monotonic()
      return { permit, route, pass: route === undefined ? undefined : this.#routes.enter(route) }
    } catch (error) {
      state.entry.waited += this.#clock.monotonic() - began
      // Its own failure says more than that there is an outage.
      throw state.error && error instanceof ApiError && error.code === 'NETWORK' ? state.error : error
    }
  }

  /** One attempt: a place in the budgets, then credentials, then HTTP. */
  async #attempt(request: ClientRequest, signal: AbortSignalLike, state: AttemptState): Promise<Outcome> {
    const { entry } = state
    const { pass, permit, route } = await this.#enter(request, signal, state)
    let learned: Learned = {}
    let authorized = false
    let sentAt: number | undefined
    try {
      const headers = await this.#authorizer.headers(request, signal)
      authorized = true
      request.beforeSend?.()
      request.cost.attempts += 1
      this.#counts.requests += 1
      this.#journal.sending(entry)
      sentAt = this.#clock.monotonic()
      const answer = await request.transport.send(request.request, headers, request.timeout, signal, () => permit.sent())
      const { roundTrip } = answer
      learned = { roundTrip }
      this.#observeRemaining(answer, request)
      const status = statusOf(this.#vendor, answer)
      this.#journal.answered(entry, request.request, answer, status)
      if (status >= 200 && status < 300) {
        this.#successes += 1
        return { answer }
      }
      if (status === 401) this.#authorizer.refused(headers)
      const failure = { status, retryAfter: answer.headers['retry-after'], date: answer.headers.date }
      const outcome = { failure, error: statusError(this.#vendor, status, answer, { named: request.named, body: request.request.body }) }
      if (!this.#isSpent(request, outcome)) learned = { roundTrip, failure: { status, route } }
      return outcome
    } catch (error) {
      const outcome = failed(error, authorized)
      if (!outcome) throw error
      if (showsOutage(outcome.failure)) learned = { failure: outcome.failure }
      return outcome
    } finally {
      permit.done(learned)
      if (learned.roundTrip === undefined && learned.failure === undefined) pass?.release()
      else pass?.settle(learned.failure)
      if (sentAt !== undefined) this.#journal.ended(entry, this.#clock.monotonic() - sentAt)
    }
  }

  #countWait(ms: number, cost: CallCost): void {
    cost.waited += ms
    if (ms < 1) return
    this.#counts.waits += 1
    this.#counts.waited += ms
  }

  /** Ms until the next attempt; undefined when the failure stands. */
  #delay({ repeatable, timeout, noRetry }: ClientRequest, failure: Failure, attempt: number, { sentAt = 0 }: AttemptState): number | undefined {
    const decision = retryDecision({
      repeatable,
      attempt,
      failure,
      now: this.#clock.now(),
      random: () => this.#clock.random(),
      elapsed: this.#clock.monotonic() - sentAt,
      limits: { deadline: deadlineOf(timeout), ...(noRetry ? { attempts: 1 } : {}) },
    })
    return decision.retry ? decision.delay : undefined
  }

  /** Whether a retry would only wait for the end of an outage, for which reads do not wait. */
  #isOutage(request: ClientRequest): boolean {
    const route = routeOf(request)
    return route !== undefined && (this.#admission.breaker.isLasting || this.#routes.outage(route) !== undefined)
  }

  /** A 429 may say that one device has used its own allowance: then no wait helps it, and no other device has to wait. */
  #isSpent({ device }: ClientRequest, { failure, error }: Failed): boolean {
    if (failure.status !== 429 || device === undefined) return false
    return this.#vendor.allowance !== undefined && this.#vendor.apiRequestsRemaining?.(error.body) === 0
  }

  /** What a header says is left of a budget. */
  #observeRemaining(answer: HttpAnswer, request: ClientRequest): void {
    const { remaining } = this.#vendor
    const text = remaining && answer.headers[remaining.header]
    // An empty one says nothing, which as a number is 0.
    if (remaining && text) this.#admission.observe(remaining.budget, Number(text), request)
  }
}

/** The route of a read. A command is sent although its route fails, since it was asked for once. */
const routeOf = ({ priority, request: { method, url } }: ClientRequest): string | undefined =>
  priority === 'read' ? `${method} ${url.split('?', 1).join()}` : undefined

const failing = ({ since, cause }: Outage): ApiError =>
  new ApiError('NETWORK', sentence`the server has failed on this request since ${localTime(since)} (${cause}), so it was not sent now; try again in a minute`, { summary: sentence`the cloud failed` })

/** An error that stands because the account has no retry left. */
function notRetried({ body, code, sentence: said, statusCode, summary }: ApiError): ApiError {
  const text = sentence`${said}; it was not retried, because too many requests of this account have failed`
  return new ApiError(code, text, { body, summary, statusCode })
}

/** Takes note of an attempt that failed and is followed by another. */
function noteRetry(entry: JournalEntry, { failure, error }: Failed): void {
  entry.retried ??= []
  entry.retried.push(failure.status ?? error.code)
}

const expired = (): ApiError =>
  new ApiError('EXPIRED', sentence`the command waited longer than "Time to live" and was not sent; send it again if it is still wanted`)

/** A command's time to live; and after a failure the deadline of all attempts, at which that failure stands. */
function deadlinesOf({ deadline, timeout }: ClientRequest, { sentAt = 0, error }: AttemptState): Deadline[] {
  const deadlines: Deadline[] = []
  if (deadline !== undefined) deadlines.push({ at: deadline, error: expired() })
  if (error) deadlines.push({ at: sentAt + deadlineOf(timeout), error })
  return deadlines
}

/**
 * What a thrown error says of the attempt; undefined when it is none that the retry rules know.
 * @param authorized whether there were credentials to send it with; else it was the token request that failed
 */
function failed(error: unknown, authorized: boolean): Failed | undefined {
  if (error instanceof TransportError)
    return { failure: { network: networkCode(error), reachedVendor: authorized ? 'unknown' : false }, error: transportFailure(error) }
  // Only the token request gets here with a status.
  if (error instanceof ApiError && error.statusCode !== undefined) return { failure: { status: error.statusCode }, error }
  return undefined
}

/** A deadline of ours is to the retry rules what a timed-out connection is. */
const networkCode = (error: TransportError): string => (error.reason === 'timeout' ? 'ETIMEDOUT' : error.reason)

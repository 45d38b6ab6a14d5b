/** The attempts of one request: waits for limits, adds credentials, sends, reads the status, and decides on a retry. */
import { sentence } from '../base/sentence'
import type { Settings, Vendor } from '../vocabulary/vendor'
import { type AbortSignalLike, sleep, type Deadline } from '../base/abort-signal'
import type { Admission, AdmissionPermit } from '../quota/admission'
import { statusError, statusOf, transportFailure } from '../http/response'
import type { Authorizer } from '../auth/authorizer'
import type { Outcome as Learned } from '../limiter/limiter'
import type { Budget } from '../vocabulary/budget'
import type { Clock } from '../base/clock'
import type { Counts } from './diagnostics'
import type { JournalEntry, RequestJournal, RequestOrigin } from './request-journal'
import { ApiError } from '../base/api-error'
import type { HttpRequest } from '../http/request'
import { BROKEN, type Failure, isCertificateFault, isNoHttp, retryAfterOf, retryDecision, TOO_LARGE } from '../http/retry-policy'
import { TransportError, type HttpAnswer, type Transport } from '../http/transport'

/** One request with all that decides how it is sent, and which cached answers it concerns. */
export interface ClientRequest extends RequestOrigin {
  request: HttpRequest
  transport: Transport
  settings: Settings
  /** ms for one attempt. */
  timeout: number
  budgets: readonly Budget[]
  device?: string | undefined
  priority: 'command' | 'read'
  /** Whether it may be sent again when it is not known to have arrived. */
  repeatable: boolean
  /** Fails with the first failure, also one after which another attempt is safe. */
  noRetry?: boolean | undefined
  signal: AbortSignalLike
  /** Told how long the request waits for a budget, in ms. */
  onWait?: ((ms: number) => void) | undefined
  /** Monotonic ms after which it is not sent any more. */
  deadline?: number | undefined
  /** Asks the vendor even where a cache has an answer. */
  fresh?: boolean | undefined
  /** Cache tag of a read. */
  tag: string
  /** Cache tags of the reads that a write changes. */
  changes: readonly string[]
  /** Added up for the call that this request belongs to. */
  cost: CallCost
}

/** What the requests of a call cost. */
export interface CallCost {
  /** Requests that were sent. */
  attempts: number
  /** ms in the limiter. */
  waited: number
}

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

  constructor({ vendor, clock, counts, journal, admission, authorizer }: Parts) {
    this.#vendor = vendor
    this.#clock = clock
    this.#counts = counts
    this.#journal = journal
    this.#admission = admission
    this.#authorizer = authorizer
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
      const delay = this.#delay(request, failure, attempt, state)
      if (failure.status === 429) this.#admission.pause(delay ?? retryAfterOf(failure, this.#clock.now()) ?? 0)
      if (delay === undefined) throw error
      this.#counts.retries += 1
      noteRetry(entry, outcome)
      if (failure.status !== 429) await sleep(delay, signal, this.#clock)
    }
  }

  /** One attempt: a place in the budgets, then credentials, then HTTP. */
  async #attempt(request: ClientRequest, signal: AbortSignalLike, state: AttemptState): Promise<Outcome> {
    const { entry } = state
    const permit = await this.#admitted(request, signal, state)
    state.sentAt ??= this.#clock.monotonic()
    let learned: Learned = {}
    let authorized = false
    let sentAt: number | undefined
    try {
      const headers = await this.#authorizer.headers(request, signal)
      authorized = true
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
      if (status >= 200 && status < 300) return { answer }
      if (status === 401) this.#authorizer.refused(headers)
      const failure = { status, retryAfter: answer.headers['retry-after'], date: answer.headers.date, reachedVendor: true }
      const outcome = { failure, error: statusError(this.#vendor, status, answer) }
      if (!this.#isSpent(request, outcome)) learned = { roundTrip, failure }
      return outcome
    } catch (error) {
      const outcome = failed(error, authorized)
      if (!outcome) throw error
      if (showsOutage(outcome.failure)) learned = { failure: outcome.failure }
      return outcome
    } finally {
      permit.done(learned)
      if (sentAt !== undefined) this.#journal.ended(entry, this.#clock.monotonic() - sentAt)
    }
  }

  /** Waits for a place in the budgets. */
  async #admitted(request: ClientRequest, signal: AbortSignalLike, state: AttemptState): Promise<AdmissionPermit> {
    const { budgets, cost, device, priority, onWait } = request
    const began = this.#clock.monotonic()
    try {
      const permit = await this.#admission.enter({ budgets, device, priority, signal, onWait, deadlines: deadlinesOf(request, state) })
      state.entry.waited += permit.waited
      this.#countWait(permit.waited, cost)
      return permit
    } catch (error) {
      state.entry.waited += this.#clock.monotonic() - began
      throw error
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

/** Takes note of an attempt that failed and is followed by another. */
function noteRetry(entry: JournalEntry, { failure, error }: Failed): void {
  entry.retried ??= []
  entry.retried.push(failure.status ?? error.code)
}

const expired = (): ApiError =>
  new ApiError('EXPIRED', sentence`the command waited longer than its time to live and was not sent; send it again if it is still wanted`)

/** A command's time to live; and after a failure the deadline of all attempts, at which that failure stands. */
function deadlinesOf({ deadline, timeout }: ClientRequest, { sentAt, error }: AttemptState): Deadline[] {
  const deadlines: Deadline[] = []
  if (deadline !== undefined) deadlines.push({ at: deadline, error: expired() })
  if (sentAt !== undefined && error) deadlines.push({ at: sentAt + deadlineOf(timeout), error })
  return deadlines
}

/**
 * What a thrown error says of the attempt; undefined when it is none that the retry rules know.
 * @param authorized whether there were credentials to send it with; else it was the token request that failed
 */
function failed(error: unknown, authorized: boolean): Failed | undefined {
  if (error instanceof TransportError)
    return { failure: { network: networkCode(error), reachedVendor: authorized ? 'unknown' : false }, error: transportFailure(error) }
  // Only the token request gets here with a status, so the operation's own request was never sent.
  if (error instanceof ApiError && error.statusCode !== undefined)
    return { failure: { status: error.statusCode, reachedVendor: false }, error }
  return undefined
}

/** An answer that is too large or no HTTP, or a certificate that is not trusted, is no sign of an outage. */
const showsOutage = ({ status, network = '' }: Failure): boolean =>
  status !== undefined || !(network === 'aborted' || network === BROKEN || network === TOO_LARGE || isNoHttp(network) || isCertificateFault(network))

/** A deadline of ours is to the retry rules what a timed-out connection is. */
const networkCode = (error: TransportError): string => (error.reason === 'timeout' ? 'ETIMEDOUT' : error.reason)

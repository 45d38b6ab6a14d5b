/** The tries of one request: limits -> credentials -> the wire -> what its status means -> whether it is sent again. */
import { sentence } from '../base/sentence'
import type { Settings, Token, Vendor } from '../vocabulary/vendor'
import type { AbortSignalLike } from '../base/abort-signal'
import type { Admission } from '../quota/admission'
import { statusError, statusOf, transportFailure } from '../http/response'
import type { Authorizer } from '../auth/authorizer'
import type { Outcome as Learned } from '../limiter/limiter'
import type { Clock } from '../base/clock'
import type { Counters } from './diagnostics'
import { ApiError } from '../base/api-error'
import { sleep, type Deadline } from '../base/deadline'
import type { HttpRequest } from '../http/request'
import { askedWait, BROKEN, isCertificateFault, isNoHttp, retryDecision, TOO_LARGE, type Failure, type RetryDecision } from '../http/retry-policy'
import { TransportError, type HttpAnswer, type Transport } from '../http/transport'
import type { Budget } from '../vocabulary/budget'

/** A request with all that decides how it is sent. */
export interface Sending {
  request: HttpRequest
  transport: Transport
  settings: Settings
  /** ms for one try. */
  timeout: number
  budgets: readonly Budget[]
  device?: string | undefined
  priority: 'command' | 'read'
  /** Whether it may be sent again when it is not known to have arrived. */
  repeatable: boolean
  /** Fails with the first failure, also one after which another try is safe. */
  noRetry?: boolean | undefined
  signal: AbortSignalLike
  /** Told how long the request waits for a budget, in ms. */
  onWait?: ((ms: number) => void) | undefined
  /** Monotonic ms after which it is not sent any more; see `Client.deadline`. */
  sendBefore?: number | undefined
  /** Counts of the call that this request belongs to. */
  tally: Tally
}

/** What a call cost. */
export interface Tally {
  attempts: number
  /** ms in the limiter. */
  waited: number
}

/** What the tries of one request share. */
interface Course {
  /** Monotonic ms of the first one. */
  sentAt?: number
  /** How the latest one failed. */
  error?: ApiError
}

/** All tries of a request begin within so many ms, or four timeouts where that is longer. */
const DEADLINE = 120_000
const deadlineOf = (timeout: number): number => Math.max(DEADLINE, 4 * timeout)

const tooOld = (): ApiError =>
  new ApiError('EXPIRED', sentence`the command waited longer than its time to live and was not sent; send it again if it is still wanted`)

interface Parts {
  vendor: Vendor
  clock: Clock
  counters: Counters
  admission: Admission
  authorizer: Authorizer
  fetchToken(sending: Sending): Promise<Token>
}

export class Tries {
  readonly #vendor: Vendor
  readonly #clock: Clock
  readonly #counters: Counters
  readonly #admission: Admission
  readonly #authorizer: Authorizer
  readonly #fetchToken: Parts['fetchToken']

  constructor({ vendor, clock, counters, admission, authorizer, fetchToken }: Parts) {
    this.#vendor = vendor
    this.#clock = clock
    this.#counters = counters
    this.#admission = admission
    this.#authorizer = authorizer
    this.#fetchToken = fetchToken
  }

  /**
   * Tries until there is an answer that stands.
   * @throws ApiError of the last failure, QUOTA, RATE_LIMITED, NETWORK, EXPIRED; the reason of the signal
   */
  async send(sending: Sending): Promise<HttpAnswer> {
    const course: Course = {}
    let renewed = false
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await this.#attempt(sending, course)
      if (!('error' in outcome)) return outcome.answer
      course.error = outcome.error
      if (outcome.failure.network !== 'aborted') this.#counters.failures += 1
      if (outcome.failure.status === 401 && this.#authorizer.renewable && !renewed) {
        renewed = true
        continue
      }
      const decision = retryDecision({
        repeatable: sending.repeatable,
        attempt,
        failure: outcome.failure,
        now: this.#clock.now(),
        random: () => this.#clock.random(),
        elapsed: this.#clock.monotonic() - (course.sentAt ?? 0),
        limits: { deadline: deadlineOf(sending.timeout), ...(sending.noRetry ? { attempts: 1 } : {}) },
      })
      this.#heed(outcome.failure, decision)
      if (!decision.retry) throw outcome.error
      this.#counters.retries += 1
      if (outcome.failure.status !== 429) await sleep(decision.delay, sending.signal, this.#clock)
    }
  }

  /** One try: a place in the budgets, then credentials, then the wire. */
  async #attempt(sending: Sending, course: Course): Promise<Outcome> {
    const { signal, tally } = sending
    const { budgets, device, priority, onWait } = sending
    const permit = await this.#admission.enter({ budgets, device, priority, signal, onWait, deadlines: deadlinesOf(sending, course) })
    tally.waited += permit.waited
    this.#counters.waitedFor(permit.waited)
    course.sentAt ??= this.#clock.monotonic()
    let learned: Learned = {}
    let proven = false
    try {
      const headers = await this.#authorizer.headers(sending.settings, () => this.#fetchToken(sending), signal)
      proven = true
      tally.attempts += 1
      this.#counters.requests += 1
      const answer = await sending.transport.send(sending.request, headers, sending.timeout, signal, () => permit.sent())
      const status = statusOf(this.#vendor, answer)
      const { roundTrip } = answer
      this.#observe(answer, sending)
      learned = { roundTrip }
      if (status >= 200 && status < 300) return { answer }
      if (status === 401) this.#authorizer.refused(headers)
      const failure = { status, retryAfter: answer.headers['retry-after'], date: answer.headers.date, reachedVendor: true }
      learned = { roundTrip, failure }
      return { failure, error: statusError(this.#vendor, status, answer) }
    } catch (error) {
      const outcome = failed(error, proven)
      if (!outcome) throw error
      if (saysAway(outcome.failure)) learned = { failure: outcome.failure }
      return outcome
    } finally {
      permit.done(learned)
    }
  }

  /** After a 429 everything of the account waits, whether this request is tried again or not. */
  #heed(failure: Failure, decision: RetryDecision): void {
    if (failure.status !== 429) return
    this.#counters.rateLimited += 1
    const asked = askedWait(failure, this.#clock.now()) ?? 0
    this.#admission.pause(decision.retry ? decision.delay : asked)
  }

  #observe(answer: HttpAnswer, sending: Sending): void {
    const { remaining } = this.#vendor
    const said = remaining && answer.headers[remaining.header]
    // An empty one says nothing, which as a number is 0.
    if (remaining && said) this.#admission.observe(remaining.budget, Number(said), sending)
  }
}

type Failed = { failure: Failure; error: ApiError }
type Outcome = { answer: HttpAnswer } | Failed

/** A command's time to live; and after a failure the deadline for all tries, at which that failure stands. */
function deadlinesOf({ sendBefore, timeout }: Sending, { sentAt, error }: Course): Deadline[] {
  const deadlines: Deadline[] = []
  if (sendBefore !== undefined) deadlines.push({ at: sendBefore, error: tooOld() })
  if (sentAt !== undefined && error) deadlines.push({ at: sentAt + deadlineOf(timeout), error })
  return deadlines
}

/**
 * What a thrown error says of the try; undefined when it is none that the retry rules know.
 * @param proven whether there were credentials to send it with; else it was the token request that failed
 */
function failed(error: unknown, proven: boolean): Failed | undefined {
  if (error instanceof TransportError)
    return { failure: { network: networkCode(error), reachedVendor: proven ? 'unknown' : false }, error: transportFailure(error) }
  // Only the token request gets here with a status, so the operation's own request was never sent.
  if (error instanceof ApiError && error.statusCode !== undefined)
    return { failure: { status: error.statusCode, reachedVendor: false }, error }
  return undefined
}

/** An answer that is too large or no HTTP, or a certificate that is not trusted, says nothing of an outage. */
const saysAway = ({ status, network = '' }: Failure): boolean =>
  status !== undefined || !(network === 'aborted' || network === BROKEN || network === TOO_LARGE || isNoHttp(network) || isCertificateFault(network))

/** A deadline of ours is to the retry rules what a timed-out connection is. */
const networkCode = (error: TransportError): string => (error.reason === 'timeout' ? 'ETIMEDOUT' : error.reason)

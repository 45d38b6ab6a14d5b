/** The shared client of one account identity: cache -> budgets -> auth -> transport -> retry -> what the status means. */
import type { Credentials, Settings, Token, Vendor } from '../vendor'
import { WireError } from '../wire'
import { untilAborted } from './abort'
import { parseBody, statusError, statusOf, transportFailure, type Answer } from './answer'
import { Authorizer } from './auth'
import { Limiter, LimiterError, type Budget, type BudgetState, type Permit } from './budget'
import { ResponseCache, maxAgeOf, type Cached } from './cache'
import { systemClock, type Clock, type Timer } from './clock'
import { ApiError, Redactor } from './errors'
import type { HttpRequest } from './request'
import { parseRetryAfter, retryDecision, type Failure, type RetryDecision } from './retry'
import { DEFAULT_SOCKETS, TransportError, type HttpAnswer, type Transport } from './transport'

/** One request with all that decides how it is sent. */
export interface Exchange {
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
  /** Asks the vendor even where the cache has an answer. */
  fresh?: boolean | undefined
  /** Fails with the first failure, also one after which another try is safe. */
  once?: boolean | undefined
  signal: AbortSignal
  /** Told how long the request waits for a budget, in ms. */
  onWait?: ((ms: number) => void) | undefined
  /** Monotonic ms after which it is not sent any more; see `Client.deadline`. */
  sendBefore?: number | undefined
  /** Whether a write changes what this path gives. */
  changes?(path: string): boolean
  /** Counts of the call that this request belongs to. */
  tally: Tally
}

/** What a call cost. */
export interface Tally {
  attempts: number
  /** ms in the limiter. */
  waited: number
}

export class Client {
  readonly vendor: Vendor
  readonly redactor = new Redactor()
  readonly cache: ResponseCache
  readonly limiter: Limiter
  readonly #authorizer: Authorizer
  readonly #credentials: Credentials
  readonly #clock: Clock
  readonly #closing = new AbortController()

  constructor(vendor: Vendor, credentials: Credentials, clock: Clock = systemClock) {
    this.vendor = vendor
    this.#clock = clock
    this.#credentials = credentials
    this.cache = new ResponseCache({ clock })
    this.limiter = new Limiter({ clock, concurrency: DEFAULT_SOCKETS })
    this.#authorizer = new Authorizer(vendor.auth, credentials, clock)
    const secrets = Object.values(credentials)
    this.redactor.add(...secrets, secrets.join(':'))
  }

  budgets(budgets: readonly Budget[], device?: string): BudgetState[] {
    return this.limiter.states(budgets, device)
  }

  /**
   * Sends a request within the budgets, or takes its answer from the cache.
   * @throws ApiError without vendor and operation in its message: the call adds them
   */
  async exchange(exchange: Exchange): Promise<Answer> {
    if (exchange.request.method !== 'GET') {
      const answer = await this.#persist(exchange)
      this.cache.drop((url) => exchange.changes?.(new URL(url).pathname) ?? true)
      return parseBody(answer, false)
    }
    const key = exchange.request.url
    const cached = exchange.fresh ? undefined : this.cache.get(key)
    if (cached) return parseBody(cached, true)
    const { answer, joined } = await this.cache.share(key, exchange.signal, (signal) => this.#read(key, { ...exchange, signal }))
    return parseBody(answer, joined)
  }

  async #read(key: string, exchange: Exchange): Promise<Cached> {
    const answer = await this.#persist(exchange)
    const kept = { status: answer.status, text: answer.text }
    this.cache.set(key, kept, maxAgeOf(answer.headers))
    return kept
  }

  /** Tries until there is an answer that stands. */
  async #persist(exchange: Exchange): Promise<HttpAnswer> {
    const started = this.#clock.monotonic()
    let renewed = false
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await this.#attempt(exchange)
      if (!('error' in outcome)) return outcome.answer
      if (outcome.failure.status === 401 && this.#authorizer.renewable && !renewed) {
        renewed = true
        continue
      }
      const decision = retryDecision({
        repeatable: exchange.repeatable,
        attempt,
        failure: outcome.failure,
        now: this.#clock.now(),
        random: () => this.#clock.random(),
        elapsed: this.#clock.monotonic() - started,
        limits: exchange.once ? { attempts: 1 } : undefined,
      })
      this.#heed(outcome.failure, decision)
      if (!decision.retry) throw outcome.error
      if (outcome.failure.status !== 429) await this.#sleep(decision.delay, exchange.signal)
    }
  }

  /** One try: a place in the budgets, then credentials, then the wire. */
  async #attempt(exchange: Exchange): Promise<Outcome> {
    const { signal, tally } = exchange
    const permit = await this.#permit(exchange)
    tally.waited += permit.waited
    let roundTrip: number | undefined
    try {
      const headers = await this.#authorizer.headers(exchange.settings, () => this.#fetchToken(exchange), signal)
      tally.attempts += 1
      const answer = await exchange.transport.send(exchange.request, headers, exchange.timeout, signal)
      roundTrip = answer.roundTrip
      this.#observe(answer, exchange.device)
      const status = statusOf(this.vendor, answer)
      if (status >= 200 && status < 300) return { answer }
      if (status === 401) this.#authorizer.refused(headers)
      const failure = { status, retryAfter: answer.headers['retry-after'], reachedVendor: true }
      return { failure, error: statusError(this.vendor, status, answer) }
    } catch (error) {
      if (error instanceof TransportError)
        return { failure: { network: networkCode(error), reachedVendor: 'unknown' }, error: transportFailure(error) }
      // Only the token request gets here with a status, so the operation's own request was never sent.
      if (error instanceof ApiError && error.statusCode !== undefined)
        return { failure: { status: error.statusCode, reachedVendor: false }, error }
      throw error
    } finally {
      permit.done({ roundTrip })
    }
  }

  /** The moment `ttl` ms from now, for `Exchange.sendBefore`. */
  deadline(ttl: number): number {
    return this.#clock.monotonic() + ttl
  }

  async #permit(exchange: Exchange): Promise<Permit> {
    const { budgets, device, priority, onWait } = exchange
    const { signal, settle } = this.#expiring(exchange)
    try {
      return await this.limiter.take({
        budgets,
        priority,
        signal,
        ...(device === undefined ? {} : { device }),
        ...(onWait === undefined ? {} : { onWait }),
      })
    } catch (error) {
      throw error instanceof LimiterError ? new ApiError(error.code, error.message) : error
    } finally {
      settle()
    }
  }

  /** The exchange's signal, which also ends the wait of a command that has become too old to send. */
  #expiring({ signal, sendBefore }: Exchange): { signal: AbortSignal; settle: () => void } {
    if (sendBefore === undefined) return { signal, settle: () => undefined }
    const expiry = new AbortController()
    const expire = (): void => expiry.abort(new ApiError('EXPIRED', 'the command waited longer than its time to live and was not sent; send it again if it is still wanted'))
    const left = sendBefore - this.#clock.monotonic()
    if (left <= 0) expire()
    const timer = this.#clock.setTimeout(expire, Math.max(0, left))
    return { signal: AbortSignal.any([signal, expiry.signal]), settle: () => this.#clock.clearTimeout(timer) }
  }

  /** After a 429 everything of the account waits, whether this request is tried again or not. */
  #heed(failure: Failure, decision: RetryDecision): void {
    if (failure.status !== 429) return
    const asked = parseRetryAfter(failure.retryAfter ?? '', this.#clock.now()) ?? 0
    this.limiter.pause(decision.retry ? decision.delay : asked, 'the vendor answered 429')
  }

  /** What a vendor says of its own count may only lower ours. */
  #observe(answer: HttpAnswer, device: string | undefined): void {
    const { remaining } = this.vendor
    const count = Number(remaining && answer.headers[remaining.header])
    if (remaining && Number.isFinite(count)) this.limiter.observe(remaining.budget, count, device)
  }

  /** Fetches a token for all who wait for one; ends with the client, not with the call that began it. */
  async #fetchToken(exchange: Exchange): Promise<Token> {
    const { auth } = this.vendor
    if (auth.kind !== 'token') throw new ApiError('CONFIG', 'this vendor has no tokens')
    const { url, headers, body } = auth.request(exchange.settings, this.#credentials)
    const { Authorization = '', 'Content-Type': contentType = 'application/json' } = headers
    this.redactor.add(Authorization)
    const request = { method: 'POST', url, body, contentType } as const
    const answer = await exchange.transport.send(
      request,
      Authorization === '' ? {} : { Authorization },
      exchange.timeout,
      this.#closing.signal,
    )
    const status = statusOf(this.vendor, answer)
    if (status < 200 || status >= 300) throw tokenError(statusError(this.vendor, status, answer))
    try {
      const token = auth.decode(parseBody(answer, false).body)
      this.redactor.add(token.value)
      return token
    } catch (error) {
      if (!(error instanceof WireError)) throw error
      throw new ApiError('PROTOCOL', `the answer to the token request is not what the cloud promises: ${error.message}; check the token address`)
    }
  }

  async #sleep(ms: number, signal: AbortSignal): Promise<void> {
    let timer: Timer | undefined
    try {
      await untilAborted(
        new Promise<void>((resolve) => {
          timer = this.#clock.setTimeout(resolve, ms)
        }),
        signal,
      )
    } finally {
      if (timer !== undefined) this.#clock.clearTimeout(timer)
    }
  }

  /** Rejects what waits with CLOSED and ends what it started. */
  close(): void {
    this.#closing.abort(new ApiError('CLOSED', 'the account was closed'))
    this.limiter.close()
  }
}

type Outcome = { answer: HttpAnswer } | { failure: Failure; error: ApiError }

/** A deadline of ours is to the retry rules what a timed-out connection is. */
const networkCode = (error: TransportError): string => (error.reason === 'timeout' ? 'ETIMEDOUT' : error.reason)

/** Vendors answer wrong client credentials with 400 as well as with 401 (RFC 6749, 5.2: invalid_client). */
function tokenError(error: ApiError): ApiError {
  const refused = error.statusCode === 400 || error.statusCode === 401 || error.statusCode === 403
  if (!refused) return error
  return new ApiError('AUTH', `the cloud gave no token for these credentials (${error.statusCode ?? ''}); check them in the account`, {
    ...(error.statusCode === undefined ? {} : { statusCode: error.statusCode }),
    body: error.body,
  })
}

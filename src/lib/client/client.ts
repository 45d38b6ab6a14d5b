/** The shared client of one account identity: cache -> budgets -> auth -> transport -> retry -> what the status means. */
import { sentence } from '../sentence'
import type { Credentials, Settings, Vendor } from '../vendor'
import type { Store } from '../store/store'
import type { StopSignal } from './abort'
import { Admission, type OutsideCounts } from './admission'
import { parseBody, statusError, statusOf, transportFailure, type Answer } from './answer'
import { Authorizer } from './auth'
import type { Budget, BudgetState, Limiter, Outcome as Learned } from './budget'
import { ResponseCache, maxAgeOf, type Cached, type Errand } from './cache'
import { Census } from './census'
import { systemClock, type Clock } from './clock'
import { CountKeeper } from './count-keeper'
import { Counters, forecast, type Diagnostics } from './diagnostics'
import { ApiError, Redactor } from './errors'
import { sleep, type Expiry } from './expiry'
import { KeptAnswers } from './kept-answers'
import type { Notice } from './notice'
import type { HttpRequest } from './request'
import { askedWait, BROKEN, isCertificateFault, retryDecision, type Failure, TOO_LARGE, type RetryDecision } from './retry'
import { SharedLimits } from './shared-limits'
import { requestToken } from './token-request'
import { TransportError, type HttpAnswer, type Transport } from './transport'
import { deriveKeys, Vault, type Keys } from './vault'

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
  signal: StopSignal
  /** Told how long the request waits for a budget, in ms. */
  onWait?: ((ms: number) => void) | undefined
  /** Monotonic ms after which it is not sent any more; see `Client.deadline`. */
  sendBefore?: number | undefined
  /** First part of its path below the base URL. */
  part: string
  /** First path parts of the reads that a write changes. */
  changes: readonly string[]
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

export class Client {
  readonly vendor: Vendor
  readonly redactor = new Redactor()
  readonly cache: ResponseCache
  readonly census: Census | undefined
  readonly #admission: Admission
  readonly #authorizer: Authorizer
  readonly #credentials: Credentials
  readonly #clock: Clock
  readonly #counters: Counters
  readonly #closing = new AbortController()
  readonly #identity: string
  #keys: Promise<Keys> | undefined
  #store: Store | undefined
  #keptAnswers: KeptAnswers | undefined
  readonly #listeners: ((notice: Notice) => void)[] = []

  /** @param identity all that tells this account from others; keys of what it keeps are derived from it */
  constructor(vendor: Vendor, credentials: Credentials, clock: Clock = systemClock, identity = JSON.stringify(credentials)) {
    this.vendor = vendor
    this.#clock = clock
    this.#credentials = credentials
    this.cache = new ResponseCache({ clock })
    this.census = vendor.census && new Census(vendor.census, clock)
    this.#counters = new Counters(clock.now())
    this.#admission = new Admission(clock, (notice) => this.tell(notice))
    this.#authorizer = new Authorizer(vendor.auth, credentials, clock, this.redactor)
    this.#identity = identity
    const secrets = Object.values(credentials)
    this.redactor.add(...secrets, secrets.join(':'))
  }

  /**
   * Keeps counts, tokens and answers there from now on; nothing is kept without a store. Resolves when the store before
   * it holds exact counts and is no longer used.
   */
  async attach(store: Store | undefined): Promise<void> {
    if (store === this.#store) return
    const before = this.#admission.outside
    const vault = store && new Vault(store, (this.#keys ??= deriveKeys(this.#identity)))
    this.#store = store
    this.#admission.outside = vault && this.#countsIn(vault)
    this.#authorizer.vault = vault
    this.census?.attach(vault)
    this.#keptAnswers = vault && new KeptAnswers(vault, this.#clock)
    await before?.settle()
  }

  #countsIn(vault: Vault): OutsideCounts {
    const { store } = vault
    const common = { account: vault.account(), limiter: this.limiter, clock: this.#clock }
    if (store.windows) return new SharedLimits({ ...common, windows: store.windows })
    return new CountKeeper({ ...common, store, tell: (notice) => this.tell(notice) })
  }

  get limiter(): Limiter {
    return this.#admission.limiter
  }

  budgets(budgets: readonly Budget[], device?: string): BudgetState[] {
    return this.limiter.states(budgets, device)
  }

  /** What it has done so far, and how long these budgets last. */
  diagnostics(budgets: readonly Budget[]): Diagnostics {
    const { limiter, breaker } = this.#admission
    const shared = budgets.filter(({ scope }) => scope === 'account')
    const now = this.#clock.now()
    return {
      vendor: this.vendor.id,
      ...this.#counters.shown(),
      queued: limiter.queued,
      running: limiter.running,
      ...(limiter.paused ? { paused: limiter.paused } : {}),
      ...(breaker.outage ? { outage: { since: breaker.outage.since, cause: breaker.outage.cause } } : {}),
      budgets: limiter.states(shared).map((state, index) => forecast(state, shared[index]?.window, now)),
    }
  }

  /**
   * Tells of outages and of budgets that are nearly spent. Of several listeners the first is told: one line is enough.
   * @returns what ends it
   */
  listen(listener: (notice: Notice) => void): () => void {
    this.#listeners.push(listener)
    return () => {
      const index = this.#listeners.indexOf(listener)
      if (index !== -1) this.#listeners.splice(index, 1)
    }
  }

  /** Tells the listener, without secrets. */
  tell(notice: Notice): void {
    this.#listeners[0]?.({ ...notice, text: notice.text.finished((text) => this.redactor.text(text)) })
  }

  /**
   * Sends a request within the budgets, or takes its answer from the cache.
   * @throws ApiError without vendor and operation in its message: the call adds them
   */
  async exchange(exchange: Exchange): Promise<Answer> {
    if (exchange.request.method !== 'GET') return parseBody(await this.#write(exchange), false)
    const key = exchange.request.url
    const cached = exchange.fresh ? undefined : this.cache.get(key)
    if (cached) this.#counters.cacheHits += 1
    return cached ? parseBody(cached, true) : this.#shared(key, exchange)
  }

  /** A write that was sent may have been done although it failed: what it changes is read anew in any case. */
  async #write(exchange: Exchange): Promise<HttpAnswer> {
    const { changes, tally } = exchange
    const { attempts } = tally
    try {
      return await this.#persist(exchange)
    } finally {
      if (tally.attempts > attempts) {
        this.cache.drop(changes)
        await this.#keptAnswers?.drop(changes)
      }
    }
  }

  /** A read that joins the equal one in flight, or is the first. */
  async #shared(key: string, exchange: Exchange): Promise<Answer> {
    const began = this.#clock.monotonic()
    const { answer, joined } = await this.cache.share(key, exchange.signal, (errand) => this.#read(key, exchange, errand), exchange.part)
    if (joined || answer.kept) {
      this.#counters.cacheHits += 1
      exchange.tally.waited += Math.min(answer.waited ?? 0, this.#clock.monotonic() - began)
    }
    return parseBody(answer, joined || answer.kept === true)
  }

  async #read(key: string, given: Exchange, errand: Errand): Promise<Cached> {
    const exchange = { ...given, signal: errand.signal }
    const { part, tally } = exchange
    const found = await this.#keptAnswers?.get(key, part)
    const keep = (answer: Cached, maxAge: number): Cached => (errand.outdated ? answer : this.cache.set(key, answer, maxAge, part))
    if (found?.answer) return { ...keep(found.answer, found.maxAge), kept: true }
    const before = tally.waited
    const answer = await this.#persist(exchange)
    const kept = { status: answer.status, text: answer.text }
    const maxAge = maxAgeOf(answer.headers)
    if (found && !errand.outdated) void this.#keptAnswers?.set(key, kept, maxAge, found.generation)
    return { ...keep(kept, maxAge), waited: tally.waited - before }
  }

  /** Tries until there is an answer that stands. */
  async #persist(exchange: Exchange): Promise<HttpAnswer> {
    const course: Course = {}
    let renewed = false
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await this.#attempt(exchange, course)
      if (!('error' in outcome)) return outcome.answer
      course.error = outcome.error
      if (outcome.failure.network !== 'aborted') this.#counters.failures += 1
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
        elapsed: this.#clock.monotonic() - (course.sentAt ?? 0),
        limits: { deadline: deadlineOf(exchange.timeout), ...(exchange.once ? { attempts: 1 } : {}) },
      })
      this.#heed(outcome.failure, decision)
      if (!decision.retry) throw outcome.error
      this.#counters.retries += 1
      if (outcome.failure.status !== 429) await sleep(decision.delay, exchange.signal, this.#clock)
    }
  }

  /** One try: a place in the budgets, then credentials, then the wire. */
  async #attempt(exchange: Exchange, course: Course): Promise<Outcome> {
    const { signal, tally } = exchange
    const { budgets, device, priority, onWait } = exchange
    const permit = await this.#admission.enter({ budgets, device, priority, signal, onWait, expiries: expiriesOf(exchange, course) })
    tally.waited += permit.waited
    this.#counters.waitedFor(permit.waited)
    course.sentAt ??= this.#clock.monotonic()
    let learned: Learned = {}
    let proven = false
    try {
      const headers = await this.#authorizer.headers(exchange.settings, () => this.#fetchToken(exchange), signal)
      proven = true
      tally.attempts += 1
      this.#counters.requests += 1
      const answer = await exchange.transport.send(exchange.request, headers, exchange.timeout, signal, () => permit.sent())
      const status = statusOf(this.vendor, answer)
      const { roundTrip } = answer
      this.#observe(answer, exchange)
      learned = { roundTrip }
      if (status >= 200 && status < 300) return { answer }
      if (status === 401) this.#authorizer.refused(headers)
      const failure = { status, retryAfter: answer.headers['retry-after'], date: answer.headers.date, reachedVendor: true }
      learned = { roundTrip, failure }
      return { failure, error: statusError(this.vendor, status, answer) }
    } catch (error) {
      const outcome = failed(error, proven)
      if (!outcome) throw error
      if (saysAway(outcome.failure)) learned = { failure: outcome.failure }
      return outcome
    } finally {
      permit.done(learned)
    }
  }

  /** The moment `ttl` ms from now, for `Exchange.sendBefore`. */
  deadline(ttl: number): number {
    return this.#clock.monotonic() + ttl
  }

  /** Ms for which the vendor wants no request that is equal to the one of this answer. */
  freshFor({ freshUntil }: Pick<Answer, 'freshUntil'>): number {
    return Math.max(0, freshUntil - this.#clock.monotonic())
  }

  /** After a 429 everything of the account waits, whether this request is tried again or not. */
  #heed(failure: Failure, decision: RetryDecision): void {
    if (failure.status !== 429) return
    this.#counters.rateLimited += 1
    const asked = askedWait(failure, this.#clock.now()) ?? 0
    this.#admission.pause(decision.retry ? decision.delay : asked)
  }

  #observe(answer: HttpAnswer, exchange: Exchange): void {
    const { remaining } = this.vendor
    const said = remaining && answer.headers[remaining.header]
    // An empty one says nothing, which as a number is 0.
    if (remaining && said) this.observe(remaining.budget, Number(said), exchange)
  }

  /** What the vendor says is left of a budget. */
  observe(budget: string, remaining: number, of: Pick<Exchange, 'budgets' | 'device'>): void {
    this.#admission.observe(budget, remaining, of)
  }

  /** Fetches a token for all who wait for one; ends with the client, not with the call that began it. */
  #fetchToken({ settings, timeout, transport }: Exchange): ReturnType<typeof requestToken> {
    const send = (request: HttpRequest, headers: Readonly<Record<string, string>>): Promise<HttpAnswer> =>
      transport.send(request, headers, timeout, this.#closing.signal)
    return requestToken({ vendor: this.vendor, settings, credentials: this.#credentials, redactor: this.redactor, send })
  }

  /** Rejects what waits with CLOSED and ends what it started. */
  close(): void {
    this.#closing.abort(new ApiError('CLOSED', sentence`the account was closed`))
    this.limiter.close()
  }
}

type Failed = { failure: Failure; error: ApiError }
type Outcome = { answer: HttpAnswer } | Failed

/** A command's time to live; and after a failure the deadline for all tries, at which that failure stands. */
function expiriesOf({ sendBefore, timeout }: Exchange, { sentAt, error }: Course): Expiry[] {
  const expiries: Expiry[] = []
  if (sendBefore !== undefined) expiries.push({ at: sendBefore, error: tooOld() })
  if (sentAt !== undefined && error) expiries.push({ at: sentAt + deadlineOf(timeout), error })
  return expiries
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

/** An answer that is too large, or a certificate that is not trusted, says nothing of an outage. */
const saysAway = ({ status, network = '' }: Failure): boolean =>
  status !== undefined || !(network === 'aborted' || network === BROKEN || network === TOO_LARGE || isCertificateFault(network))

/** A deadline of ours is to the retry rules what a timed-out connection is. */
const networkCode = (error: TransportError): string => (error.reason === 'timeout' ? 'ETIMEDOUT' : error.reason)

/** The shared client of one account identity: what is kept and shared of answers, counts and tokens, around the tries of each request. */
import { sentence } from '../base/sentence'
import type { Credentials, Vendor } from '../vocabulary/vendor'
import type { Store } from '../store/store'
import { Admission, type CountBackend } from '../quota/admission'
import { parseBody, type Answer } from '../http/response'
import { Authorizer } from '../auth/authorizer'
import type { Limiter } from '../limiter/limiter'
import { ResponseCache, maxAgeOf, type Cached, type Errand } from '../cache/response-cache'
import { DeviceCount } from '../quota/device-count'
import { systemClock, type Clock } from '../base/clock'
import { SavedCounts } from '../quota/saved-counts'
import { Counters, forecast, type Diagnostics } from './diagnostics'
import { ApiError } from '../base/api-error'
import { KeptAnswers } from '../cache/persistent-cache'
import type { AccountEvent } from '../quota/account-event'
import { Redactor } from '../base/redaction'
import type { HttpRequest } from '../http/request'
import { DistributedLimits } from '../quota/distributed-limits'
import { requestToken } from '../auth/token-request'
import { DEFAULT_SOCKETS, type HttpAnswer } from '../http/transport'
import { Tries, type Sending } from './attempts'
import { deriveKeys, EncryptedStore, type Keys } from '../cache/encrypted-store'
import type { Budget, BudgetState } from '../vocabulary/budget'

/** One request with all that decides how it is sent, and what it does to what is kept. */
export interface Exchange extends Sending {
  /** Asks the vendor even where the cache has an answer. */
  fresh?: boolean | undefined
  /** First part of its path below the base URL. */
  part: string
  /** First path parts of the reads that a write changes. */
  changes: readonly string[]
}

export class Client {
  readonly vendor: Vendor
  readonly redactor = new Redactor()
  readonly cache: ResponseCache
  readonly census: DeviceCount | undefined
  readonly #admission: Admission
  readonly #authorizer: Authorizer
  readonly #credentials: Credentials
  readonly #clock: Clock
  readonly #counters: Counters
  readonly #tries: Tries
  readonly #closing = new AbortController()
  readonly #identity: string
  #keys: Promise<Keys> | undefined
  #store: Store | undefined
  #keptAnswers: KeptAnswers | undefined
  readonly #listeners: ((notice: AccountEvent) => void)[] = []

  /** @param identity all that tells this account from others; keys of what it keeps are derived from it */
  constructor(vendor: Vendor, credentials: Credentials, clock: Clock = systemClock, identity = JSON.stringify(credentials)) {
    this.vendor = vendor
    this.#clock = clock
    this.#credentials = credentials
    this.cache = new ResponseCache({ clock })
    this.census = vendor.census && new DeviceCount(vendor.census, clock)
    this.#counters = new Counters(clock.now())
    this.#admission = new Admission({ clock, concurrency: DEFAULT_SOCKETS, emit: (event) => this.emit(event) })
    this.#authorizer = new Authorizer(vendor.auth, credentials, clock, this.redactor)
    this.#tries = new Tries({
      vendor,
      clock,
      counters: this.#counters,
      admission: this.#admission,
      authorizer: this.#authorizer,
      fetchToken: (sending) => this.#fetchToken(sending),
    })
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
    const before = this.#admission.counts
    const vault = store && new EncryptedStore(store, (this.#keys ??= deriveKeys(this.#identity)))
    this.#store = store
    this.#admission.counts = vault && this.#countsIn(vault)
    this.#authorizer.vault = vault
    this.census?.attach(vault)
    this.#keptAnswers = vault && new KeptAnswers(vault, this.#clock)
    await before?.flush()
  }

  #countsIn(vault: EncryptedStore): CountBackend {
    const { store } = vault
    const common = { account: vault.account(), limiter: this.limiter, clock: this.#clock }
    if (store.windows) return new DistributedLimits({ ...common, windows: store.windows })
    return new SavedCounts({ ...common, store, emit: (event) => this.emit(event) })
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
  subscribe(listener: (notice: AccountEvent) => void): () => void {
    this.#listeners.push(listener)
    return () => {
      const index = this.#listeners.indexOf(listener)
      if (index !== -1) this.#listeners.splice(index, 1)
    }
  }

  /** Tells the listener, without secrets. */
  emit(event: AccountEvent): void {
    this.#listeners[0]?.({ ...event, text: event.text.finished((text) => this.redactor.text(text)) })
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
      return await this.#tries.send(exchange)
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
    const answer = await this.#tries.send(exchange)
    const kept = { status: answer.status, text: answer.text }
    const maxAge = maxAgeOf(answer.headers)
    if (found && !errand.outdated) void this.#keptAnswers?.set(key, kept, maxAge, found.generation)
    return { ...keep(kept, maxAge), waited: tally.waited - before }
  }

  /** The moment `ttl` ms from now, for `Exchange.sendBefore`. */
  deadline(ttl: number): number {
    return this.#clock.monotonic() + ttl
  }

  /** Ms for which the vendor wants no request that is equal to the one of this answer. */
  freshFor({ freshUntil }: Pick<Answer, 'freshUntil'>): number {
    return Math.max(0, freshUntil - this.#clock.monotonic())
  }

  /** What the vendor says is left of a budget. */
  observe(budget: string, remaining: number, of: Pick<Exchange, 'budgets' | 'device'>): void {
    this.#admission.observe(budget, remaining, of)
  }

  /** Fetches a token for all who wait for one; ends with the client, not with the call that began it. */
  #fetchToken({ settings, timeout, transport }: Sending): ReturnType<typeof requestToken> {
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

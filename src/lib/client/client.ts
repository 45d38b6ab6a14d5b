/** The shared client of one account identity: one limiter, one token, one cache, however many nodes use it. */
import { sentence } from '../base/sentence'
import type { Credentials, Vendor } from '../vocabulary/vendor'
import type { Store } from '../store/store'
import { Admission, type CountBackend } from '../quota/admission'
import { parseBody } from '../http/response'
import { Authorizer } from '../auth/authorizer'
import type { TokenSender } from '../auth/token-request'
import type { Limiter } from '../limiter/limiter'
import type { Budget, BudgetState } from '../vocabulary/budget'
import { ResponseCache, maxAgeOf, type Cached, type InFlightRead } from '../cache/response-cache'
import { DeviceCount } from '../quota/device-count'
import { DeviceNames } from './device-names'
import { systemClock, type Clock } from '../base/clock'
import { SavedCounts } from '../quota/saved-counts'
import { forecast, newCounts, type Activity, type Counts, type Diagnostics, type Health } from './diagnostics'
import { ApiError } from '../base/api-error'
import { PersistentCache } from '../cache/persistent-cache'
import type { AccountEvent } from '../quota/account-event'
import { Redactor } from '../base/redaction'
import { DistributedLimits } from '../quota/distributed-limits'
import { DEFAULT_SOCKETS, type HttpAnswer } from '../http/transport'
import { Attempts } from './attempts'
import type { ClientRequest } from './client-request'
import type { ReadingListener } from './reading-notice'
import { RequestJournal, type JournalEntry } from './request-journal'
import { deriveKeys, EncryptedStore, type Keys } from '../cache/encrypted-store'

export interface ClientAnswer {
  status: number
  /** Parsed JSON; null when the vendor sent no body. */
  body: unknown
  /** Whether it came from a cache or from another call's request. */
  cached: boolean
  /** Monotonic ms until which the vendor wants no equal request. */
  freshUntil: number
  /** Monotonic ms at which it came from the vendor. */
  receivedAt: number
}

export class Client {
  readonly vendor: Vendor
  readonly clock: Clock
  readonly redactor = new Redactor()
  readonly cache: ResponseCache
  readonly deviceCount: DeviceCount | undefined
  readonly names: DeviceNames
  readonly readingListeners = new Set<ReadingListener>()
  readonly #journal: RequestJournal
  readonly #admission: Admission
  readonly #authorizer: Authorizer
  readonly #attempts: Attempts
  readonly #counts: Counts
  readonly #closing = new AbortController()
  readonly #identity: string
  #keys: Promise<Keys> | undefined
  #store: Store | undefined
  #persistentCache: PersistentCache | undefined
  readonly #listeners: ((event: AccountEvent) => void)[] = []

  /** @param identity all that tells this account from others; keys of what it keeps are derived from it */
  constructor(vendor: Vendor, credentials: Credentials, clock: Clock = systemClock, identity = JSON.stringify(credentials), journal = new RequestJournal(clock)) {
    this.vendor = vendor
    this.clock = clock
    this.cache = new ResponseCache({ clock })
    this.deviceCount = vendor.deviceCount && new DeviceCount(vendor.deviceCount, clock)
    this.names = new DeviceNames(vendor.labels, clock)
    this.#journal = journal
    const counts = newCounts(clock.now())
    this.#counts = counts
    const admission = new Admission({ clock, concurrency: DEFAULT_SOCKETS, emit: (event) => this.emit(event) })
    this.#admission = admission
    const authorizer = new Authorizer({ vendor, credentials, clock, redactor: this.redactor, signal: this.#closing.signal })
    this.#authorizer = authorizer
    this.#attempts = new Attempts({ vendor, clock, counts, journal, admission, authorizer })
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
    const encrypted = store && new EncryptedStore(store, (this.#keys ??= deriveKeys(this.#identity)))
    this.#store = store
    this.#admission.counts = encrypted && this.#countsIn(encrypted)
    this.#authorizer.store = encrypted
    this.deviceCount?.attach(encrypted)
    this.names.attach(encrypted)
    this.#persistentCache = encrypted && new PersistentCache(encrypted, this.clock)
    await before?.flush()
  }

  #countsIn(encrypted: EncryptedStore): CountBackend {
    const { store } = encrypted
    const common = { account: encrypted.account(), limiter: this.limiter, clock: this.clock }
    if (store.windows) return new DistributedLimits({ ...common, windows: store.windows })
    return new SavedCounts({ ...common, store, emit: (event) => this.emit(event) })
  }

  get limiter(): Limiter {
    return this.#admission.limiter
  }

  budgets(budgets: readonly Budget[], device?: string): BudgetState[] {
    return this.limiter.states(budgets, device)
  }

  /** What it does now, and how long these budgets last. */
  activity(budgets: readonly Budget[]): Activity {
    const { limiter, breaker } = this.#admission
    const shared = budgets.filter(({ scope }) => scope === 'account')
    const now = this.clock.now()
    return {
      vendor: this.vendor.id,
      ...this.#counts,
      waited: Math.round(this.#counts.waited),
      queued: limiter.queued,
      running: limiter.running,
      ...(limiter.paused ? { paused: limiter.paused } : {}),
      ...(breaker.outage ? { outage: { since: breaker.outage.since, cause: breaker.outage.cause } } : {}),
      budgets: limiter.states(shared).map((state, index) => forecast(state, shared[index]?.window, now)),
    }
  }

  /** The same with its latest requests. */
  diagnostics(budgets: readonly Budget[]): Diagnostics {
    return { ...this.activity(budgets), journal: this.#journal.entries.map((entry) => this.#cleaned(entry)), latencies: this.#journal.latencies }
  }

  /** What the latest requests showed of the vendor. */
  get health(): Health {
    const answered = this.#journal.newest(({ status }) => status !== undefined)
    const failed = this.#journal.newest(({ error }) => error !== undefined && error !== 'CLOSED')
    const worked = this.#journal.newest(({ error }) => error === undefined)
    const { failing } = this.#admission.breaker
    return {
      isRejected: answered?.error === 'AUTH',
      ...(failing ? { failing: { since: failing.since, cause: failing.cause } } : {}),
      ...(failed?.error ? { lastError: { time: failed.time, code: failed.error, operation: failed.operation } } : {}),
      ...(worked ? { workedAt: worked.time } : {}),
    }
  }

  /** Stands for the credentials where they must not stand: derived slowly, so that nobody can guess them from it. */
  async fingerprint(): Promise<string> {
    return (await (this.#keys ??= deriveKeys(this.#identity))).account
  }

  /** An entry without secrets: a flow chooses `_msgid`, a user the route, and a server the request id. */
  #cleaned(entry: JournalEntry): JournalEntry {
    const { _msgid: msgid, requestId, route } = entry
    const clean = (text: string | undefined): string | undefined => text && this.redactor.text(text)
    return { ...entry, route: this.redactor.text(route), requestId: clean(requestId), _msgid: clean(msgid) }
  }

  /**
   * Gives the listener each request when it has ended. Of several listeners only the first gets them.
   * @returns what unsubscribes it
   */
  onRequest(listener: (entry: JournalEntry) => void): () => void {
    return this.#journal.subscribe((entry) => listener(this.#cleaned(entry)))
  }

  /**
   * Gives the listener outages and budgets that are nearly spent. Of several listeners the first gets each event: one
   * line in the log is enough.
   * @returns what unsubscribes it
   */
  subscribe(listener: (event: AccountEvent) => void): () => void {
    this.#listeners.push(listener)
    return () => {
      const index = this.#listeners.indexOf(listener)
      if (index !== -1) this.#listeners.splice(index, 1)
    }
  }

  /**
   * Gives the listener the readings of all calls, whichever node makes them.
   * @returns what unsubscribes it
   */
  onReadings(listener: ReadingListener): () => void {
    this.readingListeners.add(listener)
    return () => void this.readingListeners.delete(listener)
  }

  /** Gives the listener an event, without secrets. */
  emit(event: AccountEvent): void {
    this.#listeners[0]?.({ ...event, text: event.text.finished((text) => this.redactor.text(text)) })
  }

  /**
   * Sends a request within the budgets, or takes its answer from a cache.
   * @throws ApiError without vendor and operation in its message: the call adds them
   */
  async send(request: ClientRequest): Promise<ClientAnswer> {
    if (request.request.method !== 'GET') return this.#parsed(await this.#write(request), false)
    const cached = request.fresh ? undefined : this.cache.get(request.request.url)
    if (!cached) return this.#read(request)
    this.#counts.cacheHits += 1
    return this.#parsed(cached, true)
  }

  /** A write that was sent may have been done although it failed: what it changes is read anew in any case. */
  async #write(request: ClientRequest): Promise<HttpAnswer> {
    const { changes, cost } = request
    const { attempts } = cost
    try {
      return await this.#attempts.send(request)
    } finally {
      if (cost.attempts > attempts) {
        this.cache.drop(changes)
        await this.#persistentCache?.drop(changes)
      }
    }
  }

  /** Joins the equal read in flight, or begins it. */
  async #read(request: ClientRequest): Promise<ClientAnswer> {
    const began = this.clock.monotonic()
    const { answer, joined } = await this.#share(request)
    // The read that was joined has ended, so the next one asks the vendor.
    if (answer.fromStore && request.fresh) return this.#read(request)
    const cached = joined || answer.fromStore === true
    if (cached) {
      this.#counts.cacheHits += 1
      request.cost.waited += Math.min(answer.waited ?? 0, this.clock.monotonic() - began)
    }
    return this.#parsed(answer, cached)
  }

  /** A read that fails with the one that it joined gets an entry of its own: its message failed too. */
  async #share(request: ClientRequest): Promise<{ answer: Cached; joined: boolean }> {
    const { signal, tag, request: { url } } = request
    const joins = this.cache.isInFlight(url)
    try {
      return await this.cache.share(url, signal, (read) => this.#ask(request, read), tag)
    } catch (error) {
      if (joins) this.#journal.addJoined(request, error)
      throw error
    }
  }

  /** Asks the persistent cache, then the vendor. */
  async #ask(request: ClientRequest, read: InFlightRead): Promise<Cached> {
    const { cost, fresh, tag } = request
    const key = request.request.url
    const found = await this.#persistentCache?.get(key, tag)
    if (found?.answer && !fresh) {
      const { answer, maxAge } = found
      return { ...(read.outdated ? answer : this.cache.set(key, answer, maxAge, tag)), fromStore: true }
    }
    const before = cost.waited
    const { status, text, headers } = await this.#attempts.send(request, read.signal)
    const answer = { status, text, receivedAt: this.clock.monotonic() }
    const waited = cost.waited - before
    // It may be from before a write.
    if (read.outdated) return { ...answer, waited }
    const maxAge = maxAgeOf(headers)
    if (found) void this.#persistentCache?.set(key, answer, maxAge, found.generation)
    return { ...this.cache.set(key, answer, maxAge, tag), waited }
  }

  #parsed(answer: Cached, cached: boolean): ClientAnswer {
    const now = this.clock.monotonic()
    const { freshUntil = now, receivedAt = now } = answer
    return { status: answer.status, body: parseBody(answer, cached).body, cached, freshUntil, receivedAt }
  }

  /**
   * Gets a token where the vendor wants one and none is valid.
   * @throws ApiError
   */
  signIn(sender: TokenSender, signal: AbortSignal): Promise<void> {
    return this.#attempts.signIn(sender, signal)
  }

  /** What the vendor says is left of a budget. */
  observe(budget: string, remaining: number, of: Pick<ClientRequest, 'budgets' | 'device'>): void {
    this.#admission.observe(budget, remaining, of)
  }

  /** Rejects what waits with CLOSED and ends what it started. */
  close(): void {
    this.#closing.abort(new ApiError('CLOSED', sentence`the account was closed by a deploy; send the message again`))
    this.limiter.close()
  }
}

/** The client of a program: one account with its store, reading positions and outbox. Its types stand in src/lib/index.ts. */
import { setMaxListeners } from 'node:events'
import { ApiError } from '../base/api-error'
import { joinAnswers } from '../base/foreign'
import { sentence, verbatim } from '../base/sentence'
import { Account, checkAccount, type AccountConfig } from '../client/account'
import { Call, type CallResponse } from '../client/call'
import type { Diagnostics } from '../client/diagnostics'
import { pool } from '../client/pool'
import type { Proxy } from '../http/proxy'
import type { TlsOptions } from '../http/transport'
import { Cursors, type Saved } from '../incremental/saved-cursors'
import { stores, type Listener, type StoreSettings } from '../store/shared-stores'
import { storeFailure, StoreError, type Store, type StoreLease } from '../store/store'
import { vendors } from '../vendors'
import type { Operation, Page, Verb } from '../vocabulary/operation'
import { operationsOf, type Vendor } from '../vocabulary/vendor'
import { LibraryOutbox } from './library-outbox'

type Values = Readonly<Record<string, unknown>>

export interface LibraryOptions {
  vendor: string
  credentials: Readonly<Record<string, string>>
  settings?: Values
  routes?: Values
  store?: { folder: string; redis?: { url: string; password?: string } }
  name?: string
  proxy?: Proxy
  tls?: TlsOptions
  timeout?: number
  log?: (level: 'info' | 'warn', message: string) => void
  onRefused?: (reading: Values, error: ApiError) => void
}

interface CallOptions {
  signal?: AbortSignal
  fresh?: boolean
  ifAbsent?: boolean
  ttl?: number
}

const WRITES: readonly Verb[] = ['send-reading', 'send-command', 'set-alarm', 'register-device']

/** Names of open clients by their store: two of one name would take each other's readings and positions. */
const namesInUse = new Set<string>()

export class LibraryClient {
  readonly outbox: LibraryOutbox
  readonly #vendor: Vendor
  readonly #options: LibraryOptions
  readonly #name: string
  readonly #usedName: string | undefined
  readonly #lease: StoreLease | undefined
  readonly #cursors: Cursors
  readonly #closing = new AbortController()
  #account: Promise<Account> | undefined
  #closed: Promise<void> | undefined

  /** @throws ApiError CONFIG */
  constructor(options: LibraryOptions) {
    this.#vendor = findVendor(options.vendor)
    this.#options = options
    this.#name = options.name ?? this.#vendor.id
    checkAccount(this.#config())
    this.#usedName = useName(this.#name, options.store)
    // Every call in flight listens to it.
    setMaxListeners(0, this.#closing.signal)
    this.#lease = this.#newLease()
    this.#cursors = new Cursors(this.#name, () => this.#store())
    this.outbox = new LibraryOutbox({
      name: this.#name,
      vendor: this.#vendor,
      store: this.#newLease(),
      account: () => this.#opened(),
      call: async (operation) => this.#newCall(await this.#opened(), operation, this.#operation(WRITES, operation), {}),
      onRefused: options.onRefused,
      log: (level, message) => this.#log(level, message),
    })
  }

  async get(operation: string, params?: Values, options?: CallOptions): Promise<unknown> {
    const { data, readings } = await this.call(operation, params, options)
    return readings ?? data
  }

  async call(operation: string, params: Values = {}, options: CallOptions = {}): Promise<Page & { response: CallResponse }> {
    const call = await this.#read(operation, options)
    let whole: Page | undefined
    for await (const page of this.#guarded(call.pages(params), options)) whole = whole ? joinPages(whole, page) : page
    return { data: null, ...whole, response: call.response }
  }

  async *pages(operation: string, params: Values = {}, options: CallOptions = {}): AsyncGenerator<Page, void, undefined> {
    const call = await this.#read(operation, options)
    yield* this.#guarded(call.pages(params), options)
  }

  async *since(operation: string, params: Values = {}, options: CallOptions = {}): AsyncGenerator<Page, void, undefined> {
    const call = await this.#read(operation, options)
    const source = call.source(this.#name, params)
    const { saved, end } = await this.#position(source, call)
    try {
      for await (const { cursor, fresh, ...page } of this.#guarded(call.since(params, saved.cursor), options)) {
        if (fresh > 0) yield page
        await saved.save(cursor).catch((error: unknown) => {
          throw call.explained(error)
        })
      }
    } finally {
      end()
    }
  }

  async send(operation: string, params: Values = {}, options: CallOptions = {}): Promise<{ data: unknown; existing: boolean; response: CallResponse }> {
    const call = this.#newCall(await this.#opened(), operation, this.#operation(WRITES, operation), options)
    try {
      const { data, existing, warnings } = await call.write(params, options.ifAbsent ?? false)
      for (const warning of warnings) this.#log('warn', String(warning))
      return { data, existing, response: call.response }
    } catch (error) {
      throw this.#reasonOf(error, options)
    }
  }

  async usage(): Promise<Pick<Diagnostics, 'requests' | 'failures' | 'retries' | 'cacheHits' | 'queued' | 'running' | 'outage'> & { limits: Diagnostics['budgets'] }> {
    const { budgets, cacheHits, failures, outage, queued, requests, retries, running } = (await this.#opened()).diagnostics()
    return { limits: budgets, requests, failures, retries, cacheHits, queued, running, ...(outage ? { outage } : {}) }
  }

  close(): Promise<void> {
    return (this.#closed ??= this.#close())
  }

  async #close(): Promise<void> {
    this.#closing.abort(closedError())
    try {
      await this.outbox.close()
      await (await this.#account?.catch(() => undefined))?.close()
      await this.#lease?.release()
    } finally {
      if (this.#usedName !== undefined) namesInUse.delete(this.#usedName)
    }
  }

  async #read(operation: string, options: CallOptions): Promise<Call> {
    return this.#newCall(await this.#opened(), operation, this.#operation(['get-data'], operation), options)
  }

  #newCall(account: Account, id: string, operation: Operation, { fresh, signal, ttl }: CallOptions): Call {
    const stop = signal ? AbortSignal.any([this.#closing.signal, signal]) : this.#closing.signal
    return new Call(account, id, operation, { signal: stop, ...(fresh === undefined ? {} : { fresh }), ...(ttl === undefined ? {} : { ttl }) })
  }

  /** @throws ApiError CONFIG */
  #operation(verbs: readonly Verb[], id: string): Operation {
    const operations = new Map(verbs.flatMap((verb) => Object.entries(operationsOf(this.#vendor, verb))))
    const found = operations.get(id)
    if (found) return found
    throw wrongOption(`${this.#vendor.title} has no such operation as "${id}"; give one of: ${[...operations.keys()].join(', ') || 'none'}`)
  }

  /** Pages whose errors tell an aborted call from a closed client. */
  async *#guarded<P>(pages: AsyncIterable<P>, options: CallOptions): AsyncGenerator<P, void, undefined> {
    try {
      yield* pages
    } catch (error) {
      throw this.#reasonOf(error, options)
    }
  }

  #reasonOf(error: unknown, { signal }: CallOptions): unknown {
    if (this.#closing.signal.aborted) return this.#closing.signal.reason
    return signal?.aborted ? new ApiError('CLOSED', verbatim('the call was aborted by its signal')) : error
  }

  /** Where a source has been read to. Another read of it waits until `end` is called. */
  #position(source: string, call: Call): Promise<{ saved: Saved; end: () => void }> {
    return new Promise((resolve, reject) => {
      const read = this.#cursors.read(source, (saved) => new Promise<void>((end) => resolve({ saved, end })))
      read.catch((error: unknown) => reject(call.explained(error)))
    })
  }

  /** The open account. The first call opens it; after a failure the next. */
  #opened(): Promise<Account> {
    if (this.#closing.signal.aborted) return Promise.reject(closedError())
    if (this.#account) return this.#account
    const opening = this.#open()
    this.#account = opening
    opening.catch(() => (this.#account = undefined))
    return opening
  }

  async #open(): Promise<Account> {
    return new Account({ ...this.#config(), store: this.#lease && (await this.#store()) }, pool)
  }

  /** @throws ApiError CONFIG where there is none; CONFIG or NETWORK when it cannot be opened */
  async #store(): Promise<Store> {
    if (!this.#lease) throw wrongOption('this client has no store; give createClient a store with a folder')
    try {
      return await this.#lease.open()
    } catch (error) {
      throw error instanceof StoreError ? storeFailure(sentence`the store of the account cannot be used`, error) : error
    }
  }

  #newLease(): StoreLease | undefined {
    const { store } = this.#options
    return store && stores.lease(storeSettings(store), this.#listener)
  }

  readonly #listener: Listener = {
    onDamage: (message) => this.#log('warn', String(message)),
    onOutage: (message) => this.#log('warn', String(message)),
    onRecovery: (message) => this.#log('info', String(message)),
  }

  #config(): AccountConfig {
    const { credentials, proxy, routes = {}, settings = {}, timeout, tls } = this.#options
    return {
      vendor: this.#vendor,
      settings,
      credentials,
      routes,
      ...(timeout === undefined ? {} : { timeout }),
      transport: { ...(proxy ? { proxy } : {}), ...(tls ? { tls } : {}) },
      notify: ({ level, text }) => this.#log(level === 'warn' ? 'warn' : 'info', `${this.#vendor.title}: ${String(text)}`),
    }
  }

  #log(level: 'info' | 'warn', message: string): void {
    this.#options.log?.(level, message)
  }
}

const storeSettings = ({ folder, redis }: NonNullable<LibraryOptions['store']>): StoreSettings =>
  ({ folder, ...(redis ? { redis: { url: redis.url, password: redis.password ?? '' } } : {}) })

/** Pages of one read have readings, or none of them has. */
const joinPages = (one: Page, other: Page): Page => ({
  data: joinAnswers(one.data, other.data),
  ...(one.readings ? { readings: joinAnswers(one.readings, other.readings ?? []) as NonNullable<Page['readings']> } : {}),
})

/** Programs have no language: what only they read is not translated. */
const wrongOption = (what: string): ApiError => new ApiError('CONFIG', verbatim(what))

const closedError = (): ApiError => new ApiError('CLOSED', verbatim('the client was closed; create another one'))

/** @throws ApiError CONFIG */
function findVendor(id: string): Vendor {
  const found = Object.values<Vendor>(vendors).find((vendor) => vendor.id === id)
  if (found) return found
  throw wrongOption(`there is no vendor "${id}"; give one of: ${Object.keys(vendors).join(', ')}`)
}

/** @throws ApiError CONFIG where an open client with this store has the name */
function useName(name: string, store: LibraryOptions['store']): string | undefined {
  if (!store) return undefined
  const used = JSON.stringify([store.folder, store.redis?.url, name])
  if (namesInUse.has(used)) throw wrongOption(`an open client with this store is called "${name}" already; close it, or give another name`)
  namesInUse.add(used)
  return used
}

/** One call of an operation, as a node makes it: params in, pages out, and what it cost. */
import { readSince, sourceName } from '../incremental/cursor'
import { type FieldError, readFields } from '../vocabulary/validation'
import { sentence, sentenceOf, type Sentence } from '../base/sentence'
import { isSequence, type Caller, type Fields, type NewPage, type Operation, type OutgoingReading, type Page, type Params, type Progress, type SequenceOperation, type SingleOperation } from '../vocabulary/operation'
import { untilAborted } from '../base/abort-signal'
import type { Account } from './account'
import type { Answer } from '../http/response'
import type { BudgetState } from '../vocabulary/budget'
import { classified } from './to-api-error'
import { ApiError } from '../base/api-error'
import { quotaUsed, WARN_AT } from '../quota/account-event'
import { Redactor } from '../base/redaction'
import { buildRequest } from '../http/request'

export interface CallOptions {
  signal: AbortSignal
  /** Told how long a request waits for a budget, in ms. */
  onWait?(ms: number): void
  onProgress?(text: string): void
  /** ms from now after which a command that still waits is not sent any more. */
  ttl?: number
  /** Asks the vendor even where the cache has an answer. */
  fresh?: boolean
  /** Fails with the first failure instead of trying again: somebody waits for the answer. */
  noRetry?: boolean
  /** Whether pages carry readings, where the operation can make them; default true. */
  readings?: boolean
  /** Whether a read may pass others, and use what is kept for commands. */
  urgent?: boolean
}

/** What a write did. */
export interface Written {
  data: unknown
  /** Set when nothing was sent, because what it would create exists. */
  existing: boolean
  warnings: Sentence[]
  /** Polls once the process that the write began; undefined when it began none. Failures go through `explained`. */
  poll?: () => Promise<Progress | undefined>
}

/** What `msg.response` says. */
export interface CallResponse {
  vendor: string
  operation: string
  statusCode?: number
  cached: boolean
  attempts: number
  /** ms in the limiter. */
  waited: number
  budgets: BudgetState[]
  apiRequestsRemaining?: number
  /** The vendor's error body. */
  body?: unknown
}
type Values = Readonly<Record<string, unknown>>

export class Call {
  readonly #account: Account
  readonly #id: string
  readonly #operation: Operation
  readonly #options: CallOptions
  /** Secrets among the params, beside those of the account. */
  readonly #redactor = new Redactor()
  readonly #tally = { attempts: 0, waited: 0 }
  readonly #sendBefore: number | undefined
  #statusCode: number | undefined
  #cached = true
  #freshUntil = 0
  #remaining: number | undefined
  #device: string | undefined
  #errorBody: unknown

  /** @param id the operation's id in flows */
  constructor(account: Account, id: string, operation: Operation, options: CallOptions) {
    this.#account = account
    this.#id = id
    this.#operation = operation
    this.#options = options
    this.#sendBefore = options.ttl === undefined ? undefined : account.client.deadline(options.ttl)
  }

  /**
   * Runs the operation, a page at a time.
   * @param values params as a flow gives them
   * @throws ApiError whose message names vendor, operation, what is wrong and what to do
   */
  async *pages(values: Values): AsyncGenerator<Page, void, undefined> {
    try {
      const operation = this.#operation
      const params = this.#checked(values)
      if (isSequence(operation)) yield* operation.run(this.#caller(operation, params), params)
      else if (operation.pages)
        for await (const body of operation.pages(this.#caller(operation, params), params)) yield this.#pageOf(operation, params, body)
      else yield await this.#single(operation, params)
    } catch (error) {
      throw this.explained(error)
    }
  }

  /**
   * Name of what these params read, whatever their period: each has a cursor of its own.
   * @param account id of the account's node
   * @throws ApiError CONFIG where an operation cannot be read since last, INVALID for a param that is wrong
   */
  source(account: string, values: Values): string {
    try {
      const { since } = this.#operation
      if (!since) throw new ApiError('CONFIG', sentence`this operation always reads all, so that what is new in it cannot be told; clear "Only new" in the node`)
      return sourceName([this.#account.vendor.id, account, this.#id], since.source, this.#checked(values))
    } catch (error) {
      throw this.explained(error)
    }
  }

  /**
   * Runs the operation as `pages` does, without what was given out before.
   * @param cursor that of the last page that was given out; undefined on the first read
   */
  async *since(values: Values, cursor: unknown): AsyncGenerator<NewPage, void, undefined> {
    try {
      const operation = this.#operation
      const params = this.#checked(values)
      if (isSequence(operation)) yield* operation.since?.run(this.#caller(operation, params), params, cursor) ?? []
      else yield* this.#singleSince(operation, params, cursor)
    } catch (error) {
      throw this.explained(error)
    }
  }

  async *#singleSince(operation: SingleOperation, params: Values, cursor: unknown): AsyncGenerator<NewPage> {
    const rule = operation.since
    if (!rule) return
    const send = async (changed: Values): Promise<unknown> =>
      this.#decode(operation, await this.#sendPrepared(operation, { ...params, ...changed }), params)
    for await (const { body, ...rest } of readSince({ rule, params, cursor, send, now: () => Date.now() }))
      yield { ...this.#pageOf(operation, params, body), ...rest }
  }

  /**
   * Runs a write.
   * @param ifAbsent whether to leave alone what exists already
   * @throws ApiError as `pages` does
   */
  async write(values: Values, ifAbsent: boolean): Promise<Written> {
    try {
      const operation = this.#operation
      const checked = this.#checked(values)
      if (isSequence(operation)) return { data: await this.#last(operation, checked), existing: false, warnings: [] }
      const params = operation.prepare?.(checked) ?? checked
      const warnings = operation.warnings?.(params) ?? []
      const caller = this.#caller(operation, params)
      const existing = ifAbsent ? await operation.existing?.(caller, params) : undefined
      if (existing !== undefined) return { data: existing, existing: true, warnings }
      const data = this.#decode(operation, await this.#send(operation, params), params)
      return { data, existing: false, warnings, poll: async () => operation.follow?.(caller, params, data) }
    } catch (error) {
      throw this.explained(error)
    }
  }

  /**
   * The readings in these params, for the outbox.
   * @param entered epoch ms at which they came
   * @throws ApiError INVALID naming the one that is wrong
   */
  outgoing(values: Values, entered: number): OutgoingReading[] {
    try {
      return this.#operation.outgoing?.(this.#checked(values), entered) ?? []
    } catch (error) {
      throw this.explained(error)
    }
  }

  /**
   * Sends readings of the outbox. They were checked before they were stored, and are not checked again.
   * @throws ApiError as `pages` does
   */
  async deliver(params: Values): Promise<void> {
    try {
      const operation = this.#operation
      if (isSequence(operation)) await this.#last(operation, params)
      else await this.#single(operation, params)
    } catch (error) {
      throw this.explained(error)
    }
  }

  async #last(operation: SequenceOperation, params: Values): Promise<unknown> {
    let data: unknown = null
    for await (const page of operation.run(this.#caller(operation, params), params)) data = page.data
    return data
  }

  #checked(values: Values): Record<string, unknown> {
    const { fields } = this.#operation
    for (const [name, field] of Object.entries(fields)) {
      const value = values[name]
      if (field.secret && (typeof value === 'string' || typeof value === 'number')) this.#redactor.add(String(value))
    }
    return readFields(fields, values, (name, error: FieldError): never => {
      throw new ApiError('INVALID', sentence`param "${name}" ${sentenceOf(error)}`)
    })
  }

  /** Ms for which the vendor wants no request that is equal to the latest one. */
  get freshFor(): number {
    return this.#account.client.freshFor({ freshUntil: this.#freshUntil })
  }

  /** What is used of a day's or month's limit, once that is much. */
  get nearlySpent(): Sentence | undefined {
    const { client } = this.#account
    const budgets = this.#account.budgets(this.#device).filter(({ window }) => typeof window !== 'number')
    const used = client.budgets(budgets, this.#device).map((state) => ({ ...state, used: state.limit - state.remaining }))
    const fullest = used.sort((one, other) => other.used / other.limit - one.used / one.limit)[0]
    const budget = budgets.find(({ name }) => name === fullest?.name)
    return fullest && budget && fullest.used >= fullest.limit * WARN_AT ? quotaUsed(budget, fullest) : undefined
  }

  get response(): CallResponse {
    const { client, vendor } = this.#account
    return {
      vendor: vendor.id,
      operation: this.#id,
      ...(this.#statusCode === undefined ? {} : { statusCode: this.#statusCode }),
      cached: this.#cached && this.#tally.attempts === 0,
      attempts: this.#tally.attempts,
      waited: Math.round(this.#tally.waited),
      budgets: client.budgets(this.#account.budgets(this.#device), this.#device),
      ...(this.#remaining === undefined ? {} : { apiRequestsRemaining: this.#remaining }),
      ...(this.#errorBody === undefined ? {} : { body: this.#errorBody }),
    }
  }

  async #single(operation: SingleOperation, params: Values): Promise<Page> {
    return this.#pageOf(operation, params, this.#decode(operation, await this.#sendPrepared(operation, params), params))
  }

  #pageOf(operation: SingleOperation, params: Values, data: unknown): Page {
    if (!operation.readings || this.#options.readings === false) return { data }
    const context = { receivedAt: Date.now(), settings: this.#account.settings }
    return { data, readings: operation.readings(data, params, context) }
  }

  #decode<P, B>(operation: { decode(body: unknown, sent?: P): B }, body: unknown, sent: P): B {
    return operation.decode(body, sent)
  }

  #caller(operation: Operation, params: Values): Caller<Params<Fields>> {
    return {
      send: (changed, query) => this.#send(operation, { ...params, ...changed }, query),
      call: async (other, otherParams) => this.#decode(other, await this.#sendPrepared(other, otherParams), otherParams),
      signal: this.#options.signal,
      progress: (text) => this.#options.onProgress?.(text),
    }
  }

  /** As `#send`, with params that the operation completes for each request. */
  #sendPrepared<F extends Fields, B>(operation: SingleOperation<F, B>, params: Params<F>): Promise<unknown> {
    return this.#send(operation, operation.prepare?.(params) ?? params)
  }

  /** Sends a request of an operation; gives the body without the vendor's envelope. */
  async #send(operation: Operation, params: Values, query?: Readonly<Record<string, string>>): Promise<unknown> {
    const { base, client, settings, timeout, transport, vendor } = this.#account
    const route = this.#routeOf(operation)
    const request = buildRequest(operation, params, { vendor, base, settings, route, query })
    const part = firstPart(request.url, base)
    this.#device = operation.device === undefined ? undefined : String(params[operation.device])
    const recalling = client.census?.recalling
    if (recalling) await untilAborted(recalling, this.#options.signal)
    const answer = await client.exchange({
      request,
      transport,
      settings,
      timeout,
      budgets: this.#account.budgets(this.#device),
      device: this.#device,
      priority: operation.verb === 'get-data' && !this.#options.urgent ? 'read' : 'command',
      repeatable: request.method === 'GET',
      fresh: this.#options.fresh,
      noRetry: this.#options.noRetry,
      part,
      changes: [part, ...(operation.changes ?? [])],
      signal: this.#options.signal,
      onWait: this.#options.onWait,
      sendBefore: operation.verb === 'get-data' ? undefined : this.#sendBefore,
      tally: this.#tally,
    })
    this.#note(answer)
    return vendor.unwrap ? vendor.unwrap(answer.body) : answer.body
  }

  /** Corrected routes are kept by the operation's file, which is unique in its vendor. */
  #routeOf(operation: Operation): ReturnType<Account['route']> {
    const { vendor } = this.#account
    const file = Object.keys(vendor.operations).find((key) => vendor.operations[key] === operation)
    return file === undefined ? undefined : this.#account.route(operation.routeOf ?? file)
  }

  #note(answer: Answer): void {
    this.#statusCode = answer.status
    this.#cached &&= answer.cached
    this.#freshUntil = answer.freshUntil
    const { client, vendor } = this.#account
    const remaining = vendor.apiRequestsRemaining?.(answer.body)
    if (remaining === undefined) return
    this.#remaining = remaining
    if (answer.cached || vendor.allowance === undefined || this.#device === undefined) return
    client.census?.learn(this.#device)
    client.observe(vendor.allowance, remaining, { budgets: this.#account.budgets(this.#device), device: this.#device })
  }

  /** Any failure as one sentence with a code, cleaned of secrets. */
  explained(error: unknown): ApiError {
    const { client, vendor } = this.#account
    const known = classified(error, this.#options.signal.aborted)
    // At the end of all, whatever the language: a secret may stand in any value.
    const clean = known.sentence.finished((text) => this.#redactor.text(client.redactor.text(text)))
    const body = this.#redactor.data(client.redactor.data(known.body))
    const explained = new ApiError(known.code, sentence`${vendor.title} ${this.#id}: ${clean}`, {
      ...(known.statusCode === undefined ? {} : { statusCode: known.statusCode }),
      body,
    })
    explained.attempts = this.#tally.attempts
    this.#statusCode = known.statusCode
    this.#errorBody = body
    return explained
  }
}

/** A write may change whatever lies above, below or beside it: reads of the same first path part, and of those that it names. */
const firstPart = (url: string, base: URL): string => url.slice(base.href.length).split(/[/?]/, 1)[0] ?? ''

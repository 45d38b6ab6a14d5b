/** One call of an operation: checks the params, sends the requests and returns the pages. */
import { readSince, sourceName } from '../incremental/cursor'
import { ParamError } from '../vocabulary/validation'
import { formText, sentence, type Sentence, sentenceOf } from '../base/sentence'
import { type Caller, type Fields, isSequence, type NewPage, type Operation, type OutgoingReading, type Page, type Params, type SequenceOperation, type SingleOperation } from '../vocabulary/operation'
import { untilAborted } from '../base/abort-signal'
import type { Account } from './account'
import type { ClientRequest } from './client-request'
import { ApiError } from '../base/api-error'
import { buildRequest, namedBy } from '../http/request'
import { routeTemplate } from '../http/route'
import { countFailed } from '../quota/account-event'
import { isCalendar, type BudgetState } from '../vocabulary/budget'
import { CallReport, checkParams, type CallResponse } from './call-report'
import { allowanceError, learnAllowance } from './device-allowance'
import type { CallOptions, RequestOptions, Written } from './call-options'
import { noticed, sourceKey } from './reading-notice'

export type { CallOptions, Written } from './call-options'
export type { CallResponse } from './call-report'

type Values = Readonly<Record<string, unknown>>

export class Call {
  readonly #account: Account
  readonly #id: string
  readonly #operation: Operation
  readonly #options: CallOptions
  readonly #report: CallReport
  /** Monotonic ms after which a command is not sent any more. */
  readonly #deadline: number | undefined

  /** @param id the operation's id in flows */
  constructor(account: Account, id: string, operation: Operation, options: CallOptions) {
    this.#account = account
    this.#id = id
    this.#operation = operation
    this.#options = options
    this.#report = new CallReport(account, id, options.title ?? formText(operation.title), options.signal)
    this.#deadline = options.ttl === undefined ? undefined : account.client.clock.monotonic() + options.ttl
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
      yield* this.#labelled(params, isSequence(operation) ? operation.run(this.#caller(operation, params), params) : this.#singlePages(operation, params))
    } catch (error) {
      throw this.explained(error)
    }
  }

  /**
   * Runs the operation as `pages` does, without what was emitted before.
   * @param cursor that of the last page that was emitted; undefined on the first read
   */
  async *since(values: Values, cursor: unknown): AsyncGenerator<NewPage, void, undefined> {
    try {
      const operation = this.#operation
      const params = this.#checked(values)
      const run = isSequence(operation) ? operation.since?.run(this.#caller(operation, params), params, cursor) : this.#singleSince(operation, params, cursor)
      if (run) yield* this.#labelled(params, run, true)
    } catch (error) {
      throw this.explained(error)
    }
  }

  async *#singlePages(operation: SingleOperation, params: Values): AsyncGenerator<Page> {
    if (!operation.pages) yield this.#pageOf(operation, params, await this.#decoded(operation, params))
    else for await (const body of operation.pages(this.#caller(operation, params), params)) yield this.#pageOf(operation, params, this.#learned(operation, body))
  }

  #labelled<P extends Page>(params: Values, pages: AsyncIterable<P>, isSince = false): AsyncGenerator<P, void, undefined> {
    const { names, readingListeners } = this.#account.client
    const labelled = names.labelled(pages, this.#options.signal, () => void readNames(this.#account))
    if (readingListeners.size === 0) return labelled
    const key = sourceKey(this.#id, this.#operation, params, isSince)
    return noticed(labelled, readingListeners, () => ({ operation: this.#id, key, age: this.answerAge, freshFor: this.freshFor }))
  }

  /** The data, once the names in them are known. */
  #learned<B>(operation: Operation, data: B): B {
    this.#account.client.names.learn(operation, data)
    return data
  }

  async *#singleSince(operation: SingleOperation, params: Values, cursor: unknown): AsyncGenerator<NewPage> {
    const rule = operation.since
    if (!rule) return
    const send = (changed: Values): Promise<unknown> => this.#decoded(operation, { ...params, ...changed })
    for await (const { body, ...rest } of readSince({ rule, params, cursor, send, now: () => Date.now() }))
      yield { ...this.#pageOf(operation, params, body), ...rest }
  }

  /**
   * Name of what these params read, whatever their period: each has a cursor of its own.
   * @param account id of the account's node
   * @throws ApiError CONFIG where an operation cannot be read incrementally, INVALID for a param that is wrong
   */
  source(account: string, values: Values): string {
    try {
      const { since } = this.#operation
      if (!since) throw new ApiError('CONFIG', sentence`this operation cannot be read incrementally; clear "Only new" in the node`)
      return sourceName([this.#account.vendor.id, account, this.#id], since.source, this.#checked(values))
    } catch (error) {
      throw this.explained(error)
    }
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
      // A list from a cache may name what has been deleted meanwhile.
      const existing = ifAbsent ? await operation.existing?.(this.#caller(operation, params, true), params) : undefined
      if (existing !== undefined) return { data: existing, existing: true, warnings }
      const data = operation.decode(await this.#send(operation, params), params)
      return { data, existing: false, warnings, poll: async () => operation.follow?.(this.#caller(operation, params), params, data) }
    } catch (error) {
      throw this.explained(error)
    }
  }

  /**
   * The readings in these params, for the outbox.
   * @throws ApiError INVALID naming the one that is wrong
   */
  outgoing(values: Values): OutgoingReading[] {
    try {
      return this.#operation.outgoing?.(this.#checked(values)) ?? []
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
      else await this.#decoded(operation, params)
    } catch (error) {
      throw this.explained(error)
    }
  }

  async #last(operation: SequenceOperation, params: Values): Promise<unknown> {
    let data: unknown = null
    for await (const page of operation.run(this.#caller(operation, params), params)) data = page.data
    return data
  }

  get response(): CallResponse {
    return this.#report.response
  }

  /** What is used of a day's or month's limit, once that is much. */
  get nearlySpent(): Sentence | undefined {
    return this.#report.nearlySpent
  }

  /** Ms for which the vendor wants no request that is equal to the latest one. */
  get freshFor(): number {
    return this.#report.freshFor
  }

  /** Ms since the vendor gave the oldest answer that this call used; 0 before there is one. */
  get answerAge(): number {
    return this.#report.answerAge
  }

  /** Any failure as one sentence with a code, cleaned of secrets. */
  explained(error: unknown): ApiError {
    return this.#report.explained(error instanceof ParamError ? error.withLabels(this.#operation.fields) : error)
  }

  #checked(values: Values): Record<string, unknown> {
    return checkParams(this.#operation.fields, values, this.#report, this.#options.absence)
  }

  #pageOf(operation: SingleOperation, params: Values, data: unknown): Page {
    if (!operation.readings || this.#options.readings === false) return { data }
    return { data, readings: operation.readings(data, params, { receivedAt: Date.now(), settings: this.#account.settings }) }
  }

  /** @param fresh whether its requests pass by the caches, also where those of the call do not */
  #caller(operation: Operation, params: Values, fresh?: boolean): Caller<Params<Fields>> {
    return {
      send: (changed, query) => this.#send(operation, { ...params, ...changed }, { query, fresh }),
      call: (other, otherParams) => this.#decoded(other, otherParams, { fresh: fresh ?? this.#options.fresh === true }),
      signal: this.#options.signal,
      progress: (text) => this.#options.onProgress?.(text),
    }
  }

  /** Sends one request with params that the operation completes first; gives its decoded body. */
  async #decoded<F extends Fields, B>(operation: SingleOperation<F, B>, params: Params<F>, options?: RequestOptions): Promise<B> {
    return this.#learned(operation, operation.decode(await this.#send(operation, operation.prepare?.(params) ?? params, options), params))
  }

  /** Sends one request of an operation; gives the body without the vendor's envelope. */
  async #send(operation: Operation, params: Values, options: RequestOptions = {}): Promise<unknown> {
    const account = this.#account
    const { client, vendor } = account
    if (client.deviceCount) await this.#countDevices()
    const request = this.#requestOf(operation, params, options)
    const { device } = request
    this.#report.device = device
    try {
      const answer = await client.send(request)
      this.#report.add(answer)
      if (!answer.cached && vendor.apiRequestsRemaining) learnAllowance(account, device, answer.body)
      return vendor.unwrap ? vendor.unwrap(answer.body) : answer.body
    } catch (error) {
      throw error instanceof ApiError && vendor.apiRequestsRemaining ? allowanceError(account, device, error) : error
    }
  }

  #requestOf(operation: Operation, params: Values, { query, fresh = Boolean(this.#options.fresh) }: RequestOptions): ClientRequest {
    const account = this.#account
    const { base, settings, timeout, transport, vendor } = account
    const { beforeSend, msgid, signal, noRetry, onWait, urgent } = this.#options
    const isRead = operation.verb === 'get-data'
    const route = operation.file === undefined ? undefined : account.route(operation.routeOf ?? operation.file)
    const context = { vendor, base, settings, route, query }
    const request = buildRequest(operation, params, context)
    if (this.#options.getOnly && request.method !== 'GET')
      throw new ApiError('CONFIG', sentence`the route of "${formText(operation.title)}" is ${request.method}, but only GET requests are sent for tests and lists; correct the route in the account`)
    const tag = cacheTag(request.url, base)
    const device = operation.device === undefined ? undefined : String(params[operation.device])
    return {
      request, named: () => namedBy(operation, params, context), transport, settings, timeout, signal, beforeSend, noRetry, onWait, fresh, device, tag, msgid,
      operation: this.#id, route: routeTemplate(operation, request.method, route),
      budgets: account.budgets(device),
      priority: isRead && !urgent ? 'read' : 'command',
      repeatable: request.method === 'GET',
      changes: operation.changes ? [tag, ...operation.changes] : [tag],
      deadline: isRead ? undefined : this.#deadline,
      cost: this.#report.cost,
    }
  }

  /** Waits for the count of an earlier run, and begins a new one where it is time to; nobody waits for that one. */
  async #countDevices(): Promise<void> {
    const loading = this.#account.client.deviceCount?.loading
    if (loading) await untilAborted(loading, this.#options.signal)
    void countDevices(this.#account)
  }
}

/** Counts the devices that the account's limits grow with, where it is time to. */
export async function countDevices(account: Account): Promise<void> {
  const { client, signal, settings, vendor } = account
  const { deviceCount: plan } = vendor
  if (!client.deviceCount || !plan?.wanted(settings)) return
  const failure = await client.deviceCount.refresh(async () => {
    const operation = vendor.operations[plan.operation]
    if (!operation) throw new Error(`there is no operation ${plan.operation}`)
    const page = await new Call(account, operation.id ?? plan.operation, operation, { signal, urgent: true }).pages({}).next()
    return page.done ? undefined : page.value.data
  })
  if (failure !== undefined && !signal.aborted)
    client.emit(countFailed(plan.what, failure instanceof Error ? sentenceOf(failure) : sentence`it failed`))
}

/** Reads the vendor's lists of names, where it is time to and nothing else waits. */
export async function readNames(account: Account): Promise<void> {
  const { client, signal, vendor } = account
  const { labels } = vendor
  if (!labels || client.limiter.queued > 0) return
  const quotas = (): BudgetState[] => client.budgets(account.budgets().filter(isCalendar))
  await client.names.refresh(quotas, signal, async () => {
    const call = new Call(account, 'names', labels.list, { signal, noRetry: true, getOnly: true, readings: false })
    for (const pages = call.pages({}); !(await pages.next()).done; );
  })
}

/** First part of the path: a write may change what lies above, below or beside it. */
const cacheTag = (url: string, base: URL): string => url.slice(base.href.length).split(/[/?]/, 1)[0] ?? ''

/** The report of a call: `msg.response`, the age of cached responses, and an error as one sentence. */
import { CursorError } from '../incremental/cursor'
import { FieldError, isAbsent, labelled, readFields, WireError } from '../vocabulary/validation'
import type { Fields } from '../vocabulary/operation'
import { sentence, sentenceOf, type Sentence } from '../base/sentence'
import { STORE_CODES, StoreError } from '../store/store'
import { ApiError } from '../base/api-error'
import { Redactor } from '../base/redaction'
import { RequestError } from '../http/request'
import { quotaUsed, WARN_AT } from '../quota/account-event'
import type { BudgetState } from '../vocabulary/budget'
import type { Account } from './account'
import type { CallCost } from './client-request'
import type { CallOptions } from './call-options'
import type { ClientAnswer } from './client'

/** How a call was answered. Flows have it as `msg.response`. */
export interface CallResponse {
  vendor: string
  operation: string
  statusCode?: number
  /** Whether all its answers came from a cache, or from the requests of equal reads. */
  cached: boolean
  attempts: number
  /** ms in the limiter. */
  waited: number
  budgets: BudgetState[]
  apiRequestsRemaining?: number
  /** The vendor's error body. */
  body?: unknown
}

export class CallReport {
  readonly #account: Account
  readonly #operation: string
  readonly #title: Sentence
  readonly #signal: AbortSignal
  readonly cost: CallCost = { attempts: 0, waited: 0 }
  /** The device of the latest request. */
  device: string | undefined
  /** What the latest answer says is left of the device's allowance. */
  #remaining: number | undefined
  /** Knows the secrets among the params, which most calls have none of. */
  #redactor: Redactor | undefined
  #statusCode: number | undefined
  #errorBody: unknown
  #isAnswered = false
  /** Monotonic ms. */
  #freshUntil = 0
  #oldestAnswer = Infinity

  /**
   * @param operation its id in flows
   * @param title what people call it
   */
  constructor(account: Account, operation: string, title: Sentence, signal: AbortSignal) {
    this.#account = account
    this.#operation = operation
    this.#title = title
    this.#signal = signal
  }

  /** Keeps a secret of the params out of every error; the client knows those of the account. */
  addSecret(secret: string): void {
    this.#redactor ??= new Redactor()
    this.#redactor.add(secret)
  }

  /** Takes note of an answer. */
  add({ status, body, freshUntil, receivedAt }: ClientAnswer): void {
    this.#statusCode = status
    this.#noteRemaining(body)
    this.#isAnswered = true
    this.#freshUntil = freshUntil
    this.#oldestAnswer = Math.min(this.#oldestAnswer, receivedAt)
  }

  /** Ms for which the vendor wants no request that is equal to the latest one. */
  get freshFor(): number {
    return Math.max(0, this.#freshUntil - this.#account.client.clock.monotonic())
  }

  /** Ms since the vendor gave the oldest answer; 0 before there is one. */
  get answerAge(): number {
    return Math.max(0, this.#account.client.clock.monotonic() - this.#oldestAnswer)
  }

  /** What is used of a day's or month's limit, once that is much. */
  get nearlySpent(): Sentence | undefined {
    const budgets = this.#account.budgets(this.device).filter(({ window }) => typeof window !== 'number')
    const used = this.#states(budgets).map((state) => ({ ...state, used: state.limit - state.remaining }))
    const fullest = used.sort((one, other) => other.used / other.limit - one.used / one.limit)[0]
    const budget = budgets.find(({ name }) => name === fullest?.name)
    return fullest && budget && fullest.used >= fullest.limit * WARN_AT ? quotaUsed(budget, fullest) : undefined
  }

  get response(): CallResponse {
    const { attempts, waited } = this.cost
    return {
      vendor: this.#account.vendor.id,
      operation: this.#operation,
      ...(this.#statusCode === undefined ? {} : { statusCode: this.#statusCode }),
      cached: this.#isAnswered && attempts === 0,
      attempts,
      waited: Math.round(waited),
      budgets: this.#states(this.#account.budgets(this.device)),
      ...(this.#remaining === undefined ? {} : { apiRequestsRemaining: this.#remaining }),
      ...(this.#errorBody === undefined ? {} : { body: this.#errorBody }),
    }
  }

  #states(budgets: ReturnType<Account['budgets']>): BudgetState[] {
    return this.#account.client.budgets(budgets, this.device)
  }

  #withoutSecrets(text: string): string {
    return this.#redactor ? this.#redactor.text(text) : text
  }

  /** Any failure as one sentence with a code, cleaned of secrets; the response then tells of it too. */
  explained(error: unknown): ApiError {
    const { client, vendor } = this.#account
    const known = toApiError(error, this.#signal.aborted)
    // At the end of all, whatever the language: a secret may stand in any value.
    const clean = (text: string): string => this.#withoutSecrets(client.redactor.text(text))
    const ofAccount = client.redactor.data(known.body)
    const body = this.#redactor ? this.#redactor.data(ofAccount) : ofAccount
    const explained = new ApiError(known.code, sentence`${vendor.title}, ${this.#title}: ${known.sentence.finished(clean)}`, {
      statusCode: known.statusCode,
      body,
      deviation: known.deviation,
      summary: known.summary.finished(clean),
    })
    explained.attempts = this.cost.attempts
    this.#statusCode = known.statusCode
    this.#errorBody = body
    this.#noteRemaining(known.body)
    return explained
  }

  #noteRemaining(body: unknown): void {
    this.#remaining = this.#account.vendor.apiRequestsRemaining?.(body) ?? this.#remaining
  }
}

/**
 * The params as the operation takes them. The report learns secrets among them first, since an error may quote them.
 * @param absence why a param has no value, where its node knows
 * @throws ApiError INVALID naming the param that is wrong
 */
export function checkParams(fields: Fields, values: Readonly<Record<string, unknown>>, report: CallReport, absence: CallOptions['absence']): Record<string, unknown> {
  for (const [name, field] of Object.entries(fields)) {
    const value = values[name]
    if (field.secret && (typeof value === 'string' || typeof value === 'number')) report.addSecret(String(value))
  }
  return readFields(fields, values, (name, error: FieldError): never => {
    const origin = isAbsent(values[name]) ? absence?.(name, values[name]) : undefined
    throw labelled(fields[name]?.label ?? name, origin ?? error)
  })
}

/** @param closed whether the node of the call was closed meanwhile */
function toApiError(error: unknown, closed: boolean): ApiError {
  if (error instanceof ApiError) return error
  if (closed) return new ApiError('CLOSED', sentence`the request was stopped because the flow was deployed or stopped; send it again`)
  if (error instanceof RequestError || error instanceof FieldError) return new ApiError('INVALID', sentenceOf(error), { summary: error.summary ?? sentence`check the inputs of the node` })
  if (error instanceof StoreError) return new ApiError(STORE_CODES[error.code], sentenceOf(error), { summary: sentence`store cannot be used` })
  if (error instanceof CursorError) return new ApiError('CONFIG', sentenceOf(error), { summary: sentence`reading position cannot be read` })
  // Anything that reading an answer trips over is the answer's fault, never a crash of the flow.
  const reason = error instanceof Error ? sentenceOf(error) : sentence`it cannot be read`
  return new ApiError('PROTOCOL', sentence`unexpected response format: ${reason}; try again, and report it as a bug of node-red-contrib-sensor-clouds if it happens again`, {
    deviation: error instanceof WireError ? error.deviation : undefined,
  })
}

/** Sends readings of the outbox, and decides from a failure whether they are retried. */
import type { Account } from '../client/account'
import { Call, type CallResponse } from '../client/call'
import { ApiError } from '../base/api-error'
import type { Delivery, Vendor } from '../vocabulary/vendor'
import { msgidOf, type Item } from './item'

/** Why readings were not delivered, with what `msg.response` says of it. */
export class Undelivered extends ApiError {
  readonly response: CallResponse | undefined

  /** @param said instead of the error's own */
  constructor(error: ApiError, response: CallResponse | undefined, said = error.sentence) {
    const { body, statusCode } = error
    super(error.code, said, { body, ...(statusCode === undefined ? {} : { statusCode }) })
    this.attempts = error.attempts
    this.response = response
  }
}

/**
 * Delivers items that may share a request, in their order.
 * @throws Undelivered
 */
export type Deliver = (items: readonly Item[], signal: AbortSignal) => Promise<CallResponse>

/** @param account opens the account; may throw ApiError CONFIG */
export const deliverer =
  (vendor: Vendor, delivery: Delivery, account: () => Promise<Account>): Deliver =>
  async (items, signal) => {
    const chosen = sharedOperation(items)
    const { operation: file, params } = delivery.request(items.map(({ reading }) => reading), chosen)
    const operation = vendor.operations[file]
    if (!operation) throw new Error(`${vendor.id} has no operation ${file}`)
    let call: Call | undefined
    try {
      call = new Call(await account(), chosen ?? file, operation, { signal, msgid: items[0] && msgidOf(items[0]) })
      await call.deliver(params)
      return call.response
    } catch (error) {
      throw error instanceof ApiError ? new Undelivered(error, call?.response) : error
    }
  }

/** Errors and responses name the operation that the flow chose, where it is the same for all. */
function sharedOperation(items: readonly Item[]): string | undefined {
  const first = items[0]?.operation
  return items.every(({ operation }) => operation === first) ? first : undefined
}

export type Meaning =
  /** The vendor will never accept one of the readings. */
  | 'refused'
  /** A request with fewer readings may succeed. */
  | 'too many'
  /** The same request may succeed later. */
  | 'later'

const TOO_LARGE = 413

export function meaningOf({ code, statusCode }: ApiError): Meaning {
  if (statusCode === TOO_LARGE || code === 'TIMEOUT') return 'too many'
  return code === 'INVALID' || code === 'NOT_FOUND' || code === 'CONFLICT' ? 'refused' : 'later'
}

/** Whether a request with a single reading can never succeed. */
export const isFinal = (error: ApiError): boolean => error.code !== 'TIMEOUT' && meaningOf(error) !== 'later'

/** Epoch ms at which a spent budget resets, where that is the reason. */
export function resetOf(error: ApiError): number | undefined {
  if (error.code !== 'QUOTA' || !(error instanceof Undelivered)) return undefined
  const resets = (error.response?.budgets ?? []).filter(({ remaining }) => remaining <= 0).map(({ resetsAt }) => resetsAt)
  return resets.length === 0 ? undefined : Math.max(...resets)
}

/** Sends readings of the outbox, and decides from a failure whether they are retried. */
import type { Account } from '../client/account'
import { Call, type CallResponse } from '../client/call'
import { ApiError } from '../base/api-error'
import type { Delivery, Vendor } from '../vocabulary/vendor'
import { sentence } from '../base/sentence'
import { msgidOf, type Item } from './item'
import type { ReadingTimes } from './reading-times'

/** Why readings were not delivered, with what `msg.response` says of it. */
export class Undelivered extends ApiError {
  readonly response: CallResponse | undefined

  /** @param said instead of the error's own; so is `summary` */
  constructor(error: ApiError, response: CallResponse | undefined, said = error.sentence, summary = error.summary) {
    const { body, statusCode } = error
    super(error.code, said, { body, statusCode, summary })
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
export function deliverer(vendor: Vendor, delivery: Delivery, account: () => Promise<Account>, times: ReadingTimes): Deliver {
  const deliver: Deliver = async (items, signal) => {
    await times.load(items)
    const { readings, isOutdated } = times.of(items)
    const chosen = sharedOperation(items)
    const { operation: file, params } = delivery.request(readings, chosen)
    const operation = vendor.operations[file]
    if (!operation) throw new Error(`${vendor.id} has no operation ${file}`)
    let outdated = false as boolean
    // A request may wait for minutes, in which the network and then NTP come back.
    const beforeSend = (): void => {
      outdated = isOutdated()
      if (outdated) throw new ApiError('CLOSED', sentence`this computer's clock was set while the readings waited`)
    }
    let call: Call | undefined
    try {
      call = new Call(await account(), chosen ?? file, operation, { signal, beforeSend, msgid: items[0] && msgidOf(items[0]) })
      await call.deliver(params)
      times.delivered(items)
      return call.response
    } catch (error) {
      if (outdated) return deliver(items, signal)
      throw error instanceof ApiError ? new Undelivered(error, call?.response) : error
    }
  }
  return deliver
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

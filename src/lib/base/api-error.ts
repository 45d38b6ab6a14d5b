/** Errors that users see: one sentence, one code of the contract, and never a secret. */
import { sentence, SentenceError, type Sentence } from './sentence'

export type ErrorCode =
  | 'CONFIG'
  | 'INVALID'
  | 'AUTH'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'RATE_LIMITED'
  | 'QUOTA'
  | 'TIMEOUT'
  | 'NETWORK'
  | 'VENDOR'
  | 'PROTOCOL'
  | 'OUTBOX_FULL'
  | 'EXPIRED'
  | 'CLOSED'

export class ApiError extends SentenceError {
  readonly code: ErrorCode
  /** HTTP status of the vendor's last answer, where there was one. */
  statusCode?: number
  /** The vendor's error body, parsed where it is JSON. */
  body?: unknown
  /** Requests that were sent for it. */
  attempts = 0

  constructor(code: ErrorCode, said: Sentence, answer: { statusCode?: number; body?: unknown } = {}) {
    super(said)
    this.name = 'ApiError'
    this.code = code
    if (answer.statusCode !== undefined) this.statusCode = answer.statusCode
    // Kept off enumeration, so that a logger which prints an error's properties prints no vendor data.
    Object.defineProperty(this, 'body', { value: answer.body, enumerable: false, writable: true })
  }

  /** Node-RED puts this into `msg.error.message`, where a class name before the sentence is noise. */
  override toString(): string {
    return this.message
  }
}

interface StatusMeaning {
  code: ErrorCode
  /** What happened; the status follows in brackets, then the vendor's own words. */
  what: Sentence
  /** What to do next. */
  remedy: Sentence
}

const MEANINGS: Readonly<Record<number, StatusMeaning>> = {
  400: { code: 'INVALID', what: sentence`the server rejected the request as invalid`, remedy: sentence`correct the params` },
  401: { code: 'AUTH', what: sentence`the server rejected the credentials`, remedy: sentence`enter them again in the account` },
  403: { code: 'FORBIDDEN', what: sentence`the server denied access`, remedy: sentence`check the credentials and what they may access` },
  404: { code: 'NOT_FOUND', what: sentence`the server found nothing at this address`, remedy: sentence`check the ids, then the base URL in the account` },
  405: { code: 'PROTOCOL', what: sentence`the server does not allow this method at this address`, remedy: sentence`check the route` },
  407: { code: 'NETWORK', what: sentence`the proxy rejected the user name or password`, remedy: sentence`enter them again in the account's proxy` },
  408: { code: 'TIMEOUT', what: sentence`the server waited too long for the request`, remedy: sentence`check the network, then try again` },
  409: { code: 'CONFLICT', what: sentence`the server reports a conflict with existing data`, remedy: sentence`check the ids` },
  422: { code: 'INVALID', what: sentence`the server rejected the params`, remedy: sentence`correct them` },
  429: { code: 'RATE_LIMITED', what: sentence`the server received too many requests`, remedy: sentence`send requests less often` },
}

/** What a status means. */
export function meaningOf(status: number): StatusMeaning {
  const known = MEANINGS[status]
  if (known) return known
  if (status >= 500) return { code: 'VENDOR', what: sentence`the server failed`, remedy: sentence`try again later` }
  if (status >= 400) return { code: 'INVALID', what: sentence`the server rejected the request`, remedy: sentence`correct the params` }
  if (status >= 300) return { code: 'PROTOCOL', what: sentence`the server redirects to another address`, remedy: sentence`check the base URL` }
  return { code: 'PROTOCOL', what: sentence`the server sent an unexpected status`, remedy: sentence`check the base URL` }
}

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
  /** The middle of a sentence that begins with the cloud. */
  what: Sentence
  remedy: Sentence
}

const MEANINGS: Readonly<Record<number, StatusMeaning>> = {
  400: { code: 'INVALID', what: sentence`refused the request as invalid`, remedy: sentence`correct the params` },
  401: { code: 'AUTH', what: sentence`did not accept the credentials`, remedy: sentence`check them in the account` },
  403: { code: 'FORBIDDEN', what: sentence`does not allow this`, remedy: sentence`check the credentials and what they may access` },
  404: { code: 'NOT_FOUND', what: sentence`found nothing there`, remedy: sentence`check the ids, then the base URL in the account` },
  405: { code: 'PROTOCOL', what: sentence`does not know this method`, remedy: sentence`check the route` },
  408: { code: 'TIMEOUT', what: sentence`gave up waiting for the request`, remedy: sentence`try again` },
  409: { code: 'CONFLICT', what: sentence`says that it conflicts with what exists`, remedy: sentence`check the ids` },
  422: { code: 'INVALID', what: sentence`refused the params`, remedy: sentence`correct them` },
  429: { code: 'RATE_LIMITED', what: sentence`says that there were too many requests`, remedy: sentence`ask less often` },
}

/** What a status means; the sentence continues after vendor and operation. */
export function meaningOf(status: number): StatusMeaning {
  const known = MEANINGS[status]
  if (known) return known
  if (status >= 500) return { code: 'VENDOR', what: sentence`has a fault of its own`, remedy: sentence`try again later` }
  if (status >= 400) return { code: 'INVALID', what: sentence`refused the request`, remedy: sentence`correct the params` }
  return { code: 'PROTOCOL', what: sentence`answered with a redirect or an unknown status`, remedy: sentence`check the base URL` }
}

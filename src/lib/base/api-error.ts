/** Errors that users see: one sentence for Catch, a few words for the status, one code of the contract, and never a secret. */
import { sentence, SentenceError, type Sentence } from './sentence'

/** What went wrong; docs/errors.md explains each code. */
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

/** Characters that a status has room for. */
export const LONGEST_SUMMARY = 60

/** A status has room for a few words. Errors that know more have a summary of their own. */
const SUMMARIES: Readonly<Record<ErrorCode, Sentence>> = {
  CONFIG: sentence`check the settings`,
  INVALID: sentence`rejected as invalid`,
  AUTH: sentence`sign-in rejected`,
  FORBIDDEN: sentence`access denied`,
  NOT_FOUND: sentence`not found`,
  CONFLICT: sentence`conflicts with existing data`,
  RATE_LIMITED: sentence`too many requests`,
  QUOTA: sentence`limit used up`,
  TIMEOUT: sentence`no answer in time`,
  NETWORK: sentence`cloud unreachable`,
  VENDOR: sentence`the cloud failed`,
  PROTOCOL: sentence`unexpected answer`,
  OUTBOX_FULL: sentence`outbox full`,
  EXPIRED: sentence`expired, not sent`,
  CLOSED: sentence`stopped`,
}

/** Where a response differs from what its decoder takes: types, never a value. A key of the path may be an id or a name. */
export interface Deviation {
  /** Keys from the body on; `[]` stands for an item of a list. */
  path: readonly string[]
  /** The value itself, so that its reader can say what kind it is. */
  found: unknown
  expected: string
}

/** What is known of a failure beside its code and sentence. */
interface FailureDetails {
  statusCode?: number | undefined
  body?: unknown
  /** What happened in a few words, for the status of a node. */
  summary?: Sentence | undefined
  deviation?: Deviation | undefined
}

export class ApiError extends SentenceError {
  readonly code: ErrorCode
  /** Private, so that nothing which prints an error's properties prints it too. */
  readonly #summary: Sentence | undefined
  readonly #deviation: Deviation | undefined
  /** HTTP status of the vendor's last answer, where there was one. */
  statusCode?: number
  /** The vendor's error body, parsed where it is JSON. */
  body?: unknown
  /** Requests that were sent for it. */
  attempts = 0

  constructor(code: ErrorCode, said: Sentence, { statusCode, body, deviation, summary }: FailureDetails = {}) {
    super(said)
    this.name = 'ApiError'
    this.code = code
    this.#summary = summary
    this.#deviation = deviation
    if (statusCode !== undefined) this.statusCode = statusCode
    // Kept off enumeration, so that a logger which prints an error's properties prints no vendor data.
    Object.defineProperty(this, 'body', { value: body, enumerable: false, writable: true })
  }

  /** What happened in a few words, for the status of a node. */
  get summary(): Sentence {
    return this.#summary ?? SUMMARIES[this.code]
  }

  /** Where the response differs from its decoder, where that is known. */
  get deviation(): Deviation | undefined {
    return this.#deviation
  }

  /** Node-RED puts this into `msg.error.message`, where a class name before the sentence is noise. */
  override toString(): string {
    return this.message
  }
}

/** The words of an error for the status of a node. */
export const summaryOf = (error: unknown): Sentence => (error instanceof ApiError ? error.summary : sentence`failed: see the log`)

export interface StatusMeaning {
  code: ErrorCode
  /** What happened; the status follows in brackets, then the vendor's own words. */
  what: Sentence
  /** What to do next. */
  remedy: Sentence
  summary?: Sentence
}

const MEANINGS: Readonly<Record<number, StatusMeaning>> = {
  400: { code: 'INVALID', what: sentence`the server rejected the request as invalid`, remedy: sentence`correct the inputs of the node` },
  401: { code: 'AUTH', what: sentence`the server rejected the sign-in`, remedy: sentence`enter the credentials again in the account` },
  403: { code: 'FORBIDDEN', what: sentence`the server denied access`, remedy: sentence`check what the user or key of the account may access` },
  404: { code: 'NOT_FOUND', what: sentence`nothing at this address`, remedy: sentence`check the base URL in the account` },
  405: { code: 'PROTOCOL', what: sentence`the server does not allow this method at this address`, remedy: sentence`check the route in the account` },
  407: { code: 'NETWORK', what: sentence`the proxy rejected the user name or password`, remedy: sentence`enter them again in the account's proxy`, summary: sentence`proxy rejected the password` },
  408: { code: 'TIMEOUT', what: sentence`the server waited too long for the request`, remedy: sentence`check the network, then try again` },
  409: { code: 'CONFLICT', what: sentence`the server reports a conflict with existing data`, remedy: sentence`check the ids in the node` },
  422: { code: 'INVALID', what: sentence`the server rejected the values`, remedy: sentence`correct them in the node or in the message` },
  429: { code: 'RATE_LIMITED', what: sentence`the server received too many requests`, remedy: sentence`trigger the node less often` },
}

/** What a status means. */
export function meaningOf(status: number): StatusMeaning {
  const known = MEANINGS[status]
  if (known) return known
  if (status >= 500) return { code: 'VENDOR', what: sentence`the server failed`, remedy: sentence`try again later`, summary: sentence`the cloud failed (${status})` }
  if (status >= 400) return { code: 'INVALID', what: sentence`the server rejected the request`, remedy: sentence`correct the inputs of the node` }
  if (status >= 300) return { code: 'PROTOCOL', what: sentence`the server redirects to another address`, remedy: sentence`check the base URL in the account` }
  return { code: 'PROTOCOL', what: sentence`the server sent an unexpected status`, remedy: sentence`check the base URL in the account` }
}

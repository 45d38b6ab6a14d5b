/** Reads the body of a response, and makes errors of failed ones. */
import { ApiError, meaningOf } from '../base/api-error'
import { cutText, trimEndOf } from '../base/foreign'
import { sentence, SentenceError, sentenceOf, type Sentence } from '../base/sentence'
import type { Vendor } from '../vocabulary/vendor'
import { BROKEN, isCertificateFault, isNoHttp, PROXY_REFUSED, TOO_LARGE } from './retry-policy'
import type { HttpAnswer, TransportError } from './transport'

export interface Answer {
  status: number
  /** Parsed JSON; null when the vendor sent no body. */
  body: unknown
  /** Whether it came from the cache or from another call's request. */
  cached: boolean
  /** Monotonic ms until which the vendor wants no equal request. */
  freshUntil: number
}

/** Characters of an error body that are looked at. */
const LONGEST_ERROR = 256 * 1024
/** Characters that are shown of a body that is not JSON. */
const LONGEST_TEXT = 10_000
/** Characters of the vendor's own words in a sentence. */
const LONGEST_REASON = 500
/** Characters at which the beginning of a body is recognized, and blanks in it are joined. */
const BEGINNING = 200

/** What was received, now or earlier. */
interface Received {
  status: number
  text: string
  freshUntil?: number
}

/** @throws ApiError PROTOCOL when the body is not JSON, or JSON that is not parsed */
export function parseBody(answer: Received, cached: boolean): Answer {
  const { status, text, freshUntil = 0 } = answer
  if (text.trim() === '') return { status, body: null, cached, freshUntil }
  try {
    return { status, body: parseJson(text), cached, freshUntil }
  } catch (error) {
    if (error instanceof UnboundedJson) throw new ApiError('PROTOCOL', sentence`unexpected response format: ${sentenceOf(error)}`, { statusCode: status })
    throw new ApiError('PROTOCOL', notJson(text), { statusCode: status, body: cutText(text, LONGEST_TEXT) })
  }
}

function notJson(text: string): Sentence {
  const begin = text.slice(0, BEGINNING).trim().replace(/\s+/g, ' ')
  if (/^<(!doctype html|html|head|body)\b/i.test(begin)) return sentence`the server returned a web page instead of an API response; check the base URL`
  return sentence`unexpected response format: not JSON, it begins with "${cutText(begin, 40)}"; check the base URL`
}

/** The status that counts: the envelope's own code where an answer with HTTP 200 carries another. */
export function statusOf(vendor: Vendor, answer: HttpAnswer): number {
  // An envelope is an object; a list would be parsed for nothing.
  if (answer.status !== 200 || !vendor.statusOf || !/^\s*\{/.test(answer.text)) return answer.status
  const body = looseBody(answer.text)
  return vendor.statusOf(body) ?? answer.status
}

/** The error of an answer whose status is none of success. */
export function statusError(vendor: Vendor, status: number, answer: HttpAnswer): ApiError {
  const body = looseBody(answer.text.slice(0, LONGEST_ERROR))
  const { code, what, remedy } = meaningOf(status)
  const reason = vendor.reason?.(body)
  const said = reason
    ? sentence`${what} (${status}): ${typeof reason === 'string' ? trimEndOf(cutText(reason, LONGEST_REASON), '. \t\r\n') : reason}; ${remedy}`
    : sentence`${what} (${status}); ${remedy}`
  return new ApiError(code, said, { statusCode: status, body })
}

/** Parsed where it is JSON, else the beginning of the text. */
function looseBody(text: string): unknown {
  try {
    return parseJson(text)
  } catch {
    return cutText(text, LONGEST_TEXT)
  }
}

/** What is known of a code of Node.js. The sentence names the code, so that it can be searched for. */
const NETWORK_FAULTS: Readonly<Record<string, { what: Sentence; remedy: Sentence }>> = {
  ECONNREFUSED: { what: sentence`no server listens at that address`, remedy: sentence`check the base URL, and that the server runs` },
  ENOTFOUND: { what: sentence`the host name is unknown`, remedy: sentence`check the base URL and this computer's DNS server` },
  EAI_AGAIN: { what: sentence`the host name could not be looked up`, remedy: sentence`check the network and this computer's DNS server` },
  ECONNRESET: { what: sentence`the connection was closed before a response came`, remedy: sentence`check the network and the base URL` },
  // Many a Raspberry Pi has no clock that runs without power.
  CERT_NOT_YET_VALID: { what: sentence`the server's certificate is not yet valid`, remedy: sentence`check this computer's clock, then the base URL` },
  CERT_HAS_EXPIRED: { what: sentence`the server's certificate has expired`, remedy: sentence`check this computer's clock, then the base URL` },
}

/** The error of a request that got no answer. */
export function transportFailure(error: TransportError): ApiError {
  const { reason } = error
  if (reason === 'timeout')
    return new ApiError('TIMEOUT', sentence`${sentenceOf(error)}; check the network, or give the account a longer timeout`)
  if (reason === 'aborted') return new ApiError('CLOSED', sentence`the request was stopped because the node was closed`)
  if (reason === PROXY_REFUSED) return new ApiError('NETWORK', sentenceOf(error))
  if (reason === TOO_LARGE) return new ApiError('PROTOCOL', sentence`${sentenceOf(error)}; request less at a time, such as a shorter period`)
  if (reason === BROKEN) return new ApiError('PROTOCOL', sentence`the response broke off or is damaged; try again, or request less at a time`)
  const known = NETWORK_FAULTS[reason]
  if (known) return new ApiError('NETWORK', sentence`${known.what} (${reason}); ${known.remedy}`)
  if (isNoHttp(reason)) return new ApiError('PROTOCOL', sentence`the response is not HTTP (${reason}); check the base URL and the proxy`)
  if (isCertificateFault(reason))
    return new ApiError('NETWORK', sentence`the server's certificate is not trusted (${reason}); give the account a TLS configuration with its CA, or correct the base URL`)
  return new ApiError('NETWORK', sentence`the server cannot be reached (${reason}); check the network and the base URL`)
}

/** Levels of lists and objects. Node-RED copies messages with functions that call themselves for each level. */
const MOST_LEVELS = 200
/** Lists and objects. Millions of empty ones fit into an answer, and parsing them takes more than a second. */
const MOST_CONTAINERS = 500_000

/** An answer that is not parsed, because it would take too much time or too many levels. */
export class UnboundedJson extends SentenceError {}

/**
 * Parses the JSON of an answer, after a look at what it would cost: the parser itself has no bounds.
 * @throws UnboundedJson
 * @throws SyntaxError when it is not JSON
 */
export function parseJson(text: string): unknown {
  checkBounds(text)
  return JSON.parse(text)
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPENING_BRACKET = 0x5b
const CLOSING_BRACKET = 0x5d
const OPENING_BRACE = 0x7b
const CLOSING_BRACE = 0x7d

/** Takes some 5 ms for a million characters. */
function checkBounds(text: string): void {
  let level = 0
  let containers = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) at = endOfString(text, at + 1)
    else if (code === OPENING_BRACKET || code === OPENING_BRACE) {
      level += 1
      containers += 1
      if (level > MOST_LEVELS) throw new UnboundedJson(sentence`it is nested more than ${MOST_LEVELS} levels deep`)
      if (containers > MOST_CONTAINERS) throw new UnboundedJson(sentence`it has more than ${MOST_CONTAINERS} lists and objects; request less at a time`)
    } else if (code === CLOSING_BRACKET || code === CLOSING_BRACE) level -= 1
  }
}

/** Where the quotation mark stands that ends a string; the end of the text when there is none. */
function endOfString(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === BACKSLASH) at += 1
    else if (code === QUOTE) return at
  }
  return text.length
}

/** Reads the body of a response, and makes errors of failed ones. */
import { ApiError, LONGEST_SUMMARY, meaningOf, type StatusMeaning } from '../base/api-error'
import { cutText, trimEndOf } from '../base/foreign'
import { formText, sentence, SentenceError, sentenceOf, type Sentence, type Words } from '../base/sentence'
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
    throw new ApiError('PROTOCOL', notJson(text), { statusCode: status, body: cutText(text, LONGEST_TEXT), summary: isPage(text) ? sentence`web page instead of data` : undefined })
  }
}

const beginningOf = (text: string): string => text.slice(0, BEGINNING).trim().replace(/\s+/g, ' ')

const isPage = (text: string): boolean => /^<(!doctype html|html|head|body)\b/i.test(beginningOf(text))

function notJson(text: string): Sentence {
  if (isPage(text)) return sentence`a web page came instead of data; check the base URL in the account, and whether this network wants a sign-in page first`
  return sentence`unexpected response format: not JSON, it begins with "${cutText(beginningOf(text), 40)}"; check the base URL in the account`
}

/** The status that counts: the envelope's own code where an answer with HTTP 200 carries another. */
export function statusOf(vendor: Vendor, answer: HttpAnswer): number {
  // An envelope is an object; a list would be parsed for nothing.
  if (answer.status !== 200 || !vendor.statusOf || !/^\s*\{/.test(answer.text)) return answer.status
  const body = looseBody(answer.text)
  return vendor.statusOf(body) ?? answer.status
}

/** What a refused request was about, for the words of its error. */
export interface RequestSubject {
  /** What its path names, such as a device id with its label; undefined where it names nothing. */
  named(): Words | undefined
  /** Its body as it was sent. */
  body?: string | Uint8Array | undefined
}

/** The error of an answer whose status is none of success. */
export function statusError(vendor: Vendor, status: number, answer: HttpAnswer, subject: RequestSubject = NOTHING): ApiError {
  const body = looseBody(answer.text.slice(0, LONGEST_ERROR))
  const reason = vendor.reason?.(body, () => looseBody(String(subject.body ?? '')))
  // Words of our own know the cause better than the status does.
  const documented = typeof reason === 'object' ? undefined : vendor.refusals?.[status]
  const { code, what, remedy, summary } = documented ?? specificMeaning(vendor, status, subject)
  const tells = reason !== undefined && !(typeof reason === 'string' && SAYS_NOTHING.test(reason))
  const said = tells
    ? sentence`${what} (${status}): ${typeof reason === 'string' ? trimEndOf(cutText(reason, LONGEST_REASON), '. \t\r\n') : reason}; ${remedy}`
    : sentence`${what} (${status}); ${remedy}`
  return new ApiError(code, said, { statusCode: status, body, summary: tells && (code === 'INVALID' || typeof reason === 'object') ? reasonSummary(reason, status) : summary })
}

const NOTHING: RequestSubject = { named: () => undefined }

/** Words that only repeat the status. */
const SAYS_NOTHING = /^(unauthori[sz]ed|unauthenticated|forbidden|not found|bad request|unprocessable (entity|content)|too many requests)?[.!]?$/i

/** A status shows the vendor's words only where it has room for all of them. */
function reasonSummary(reason: string | Sentence, status: number): Sentence {
  if (String(reason).length > LONGEST_SUMMARY) return sentence`rejected (${status})`
  return typeof reason === 'string' ? sentence`rejected: ${trimEndOf(reason, '. ')}` : reason
}

/** Two statuses say more together with what was asked for. */
function specificMeaning(vendor: Vendor, status: number, subject: RequestSubject): StatusMeaning {
  if (status === 401) return wrongCredentials(vendor)
  const named = status === 404 ? subject.named() : undefined
  const address = formText(vendor.settings[vendor.address]?.label ?? vendor.address)
  if (named !== undefined) return { code: 'NOT_FOUND', what: sentence`nothing found for ${named}`, remedy: sentence`check it, then "${address}" in the account`, summary: sentence`not found: ${named}` }
  if (status === 404) return { code: 'NOT_FOUND', what: sentence`nothing at this address`, remedy: sentence`check "${address}" in the account`, summary: sentence`nothing at this address` }
  return meaningOf(status)
}

/** The labels of the account's form say which of its inputs to correct. */
export function wrongCredentials(vendor: Vendor): StatusMeaning {
  const labels = Object.values(vendor.credentials).map(({ label }) => formText(label))
  if (labels.length === 0) return meaningOf(401)
  const what = sentence`${labels.reduce((list, label) => sentence`${list} or ${label}`)} is wrong`
  return { code: 'AUTH', what, remedy: labels.length > 1 ? sentence`enter them again in the account` : sentence`enter it again in the account`, summary: what }
}

/** Parsed where it is JSON, else the beginning of the text. */
function looseBody(text: string): unknown {
  try {
    return parseJson(text)
  } catch {
    return cutText(text, LONGEST_TEXT)
  }
}

interface NetworkFault {
  what: Sentence
  remedy: Sentence
  summary?: Sentence
}

const CHECK_NETWORK = sentence`check this computer's internet connection`
const CHECK_CLOCK = sentence`check the date and time of this computer, then the base URL in the account`

/** What is known of a code of Node.js. The sentence names the code, so that it can be searched for. */
const NETWORK_FAULTS: Readonly<Record<string, NetworkFault>> = {
  ECONNREFUSED: { what: sentence`nothing answers at the address of the account`, remedy: sentence`check the base URL and its port, and whether a firewall blocks it` },
  ENOTFOUND: { what: sentence`no server has the name in the base URL`, remedy: sentence`check the base URL in the account for typing errors, then this computer's internet connection`, summary: sentence`server name unknown` },
  EAI_AGAIN: { what: sentence`the name of the server cannot be looked up now`, remedy: CHECK_NETWORK },
  ETIMEDOUT: { what: sentence`the server does not answer`, remedy: CHECK_NETWORK },
  EHOSTUNREACH: { what: sentence`there is no way to the server`, remedy: CHECK_NETWORK },
  ENETUNREACH: { what: sentence`there is no way to the network of the server`, remedy: CHECK_NETWORK },
  ECONNRESET: { what: sentence`the connection was closed before a response came`, remedy: sentence`check the network and the base URL`, summary: sentence`connection broke off` },
  // Many a Raspberry Pi has no clock that runs without power.
  CERT_NOT_YET_VALID: { what: sentence`the server's certificate is not yet valid`, remedy: CHECK_CLOCK, summary: sentence`certificate not valid: check the clock` },
  CERT_HAS_EXPIRED: { what: sentence`the server's certificate has expired`, remedy: CHECK_CLOCK, summary: sentence`certificate expired: check the clock` },
}

/** The error of a request that got no answer. */
export function transportFailure(error: TransportError): ApiError {
  const { reason, summary } = error
  if (reason === 'timeout')
    return new ApiError('TIMEOUT', sentence`${sentenceOf(error)}; check the network, or give the account a longer timeout`, { summary })
  if (reason === 'aborted') return new ApiError('CLOSED', sentence`the request was stopped because the flow was deployed or stopped; send it again`)
  if (reason === PROXY_REFUSED) return new ApiError('NETWORK', sentenceOf(error), { summary: sentence`proxy refused the connection` })
  if (reason === TOO_LARGE) return new ApiError('PROTOCOL', sentence`${sentenceOf(error)}; request less at a time, such as a shorter period`, { summary })
  if (reason === BROKEN) return new ApiError('PROTOCOL', sentence`the response broke off or is damaged; try again, or request less at a time`, { summary: sentence`answer broke off` })
  const known = NETWORK_FAULTS[reason]
  if (known) return new ApiError('NETWORK', sentence`${known.what} (${reason}); ${known.remedy}`, { summary: known.summary })
  if (isNoHttp(reason)) return new ApiError('PROTOCOL', sentence`the response is not HTTP (${reason}); check the base URL and the proxy`)
  if (isCertificateFault(reason))
    return new ApiError('NETWORK', sentence`the server's certificate is not trusted (${reason}); give the account a TLS configuration with its CA, or correct the base URL`, { summary: sentence`certificate not trusted` })
  return new ApiError('NETWORK', sentence`the server cannot be reached (${reason}); check this computer's internet connection, then the base URL in the account`)
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

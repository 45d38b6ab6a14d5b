/** Decides whether a failed request may be sent again, and after which delay; and bounds the retries of an account. */

export interface Failure {
  /** HTTP status, where there was an answer. */
  status?: number | undefined
  /** The answer's Retry-After header as it came. */
  retryAfter?: string | undefined
  /** Its Date header. */
  date?: string | undefined
  /** Error code of the network, such as ECONNRESET, where there was no answer. */
  network?: string | undefined
  /** False when the vendor cannot have received any byte of the request: the connection or its TLS handshake failed. */
  reachedVendor?: boolean | 'unknown' | undefined
}

export interface RetryLimits {
  /** Attempts in all, the first one too; default 4. */
  attempts?: number
  /** Ms after the first attempt within which the last one has to start; default 120,000. */
  deadline?: number
  /** Longest first back-off in ms, which doubles with each attempt; default 500. */
  base?: number
  /** Longest back-off in ms, unless the vendor asks for more; default 30,000. */
  cap?: number
}

export interface RetryQuestion {
  /** Whether sending the request twice leaves the same state as sending it once. */
  repeatable: boolean
  /** Attempts so far, from 1. */
  attempt: number
  failure: Failure
  /** Epoch ms, for a Retry-After that is a date. */
  now: number
  /** From 0 up to, but not including, 1. */
  random: () => number
  /** Ms since the first attempt. */
  elapsed: number
  limits?: RetryLimits | undefined
}

export type RetryDecision =
  /** Send it again after `delay` ms, through the limiter. */
  { retry: true; delay: number } | { retry: false }

/** Statuses of faults that another attempt may not meet. */
const TRANSIENT: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504])

/** Code of an answer that is larger than allowed. axios has only ERR_BAD_RESPONSE, which is worth another attempt. */
export const TOO_LARGE = 'ERR_TOO_LARGE'
/** Code of an answer that broke off, or is not encoded as its header says; the one of axios. */
export const BROKEN = 'ERR_BAD_RESPONSE'
/** Code where the proxy opened no connection to the vendor. */
export const PROXY_REFUSED = 'PROXY_REFUSED'

/** The answer cannot be read as HTTP: its headers are too large, or another protocol is spoken there. */
export const isNoHttp = (code: string): boolean => code.startsWith('HPE_')

/** The vendor's certificate is not trusted, or no TLS is spoken there. */
export const isCertificateFault = (code: string): boolean =>
  /^(CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(GET|VERIFY|DECRYPT)_|INVALID_CA$|HOSTNAME_MISMATCH$)/.test(code)

/** Another attempt would fail in the same way. */
const isPermanent = (code: string): boolean => code === TOO_LARGE || code === PROXY_REFUSED || isCertificateFault(code)

/** There was no connection. ETIMEDOUT, EHOSTUNREACH and EPROTO also happen on an open one. */
const NEVER_SENT: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'])

/** Whether, and after how many ms, a failed request is sent again. */
export function retryDecision({ repeatable, attempt, failure, now, random, elapsed, limits = {} }: RetryQuestion): RetryDecision {
  const { attempts = 4, deadline = 120_000, base = 500, cap = 30_000 } = limits
  if (!mayRepeat(repeatable, failure) || attempt >= attempts) return { retry: false }
  // A random share of the back-off, so that clients that failed together do not return together.
  const backOff = random() * Math.min(cap, base * 2 ** (attempt - 1))
  const delay = Math.max(retryAfterOf(failure, now) ?? 0, backOff)
  return elapsed + delay > deadline ? { retry: false } : { retry: true, delay }
}

/** Whether another attempt may succeed, and cannot do anything twice. */
function mayRepeat(repeatable: boolean, { status, network, reachedVendor }: Failure): boolean {
  // Of all statuses only 429 says for certain that nothing was done.
  if (status !== undefined) return repeatable ? TRANSIENT.has(status) : status === 429
  if (network === undefined || isPermanent(network)) return false
  return repeatable || reachedVendor === false || (reachedVendor !== true && NEVER_SENT.has(network))
}

/** Retries of a fresh account, and the most that it can save up. */
const MOST_RETRIES = 20
/** Retries that each success adds. A little more than a tenth, so that one fault in ten requests can be retried for ever. */
const RETRIES_OF_A_SUCCESS = 0.15
/** Ms in which one retry is added, so that an account without any success can still retry now and then. */
const RETRY_EVERY = 3_600_000

/** Bounds the retries of an account, so that a cloud that keeps failing does not use up its limits. A token bucket. */
export class RetryBudget {
  #retries = MOST_RETRIES
  #successes = 0
  /** Monotonic ms until which time has been counted. */
  #countedUntil: number

  /** @param now monotonic ms */
  constructor(now: number) {
    this.#countedUntil = now
  }

  /**
   * Takes one retry, where there is one.
   * @param successes of the account since its budget was made; @param now monotonic ms
   */
  take(successes: number, now: number): boolean {
    const earned = (successes - this.#successes) * RETRIES_OF_A_SUCCESS + (now - this.#countedUntil) / RETRY_EVERY
    this.#retries = Math.min(MOST_RETRIES, this.#retries + earned)
    this.#successes = successes
    this.#countedUntil = now
    if (this.#retries < 1) return false
    this.#retries -= 1
    return true
  }
}

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')

/** Sun, 06 Nov 1994 08:49:37 GMT */
const FIXED = /^[a-z]{3}, (?<day>\d\d) (?<month>[a-z]{3}) (?<year>\d{4}) (?<time>\d\d:\d\d:\d\d) GMT$/i
/** Sunday, 06-Nov-94 08:49:37 GMT */
const RFC850 = /^[a-z]{6,9}, (?<day>\d\d)-(?<month>[a-z]{3})-(?<year>\d\d) (?<time>\d\d:\d\d:\d\d) GMT$/i
/** Sun Nov  6 08:49:37 1994, which is GMT too although Date.parse takes it for local time */
const ASCTIME = /^[a-z]{3} (?<month>[a-z]{3}) (?<day>[ \d]\d) (?<time>\d\d:\d\d:\d\d) (?<year>\d{4})$/i

/** A longer Retry-After is not believed, ms: some vendors write the moment as Unix seconds, which would be decades. */
const LONGEST_RETRY_AFTER = 86_400_000

/**
 * The Retry-After of an answer in ms, a day at most; undefined where it has none.
 * @param now epoch ms, for an answer without a Date header: this machine's clock may be years behind
 */
export function retryAfterOf({ retryAfter, date = '' }: Failure, now: number): number | undefined {
  const sentAt = parseHttpDate(date.trim(), now)
  const delay = parseRetryAfter(retryAfter, Number.isNaN(sentAt) ? now : sentAt)
  return delay === undefined ? undefined : Math.min(delay, LONGEST_RETRY_AFTER)
}

/**
 * A Retry-After header in ms: seconds, or one of the three dates of HTTP (RFC 9110, 5.6.7). Never negative; undefined for
 * anything else. Date.parse would take '120' for a year and '1.5' for a month.
 * @param now epoch ms
 */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  const text = value?.trim() ?? ''
  if (/^\d+(\.\d+)?$/.test(text)) return Math.min(Number(text) * 1000, Number.MAX_SAFE_INTEGER)
  const at = parseHttpDate(text, now)
  return Number.isNaN(at) ? undefined : Math.max(0, at - now)
}

/** Epoch ms; NaN for anything but a date. */
function parseHttpDate(text: string, now: number): number {
  const parts = (FIXED.exec(text) ?? RFC850.exec(text) ?? ASCTIME.exec(text))?.groups
  if (!parts) return NaN
  const { day = '', month = '', year = '', time = '' } = parts
  const monthIndex = MONTHS.indexOf(month.toLowerCase())
  const [hour = NaN, minute = NaN, second = NaN] = time.split(':').map(Number)
  return monthIndex === -1 ? NaN : Date.UTC(fullYear(year, now), monthIndex, Number(day), hour, minute, second)
}

/** Two digits that would be more than 50 years ahead mean the last century (RFC 9110, 5.6.7). */
function fullYear(text: string, now: number): number {
  if (text.length === 4) return Number(text)
  const thisYear = new Date(now).getUTCFullYear()
  const year = thisYear - (thisYear % 100) + Number(text)
  return year > thisYear + 50 ? year - 100 : year
}

/** An answer that is too large or no HTTP, or a certificate that is not trusted, is no sign of an outage. */
export const showsOutage = ({ status, network = '' }: Failure): boolean =>
  status !== undefined || !(network === 'aborted' || network === BROKEN || network === TOO_LARGE || isNoHttp(network) || isCertificateFault(network))

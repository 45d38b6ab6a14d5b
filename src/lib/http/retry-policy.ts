/** What is safe to send again, and when. */

export interface Failure {
  /** HTTP status, where there was an answer. */
  status?: number | undefined
  /** The answer's Retry-After header as it came. */
  retryAfter?: string | undefined
  /** Its Date header. */
  date?: string | undefined
  /** Error code of the network, such as ECONNRESET, where there was no answer. */
  network?: string | undefined
  /** False when not a byte of the request can have arrived: the connection or its TLS handshake failed. */
  reachedVendor?: boolean | 'unknown' | undefined
}

export interface RetryLimits {
  /** Tries in all, the first one too; default 4. */
  attempts?: number
  /** Ms from the first try within which the last one has to start; default 120,000. */
  deadline?: number
  /** Ms of the first back-off at most; doubles with each try; default 500. */
  base?: number
  /** Ms of any back-off at most, unless the vendor asks for more; default 30,000. */
  cap?: number
}

export interface RetryQuestion {
  /** Whether the vendor's state is the same after two of these requests as after one. */
  repeatable: boolean
  /** Tries so far, from 1. */
  attempt: number
  failure: Failure
  /** Epoch ms, for a Retry-After that is a date. */
  now: number
  /** From 0 up to, but not including, 1. */
  random: () => number
  /** Ms since the first try. */
  elapsed: number
  limits?: RetryLimits | undefined
}

export type RetryDecision =
  /** Send it again after `delay` ms, through the limiter. */
  | { retry: true; delay: number }
  | { retry: false; reason: 'unsafe or useless' | 'attempts' | 'deadline' }

/** Faults that may have passed when the request is sent again. */
const PASSING: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504])

/** Code of an answer that is larger than allowed; asking again would not make it smaller. */
export const TOO_LARGE = 'ERR_TOO_LARGE'
/** Code of an answer that broke off, or is not encoded as it says; axios calls it so too. */
export const BROKEN = 'ERR_BAD_RESPONSE'

/** What answered cannot be read as HTTP: its headers are too large, or something else listens there. */
export const isNoHttp = (code: string): boolean => code.startsWith('HPE_')

/** The connection was never there. ETIMEDOUT, EHOSTUNREACH and EPROTO also happen halfway. */
const NEVER_SENT: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'])

/** Whether, and in how many ms, a failed request is sent again. */
export function retryDecision(question: RetryQuestion): RetryDecision {
  const { attempt, failure, now, random, elapsed } = question
  const { attempts = 4, deadline = 120_000, base = 500, cap = 30_000 } = question.limits ?? {}
  const asked = askedWait(failure, now)
  if (!isSafe(question.repeatable, failure)) return { retry: false, reason: 'unsafe or useless' }
  if (attempt >= attempts) return { retry: false, reason: 'attempts' }
  const backOff = random() * Math.min(cap, base * 2 ** (attempt - 1))
  const delay = Math.max(asked ?? 0, backOff)
  return elapsed + delay > deadline ? { retry: false, reason: 'deadline' } : { retry: true, delay }
}

/** The vendor's certificate is not trusted, or no TLS is spoken there: trying again changes nothing. */
export const isCertificateFault = (code: string): boolean =>
  /^(CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(GET|VERIFY|DECRYPT)_|INVALID_CA$|HOSTNAME_MISMATCH$)/.test(code)

function isSafe(repeatable: boolean, failure: Failure): boolean {
  const { status, network, reachedVendor } = failure
  if (status !== undefined) {
    if (repeatable) return PASSING.has(status)
    // Of all statuses only this one says for certain that nothing was done.
    return status === 429
  }
  if (network === undefined || network === TOO_LARGE || isCertificateFault(network)) return false
  return repeatable || reachedVendor === false || (reachedVendor !== true && NEVER_SENT.has(network))
}

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')

/** Sun, 06 Nov 1994 08:49:37 GMT */
const FIXED = /^[a-z]{3}, (?<day>\d\d) (?<month>[a-z]{3}) (?<year>\d{4}) (?<time>\d\d:\d\d:\d\d) GMT$/i
/** Sunday, 06-Nov-94 08:49:37 GMT */
const RFC850 = /^[a-z]{6,9}, (?<day>\d\d)-(?<month>[a-z]{3})-(?<year>\d\d) (?<time>\d\d:\d\d:\d\d) GMT$/i
/** Sun Nov  6 08:49:37 1994, which is GMT too although Date.parse takes it for local time */
const ASCTIME = /^[a-z]{3} (?<month>[a-z]{3}) (?<day>[ \d]\d) (?<time>\d\d:\d\d:\d\d) (?<year>\d{4})$/i

/** No longer than this is a header believed, ms: some vendors write the moment as Unix seconds, which would be decades. */
const LONGEST_WAIT = 86_400_000

/**
 * Ms for which the vendor asks to wait, a day at most; undefined when it does not.
 * @param now epoch ms, in case the answer does not say when it was made: this machine's clock may be years behind
 */
export function askedWait({ retryAfter, date = '' }: Failure, now: number): number | undefined {
  const madeAt = parseHttpDate(date.trim(), now)
  const wait = parseRetryAfter(retryAfter, Number.isNaN(madeAt) ? now : madeAt)
  return wait === undefined ? undefined : Math.min(wait, LONGEST_WAIT)
}

/**
 * Ms to wait from a Retry-After header: seconds, or one of the three dates of HTTP (RFC 9110 section 5.6.7).
 * Never negative; undefined for anything else. Date.parse is of no use: it takes '120' for a year and '1.5' for a month.
 * @param now epoch ms
 */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  const text = value?.trim() ?? ''
  if (/^\d+(\.\d+)?$/.test(text)) return Math.min(Number(text) * 1000, Number.MAX_SAFE_INTEGER)
  const at = parseHttpDate(text, now)
  return Number.isNaN(at) ? undefined : Math.max(0, at - now)
}

/** Epoch ms; NaN when it is no date. */
function parseHttpDate(text: string, now: number): number {
  const parts = (FIXED.exec(text) ?? RFC850.exec(text) ?? ASCTIME.exec(text))?.groups
  if (!parts) return NaN
  const { day = '', month = '', year = '', time = '' } = parts
  const monthIndex = MONTHS.indexOf(month.toLowerCase())
  const [hour = NaN, minute = NaN, second = NaN] = time.split(':').map(Number)
  return monthIndex === -1 ? NaN : Date.UTC(fullYear(year, now), monthIndex, Number(day), hour, minute, second)
}

/** Two digits that seem to be more than 50 years ahead are of the last century (RFC 9110). */
function fullYear(text: string, now: number): number {
  if (text.length === 4) return Number(text)
  const thisYear = new Date(now).getUTCFullYear()
  const year = thisYear - (thisYear % 100) + Number(text)
  return year > thisYear + 50 ? year - 100 : year
}

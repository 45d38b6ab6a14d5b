/** From HTTP answers and faults to bodies and errors. */
import { sentence, sentenceOf } from '../base/sentence'
import type { Vendor } from '../vocabulary/vendor'
import type { Cached } from '../cache/response-cache'
import { ApiError, meaningOf } from '../base/api-error'
import { cutText } from '../base/redaction'
import { BROKEN, isCertificateFault, isNoHttp, TOO_LARGE } from './retry-policy'
import { TransportError, type HttpAnswer } from './transport'

export interface Answer {
  status: number
  /** Parsed JSON; null when the vendor sent no body. */
  body: unknown
  /** Whether it came from the cache or from another call's request. */
  cached: boolean
  /** Monotonic ms until which the vendor wants no equal request. */
  freshUntil: number
}

/** @throws ApiError PROTOCOL when the body is not JSON */
export function parseBody(answer: Cached, cached: boolean): Answer {
  const { status, text, freshUntil = 0 } = answer
  if (text.trim() === '') return { status, body: null, cached, freshUntil }
  try {
    return { status, body: JSON.parse(text), cached, freshUntil }
  } catch {
    throw new ApiError('PROTOCOL', sentence`the answer is not JSON but begins with "${excerpt(text)}"; check the base URL`, {
      statusCode: status,
      body: cutText(text, LONGEST_BODY),
    })
  }
}

const LONGEST_BODY = 10_000
const excerpt = (text: string): string => cutText(text.trim().replace(/\s+/g, ' '), 40)

/** The status that counts: the envelope's own code where an answer with HTTP 200 carries another. */
export function statusOf(vendor: Vendor, answer: HttpAnswer): number {
  if (answer.status !== 200 || !vendor.statusOf) return answer.status
  const body = looseBody(answer.text)
  return vendor.statusOf(body) ?? answer.status
}

/** The error of an answer whose status is none of success. */
export function statusError(vendor: Vendor, status: number, answer: HttpAnswer): ApiError {
  const body = looseBody(answer.text)
  const { code, what, remedy } = meaningOf(status)
  const reason = vendor.reason?.(body)
  const said = reason
    ? sentence`the cloud ${what} (${status}): ${typeof reason === 'string' ? reason.replace(/[.\s]+$/, '') : reason}; ${remedy}`
    : sentence`the cloud ${what} (${status}); ${remedy}`
  return new ApiError(code, said, { statusCode: status, body })
}

/** Parsed where it is JSON, else the text. */
function looseBody(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return cutText(text, LONGEST_BODY)
  }
}

/** What a computer that does not know the time says of good certificates; many a Raspberry Pi has no clock of its own. */
const OF_ANOTHER_TIME: ReadonlySet<string> = new Set(['CERT_NOT_YET_VALID', 'CERT_HAS_EXPIRED'])

/** The error of a request that got no answer. */
export function transportFailure(error: TransportError): ApiError {
  if (error.reason === 'timeout')
    return new ApiError('TIMEOUT', sentence`${sentenceOf(error)}; check the network, or give the account a longer timeout`)
  if (error.reason === 'aborted') return new ApiError('CLOSED', sentence`the request was stopped because the node was closed`)
  if (error.reason === BROKEN || error.reason === TOO_LARGE)
    return new ApiError('PROTOCOL', sentence`the answer is larger than is safe, or broken; ask for less at a time`)
  if (OF_ANOTHER_TIME.has(error.reason))
    return new ApiError('NETWORK', sentence`the certificate of the cloud is not valid today (${error.reason}); check date and time of this computer, then the base URL`)
  if (isNoHttp(error.reason))
    return new ApiError('PROTOCOL', sentence`what answers speaks no HTTP that is understood (${error.reason}); check the base URL and the proxy`)
  if (isCertificateFault(error.reason))
    return new ApiError('NETWORK', sentence`the certificate of the cloud is not trusted (${error.reason}); give the account a TLS configuration with its CA, or correct the base URL`)
  return new ApiError('NETWORK', sentence`the cloud cannot be reached (${error.reason}); check the network and the base URL`)
}

/** Requests an access token from a vendor. */
import { sentence, sentenceOf } from '../base/sentence'
import type { AbortSignalLike } from '../base/abort-signal'
import type { Credentials, Settings, Token, Vendor } from '../vocabulary/vendor'
import { WireError } from '../vocabulary/validation'
import { parseBody, statusError, statusOf, wrongCredentials } from '../http/response'
import { ApiError } from '../base/api-error'
import type { Redactor } from '../base/redaction'
import type { Transport } from '../http/transport'

/** Bytes; every documented token answer is below 2 kB. */
const LARGEST_ANSWER = 16 * 1024

/** What of an account a token request is sent with. */
export interface TokenSender {
  transport: Transport
  settings: Settings
  /** ms. */
  timeout: number
}

interface TokenContext {
  vendor: Vendor
  credentials: Credentials
  redactor: Redactor
  signal: AbortSignalLike
}

/** @throws ApiError AUTH when the credentials are refused, PROTOCOL for an answer that is no token; TransportError */
export async function requestToken({ vendor, credentials, redactor, signal }: TokenContext, sender: TokenSender): Promise<Token> {
  const { auth } = vendor
  if (auth.kind !== 'token') throw new ApiError('CONFIG', sentence`${vendor.title} has no tokens`)
  const { url, headers, body } = auth.request(sender.settings, credentials)
  const { Authorization = '', 'Content-Type': contentType = 'application/json' } = headers
  redactor.add(Authorization)
  const sentHeaders = Authorization === '' ? {} : { Authorization }
  const answer = await sender.transport.send({ method: 'POST', url, body, contentType }, sentHeaders, sender.timeout, signal)
  const size = Buffer.byteLength(answer.text)
  if (size > LARGEST_ANSWER)
    throw new ApiError('PROTOCOL', sentence`the response to the token request has ${size} bytes, which is too large for a token; check the token address in the account`)
  const status = statusOf(vendor, answer)
  if (status < 200 || status >= 300) throw tokenError(vendor, statusError(vendor, status, answer))
  try {
    const token = auth.decode(parseBody(answer, false).body)
    redactor.addToken(token.value)
    return token
  } catch (error) {
    if (!(error instanceof WireError)) throw error
    throw new ApiError('PROTOCOL', sentence`unexpected format of the response to the token request: ${sentenceOf(error)}; check the token address in the account`)
  }
}

/** Vendors answer wrong client credentials with 400 as well as with 401 (RFC 6749, 5.2: invalid_client). */
function tokenError(vendor: Vendor, error: ApiError): ApiError {
  const { statusCode, body } = error
  if (statusCode !== 400 && statusCode !== 401 && statusCode !== 403) return error
  const { code, what, remedy, summary } = wrongCredentials(vendor)
  return new ApiError(code, sentence`${what} (${statusCode}); ${remedy}`, { statusCode, body, summary })
}

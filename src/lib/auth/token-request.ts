/** Asks a vendor for a token. */
import { sentence, sentenceOf } from '../base/sentence'
import type { Credentials, Settings, Token, Vendor } from '../vocabulary/vendor'
import { WireError } from '../vocabulary/wire'
import { parseBody, statusError, statusOf } from '../http/response'
import { ApiError } from '../base/api-error'
import type { Redactor } from '../base/redaction'
import type { HttpRequest } from '../http/request'
import type { HttpAnswer } from '../http/transport'

export interface TokenQuestion {
  vendor: Vendor
  settings: Settings
  credentials: Credentials
  redactor: Redactor
  send(request: HttpRequest, headers: Readonly<Record<string, string>>): Promise<HttpAnswer>
}

/** @throws ApiError AUTH when the credentials are refused; TransportError */
export async function requestToken({ vendor, settings, credentials, redactor, send }: TokenQuestion): Promise<Token> {
  const { auth } = vendor
  if (auth.kind !== 'token') throw new ApiError('CONFIG', sentence`this vendor has no tokens`)
  const { url, headers, body } = auth.request(settings, credentials)
  const { Authorization = '', 'Content-Type': contentType = 'application/json' } = headers
  redactor.add(Authorization)
  const answer = await send({ method: 'POST', url, body, contentType }, Authorization === '' ? {} : { Authorization })
  const status = statusOf(vendor, answer)
  if (status < 200 || status >= 300) throw tokenError(statusError(vendor, status, answer))
  try {
    const token = auth.decode(parseBody(answer, false).body)
    redactor.addToken(token.value)
    return token
  } catch (error) {
    if (!(error instanceof WireError)) throw error
    throw new ApiError('PROTOCOL', sentence`the answer to the token request is not what the cloud promises: ${sentenceOf(error)}; check the token address`)
  }
}

/** Vendors answer wrong client credentials with 400 as well as with 401 (RFC 6749, 5.2: invalid_client). */
function tokenError(error: ApiError): ApiError {
  const refused = error.statusCode === 400 || error.statusCode === 401 || error.statusCode === 403
  if (!refused) return error
  return new ApiError('AUTH', sentence`the cloud gave no token for these credentials (${error.statusCode ?? ''}); check them in the account`, {
    ...(error.statusCode === undefined ? {} : { statusCode: error.statusCode }),
    body: error.body,
  })
}

import { ApiError, type ErrorCode } from '../base/api-error'
import { sentence, sentenceOf, type Sentence } from '../base/sentence'
import type { StoreError, StoreErrorCode } from './store'

/** A store that cannot be reached is to a flow what a cloud that cannot be reached is. */
export const STORE_CODES: Readonly<Record<StoreErrorCode, ErrorCode>> = {
  FULL: 'OUTBOX_FULL',
  UNAVAILABLE: 'NETWORK',
  UNUSABLE: 'CONFIG',
  CLOSED: 'CLOSED',
}

/**
 * The failure of a store in the codes of the contract.
 * @param what the beginning of the sentence
 */
export const storeFailure = (what: Sentence, error: StoreError): ApiError => new ApiError(STORE_CODES[error.code], sentence`${what}: ${sentenceOf(error)}`)

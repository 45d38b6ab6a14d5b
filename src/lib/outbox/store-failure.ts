import { ApiError, type ErrorCode } from '../client/errors'
import type { StoreError, StoreErrorCode } from '../store/store'

/** A store that cannot be reached is to a flow what a cloud that cannot be reached is. */
const CODES: Readonly<Record<StoreErrorCode, ErrorCode>> = {
  FULL: 'OUTBOX_FULL',
  UNAVAILABLE: 'NETWORK',
  UNUSABLE: 'CONFIG',
  CLOSED: 'CLOSED',
}

/** The failure of a store in the codes of the contract. */
export const storeFailure = (error: StoreError): ApiError => new ApiError(CODES[error.code], `the outbox cannot be used: ${error.message}`)

import { CursorError } from '../incremental/cursor'
import { FieldError } from '../vocabulary/validation'
import { sentence, sentenceOf } from '../base/sentence'
import { STORE_CODES } from '../store/store-failure'
import { StoreError } from '../store/store'
import { ApiError } from '../base/api-error'
import { RequestError } from '../http/request'

/**
 * Whatever went wrong in a call, as an error with a code of the contract.
 * @param stopped whether the node of the call was closed meanwhile
 */
export function classified(error: unknown, stopped: boolean): ApiError {
  if (error instanceof ApiError) return error
  if (stopped) return new ApiError('CLOSED', sentence`the request was stopped because the node was closed`)
  if (error instanceof RequestError || error instanceof FieldError) return new ApiError('INVALID', sentenceOf(error))
  if (error instanceof StoreError) return new ApiError(STORE_CODES[error.code], sentenceOf(error))
  if (error instanceof CursorError) return new ApiError('CONFIG', sentenceOf(error))
  // Anything that reading an answer trips over is the answer's fault, never a crash of the flow.
  const reason = error instanceof Error ? sentenceOf(error) : sentence`it cannot be read`
  return new ApiError('PROTOCOL', sentence`the answer is not what the cloud promises: ${reason}; try again, and report it if it stays`)
}

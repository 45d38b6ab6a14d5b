/** A failure as an admin reply tells it. */
import { ApiError } from '../../lib/client/errors'

export interface Failure {
  code: string
  /** One sentence: what is wrong, what to do. */
  message: string
}

/** @throws the error itself where it is no failure of the account but a fault of this package */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof ApiError)) throw error
  return { code: error.code, message: error.message }
}

/** A failure as admin replies and diagnostics show it. */
import type { NodeAPI } from 'node-red'
import { ApiError } from '../../lib/base/api-error'
import { localize } from './language'

export interface Failure {
  code: string
  /** One sentence: what is wrong, what to do. */
  message: string
}

/** @throws the error itself where it is a fault of this package and no failure of the account */
export function failureOf(RED: NodeAPI, error: unknown): Failure {
  if (!(error instanceof ApiError)) throw error
  return { code: error.code, message: localize(RED, error.sentence) }
}

/** A failure as an admin reply tells it. */
import type { NodeAPI } from 'node-red'
import { ApiError } from '../../lib/base/api-error'
import { say } from '../runtime/language'

export interface Failure {
  code: string
  /** One sentence: what is wrong, what to do. */
  message: string
}

/** @throws the error itself where it is no failure of the account but a fault of this package */
export function failureOf(RED: NodeAPI, error: unknown): Failure {
  if (!(error instanceof ApiError)) throw error
  return { code: error.code, message: say(RED, error.sentence) }
}

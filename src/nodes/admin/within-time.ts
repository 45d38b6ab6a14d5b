/** A time limit for the work of an admin request. */
import { ApiError } from '../../lib/base/api-error'
import type { Sentence } from '../../lib/base/sentence'

/**
 * Aborts the work's signal after `ms`.
 * @param late the error of work that takes longer
 */
export async function within<T>(ms: number, late: () => Sentence, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const ending = new AbortController()
  const timer = setTimeout(() => ending.abort(new ApiError('TIMEOUT', late())), ms)
  try {
    return await work(ending.signal)
  } finally {
    clearTimeout(timer)
  }
}

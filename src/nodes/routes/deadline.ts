/** Work of an admin request that ends in time. */
import { ApiError } from '../../lib/client/errors'

/**
 * Aborts the work's signal after `ms`.
 * @param sentence what to say of work that took longer
 */
export async function within<T>(ms: number, sentence: () => string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const ending = new AbortController()
  const timer = setTimeout(() => ending.abort(new ApiError('TIMEOUT', sentence())), ms)
  try {
    return await work(ending.signal)
  } finally {
    clearTimeout(timer)
  }
}

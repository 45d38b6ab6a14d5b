/** Deadlines: a request that has not been sent by then is not sent. */
import { LightAbortSignal, onAbort, reasonOf, type AbortSignalLike } from './abort-signal'
import type { Clock } from './clock'

export interface Deadline {
  /** Monotonic ms. */
  at: number
  /** The request fails with it. */
  error: Error
}

/**
 * A signal that is aborted together with the given one, or at the earliest deadline.
 * @returns the signal, and `release`, which is to be called when the signal is no longer needed
 */
export function withDeadlines(signal: AbortSignalLike, deadlines: readonly Deadline[], clock: Clock): { signal: AbortSignalLike; release: () => void } {
  const earliest = deadlines.reduce<Deadline | undefined>((one, other) => (one && one.at <= other.at ? one : other), undefined)
  if (!earliest) return { signal, release: () => undefined }
  const { at, error } = earliest
  const combined = new LightAbortSignal()
  const left = at - clock.monotonic()
  if (signal.aborted) combined.abort(signal.reason)
  else if (left <= 0) combined.abort(error)
  const unsubscribe = onAbort(signal, () => combined.abort(signal.reason))
  const timer = clock.setTimeout(() => combined.abort(error), Math.max(0, left))
  const release = (): void => {
    unsubscribe()
    clock.clearTimeout(timer)
  }
  return { signal: combined, release }
}

/**
 * Sleeps for so many ms.
 * @throws the reason of the signal, as soon as it is aborted
 */
export async function sleep(ms: number, signal: AbortSignalLike, clock: Clock): Promise<void> {
  signal.throwIfAborted()
  await new Promise<void>((resolve, reject) => {
    const unsubscribe = onAbort(signal, () => {
      clock.clearTimeout(timer)
      reject(reasonOf(signal))
    })
    const timer = clock.setTimeout(() => {
      unsubscribe()
      resolve()
    }, ms)
  })
}

/** Moments after which a request is not sent any more. */
import { onAbort, Stop, type StopSignal } from './abort-signal'
import type { Clock } from './clock'

export interface Expiry {
  /** Monotonic ms. */
  at: number
  /** What the request fails with then. */
  error: Error
}

/**
 * A signal that is aborted with the given one, or at the first of the moments.
 * @returns it, and what is to be called when it is no longer needed
 */
export function expiring(signal: StopSignal, expiries: readonly Expiry[], clock: Clock): { signal: StopSignal; settle: () => void } {
  const first = expiries.reduce<Expiry | undefined>((one, other) => (one && one.at <= other.at ? one : other), undefined)
  if (!first) return { signal, settle: () => undefined }
  const { at, error } = first
  const stop = new Stop()
  const left = at - clock.monotonic()
  if (signal.aborted) stop.abort(signal.reason)
  else if (left <= 0) stop.abort(error)
  const leave = onAbort(signal, () => stop.abort(signal.reason))
  const timer = clock.setTimeout(() => stop.abort(error), Math.max(0, left))
  const settle = (): void => {
    leave()
    clock.clearTimeout(timer)
  }
  return { signal: stop, settle }
}

/** Sleeps until the signal is aborted at the latest; rejects with its reason then. */
export async function sleep(ms: number, signal: StopSignal, clock: Clock): Promise<void> {
  signal.throwIfAborted()
  await new Promise<void>((resolve, reject) => {
    const leave = onAbort(signal, () => {
      clock.clearTimeout(timer)
      reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'))
    })
    const timer = clock.setTimeout(() => {
      leave()
      resolve()
    }, ms)
  })
}

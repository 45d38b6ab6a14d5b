/** What may stop a request, and who waits for that. */

/** An AbortSignal, or a `Stop`. */
export interface StopSignal {
  readonly aborted: boolean
  readonly reason: unknown
  throwIfAborted(): void
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}

/** A controller and its signal in one, for a single request: the platform's cost more than all else that is done for it. */
export class Stop implements StopSignal {
  aborted = false
  reason: unknown
  readonly #listeners = new Set<() => void>()

  throwIfAborted(): void {
    if (this.aborted) throw this.reason
  }

  addEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners.add(listener)
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners.delete(listener)
  }

  abort(reason: unknown = new Error('aborted')): void {
    if (this.aborted) return
    this.aborted = true
    this.reason = reason
    for (const listener of this.#listeners) listener()
    this.#listeners.clear()
  }
}

/**
 * What waits on abort signals. A node has one signal for all its requests, so there is one listener for each signal
 * however many wait: removing one of n listeners takes n steps.
 */
const waiting = new WeakMap<StopSignal, { callbacks: Set<() => void>; tellAll: () => void }>()

/** Calls back once when the signal is aborted. @returns what takes the call back, as the last of them does the listener */
export function onAbort(signal: StopSignal, callback: () => void): () => void {
  // Of its own, so that one function may be given twice.
  const own = (): void => callback()
  if (signal instanceof Stop) {
    signal.addEventListener('abort', own)
    return () => signal.removeEventListener('abort', own)
  }
  const { callbacks, tellAll } = crowdOf(signal)
  if (callbacks.size === 0) signal.addEventListener('abort', tellAll)
  callbacks.add(own)
  return () => {
    if (callbacks.delete(own) && callbacks.size === 0) signal.removeEventListener('abort', tellAll)
  }
}

function crowdOf(signal: StopSignal): { callbacks: Set<() => void>; tellAll: () => void } {
  const known = waiting.get(signal)
  if (known) return known
  const callbacks = new Set<() => void>()
  const tellAll = (): void => {
    waiting.delete(signal)
    signal.removeEventListener('abort', tellAll)
    for (const callback of [...callbacks]) callback()
  }
  const crowd = { callbacks, tellAll }
  waiting.set(signal, crowd)
  return crowd
}

/** Waits for a promise or for the signal, whichever is first, and leaves no listener behind. */
export function untilAborted<T>(promise: Promise<T>, signal: StopSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    // Nobody hears its failure any more, which would end the process as an unhandled one.
    if (signal.aborted) promise.catch(() => undefined)
    signal.throwIfAborted()
    const leave = onAbort(signal, () => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted')))
    promise.then(
      (value) => {
        leave()
        resolve(value)
      },
      (error: unknown) => {
        leave()
        reject(error instanceof Error ? error : new Error(String(error)))
      },
    )
  })
}

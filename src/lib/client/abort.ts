/**
 * What waits on abort signals. A node has one signal for all its requests, so there is one listener for each signal
 * however many wait: removing one of n listeners takes n steps.
 */
const waiting = new WeakMap<AbortSignal, Set<() => void>>()

/** Calls back once when the signal is aborted. @returns what takes the call back, as the last of them does the listener */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  let callbacks = waiting.get(signal)
  if (!callbacks) {
    callbacks = new Set()
    waiting.set(signal, callbacks)
  }
  if (callbacks.size === 0) signal.addEventListener('abort', tellAll)
  // Of its own, so that one function may be given twice.
  const own = (): void => callback()
  callbacks.add(own)
  return () => {
    if (callbacks.delete(own) && callbacks.size === 0) signal.removeEventListener('abort', tellAll)
  }
}

function tellAll(this: AbortSignal): void {
  const callbacks = [...(waiting.get(this) ?? [])]
  waiting.delete(this)
  this.removeEventListener('abort', tellAll)
  for (const callback of callbacks) callback()
}

/** Waits for a promise or for the signal, whichever is first, and leaves no listener behind. */
export async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted()
  let leave: () => void = () => undefined
  const aborted = new Promise<never>((_resolve, reject) => {
    leave = onAbort(signal, () => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted')))
  })
  try {
    return await Promise.race([promise, aborted])
  } finally {
    leave()
  }
}

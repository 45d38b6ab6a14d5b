/** Abort signals: a lightweight one, and ways to wait on any of them. */
import type { Clock } from './clock'

/** An AbortSignal of the platform, or a `LightAbortSignal`. */
export interface AbortSignalLike {
  readonly aborted: boolean
  readonly reason: unknown
  throwIfAborted(): void
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}

/**
 * Controller and signal in one object, for a single request. It exists because an AbortController of the platform costs
 * more time than everything else that is done for a request.
 */
export class LightAbortSignal implements AbortSignalLike {
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

  /** Calls the listeners once; later calls do nothing. */
  abort(reason: unknown = new Error('aborted')): void {
    if (this.aborted) return
    this.aborted = true
    this.reason = reason
    for (const listener of this.#listeners) listener()
    this.#listeners.clear()
  }
}

interface SharedListener {
  callbacks: Set<() => void>
  callAll: () => void
}

/**
 * A platform signal gets one listener, however many wait on it. Removing one of n listeners takes n steps, and Node.js
 * warns of more than ten. A node has one signal for all its requests.
 */
const sharedListeners = new WeakMap<AbortSignalLike, SharedListener>()

/**
 * Calls back once when the signal is aborted. A signal that is aborted already calls nothing.
 * @returns a function that removes the callback
 */
export function onAbort(signal: AbortSignalLike, callback: () => void): () => void {
  // A new function each time, so that the same callback can be registered twice.
  const registered = (): void => callback()
  if (signal instanceof LightAbortSignal) {
    signal.addEventListener('abort', registered)
    return () => signal.removeEventListener('abort', registered)
  }
  const { callbacks, callAll } = sharedListenerOf(signal)
  if (callbacks.size === 0) signal.addEventListener('abort', callAll)
  callbacks.add(registered)
  return () => {
    if (callbacks.delete(registered) && callbacks.size === 0) signal.removeEventListener('abort', callAll)
  }
}

function sharedListenerOf(signal: AbortSignalLike): SharedListener {
  const known = sharedListeners.get(signal)
  if (known) return known
  const callbacks = new Set<() => void>()
  const callAll = (): void => {
    sharedListeners.delete(signal)
    signal.removeEventListener('abort', callAll)
    for (const callback of [...callbacks]) callback()
  }
  const shared = { callbacks, callAll }
  sharedListeners.set(signal, shared)
  return shared
}

/**
 * Waits for a promise or for the signal, whichever is first, and leaves no listener behind.
 * @throws the reason of the signal; what the promise rejects with
 */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignalLike): Promise<T> {
  return new Promise((resolve, reject) => {
    // Without a handler, a later failure of the promise would end the process as an unhandled rejection.
    if (signal.aborted) promise.catch(() => undefined)
    signal.throwIfAborted()
    const unsubscribe = onAbort(signal, () => reject(reasonOf(signal)))
    promise.then(
      (value) => {
        unsubscribe()
        resolve(value)
      },
      (error: unknown) => {
        unsubscribe()
        reject(error instanceof Error ? error : new Error(String(error)))
      },
    )
  })
}

/** Why a signal was aborted, always as an Error. */
export const reasonOf = ({ reason }: AbortSignalLike): Error => (reason instanceof Error ? reason : new Error('aborted'))

/** Items that wait on abort signals, grouped by signal, so that one abort is handled once for all items of its signal. */
export class AbortGroups<T> {
  readonly #groups = new Map<AbortSignalLike, { items: Set<T>; unsubscribe: () => void }>()
  readonly #onAborted: (items: ReadonlySet<T>, reason: unknown) => void

  /** @param onAborted is called once for each aborted signal, with its items that were not removed */
  constructor(onAborted: (items: ReadonlySet<T>, reason: unknown) => void) {
    this.#onAborted = onAborted
  }

  add(signal: AbortSignalLike, item: T): void {
    let group = this.#groups.get(signal)
    if (!group) {
      group = { items: new Set(), unsubscribe: onAbort(signal, () => this.#abort(signal)) }
      this.#groups.set(signal, group)
    }
    group.items.add(item)
  }

  remove(signal: AbortSignalLike, item: T): void {
    const group = this.#groups.get(signal)
    if (!group?.items.delete(item) || group.items.size > 0) return
    this.#groups.delete(signal)
    group.unsubscribe()
  }

  #abort(signal: AbortSignalLike): void {
    const group = this.#groups.get(signal)
    if (!group) return
    this.#groups.delete(signal)
    group.unsubscribe()
    this.#onAborted(group.items, signal.reason)
  }
}

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

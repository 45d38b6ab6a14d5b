import type { StopSignal } from '../base/abort-signal'

/**
 * Abort signals of what waits: one listener for each signal however many share it, since a node has one signal for all
 * its requests and removing one of n listeners takes n steps.
 */
export class Signals<T> {
  readonly #groups = new Map<StopSignal, { items: Set<T>; listener: () => void }>()
  readonly #aborted: (items: ReadonlySet<T>, reason: unknown) => void

  /** @param aborted called once for each signal that is aborted, with all that was added for it and not removed */
  constructor(aborted: (items: ReadonlySet<T>, reason: unknown) => void) {
    this.#aborted = aborted
  }

  add(signal: StopSignal, item: T): void {
    let group = this.#groups.get(signal)
    if (!group) {
      group = { items: new Set(), listener: () => this.#abort(signal) }
      this.#groups.set(signal, group)
      signal.addEventListener('abort', group.listener)
    }
    group.items.add(item)
  }

  remove(signal: StopSignal, item: T): void {
    const group = this.#groups.get(signal)
    if (!group?.items.delete(item) || group.items.size > 0) return
    this.#groups.delete(signal)
    signal.removeEventListener('abort', group.listener)
  }

  #abort(signal: StopSignal): void {
    const group = this.#groups.get(signal)
    this.#groups.delete(signal)
    if (!group) return
    signal.removeEventListener('abort', group.listener)
    this.#aborted(group.items, signal.reason)
  }
}

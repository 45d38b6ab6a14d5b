/** One round of delivery: takes entries from the queue, sends them in order, and saves each result in the queue. */
import type { CallResponse } from '../client/call'
import { ApiError } from '../base/api-error'
import { pushAll } from '../base/foreign'
import type { Entry, Queue } from '../store/store'
import type { Delivery } from '../vocabulary/vendor'
import { isFinal, meaningOf, type Deliver } from './delivery'
import { queuedItem, type Item, type QueuedItem } from './item'
import type { PendingMessages } from './pending-messages'
import { mayBeItsFault, type Quarantine } from './quarantine'

export interface RoundOptions {
  delivery: Pick<Delivery, 'largest' | 'canShareRequest'>
  deliver: Deliver
  pending: PendingMessages
  quarantine: Quarantine
  /** A reading that the vendor will never take was removed, and no message of this run waits for it. */
  onRefused(item: Item, error: ApiError): void
  /** An entry that is no reading was removed. */
  onUnreadable(text: string): void
}

/** The worker, as a round sees it. */
export interface RoundWatcher {
  /** Aborted when no request may go on. */
  readonly signal: AbortSignal
  /** Whether no further request may begin. */
  readonly closing: boolean
  /** Failures in a row. */
  readonly failures: number
  taking(): void
  moreWaits(): void
  succeeded(): void
  changed(): void
}

/** After so many readings are sent at once, one part more of them is tried. */
const GROWTH = 10
/** Failures in a row after which fewer readings are sent at a time: one of them may be the cause. */
const SUSPICIOUS = 3
/** ms after which the queue is checked again while another process serves it. */
const CHECK_AGAIN = 5_000

export class DeliveryRound {
  readonly #options: RoundOptions
  /** Most readings of the next request: fewer than the vendor's largest after a request was too large. */
  #size: number
  /** Ids that the queue must be told of: settled, and to be taken again. */
  #settled: string[] = []
  #returned: string[] = []
  #delivering = false

  constructor(options: RoundOptions) {
    this.#options = options
    this.#size = options.delivery.largest
  }

  get size(): number {
    return this.#size
  }

  /** Whether a request is in flight. */
  get delivering(): boolean {
    return this.#delivering
  }

  /**
   * @returns ms after which the queue must be checked again; infinite when that is not known
   * @throws ApiError of the cloud, StoreError of the queue
   */
  async run(queue: Queue, watcher: RoundWatcher): Promise<number> {
    const { pending, quarantine } = this.#options
    await this.#acknowledge(queue)
    const wanted = this.#size + quarantine.quarantined
    watcher.taking()
    const entries = await queue.take(wanted)
    if (entries.length === wanted) watcher.moreWaits()
    this.#returned = entries.map(({ id }) => id)
    quarantine.keep(this.#returned)
    const [oldest] = entries
    if (!oldest) return this.#checkEmpty(queue, watcher)
    try {
      if (pending.hasBefore(oldest.at)) await pending.answerMissing(queue)
      for (const group of this.#groups(entries)) await this.#settle(queue, group, watcher)
    } finally {
      await this.#acknowledge(queue)
    }
    return Infinity
  }

  /** Notes in the queue what became of the entries that it gave. */
  async #acknowledge(queue: Queue): Promise<void> {
    if (this.#settled.length > 0) await queue.done(this.#settled)
    this.#settled = []
    if (this.#returned.length > 0) await queue.release(this.#returned)
    this.#returned = []
  }

  /** The queue gave nothing: it is empty, or another process serves it. */
  async #checkEmpty(queue: Queue, watcher: RoundWatcher): Promise<number> {
    const { depth } = await this.#options.pending.answerMissing(queue)
    if (depth === 0) watcher.succeeded()
    watcher.changed()
    return depth > 0 ? CHECK_AGAIN : Infinity
  }

  /** Neighbours that may share a request; readings in quarantine come last, each by itself. */
  #groups(entries: readonly Entry[]): QueuedItem[][] {
    const { delivery, onUnreadable, quarantine } = this.#options
    const groups: QueuedItem[][] = []
    const alone: QueuedItem[][] = []
    for (const entry of entries) {
      const item = queuedItem(entry)
      const last = groups.at(-1)
      const state = quarantine.stateOf(entry.id)
      if (!item) {
        this.#leave([entry.id])
        onUnreadable(entry.text)
      } else if (state === 'dropped') this.#drop(item)
      else if (state === 'due') alone.push([item])
      else if (state === 'quarantined') continue
      else if (last?.[0] && delivery.canShareRequest(last[0].reading, item.reading)) last.push(item)
      else groups.push([item])
    }
    return [...groups, ...alone]
  }

  #drop(item: QueuedItem): void {
    const error = this.#options.quarantine.errorOf(item.id)
    if (error) this.#giveUp(item, error)
  }

  /** Sends all. When the vendor refuses some, halves find them, which keeps the order. */
  async #settle(queue: Queue, items: readonly QueuedItem[], watcher: RoundWatcher): Promise<void> {
    if (watcher.closing) return
    try {
      this.#succeeded(items, await this.#deliver(items, watcher), watcher)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      const [only, ...others] = items
      const single = others.length === 0 ? only : undefined
      if (single && isFinal(error)) this.#giveUp(single, error)
      else if (meaningOf(error) === 'refused') return this.#settleHalves(queue, items, watcher)
      else if (!single || !this.#options.quarantine.failed(single, error)) throw error
    }
    await queue.done(this.#settled)
    this.#settled = []
    watcher.changed()
  }

  async #settleHalves(queue: Queue, items: readonly QueuedItem[], watcher: RoundWatcher): Promise<void> {
    const half = Math.ceil(items.length / 2)
    await this.#settle(queue, items.slice(0, half), watcher)
    await this.#settle(queue, items.slice(half), watcher)
  }

  async #deliver(items: readonly QueuedItem[], watcher: RoundWatcher): Promise<CallResponse> {
    this.#delivering = true
    try {
      return await this.#options.deliver(items, watcher.signal)
    } catch (error) {
      const suspicious = (given: ApiError): boolean => watcher.failures >= SUSPICIOUS && mayBeItsFault(given)
      if (error instanceof ApiError && (meaningOf(error) === 'too many' || suspicious(error))) this.#size = Math.max(1, Math.floor(items.length / 2))
      throw error
    } finally {
      this.#delivering = false
    }
  }

  #succeeded(items: readonly QueuedItem[], response: CallResponse, watcher: RoundWatcher): void {
    watcher.succeeded()
    const { delivery, pending, quarantine } = this.#options
    const ids = items.map(({ id }) => id)
    quarantine.delivered(ids)
    if (items.length >= this.#size) this.#size = Math.min(delivery.largest, this.#size + Math.ceil(this.#size / GROWTH))
    this.#leave(ids)
    pending.delivered(items, response)
  }

  #giveUp(item: QueuedItem, error: ApiError): void {
    this.#leave([item.id])
    if (!this.#options.pending.refused(item, error)) this.#options.onRefused(item, error)
  }

  /** Entries that must not be taken again. */
  #leave(ids: readonly string[]): void {
    const left = new Set(ids)
    for (const id of ids) this.#options.quarantine.forget(id)
    this.#returned = this.#returned.filter((id) => !left.has(id))
    pushAll(this.#settled, ids)
  }
}

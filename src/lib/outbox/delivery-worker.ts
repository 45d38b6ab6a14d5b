/** Takes readings from the queue and delivers them: in their order, one request at a time, for as long as it takes. */
import { WakeUpTimer } from '../base/wake-up-timer'
import { pushAll } from '../base/foreign'
import { untilAborted } from '../base/abort-signal'
import type { CallResponse } from '../client/call'
import type { Clock } from '../base/clock'
import { ApiError } from '../base/api-error'
import { sentence, sentenceOf } from '../base/sentence'
import { storeFailure } from '../store/store-failure'
import { StoreError, type Entry, type Queue } from '../store/store'
import type { Delivery } from '../vocabulary/vendor'
import { isFinal, meaningOf, resetOf, type Deliver } from './delivery'
import { heldOf, type Held, type Item } from './item'
import { mayBeItsFault, Quarantine } from './quarantine'

export interface DeliveryWorkerOptions {
  clock: Clock
  /** The queue; may throw StoreError. */
  open(): Promise<Queue>
  delivery: Pick<Delivery, 'largest' | 'together'>
  deliver: Deliver
  delivered(items: readonly Item[], response: CallResponse): void
  /** The vendor will never take it; it has been removed. */
  refused(item: Item, error: ApiError): void
  /** The cloud answers it with a fault of its own, so that the others pass it from now on. */
  passed(item: Item, error: ApiError, tries: number): void
  /** An entry that is no reading; it has been removed. */
  unreadable(text: string): void
  /** Tokens of messages whose readings the queue has, or had. */
  kept(): readonly string[]
  /**
   * What of these messages was kept before one epoch ms of the queue's clock is gone: up to another one since a process
   * has delivered it, later than that since the queue was emptied, or has lost it.
   */
  gone(tokens: readonly string[], before: number, done: number): void
  /** Something was delivered, given up or failed. */
  changed(): void
}

/** ms. */
const FIRST_BACK_OFF = 1_000
const LONGEST_BACK_OFF = 60_000
/** ms after which the queue is looked at again while another process serves it. */
const LOOK_AGAIN = 5_000
/** ms for which a request in flight may go on when the outbox is closed: an aborted one would be sent twice. */
const GRACE = 1_000
/** After so many are tried at once, one part more of them is tried. */
const GROWTH = 10
/** Failures in a row after which fewer are tried at a time, since one of them may be what the cloud trips over. */
const SUSPICIOUS = 3

export class DeliveryWorker {
  readonly #options: DeliveryWorkerOptions
  readonly #wakeUpTimer: WakeUpTimer
  readonly #aborting = new AbortController()
  readonly #failing: Quarantine
  #queue: Queue | undefined
  #running: Promise<void> | undefined
  #closed = false
  #delivering = false
  /** Most readings of the next request: fewer than the vendor's largest after one was too large. */
  #size: number
  /** Readings that came since the queue was last looked at. */
  #fresh = 0
  /** Monotonic ms at which the queue is to be looked at. */
  #due = Infinity
  /** Monotonic ms before which nothing is tried, after a failure. */
  #retryAt = -Infinity
  #failures = 0
  #failure: ApiError | undefined
  /** Ids that are settled, and those to be tried again, which the queue has yet to be told. */
  #settled: string[] = []
  #returned: string[] = []
  #resume: () => void = () => undefined

  constructor(options: DeliveryWorkerOptions) {
    this.#options = options
    this.#size = options.delivery.largest
    this.#wakeUpTimer = new WakeUpTimer(options.clock, () => this.#look())
    this.#failing = new Quarantine(options.clock, options.passed)
  }

  /** Why nothing is delivered now, or not everything. */
  get failure(): ApiError | undefined {
    return this.#failure ?? this.#failing.failure
  }

  /** Readings that fail each by itself. */
  get failing(): number {
    return this.#failing.count
  }

  /** Gives them up. @returns how many */
  dropFailing(): number {
    const count = this.#failing.drop()
    this.#retryAt = -Infinity
    this.#dueIn(0)
    return count
  }

  /** Looks for what an earlier run left. */
  start(): void {
    if (!this.#closed) this.#dueIn(0)
    this.#begin()
  }

  /** @param window ms for which further readings are awaited */
  arrived(count: number, window: number): void {
    this.#fresh += count
    this.#dueIn(this.#fresh >= this.#size ? 0 : window)
    this.#begin()
  }

  /** Ends within a second; what is in flight then may have arrived, and stays. */
  async close(): Promise<void> {
    this.#closed = true
    this.#wakeUpTimer.clear()
    const abort = (): void => this.#aborting.abort(new ApiError('CLOSED', sentence`the account was closed`))
    const timer = this.#options.clock.setTimeout(abort, GRACE)
    if (!this.#delivering) abort()
    this.#resume()
    await this.#running
    this.#options.clock.clearTimeout(timer)
  }

  #begin(): void {
    if (!this.#closed) this.#running ??= this.#run()
  }

  #dueIn(ms: number): void {
    this.#due = Math.min(this.#due, this.#options.clock.monotonic() + ms)
    this.#look()
  }

  #look(): void {
    const at = Math.max(this.#due, this.#retryAt)
    if (this.#closed || at <= this.#options.clock.monotonic()) this.#resume()
    else this.#wakeUpTimer.set(at)
  }

  async #run(): Promise<void> {
    for (;;) {
      await new Promise<void>((resolve) => {
        this.#resume = resolve
        this.#look()
      })
      if (this.#closed) return
      try {
        await this.#round()
      } catch (error) {
        this.#failed(asApiError(error))
      }
    }
  }

  async #round(): Promise<void> {
    this.#queue ??= await untilAborted(this.#options.open(), this.#aborting.signal)
    const queue = this.#queue
    await this.#tell(queue)
    this.#due = Infinity
    this.#fresh = 0
    const wanted = this.#size + this.#failing.passed
    const entries = await queue.take(wanted)
    if (entries.length === wanted) this.#dueIn(0)
    this.#returned = entries.map(({ id }) => id)
    this.#failing.keep(this.#returned)
    if (entries.length === 0) return this.#lookElsewhere(queue)
    try {
      for (const group of this.#groups(entries)) {
        if (this.#closed) return
        await this.#settle(queue, group)
      }
    } finally {
      await this.#tell(queue)
    }
    this.#due = Math.min(this.#due, this.#failing.due)
  }

  /** Tells the queue what became of the readings that it gave. */
  async #tell(queue: Queue): Promise<void> {
    if (this.#settled.length > 0) await queue.done(this.#settled)
    this.#settled = []
    if (this.#returned.length > 0) await queue.release(this.#returned)
    this.#returned = []
  }

  /** The queue gives nothing: it is empty, or another process serves it. */
  async #lookElsewhere(queue: Queue): Promise<void> {
    const { changed, gone, kept } = this.#options
    // Those that come while the queue is asked may be missing from its answer.
    const tokens = kept()
    const { depth, oldest, done = Infinity } = await queue.state()
    if (depth > 0) this.#dueIn(LOOK_AGAIN)
    else this.#recovered()
    gone(tokens, depth === 0 ? Infinity : (oldest ?? -Infinity), done)
    changed()
  }

  /** Neighbours that may share a request. */
  #groups(entries: readonly Entry[]): Held[][] {
    const groups: Held[][] = []
    const alone: Held[][] = []
    for (const entry of entries) {
      const item = heldOf(entry)
      const group = groups.at(-1)
      const failing = this.#failing.stateOf(entry.id)
      if (!item) this.#giveUp(entry.id, () => this.#options.unreadable(entry.text))
      else if (failing === 'dropped') this.#drop(item)
      else if (failing === 'due') alone.push([item])
      else if (failing === 'passed') continue
      else if (group?.[0] && this.#options.delivery.together(group[0].reading, item.reading)) group.push(item)
      else groups.push([item])
    }
    return [...groups, ...alone]
  }

  #drop(item: Held): void {
    const error = this.#failing.errorOf(item.id)
    if (error) this.#giveUp(item.id, () => this.#options.refused(item, error))
  }

  /** Delivers all; those that the vendor refuses are found by halves, which keeps the order. */
  async #settle(queue: Queue, items: readonly Held[]): Promise<void> {
    try {
      const response = await this.#deliver(items)
      this.#succeeded(items, response)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      const [only, ...others] = items
      if (only && others.length === 0 && isFinal(error)) this.#giveUp(only.id, () => this.#options.refused(only, error))
      else if (meaningOf(error) === 'refused') return this.#settleHalves(queue, items)
      else if (!only || others.length > 0 || !this.#failing.failed(only, error)) throw error
    }
    await this.#tellSettled(queue)
    this.#options.changed()
  }

  async #settleHalves(queue: Queue, items: readonly Held[]): Promise<void> {
    const half = Math.ceil(items.length / 2)
    await this.#settle(queue, items.slice(0, half))
    if (!this.#closed) await this.#settle(queue, items.slice(half))
  }

  async #deliver(items: readonly Held[]): Promise<CallResponse> {
    this.#delivering = true
    try {
      return await this.#options.deliver(items, this.#aborting.signal)
    } catch (error) {
      const fewer = error instanceof ApiError && (meaningOf(error) === 'too many' || (this.#failures >= SUSPICIOUS && mayBeItsFault(error)))
      if (fewer) this.#size = Math.max(1, Math.floor(items.length / 2))
      throw error
    } finally {
      this.#delivering = false
    }
  }

  #succeeded(items: readonly Held[], response: CallResponse): void {
    this.#recovered()
    const { largest } = this.#options.delivery
    if (items.length >= this.#size) this.#size = Math.min(largest, this.#size + Math.ceil(this.#size / GROWTH))
    this.#leave(items.map(({ id }) => id))
    this.#options.delivered(items, response)
  }

  #giveUp(id: string, tell: () => void): void {
    this.#leave([id])
    tell()
  }

  #leave(ids: readonly string[]): void {
    const left = new Set(ids)
    for (const id of ids) this.#failing.forget(id)
    this.#returned = this.#returned.filter((id) => !left.has(id))
    pushAll(this.#settled, ids)
  }

  async #tellSettled(queue: Queue): Promise<void> {
    await queue.done(this.#settled)
    this.#settled = []
  }

  #recovered(): void {
    this.#failures = 0
    this.#failure = undefined
    this.#retryAt = -Infinity
  }

  #failed(error: ApiError): void {
    if (this.#closed) return
    this.#failures += 1
    this.#failure = error
    this.#retryAt = this.#options.clock.monotonic() + this.#backOff(error)
    this.#options.changed()
    this.#dueIn(0)
  }

  /** ms, with full jitter. */
  #backOff(error: ApiError): number {
    const { clock } = this.#options
    const reset = resetOf(error)
    if (reset !== undefined) return Math.max(0, reset - clock.now())
    // Fewer readings are another request, which may go at once; after no answer in time, rest is due as well.
    if (meaningOf(error) === 'too many' && error.code !== 'TIMEOUT') return 0
    return clock.random() * Math.min(LONGEST_BACK_OFF, FIRST_BACK_OFF * 2 ** (this.#failures - 1))
  }
}

function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  if (error instanceof StoreError) return storeFailure(sentence`the outbox cannot be used`, error)
  return new ApiError('PROTOCOL', sentenceOf(error))
}

/** Keeps the readings of an account until the vendor has stored them, also during an outage, a restart or a crash. */
import type { Account } from '../client/account'
import { systemClock, type Clock, type Timer } from '../base/clock'
import { ApiError } from '../base/api-error'
import { sentence, type Sentence } from '../base/sentence'
import { localTime } from '../base/time'
import type { OutgoingReading } from '../vocabulary/operation'
import { storeFailure, StoreError, type Queue, type QueueState, type Store, type StoreLease } from '../store/store'
import type { Delivery, Vendor } from '../vocabulary/vendor'
import { deliverer } from './delivery'
import { textOf, type Item } from './item'
import { DeliveryWorker } from './delivery-worker'
import { ReadingTimes } from './reading-times'
import { PendingMessages, type Acknowledgement, type Settlement } from './pending-messages'

export interface OutboxOptions {
  /** Of its queue: what stays the same when token or address of the account change. */
  name: string
  vendor: Vendor
  delivery: Delivery
  store: StoreLease
  /** Opens the account. May throw ApiError CONFIG; delivery then waits until it does not. */
  account(): Promise<Account>
  /** A reading of an earlier run was refused: no message waits for it. */
  onRefused(item: Item, error: ApiError): void
  log(level: 'info' | 'warn', said: Sentence): void
  clock?: Clock
}

/** Readings of one message of a node. */
export interface AppendRequest {
  node: string
  /** Its id in flows. */
  operation: string
  /** At least one. */
  readings: readonly OutgoingReading[]
  /** ms since they came; default 0. */
  age?: number
  /** Readings that the outbox may hold with them. */
  limit: number
  /** ms for which further readings are awaited. */
  window: number
  /** ms within which the readings are synced to the disk. 0: before they are accepted. */
  syncWithin?: number
  /** `_msgid` of the message. */
  msgid?: unknown
}

export interface OutboxState extends QueueState {
  /** Why nothing is delivered now, or not everything. */
  failure?: ApiError
  /** Readings on which the server fails when they are sent alone. */
  failing: number
}

/** When the log says again that readings wait: monotonic ms, and the ms since it was said last. */
interface Reminder {
  at: number
  every: number
}

/** ms until a reminder that readings wait. Each further interval is four times as long, up to a day. */
const FIRST_REMINDER = 3_600_000
const LAST_REMINDER = 86_400_000
/** ms for which a store is asked what it has when the outbox closes. */
const CLOSE_WITHIN = 1_000
/** ms between two calls of watchers. */
const SHOWN_EVERY = 250

export class Outbox {
  readonly #options: OutboxOptions
  readonly #clock: Clock
  readonly #pending: PendingMessages
  readonly #times: ReadingTimes
  readonly #worker: DeliveryWorker
  readonly #watchers = new Set<(state: OutboxState) => void>()
  #store: Store | undefined
  #queue: Promise<Queue> | undefined
  #closing: Promise<number> | undefined
  #checking: Promise<unknown> | undefined
  #timer: Timer | undefined
  #changed = false
  /** Set while nothing can be sent. */
  #reminder: Reminder | undefined

  constructor(options: OutboxOptions) {
    const { clock = systemClock, delivery, vendor } = options
    this.#options = options
    this.#clock = clock
    this.#pending = new PendingMessages((index) => delivery.itemLabel(index))
    this.#times = new ReadingTimes({ clock, store: () => this.#store, log: options.log })
    this.#worker = new DeliveryWorker({
      clock,
      open: () => this.#opened(),
      delivery,
      deliver: deliverer(vendor, delivery, options.account, this.#times),
      pending: this.#pending,
      onRefused: (item, error) => options.onRefused({ ...item, reading: this.#times.of([item]).readings[0] ?? item.reading }, error),
      onQuarantined: ({ reading }, error, attempts) =>
        options.log('warn', sentence`1 reading is quarantined after ${attempts} attempts; the other readings are sent. It is tried again later. You can drop it in the account's form: ${JSON.stringify(reading)}, ${error.sentence}`),
      onUnreadable: (text) => options.log('warn', sentence`an entry of the outbox is damaged and was dropped: ${text.slice(0, 200)}`),
      onChange: () => this.#change(),
    })
  }

  /** Delivers readings that an earlier run left; may be called again. */
  start(): void {
    this.#worker.start()
  }

  /**
   * Resolves when the readings survive a crash; with `syncWithin` when only a power cut can lose them.
   * @throws ApiError OUTBOX_FULL, or why the store does not take them; then none of the readings is kept
   */
  async accept({ age = 0, limit, msgid, node, operation, readings, syncWithin, window }: AppendRequest): Promise<Acknowledgement> {
    if (this.#closing) throw new ApiError('CLOSED', sentence`the account was closed by a deploy before the readings could be kept; send them again`)
    const acknowledgement = this.#pending.add(readings.length, msgid)
    const texts = this.#times.stamped(readings, age).map((stamped, index) => textOf({ node, operation, message: acknowledgement.token, index, ...stamped }))
    try {
      this.#pending.accepted(acknowledgement.token, await (await this.#opened()).append(texts, limit, syncWithin))
    } catch (error) {
      this.#pending.forget(acknowledgement.token)
      if (!(error instanceof StoreError)) throw error
      throw error.code === 'FULL' ? full(limit) : storeFailure(sentence`the outbox cannot be used`, error)
    }
    this.#worker.arrived(readings.length, window)
    this.#change()
    return acknowledgement
  }

  /**
   * Nobody waits for the acknowledgement any more. Readings that the store has stay, and a refusal goes to their node.
   * @returns what is known of the readings within a second; `kept` where the store does not tell
   * @throws ApiError CLOSED when the store has lost them
   */
  async abandon({ settled, token }: Acknowledgement): Promise<Settlement> {
    await this.#answerMissing()
    this.#pending.keepOne(token)
    return settled
  }

  async state(): Promise<OutboxState> {
    const { failure } = this.#worker
    return { ...(await (await this.#opened()).state()), ...(failure ? { failure } : {}), failing: this.#worker.failing }
  }

  /** Readings on which the server fails when they are sent alone. */
  get failing(): number {
    return this.#worker.failing
  }

  /** Gives those up; their messages fail. @returns how many */
  dropFailing(): number {
    return this.#worker.dropFailing()
  }

  /**
   * Calls the watcher after changes, a few times a second at most.
   * @returns removes the watcher
   */
  watch(watcher: (state: OutboxState) => void): () => void {
    this.#watchers.add(watcher)
    return () => void this.#watchers.delete(watcher)
  }

  /** Drops all readings; their messages fail. Gives how many there were. */
  async clear(): Promise<number> {
    const count = await (await this.#opened()).clear()
    this.#pending.fail(new ApiError('CLOSED', sentence`the outbox was emptied before these readings were sent; send them again if they are still wanted`, { summary: sentence`dropped with the outbox` }))
    this.#change()
    return count
  }

  /**
   * Ends the delivery; readings stay unless the account is removed. Gives how many were dropped.
   * @param removed whether the account is gone for good
   */
  close(removed = false): Promise<number> {
    return (this.#closing ??= this.#close(removed))
  }

  async #close(removed: boolean): Promise<number> {
    await this.#worker.close()
    if (!removed) await this.#answerMissing()
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer)
    this.#watchers.clear()
    try {
      return removed ? await this.clear() : 0
    } finally {
      this.#pending.keep()
      await this.#options.store.release()
    }
  }

  /** Answers messages whose readings the store does not have any more; waits a second at most. */
  #answerMissing(): Promise<unknown> {
    return (this.#checking ??= this.#withinTime(this.#opened().then((queue) => this.#pending.answerMissing(queue))).finally(() => {
      this.#checking = undefined
    }))
  }

  /** Resolves when the work has ended, in whatever way, or takes too long. */
  #withinTime(work: Promise<unknown>): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#clock.setTimeout(resolve, CLOSE_WITHIN)
      const end = (): void => {
        this.#clock.clearTimeout(timer)
        resolve()
      }
      work.then(end, end)
    })
  }

  /** Opened by the first call; after a failure by the next. */
  #opened(): Promise<Queue> {
    this.#queue ??= this.#open().catch((error: unknown) => {
      this.#queue = undefined
      throw error
    })
    return this.#queue
  }

  async #open(): Promise<Queue> {
    this.#store = await this.#options.store.open()
    return this.#store.queue(this.#options.name)
  }

  #change(): void {
    this.#report(this.#worker.failure)
    this.#changed = true
    if (this.#timer === undefined && !this.#closing) this.#show()
  }

  #show(): void {
    this.#changed = false
    this.#timer = this.#clock.setTimeout(() => {
      this.#timer = undefined
      if (this.#changed) this.#show()
    }, SHOWN_EVERY)
    if (this.#watchers.size === 0) return
    // The delivery reports the failures of the store.
    this.state().then((state) => this.#watchers.forEach((watcher) => watcher(state)), () => undefined)
  }

  /** Logs the beginning and the end of an outage, and now and then that it lasts. */
  #report(failure: ApiError | undefined): void {
    if (failure && this.#reminder) this.#remind(this.#reminder)
    else if (failure) {
      this.#reminder = { at: this.#clock.monotonic() + FIRST_REMINDER, every: FIRST_REMINDER }
      this.#options.log('warn', sentence`readings wait in the outbox until they can be sent: ${failure.sentence}`)
    } else if (this.#reminder) {
      this.#reminder = undefined
      this.#options.log('info', sentence`the outbox can send readings again`)
    }
  }

  #remind({ at, every }: Reminder): void {
    const now = this.#clock.monotonic()
    if (now < at) return
    const next = Math.min(LAST_REMINDER, every * 4)
    this.#reminder = { at: now + next, every: next }
    // A failure of the store was logged as the reason.
    this.state().then(({ depth, failure, oldest = this.#clock.now() }) => {
      if (failure) this.#options.log('warn', sentence`${depth} readings wait in the outbox, the oldest since ${localTime(oldest)}: ${failure.sentence}`)
    }, () => undefined)
  }
}

const full = (limit: number): ApiError =>
  new ApiError('OUTBOX_FULL', sentence`the outbox is full (${limit} readings), so these readings were not kept; see in the account's form why no readings are sent, or raise "Maximum readings" in the node`, { summary: sentence`outbox full: ${limit} readings` })

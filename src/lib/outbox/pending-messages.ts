/** The messages of this run whose readings are in the outbox. A message ends when all its readings are sent or rejected. */
import { randomUUID } from 'node:crypto'
import type { CallResponse } from '../client/call'
import { ApiError } from '../base/api-error'
import { sentence } from '../base/sentence'
import type { Queue, QueueState } from '../store/store'
import { Undelivered } from './delivery'
import { messageToken, type Item } from './item'

interface Refusal {
  index: number
  error: ApiError
}

interface Waiting {
  count: number
  left: number
  refusals: Refusal[]
  /** Epoch ms at which the readings were stored, by the clock of the queue. */
  acceptedAt?: number
  resolve(settlement: Settlement): void
  reject(error: ApiError): void
}

/** The response to a message's last reading. Or its readings wait for a later run, or another process sent them. */
export type Settlement = CallResponse | 'kept' | 'sent elsewhere'

export interface Acknowledgement {
  token: string
  /**
   * @throws Undelivered when the vendor refused a reading, ApiError CLOSED when they were dropped or lost
   */
  settled: Promise<Settlement>
}

export class PendingMessages {
  /** Tokens of another run must not be taken for ours. */
  readonly #run = randomUUID()
  readonly #itemLabel: (index: number) => string
  readonly #waiting = new Map<string, Waiting>()
  #made = 0

  /** @param itemLabel what the vendor's errors call the reading at a place of its request */
  constructor(itemLabel: (index: number) => string) {
    this.#itemLabel = itemLabel
  }

  /**
   * @param count readings of the message, at least one
   * @param msgid its `_msgid`, which a flow may have set to anything
   */
  add(count: number, msgid?: unknown): Acknowledgement {
    this.#made += 1
    const token = messageToken(this.#run, this.#made, msgid)
    const settled = new Promise<Settlement>((resolve, reject) => {
      this.#waiting.set(token, { count, left: count, refusals: [], resolve, reject })
    })
    // Nobody may listen yet, or any more.
    settled.catch(() => undefined)
    return { token, settled }
  }

  /** @param at epoch ms by the clock of the queue */
  accepted(token: string, at: number): void {
    const waiting = this.#waiting.get(token)
    if (waiting) waiting.acceptedAt = at
  }

  /** Nobody waits for the message any more; its readings are as those of an earlier run. */
  forget(token: string): void {
    this.#waiting.delete(token)
  }

  delivered(items: readonly Item[], response: CallResponse): void {
    for (const { message } of items) this.#settle(message, response)
  }

  /** @returns whether a message waits for it and will be told */
  refused({ index, message }: Item, error: ApiError): boolean {
    const waiting = this.#waiting.get(message)
    if (!waiting) return false
    waiting.refusals.push({ index, error })
    this.#settle(message)
    return true
  }

  /** Whether a message waits whose readings were stored before `at`. */
  hasBefore(at: number): boolean {
    // The first message is the oldest.
    for (const { acceptedAt } of this.#waiting.values()) if (acceptedAt !== undefined) return acceptedAt < at
    return false
  }

  /**
   * Answers messages whose readings are no longer in the queue: another process sent them, or they are lost.
   * @returns what the queue says of itself
   */
  async answerMissing(queue: Queue): Promise<QueueState> {
    // Readings that are stored while the queue is asked may be missing from its answer.
    const stored = [...this.#waiting].filter(([, { acceptedAt }]) => acceptedAt !== undefined)
    const state = await queue.state()
    const { depth, done = Infinity, isLastKnown = false, oldest = -Infinity } = state
    // Without other processes no reading goes missing, and a clock that was set back would date readings before older ones.
    if (isLastKnown || (state.done === undefined && depth > 0)) return state
    const before = depth === 0 ? Infinity : oldest
    for (const [token, { acceptedAt = Infinity }] of stored) if (acceptedAt < before) this.#answerMissing(token, acceptedAt <= done)
    return state
  }

  #answerMissing(token: string, isSent: boolean): void {
    const waiting = this.#waiting.get(token)
    this.#waiting.delete(token)
    if (isSent) waiting?.resolve('sent elsewhere')
    else waiting?.reject(new ApiError('CLOSED', sentence`the readings are no longer in the store, and it is not known whether they were sent; another process emptied the outbox, or the store lost its data. Send them again`))
  }

  /** Ends the wait of one message; its readings stay in the queue. */
  keepOne(token: string): void {
    this.#waiting.get(token)?.resolve('kept')
    this.#waiting.delete(token)
  }

  /** The readings stay in the queue for a later run. */
  keep(): void {
    this.#endAll(({ resolve }) => resolve('kept'))
  }

  /** The readings were dropped. */
  fail(error: ApiError): void {
    this.#endAll(({ reject }) => reject(error))
  }

  #endAll(end: (waiting: Waiting) => void): void {
    const all = [...this.#waiting.values()]
    this.#waiting.clear()
    for (const waiting of all) end(waiting)
  }

  #settle(token: string, response?: CallResponse): void {
    const waiting = this.#waiting.get(token)
    if (!waiting) return
    waiting.left -= 1
    if (waiting.left > 0) return
    this.#waiting.delete(token)
    const [first] = waiting.refusals
    if (first) waiting.reject(this.#refusal(first, waiting))
    else if (response) waiting.resolve(response)
  }

  /** The first refusal, with the place that the reading has in the message instead of that in the request. */
  #refusal({ error, index }: Refusal, { count, refusals }: Waiting): ApiError {
    const renamed = (text: string): string => text.replaceAll(new RegExp(`\\b${this.#itemLabel(0)}\\b`, 'g'), this.#itemLabel(index))
    const own = error.sentence.finished(renamed)
    const said = count > 1 ? sentence`${own}; ${refusals.length} of the ${count} readings of the message were rejected, the others were sent` : own
    return new Undelivered(error, error instanceof Undelivered ? error.response : undefined, said, error.summary.finished(renamed))
  }
}

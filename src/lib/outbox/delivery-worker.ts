/** Delivers the readings of a queue: in order, one request at a time, until all are sent. */
import { WakeUpTimer, type Clock } from '../base/clock'
import { untilAborted } from '../base/abort-signal'
import { ApiError } from '../base/api-error'
import { sentence, sentenceOf } from '../base/sentence'
import { storeFailure, StoreError, type Queue } from '../store/store'
import { meaningOf, resetOf } from './delivery'
import { DeliveryRound, type RoundOptions, type RoundWatcher } from './delivery-round'
import { INITIAL, nextState, wakeUpAt, type DeliveryEvent, type DeliveryState } from './delivery-state'
import type { QueuedItem } from './item'
import { Quarantine } from './quarantine'

export interface DeliveryWorkerOptions extends Omit<RoundOptions, 'quarantine'> {
  clock: Clock
  /** The queue; may throw StoreError. */
  open(): Promise<Queue>
  /** The server fails on the reading, which does not hold up the others any more. */
  onQuarantined(item: QueuedItem, error: ApiError, attempts: number): void
  /** Readings were delivered, given up or failed. */
  onChange(): void
}

/** ms. */
const FIRST_BACK_OFF = 1_000
const LONGEST_BACK_OFF = 60_000
/** ms for which a request in flight may go on when the outbox is closed: an aborted one would be sent twice. */
const GRACE = 1_000

export class DeliveryWorker {
  readonly #options: DeliveryWorkerOptions
  readonly #timer: WakeUpTimer
  readonly #quarantine: Quarantine
  readonly #round: DeliveryRound
  readonly #aborting = new AbortController()
  #state: DeliveryState = INITIAL
  /** The round that is in progress. */
  #sending: Promise<void> | undefined

  constructor(options: DeliveryWorkerOptions) {
    this.#options = options
    this.#timer = new WakeUpTimer(options.clock, () => this.#dispatch({ name: 'time passed' }))
    this.#quarantine = new Quarantine(options.clock, options.onQuarantined)
    this.#round = new DeliveryRound({ ...options, quarantine: this.#quarantine })
  }

  /** Why nothing is delivered now, or not everything. */
  get failure(): ApiError | undefined {
    return this.#state.failure ?? this.#quarantine.failure
  }

  /** Readings on which the server fails when they are sent alone. */
  get failing(): number {
    return this.#quarantine.count
  }

  /** Gives those up. @returns how many */
  dropFailing(): number {
    const count = this.#quarantine.drop()
    this.#dispatch({ name: 'retry now' })
    return count
  }

  /** Delivers readings that an earlier run left. */
  start(): void {
    this.#dispatch({ name: 'started' })
  }

  /** @param window ms for which further readings are awaited */
  arrived(count: number, window: number): void {
    this.#dispatch({ name: 'arrived', count, window, size: this.#round.size })
  }

  /** Ends within a second. Readings in flight then stay, although they may have arrived. */
  async close(): Promise<void> {
    this.#dispatch({ name: 'closed' })
    const abort = (): void => this.#aborting.abort(new ApiError('CLOSED', sentence`the account was closed by a deploy`))
    const timer = this.#options.clock.setTimeout(abort, GRACE)
    if (!this.#round.delivering) abort()
    await this.#sending
    this.#options.clock.clearTimeout(timer)
  }

  /** Enters the state that follows, and begins what belongs to it. */
  #dispatch(event: DeliveryEvent): void {
    this.#state = nextState(this.#state, event, this.#options.clock.monotonic())
    if (this.#state.name === 'sending') this.#sending ??= this.#send()
    else if (this.#state.name === 'closed') this.#timer.clear()
    else this.#timer.set(wakeUpAt(this.#state))
  }

  async #send(): Promise<void> {
    const outcome = await this.#runRound().catch((error: unknown) => this.#failed(error))
    this.#sending = undefined
    this.#dispatch(outcome)
    if (outcome.name === 'failed' && this.#state.name !== 'closed') this.#options.onChange()
  }

  async #runRound(): Promise<DeliveryEvent> {
    const { clock, open } = this.#options
    const queue = await untilAborted(open(), this.#aborting.signal)
    const checkIn = await this.#round.run(queue, this.#watcher())
    return { name: 'ended', checkAt: Math.min(clock.monotonic() + checkIn, this.#quarantine.due) }
  }

  #watcher(): RoundWatcher {
    const state = (): DeliveryState => this.#state
    return {
      signal: this.#aborting.signal,
      get closing() {
        return state().name === 'closed'
      },
      get failures() {
        return state().failures
      },
      taking: () => this.#dispatch({ name: 'taking' }),
      moreWaits: () => this.#dispatch({ name: 'more waits' }),
      succeeded: () => this.#dispatch({ name: 'succeeded' }),
      changed: () => this.#options.onChange(),
    }
  }

  #failed(error: unknown): DeliveryEvent {
    const failure = asApiError(error)
    return { name: 'failed', failure, ofStore: error instanceof StoreError, wait: this.#backOff(failure) }
  }

  /** ms, with full jitter. */
  #backOff(error: ApiError): number {
    const { clock } = this.#options
    const reset = resetOf(error)
    // The clock may be set past the reset, and a limit that is still spent costs no request.
    if (reset !== undefined) return Math.min(LONGEST_BACK_OFF, Math.max(0, reset - clock.now()))
    // Fewer readings make another request, which may go at once; after no response in time, a pause is due as well.
    if (meaningOf(error) === 'too many' && error.code !== 'TIMEOUT') return 0
    return clock.random() * Math.min(LONGEST_BACK_OFF, FIRST_BACK_OFF * 2 ** this.#state.failures)
  }
}

function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  if (error instanceof StoreError) return storeFailure(sentence`the outbox cannot be used`, error)
  return new ApiError('PROTOCOL', sentenceOf(error))
}

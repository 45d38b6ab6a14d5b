/** Events of a vendor that is asked again and again. */
import { Call } from '../../lib/client/call'
import { ApiError } from '../../lib/base/api-error'
import { EventMemory } from '../../lib/incremental/event-memory'
import type { Occurrence, PollEvents } from '../../lib/vocabulary/events'
import { FieldError, readField } from '../../lib/vocabulary/validation'
import { sentence } from '../../lib/base/sentence'
import { ParamReader } from '../actions/params'
import { storeKey, type Source, type Surroundings } from './source'

/** Ms between the end of a poll that took long and the next one. */
const LEAST = 1000

export class PollSource implements Source {
  readonly #around: Surroundings
  readonly #events: PollEvents
  readonly #params: ParamReader
  /** Ms. */
  readonly #interval: number
  readonly #startedAt: number
  #memory: EventMemory | undefined

  /** @throws ApiError CONFIG */
  constructor(around: Surroundings, events: PollEvents) {
    this.#around = around
    this.#events = events
    this.#params = new ParamReader(around.RED, around.node, around.config.params)
    this.#interval = intervalOf(around, events) * 1000
    this.#startedAt = around.clock.now()
  }

  get afterFailure(): number {
    return this.#interval
  }

  async round(): Promise<number> {
    const { account, clock, emit, options } = this.#around
    const began = { epoch: clock.now(), monotonic: clock.monotonic() }
    const values = await this.#values()
    const memory = this.#memoryOf(values)
    const since = (await memory.since()) - this.#events.overlap
    const shown: Occurrence[] = []
    const call = new Call(await account.account(), 'events', this.#events.read(since), options)
    // A page may hold more than a call takes arguments.
    for await (const page of call.pages(values)) for (const occurrence of page.data as Occurrence[]) shown.push(occurrence)
    options.signal.throwIfAborted()
    for (const occurrence of memory.fresh(shown)) emit(occurrence)
    await memory.note(shown, began.epoch)
    // On time, however long the vendor took, and whatever was done to the calendar meanwhile.
    return Math.max(LEAST, this.#interval - (clock.monotonic() - began.monotonic))
  }

  async #values(): Promise<Record<string, unknown>> {
    const { vendor } = this.#around
    try {
      return await this.#params.read({ _msgid: '' })
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      throw new ApiError(error.code, sentence`${vendor.title} events: ${error.sentence}`)
    }
  }

  /** With other params it is another question, with nothing told yet. */
  #memoryOf(values: Readonly<Record<string, unknown>>): EventMemory {
    const { account, clock, node, store, vendor } = this.#around
    const about = JSON.stringify([vendor.id, account.id, values])
    if (this.#memory?.about !== about) {
      // What happened while the very first polls failed is told.
      const startedAt = this.#memory === undefined ? this.#startedAt : clock.now()
      this.#memory = new EventMemory(store, storeKey(node), about, startedAt)
    }
    return this.#memory
  }

  async close(removed: boolean): Promise<void> {
    const { node, store } = this.#around
    if (removed) await store?.delete(storeKey(node))
  }
}

/** Seconds. */
function intervalOf({ config, vendor }: Surroundings, { interval }: PollEvents): number {
  try {
    return readField(interval, config.interval === '' ? undefined : config.interval) as number
  } catch (error) {
    if (!(error instanceof FieldError)) throw error
    throw new ApiError('CONFIG', sentence`${vendor.title} events: the interval in seconds ${error.sentence}; correct it in the node`)
  }
}

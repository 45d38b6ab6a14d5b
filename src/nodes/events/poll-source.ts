/** Events of a vendor that is polled. */
import { pushAll } from '../../lib/base/foreign'
import type { Moment } from '../../lib/base/boot-time'
import { momentOf } from '../../lib/base/clock'
import { Call } from '../../lib/client/call'
import { ApiError } from '../../lib/base/api-error'
import { EventMemory } from '../../lib/incremental/event-memory'
import type { Occurrence, PollEvents } from '../../lib/vocabulary/events'
import { FieldError, readField } from '../../lib/vocabulary/validation'
import { formText, sentence } from '../../lib/base/sentence'
import { ParamReader } from '../actions/params'
import { storeKey, type EventContext, type EventSource } from './event-source'

/** Ms between a poll and the next one, at least. */
const LEAST_WAIT = 1000

export class PollSource implements EventSource {
  readonly #context: EventContext
  readonly #events: PollEvents
  readonly #params: ParamReader
  /** Ms. */
  readonly #interval: number
  readonly #startedAt: Moment
  #memory: EventMemory | undefined

  /** @throws ApiError CONFIG */
  constructor(context: EventContext, events: PollEvents) {
    this.#context = context
    this.#events = events
    this.#params = new ParamReader(context.RED, context.node, context.config.params, events.fields)
    this.#interval = intervalOf(context, events) * 1000
    this.#startedAt = momentOf(context.clock)
  }

  get afterFailure(): number {
    return this.#interval
  }

  async poll(): Promise<number> {
    const { account, clock, emit, options } = this.#context
    const began = momentOf(clock)
    const monotonic = clock.monotonic()
    const values = await this.#values()
    const memory = this.#memoryOf(values)
    const since = (await memory.since(began)) - this.#events.overlap
    const shown: Occurrence[] = []
    const call = new Call(await account.account(), 'events', this.#events.read(since), { ...options, absence: (name, value) => this.#params.absence(name, value) })
    for await (const page of call.pages(values)) pushAll(shown, page.data as Occurrence[])
    options.signal.throwIfAborted()
    for (const occurrence of memory.fresh(shown)) emit(occurrence)
    await memory.note(shown, began)
    // The time of the poll itself counts, by a clock that nobody sets.
    return Math.max(LEAST_WAIT, this.#interval - (clock.monotonic() - monotonic))
  }

  async #values(): Promise<Record<string, unknown>> {
    const { vendor } = this.#context
    try {
      return await this.#params.read({ _msgid: '' })
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      throw new ApiError(error.code, sentence`${vendor.title} events: ${error.sentence}`, { summary: error.summary })
    }
  }

  /** Other params are another question, of which no event has been sent yet. */
  #memoryOf(values: Readonly<Record<string, unknown>>): EventMemory {
    const { account, clock, node, store, vendor } = this.#context
    const about = JSON.stringify([vendor.id, account.id, values])
    if (this.#memory?.about !== about) {
      // Events from the time of failed first polls are sent.
      const startedAt = this.#memory === undefined ? this.#startedAt : momentOf(clock)
      this.#memory = new EventMemory(store, storeKey(node), about, startedAt)
    }
    return this.#memory
  }

  async close(removed: boolean): Promise<void> {
    const { node, store } = this.#context
    if (removed) await store?.delete(storeKey(node))
  }
}

/** Seconds. */
function intervalOf({ config, vendor }: EventContext, { interval }: PollEvents): number {
  try {
    return readField(interval, config.interval === '' ? undefined : config.interval) as number
  } catch (error) {
    if (!(error instanceof FieldError)) throw error
    throw new ApiError('CONFIG', sentence`${vendor.title} events: "${formText(interval.label)}" ${error.sentence}; correct it in the node`, { summary: sentence`check "${formText(interval.label)}"` })
  }
}

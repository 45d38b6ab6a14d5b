/** One event node: starts its source, shows how it is, and tells of an outage once. */
import type { Node, NodeAPI } from 'node-red'
import { systemClock, type Clock } from '../../lib/base/clock'
import { ApiError } from '../../lib/base/api-error'
import type { Occurrence, SensorEvent } from '../../lib/vocabulary/events'
import { sentence, sentenceOf } from '../../lib/base/sentence'
import { StoreError } from '../../lib/store/store'
import type { Vendor } from '../../lib/vocabulary/vendor'
import { vendors } from '../../lib/vendors'
import { accountFinder } from '../accounts/find-account'
import { notChosen, type ActionDef } from '../actions/input-handler'
import { ActionStatus } from '../actions/status'
import { isGone } from '../runtime/deployed'
import { sayError, spoken } from '../runtime/language'
import { CallbackSource } from './callback-source'
import { PollSource } from './poll-source'
import { Repeat } from './repeat'
import type { Source, Surroundings } from './source'
import { storeOf as accountStore, type StoreOf } from './event-store'

/** Ms until the next attempt at what failed before there was a source. */
const AFTER_FAILURE = 60_000

/** What tests put in the place of the real ones. */
export interface Replacements {
  clock?: Clock
  storeOf?: StoreOf
}

export class OnEvent {
  readonly #RED: NodeAPI
  readonly #node: Node
  readonly #config: ActionDef
  readonly #clock: Clock
  readonly #storeOf: StoreOf
  readonly #status: ActionStatus
  readonly #vendor: Vendor | undefined
  readonly #closing = new AbortController()
  readonly #repeat: Repeat | undefined
  #source: Source | undefined
  /** Code of the outage that was told of. */
  #outage: string | undefined
  #count = 0

  constructor(RED: NodeAPI, node: Node, config: ActionDef, { clock = systemClock, storeOf = accountStore }: Replacements = {}) {
    this.#RED = RED
    this.#node = node
    this.#config = config
    this.#clock = clock
    this.#storeOf = storeOf
    this.#status = new ActionStatus(RED, node)
    this.#vendor = (vendors as Readonly<Record<string, Vendor>>)[String(config.vendor)]
    if (accountFinder(RED, config)()) this.#repeat = new Repeat(clock, () => this.#round())
    else this.#status.unconfigured()
    node.on('close', (removed: boolean, done: () => void) => void this.#close(removed).then(done))
  }

  async #round(): Promise<number | undefined> {
    this.#status.started()
    try {
      this.#source ??= await this.#makeSource()
      const wait = await this.#source.round()
      this.#outage = undefined
      this.#status.succeeded(...this.#state())
      return wait
    } catch (error) {
      if (this.#closing.signal.aborted) return undefined
      const explained = this.#explained(error)
      this.#status.failed(sayError(this.#RED, explained))
      // Once for each outage, however long it lasts.
      if (this.#outage !== explained.code) this.#node.error(spoken(this.#RED, explained), {})
      this.#outage = explained.code
      return explained.code === 'CONFIG' ? undefined : (this.#source?.afterFailure ?? AFTER_FAILURE)
    }
  }

  /** @throws ApiError CONFIG saying what the node still needs */
  async #makeSource(): Promise<Source> {
    const vendor = this.#vendor
    const account = accountFinder(this.#RED, this.#config)()
    if (!vendor?.events) throw notChosen('on event', 'vendor', typeof this.#config.vendor === 'string' ? this.#config.vendor : '')
    if (!account) throw notChosen(`${vendor.title} events`, 'account', '')
    const around: Surroundings = {
      RED: this.#RED,
      node: this.#node,
      config: this.#config,
      clock: this.#clock,
      vendor,
      account,
      store: await this.#storeOf(account),
      options: { signal: this.#closing.signal, onWait: (ms) => this.#status.waiting(ms) },
      emit: (occurrence) => this.#emit(vendor, occurrence),
    }
    return vendor.events.kind === 'callback' ? new CallbackSource(around, vendor.events) : new PollSource(around, vendor.events)
  }

  #emit({ id: vendor }: Vendor, { device, sensor, event, timestamp, data }: Omit<Occurrence, 'id'>): void {
    const payload: SensorEvent = { vendor, device, sensor, event, timestamp, data }
    this.#count += 1
    this.#status.stands(...this.#state())
    try {
      this.#node.send({ topic: event, payload })
    } catch (error) {
      // One that cannot be copied for several wires must not hold up the others.
      this.#node.error(spoken(this.#RED, error))
    }
  }

  #state(): [key: 'listening' | 'events', values: { count: number }] {
    return [this.#count === 0 ? 'listening' : 'events', { count: this.#count }]
  }

  #explained(error: unknown): ApiError {
    if (error instanceof ApiError) return error
    const title = this.#vendor?.title ?? 'on event'
    if (error instanceof StoreError) return new ApiError('CLOSED', sentence`${title} events cannot be remembered: ${error.sentence}`)
    return new ApiError('PROTOCOL', sentence`${title} events: ${sentenceOf(error)}`)
  }

  async #close(removed: boolean): Promise<void> {
    this.#closing.abort(new ApiError('CLOSED', sentence`the node was closed`))
    await this.#repeat?.stop()
    try {
      await this.#source?.close(isGone(this.#RED, this.#node, removed))
    } catch (error) {
      this.#node.warn(this.#explained(error).message)
    }
    this.#status.close()
  }
}

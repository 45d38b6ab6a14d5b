/** One event node: starts its source, shows its state, and reports an outage once. */
import type { Node, NodeAPI } from 'node-red'
import { type ActionDef, notChosen } from '../actions/input-handler'
import { createNode } from '../runtime/migrations'
import { EVENT_TYPE, findVendor } from '../runtime/node-types'
import { eventDefaults } from './properties'
import { systemClock, type Clock } from '../../lib/base/clock'
import { ApiError } from '../../lib/base/api-error'
import { readNames } from '../../lib/client/call'
import { type Store, StoreError } from '../../lib/store/store'
import type { Occurrence, SensorEvent } from '../../lib/vocabulary/events'
import { sentence, sentenceOf } from '../../lib/base/sentence'
import type { Vendor } from '../../lib/vocabulary/vendor'
import { accountFinder, accountId, type AccountNode } from '../accounts/account-node'
import { ActionStatus, type IdleKey } from '../actions/status'
import { isRemoved } from '../runtime/deployed'
import { localize, localizedError } from '../runtime/language'
import { CallbackSource } from './callback-source'
import { PollSource } from './poll-source'
import type { EventContext, EventSource } from './event-source'
import { RepeatingTask } from './repeating-task'
import { WatchSource, watchedSource } from './watch-source'

/** Ms until the next attempt after a failure to create the source. */
const AFTER_FAILURE = 60_000

/** What the event nodes of an account keep over a restart is in its store. */
type OpenStore = (account: AccountNode) => Promise<Store | undefined>

/** What tests replace. */
export interface Replacements {
  clock?: Clock
  openStore?: OpenStore
}

class OnEvent {
  readonly #RED: NodeAPI
  readonly #node: Node
  readonly #config: ActionDef
  readonly #clock: Clock
  readonly #openStore: OpenStore
  readonly #status: ActionStatus
  readonly #vendor: Vendor | undefined
  readonly #closing = new AbortController()
  readonly #task: RepeatingTask | undefined
  #source: EventSource | undefined
  /** Error code of the outage that was reported. */
  #outage: string | undefined
  #count = 0
  /** Epoch ms at which the latest event was sent. */
  #latest: number | undefined

  constructor(RED: NodeAPI, node: Node, config: ActionDef, { clock = systemClock, openStore = (account) => account.store() }: Replacements = {}) {
    this.#RED = RED
    this.#node = node
    this.#config = config
    this.#clock = clock
    this.#openStore = openStore
    this.#status = new ActionStatus(RED, node, accountId(config))
    this.#vendor = findVendor(config.vendor)
    const account = accountFinder(RED, config)()
    const problem = account?.problem()
    if (!account || problem) this.#status.unconfigured(problem)
    if (account) this.#task = new RepeatingTask(clock, () => (problem ? this.#reportIncomplete(account) : this.#poll()))
    node.on('close', (removed: boolean, done: () => void) => void this.#close(removed).then(done))
  }

  /** Nothing can be polled until the account is complete, which is another deploy. */
  async #reportIncomplete(account: AccountNode): Promise<undefined> {
    await account.account().catch((error: unknown) => this.#node.error(localizedError(this.#RED, error), {}))
  }

  async #poll(): Promise<number | undefined> {
    this.#status.started()
    try {
      this.#source ??= await this.#createSource()
      const wait = await this.#source.poll()
      void this.#readNames()
      this.#outage = undefined
      this.#status.succeeded(...this.#state())
      return wait
    } catch (error) {
      if (this.#closing.signal.aborted) return undefined
      const explained = this.#explained(error)
      this.#status.failed(explained.summary, explained)
      // Once for each outage, however long it lasts.
      if (this.#outage !== explained.code) this.#node.error(localizedError(this.#RED, explained), {})
      this.#outage = explained.code
      return explained.code === 'CONFIG' ? undefined : (this.#source?.afterFailure ?? AFTER_FAILURE)
    }
  }

  /** For the labels of events. The next poll has the account's errors, if it has any. */
  async #readNames(): Promise<void> {
    const account = await accountFinder(this.#RED, this.#config)()?.account().catch(() => undefined)
    if (account) await readNames(account)
  }

  /** @throws ApiError CONFIG saying what the node still needs */
  async #createSource(): Promise<EventSource> {
    const vendor = this.#vendor
    const account = accountFinder(this.#RED, this.#config)()
    if (!vendor?.events) throw notChosen('on event', 'vendor', typeof this.#config.vendor === 'string' ? this.#config.vendor : '')
    if (!account) throw notChosen(`${vendor.title} events`, 'account', '')
    const context: EventContext = {
      RED: this.#RED,
      node: this.#node,
      config: this.#config,
      clock: this.#clock,
      vendor,
      account,
      store: await this.#openStore(account),
      options: { signal: this.#closing.signal, onWait: (ms) => this.#status.waiting(ms) },
      emit: (occurrence) => this.#emit(vendor, occurrence, account.labelOf(occurrence.device, occurrence.sensor)),
    }
    const watched = watchedSource(this.#config.source)
    if (watched) return new WatchSource(context, watched)
    return vendor.events.kind === 'callback' ? new CallbackSource(context, vendor.events) : new PollSource(context, vendor.events)
  }

  #emit({ id: vendor }: Vendor, { device, sensor, event, lastSeen, interval, timestamp, data }: Omit<Occurrence, 'id'>, label: string | null): void {
    const silence = lastSeen === undefined || interval === undefined ? {} : { lastSeen, interval }
    const payload: SensorEvent = { vendor, device, sensor, label, event, ...silence, timestamp, data }
    this.#count += 1
    this.#latest = this.#clock.now()
    this.#status.idle(...this.#state())
    try {
      this.#node.send({ topic: event, payload })
    } catch (error) {
      // A message that cannot be copied for several wires must not hold up the others.
      this.#node.error(localizedError(this.#RED, error))
    }
  }

  #state(): [key: IdleKey, values: Readonly<Record<string, number>>, at: number | undefined] {
    const watched = this.#source?.state
    if (watched) return [watched.key, watched.values, this.#latest]
    return [this.#count === 0 ? 'listening' : 'events', { count: this.#count }, this.#latest]
  }

  #explained(error: unknown): ApiError {
    if (error instanceof ApiError) return error
    const title = this.#vendor?.title ?? 'on event'
    if (error instanceof StoreError) return new ApiError('CLOSED', sentence`${title} events cannot be stored: ${error.sentence}`, { summary: sentence`store cannot be used` })
    return new ApiError('PROTOCOL', sentence`${title} events: ${sentenceOf(error)}`)
  }

  async #close(removed: boolean): Promise<void> {
    this.#closing.abort(new ApiError('CLOSED', sentence`the node was closed by a deploy`))
    await this.#task?.stop()
    const isGone = isRemoved(this.#RED, this.#node, removed)
    try {
      // Before its first poll, it may have left something at the vendor in an earlier run.
      if (isGone && this.#task) this.#source ??= await this.#createSource().catch(() => undefined)
      await this.#source?.close(isGone)
    } catch (error) {
      this.#node.warn(localize(this.#RED, this.#explained(error).sentence))
    }
    this.#status.close()
  }
}

export const registerOnEvent = (replacements: Replacements = {}) => (RED: NodeAPI): void => {
  const defaults = eventDefaults()
  function create(this: Node, def: ActionDef): void {
    new OnEvent(RED, this, createNode(RED, this, def, defaults), replacements)
  }
  RED.nodes.registerType(EVENT_TYPE, create)
}

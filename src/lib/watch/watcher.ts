/**
 * Watches an account: takes part in the readings of all nodes, and reads itself only those devices that no node has read
 * for an interval.
 */
import { ApiError } from '../base/api-error'
import type { Clock } from '../base/clock'
import { pushAll } from '../base/foreign'
import { sentence } from '../base/sentence'
import type { Account } from '../client/account'
import { Call, type CallOptions } from '../client/call'
import type { Client } from '../client/client'
import type { ReadingNotice } from '../client/reading-notice'
import type { Store } from '../store/store'
import type { Reading } from '../vocabulary/reading'
import type { WatchedPlace, WatchPlan } from '../vocabulary/vendor'
import { Coverage } from './coverage'
import { placeKey, type Finding, type Watch, type WatchMoment } from './watch'
import { WatchStore } from './watch-store'

export interface WatcherOptions {
  /** @throws ApiError */
  account(): Promise<Account>
  plan: WatchPlan
  watch: Watch
  /** Ids of devices, or of sensors; undefined for all. */
  chosen: readonly string[] | undefined
  /** Ms. */
  interval: number
  clock: Clock
  /** Where the state survives a restart. */
  store: Store | undefined
  key: string
  /** Account and settings: the state of another one is of no use. */
  about: string
  call: CallOptions
  emit(finding: Finding): void
}

/** The id of the watcher's own reads, as an operation's. */
const OPERATION = 'watch'
/** Ms between two reads of the list of devices, where devices are read too. */
const LIST_EVERY = 12 * 3_600_000
/** Intervals between two reads of a sensor that are no gap yet. One that failed makes it two. */
const LONGEST_STEP = 1.75
/** Ms. Values of one measurement may have times that differ by some seconds. */
const ONE_MEASUREMENT = 30_000
const LEAST_WAIT = 1000
/** Ms until a store that could not be read is tried again. */
const LOAD_AGAIN = 60_000
/** Failures of one device, which must not hold up the others. */
const OF_ONE_DEVICE: ReadonlySet<string> = new Set(['NOT_FOUND', 'INVALID', 'FORBIDDEN', 'PROTOCOL'])

export class Watcher {
  readonly #options: WatcherOptions
  readonly #coverage: Coverage
  readonly #state: WatchStore
  #isLoaded = false
  #client: Client | undefined
  #unsubscribe: () => void = () => undefined
  /** Steady ms. */
  #listDueAt = 0
  /** Ms that the latest round of reads took. */
  #round = 0

  constructor(options: WatcherOptions) {
    const { clock, interval, key, about, store, watch } = options
    this.#options = options
    this.#coverage = new Coverage(interval)
    this.#state = new WatchStore(store, key, about, clock, () => watch.record())
  }

  /**
   * Reads what nobody else has read.
   * @returns ms until the next poll
   * @throws ApiError, StoreError
   */
  async poll(): Promise<number> {
    const account = await this.#options.account()
    await this.#load()
    this.#subscribe(account.client)
    const failures = [...(await this.#readList(account)), ...(await this.#readDevices(account))]
    const [failure] = failures
    if (failure) throw failure
    return this.wait
  }

  /** Ms until the next poll. */
  get wait(): number {
    const { interval, watch } = this.#options
    if (!this.#isLoaded) return Math.min(interval, LOAD_AGAIN)
    const next = Math.min(this.#listDueAt, watch.readsDevices ? this.#coverage.nextDue : Infinity)
    return Math.min(interval, Math.max(LEAST_WAIT, next - this.#state.steady()))
  }

  /** @param removed whether nothing will watch any more */
  async close(removed: boolean): Promise<void> {
    this.#unsubscribe()
    if (removed) await this.#state.delete()
    else if (this.#isLoaded) await this.#state.close()
  }

  /** Nothing is judged before the stored state is known: what was told must not be told again. */
  async #load(): Promise<void> {
    if (this.#isLoaded) return
    const { chosen, interval, plan, watch } = this.#options
    watch.restore(await this.#state.load())
    const now = this.#state.steady()
    for (const [place, looked] of watch.looks()) if (this.#isWanted(place)) this.#coverage.add(place, looked)
    if (!plan.hasSensors) for (const device of chosen ?? []) this.#coverage.add({ device, sensor: null }, now)
    // Other nodes get the time to read first. Chosen devices without sensors are known without the list.
    this.#listDueAt = !watch.readsDevices ? now : chosen && !plan.hasSensors ? Infinity : now + interval
    this.#isLoaded = true
  }

  #subscribe(client: Client): void {
    if (client === this.#client) return
    this.#unsubscribe()
    this.#client = client
    this.#unsubscribe = client.onReadings((notice) => this.#take(notice))
  }

  /** Takes the readings of a call, before the flow gets them. */
  #take({ operation, readings, key, isComplete, age, freshFor }: ReadingNotice): void {
    const { call, watch } = this.#options
    // What a closing node found would reach nobody. The next one finds it again.
    if (call.signal.aborted || (operation === OPERATION && !watch.readsDevices)) return
    const at = this.#moment(age, freshFor)
    const relevant = readings.filter((reading) => watch.isRelevant(reading) && this.#isWanted(reading))
    for (const [first, ...more] of byPlace(relevant)) {
      if (!first) continue
      const { device, sensor } = first
      this.#tell(watch.take({ device, sensor }, [first, ...more], at))
      if (key !== undefined) this.#coverage.shown({ device, sensor }, key, at.steady)
    }
    if (isComplete && key !== undefined) for (const place of this.#coverage.read(key, at.steady)) this.#tell(watch.look(place, at))
    this.#state.note(watch.hasNews ? 'news' : 'looks')
    watch.hasNews = false
  }

  /** @returns failures */
  async #readList(account: Account): Promise<Error[]> {
    const { call, interval, plan, watch } = this.#options
    const began = this.#state.steady()
    if (began < this.#listDueAt) return []
    this.#listDueAt = began + interval
    const places: WatchedPlace[] = []
    try {
      const list = new Call(account, OPERATION, plan.list, { ...call, fresh: !watch.readsDevices })
      for await (const page of list.pages({})) pushAll(places, page.data as WatchedPlace[])
    } catch (error) {
      return [errorOf(error)]
    }
    if (watch.readsDevices) this.#listDueAt = began + LIST_EVERY
    return this.#takeList(account, places)
  }

  #takeList({ vendor }: Account, places: readonly WatchedPlace[]): Error[] {
    const { chosen, interval, watch } = this.#options
    const at = this.#moment(0, 0)
    this.#tell(watch.list(places, at))
    if (places.length === 0) return []
    const wanted = places.filter((place) => this.#isWanted(place))
    const devices = new Set(wanted.map(({ device }) => device))
    this.#coverage.keep(({ device }) => devices.has(device))
    // Due at once, unless other nodes have read it.
    for (const place of wanted) this.#coverage.add(place, at.steady - 2 * interval)
    const known = new Set(places.flatMap(({ device, sensor }) => [device, sensor]))
    const missing = chosen?.find((id) => !known.has(id))
    return missing === undefined ? [] : [new ApiError('NOT_FOUND', sentence`${vendor.title} has no device or sensor ${missing}; choose from the list in the node`, { summary: sentence`check "Devices"` })]
  }

  /** One request at a time, so that reads of the flows wait for one of them at most. */
  async #readDevices(account: Account): Promise<Error[]> {
    const { watch } = this.#options
    if (!watch.readsDevices) return []
    const began = this.#state.steady()
    const failures: Error[] = []
    let isOutage = false
    for (const device of this.#coverage.due(began)) {
      // Another node may have read it meanwhile.
      if (!this.#coverage.isDue(device, began)) continue
      this.#coverage.tries(device, began)
      // The others are tried with the next poll.
      if (isOutage) continue
      try {
        await this.#readDevice(account, device)
      } catch (error) {
        failures.push(errorOf(error))
        isOutage = !(error instanceof ApiError) || !OF_ONE_DEVICE.has(error.code)
      }
    }
    this.#round = this.#state.steady() - began
    return failures
  }

  async #readDevice(account: Account, device: string): Promise<void> {
    const { call: options, plan, watch } = this.#options
    const call = new Call(account, OPERATION, plan.read, options)
    for (const pages = call.pages(plan.params(device)); !(await pages.next()).done; );
    const at = this.#moment(call.answerAge, call.freshFor)
    for (const place of this.#coverage.readByWatcher(device, at.steady)) this.#tell(watch.look(place, at))
    this.#state.note('looks')
  }

  #tell(findings: readonly Finding[]): void {
    for (const finding of findings) {
      this.#options.emit(finding)
      this.#state.note('finding')
    }
  }

  /** The moment at which the vendor gave an answer. A vendor that wants no request for long is read as seldom. */
  #moment(age: number, freshFor: number): WatchMoment {
    const { clock, interval } = this.#options
    return {
      steady: this.#state.steady() - age,
      epoch: clock.now() - age,
      step: LONGEST_STEP * Math.max(interval, this.#round, age + freshFor),
      least: Math.min(interval / 2, ONE_MEASUREMENT),
    }
  }

  #isWanted({ device, sensor }: WatchedPlace): boolean {
    const { chosen } = this.#options
    return !chosen || chosen.includes(device) || (sensor !== null && chosen.includes(sensor))
  }
}

const errorOf = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)))

/** The readings of each place. */
function byPlace(readings: readonly Reading[]): Iterable<Reading[]> {
  const places = new Map<string, Reading[]>()
  for (const reading of readings) {
    const key = placeKey(reading)
    const known = places.get(key)
    if (known) known.push(reading)
    else places.set(key, [reading])
  }
  return places.values()
}

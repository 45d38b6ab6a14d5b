/**
 * What people call devices and sensors. Every answer that holds names is learned from. The vendor's lists are read only
 * when they are old. A restart finds the names in the store.
 */
import * as v from 'valibot'
import { untilAborted } from '../base/abort-signal'
import type { Clock } from '../base/clock'
import type { EncryptedStore } from '../cache/encrypted-store'
import type { BudgetState } from '../vocabulary/budget'
import { isSequence, type GivenName, type Operation, type Page } from '../vocabulary/operation'
import type { Reading } from '../vocabulary/reading'
import type { LabelPlan } from '../vocabulary/vendor'

/** Ms after which the lists are read again. */
const EVERY = 12 * 3_600_000
/** Ms until lists that could not be read are tried again. */
const RETRY_AFTER = 3_600_000
/** Ms for which stored names are kept. For so long, an old name is better than none. */
const LIFETIME = 31 * 86_400_000
/** Ms between two writes to the store that would only say that the same names are still right. */
const CONFIRM_EVERY = 3_600_000
/** Part of a day's or month's limit that must be left for the lists to be read. */
const SPARE_SHARE = 0.05
/** Groups, devices and sensors, each. */
const MOST_NAMES = 10_000
/** Characters. */
const LONGEST_NAME = 200

const pair = v.tuple([v.string(), v.string()])
/** The stored record. `at` is the epoch ms at which the lists were read; 0 means never. */
const recordSchema = v.object({ groups: v.array(pair), devices: v.array(pair), groupOf: v.array(pair), sensors: v.array(pair), at: v.number() })
type NameRecord = v.InferOutput<typeof recordSchema>

export class DeviceNames {
  readonly #plan: LabelPlan | undefined
  readonly #clock: Clock
  // A name that is known to be missing is ''.
  /** By id of the group. */
  readonly #groups = new Map<string, string>()
  /** By id of the device. */
  readonly #devices = new Map<string, string>()
  /** The group of a device, by id of the device. */
  readonly #groupOf = new Map<string, string>()
  /** By ids of device and sensor. */
  readonly #sensors = new Map<string, string>()
  /** Labels by ids of device and sensor; undefined after a name has changed. */
  #labels: Map<string, string> | undefined
  /** Epoch ms at which the lists were read; 0 means never. */
  #readAt = 0
  /** Monotonic ms, because a calendar that is set back must not delay the next read. */
  #dueAt = -Infinity
  /** Monotonic ms of the latest write to the store. */
  #savedAt = -Infinity
  #isSaved = true
  #isRunning = false
  #store: EncryptedStore | undefined
  /** Resolves when the stored names are known; undefined when they are. */
  loading: Promise<void> | undefined

  constructor(plan: LabelPlan | undefined, clock: Clock) {
    this.#plan = plan
    this.#clock = clock
  }

  /** Stores names there from now on, and takes over the stored ones. An account without lists spares its disk. */
  attach(store: EncryptedStore | undefined): void {
    this.#store = this.#plan && store
    if (this.#store) this.loading = this.#load(this.#store).finally(() => (this.loading = undefined))
  }

  /** Takes over the names in an answer. What is odd about them is no failure of the answer. */
  learn(operation: Operation, data: unknown): void {
    if (isSequence(operation) || !operation.names) return
    try {
      for (const given of operation.names(data)) this.#take(given)
    } catch {
      return
    }
    if (operation === this.#plan?.list) this.#listsAreRead()
    this.#save()
  }

  /** What people call a place, such as `Cellar, Rack left`; null where that is not known. */
  labelOf(device: string, sensor: string | null): string | null {
    const labels = (this.#labels ??= this.#makeLabels())
    return labels.get(placeKey(device, sensor)) ?? labels.get(placeKey(device, null)) ?? null
  }

  /**
   * The pages, with labels in their readings.
   * @param onEnd called after the last page if there were readings, so that no page waits for what it begins
   */
  async *labelled<P extends Page>(pages: AsyncIterable<P>, signal: AbortSignal, onEnd: () => void): AsyncGenerator<P, void, undefined> {
    let hasReadings = false
    for await (const page of pages) {
      if (page.readings) {
        if (this.loading) await untilAborted(this.loading, signal)
        this.#label(page.readings)
        hasReadings = true
      }
      yield page
    }
    if (hasReadings) onEnd()
  }

  /** Looks up each place once for the readings of it that follow one another: a page may have 250,000. */
  #label(readings: readonly Reading[]): void {
    let before: Reading | undefined
    for (const reading of readings) {
      const { device, sensor } = reading
      reading.label ??= before?.device === device && before.sensor === sensor ? before.label : this.labelOf(device, sensor)
      before = reading
    }
  }

  /**
   * Reads the lists when they are old. Readings do not wait for it, and nobody sees a failure.
   * @param quotas what is left of the limits of a day or month
   * @param signal aborted when the account is closed
   * @param read sends the requests; their answers are learned from as they come
   */
  async refresh(quotas: () => readonly BudgetState[], signal: AbortSignal, read: () => Promise<void>): Promise<void> {
    if (!this.#plan || this.#isRunning || this.#clock.monotonic() < this.#dueAt) return
    this.#isRunning = true
    try {
      await this.loading
      if (quotas().some(isNearlySpent)) return
      if (this.#store) await this.#load(this.#store)
      if (this.#clock.monotonic() < this.#dueAt) return
      await read()
      this.#listsAreRead()
    } catch {
      // The next account with these credentials may try at once.
      if (!signal.aborted) this.#dueAt = this.#clock.monotonic() + RETRY_AFTER
    } finally {
      this.#isRunning = false
      this.#save()
    }
  }

  #take(given: GivenName): void {
    if ('sensor' in given) this.#set(this.#sensors, placeKey(given.device, given.sensor), given.name)
    else if (!('device' in given)) this.#set(this.#groups, given.group, given.name)
    else {
      if ('name' in given) this.#set(this.#devices, given.device, given.name)
      if (given.group !== undefined) this.#set(this.#groupOf, given.device, given.group)
    }
  }

  /** @param given undefined takes a name away */
  #set(names: Map<string, string>, key: string, given: string | undefined): void {
    const name = given === undefined ? '' : given.trim().replace(/\s+/g, ' ').slice(0, LONGEST_NAME)
    if (names.get(key) === name) return
    names.set(key, name)
    for (const oldest of names.keys()) {
      if (names.size <= MOST_NAMES) break
      names.delete(oldest)
    }
    this.#labels = undefined
    this.#isSaved = false
  }

  /** A label belongs to one place: where several have the same names, each gets its id too. */
  #makeLabels(): Map<string, string> {
    const devices = new Map<string, string>()
    for (const device of new Set([...this.#devices.keys(), ...this.#groupOf.keys()])) {
      const name = this.#devices.get(device) || this.#groups.get(this.#groupOf.get(device) ?? '')
      if (name) devices.set(placeKey(device, null), name)
    }
    const sensors = new Map<string, string>()
    for (const [key, name] of this.#sensors) {
      const label = [devices.get(placeKey(idsOf(key)[0], null)), name].filter(Boolean).join(', ')
      if (label !== '') sensors.set(key, label)
    }
    return new Map([...withoutTwins(devices), ...withoutTwins(sensors)])
  }

  #listsAreRead(): void {
    const now = this.#clock.monotonic()
    this.#readAt = this.#clock.now()
    this.#dueAt = now + EVERY
    if (now - this.#savedAt >= CONFIRM_EVERY) this.#isSaved = false
  }

  /** Lists that are being read are stored once, when all of them are there. */
  #save(): void {
    if (!this.#store || this.#isSaved || this.#isRunning) return
    this.#isSaved = true
    this.#savedAt = this.#clock.monotonic()
    const record: NameRecord = { groups: [...this.#groups], devices: [...this.#devices], groupOf: [...this.#groupOf], sensors: [...this.#sensors], at: this.#readAt }
    // Without it, the next process reads the lists anew.
    this.#store.set('names', '', record, LIFETIME).catch(() => undefined)
  }

  /** Another process of the account may have read the lists later than this one. */
  async #load(store: EncryptedStore): Promise<void> {
    const record = await store.get('names', '').catch(() => undefined)
    if (!v.is(recordSchema, record)) return
    const kinds = [[this.#groups, record.groups], [this.#devices, record.devices], [this.#groupOf, record.groupOf], [this.#sensors, record.sensors]] as const
    const isNewer = record.at > this.#readAt
    for (const [names, stored] of kinds) for (const [key, name] of stored) if (isNewer || !names.has(key)) names.set(key, name)
    this.#labels = undefined
    if (!isNewer) return
    this.#readAt = record.at
    this.#dueAt = this.#clock.monotonic() + EVERY - Math.max(0, this.#clock.now() - record.at)
  }
}

/** As JSON, since an id may hold any separator. */
const placeKey = (device: string, sensor: string | null): string => JSON.stringify([device, sensor])
const idsOf = (key: string): [device: string, sensor: string | null] => JSON.parse(key) as [string, string | null]

/** @param labels of places of one kind */
function withoutTwins(labels: ReadonlyMap<string, string>): Map<string, string> {
  const counts = new Map<string, number>()
  for (const label of labels.values()) counts.set(label, (counts.get(label) ?? 0) + 1)
  return new Map(
    [...labels].map(([key, label]) => {
      const [device, sensor] = idsOf(key)
      return [key, (counts.get(label) ?? 0) > 1 ? `${label}, ${sensor ?? device}` : label]
    }),
  )
}

const isNearlySpent = ({ limit, remaining }: BudgetState): boolean => remaining < limit * SPARE_SHARE

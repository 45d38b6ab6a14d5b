/** Compares the devices that nodes read with the vendor's list of devices. */
import * as v from 'valibot'
import type { Reading } from '../vocabulary/reading'
import type { WatchedPlace } from '../vocabulary/vendor'
import { keepMost, placeKey, type Finding, type Watch, type WatchCounts, type WatchMoment } from './watch'

/** Lists one after another that must show the same before it counts: one may be incomplete. */
const LISTS = 2
/** Ms. A place that no node has read for so long is no longer missed. */
const FORGET_AFTER = 7 * 86_400_000

/** A place that a node reads, or that the list shows. */
export interface PlaceState {
  readonly device: string
  readonly sensor: string | null
  /** Epoch ms at which a node last got a reading of it; undefined where none ever did. */
  readonly read?: number | undefined
  /** Lists one after another that lack it, or that have it while no node reads it. */
  readonly lists: number
  readonly isReported: boolean
}

/** What a list has. */
interface Listed {
  places: ReadonlySet<string>
  devices: ReadonlySet<string>
  /** Devices whose sensors it has too. */
  withSensors: ReadonlySet<string>
}

function listedOf(places: readonly WatchedPlace[]): Listed {
  return {
    places: new Set(places.map(placeKey)),
    devices: new Set(places.map(({ device }) => device)),
    withSensors: new Set(places.filter(({ sensor }) => sensor !== null).map(({ device }) => device)),
  }
}

/** A device that is listed without its sensors may have any sensor. */
const isListed = ({ device, sensor }: WatchedPlace, { devices, places, withSensors }: Listed): boolean =>
  sensor === null || !withSensors.has(device) ? devices.has(device) : places.has(placeKey({ device, sensor }))

const storedPlaces = v.array(v.object({ device: v.string(), sensor: v.nullable(v.string()), read: v.optional(v.number()), lists: v.number(), isReported: v.boolean() }))

export class DeviceWatch implements Watch {
  readonly kind = 'devices'
  readonly readsDevices = false
  hasNews = false
  readonly #reportsUnread: boolean
  readonly #places = new Map<string, PlaceState>()

  /** @param reportsUnread whether a device that no node reads is reported */
  constructor(reportsUnread: boolean) {
    this.#reportsUnread = reportsUnread
  }

  get counts(): WatchCounts {
    const read = [...this.#places.values()].filter((place) => place.read !== undefined)
    const gone = read.filter(({ isReported }) => isReported)
    return { count: devicesOf(read), alarms: devicesOf(gone) }
  }

  isRelevant(): boolean {
    return true
  }

  /** A reading shows that a node reads the place, not that the vendor still lists it. */
  take(place: WatchedPlace, _readings: readonly Reading[], { epoch }: WatchMoment): Finding[] {
    const before = this.#places.get(placeKey(place))
    if (before?.read === undefined) {
      this.hasNews = true
      this.#set({ ...place, read: epoch, lists: 0, isReported: false })
    } else this.#set({ ...before, read: epoch })
    return []
  }

  look(): Finding[] {
    return []
  }

  list(places: readonly WatchedPlace[], at: WatchMoment): Finding[] {
    // A list of another shape looks like an empty one.
    if (places.length === 0) return []
    this.hasNews = true
    const listed = listedOf(places)
    const gone = [...this.#places.values()].filter(({ read }) => read !== undefined).flatMap((place) => this.#compare(place, listed, at))
    const unread = this.#reportsUnread ? this.#unread(listed.devices) : []
    return [...onceEach(gone, listed), ...unread].map(({ event, ...place }) => ({ ...place, event, timestamp: at.epoch, data: null }))
  }

  #compare(place: PlaceState, listed: Listed, { epoch }: WatchMoment): (WatchedPlace & { event: string })[] {
    const { device, sensor, read = 0 } = place
    if (isListed(place, listed)) {
      this.#set({ ...place, lists: 0, isReported: false })
      return []
    }
    if (epoch - read > FORGET_AFTER) {
      this.#places.delete(placeKey(place))
      return []
    }
    const lists = place.lists + 1
    const isNew = lists >= LISTS && !place.isReported
    this.#set({ ...place, lists, isReported: place.isReported || isNew })
    return isNew ? [{ device, sensor, event: 'gone' }] : []
  }

  #unread(devices: ReadonlySet<string>): (WatchedPlace & { event: string })[] {
    const read = new Set([...this.#places.values()].filter((place) => place.read !== undefined).map(({ device }) => device))
    for (const [key, place] of this.#places) if (place.read === undefined && (read.has(place.device) || !devices.has(place.device))) this.#places.delete(key)
    return [...devices].filter((device) => !read.has(device)).flatMap((device) => {
      const before = this.#places.get(placeKey({ device, sensor: null }))
      const lists = (before?.lists ?? 0) + 1
      const isNew = lists >= LISTS && !before?.isReported
      this.#set({ device, sensor: null, lists, isReported: (before?.isReported ?? false) || isNew })
      return isNew ? [{ device, sensor: null, event: 'unread' }] : []
    })
  }

  record(): unknown {
    return [...this.#places.values()]
  }

  restore(record: unknown): void {
    if (v.is(storedPlaces, record)) for (const place of record) this.#set(place)
  }

  looks(): Iterable<readonly [WatchedPlace, number]> {
    return []
  }

  #set(place: PlaceState): void {
    this.#places.set(placeKey(place), place)
    keepMost(this.#places)
  }
}

const devicesOf = (places: readonly WatchedPlace[]): number => new Set(places.map(({ device }) => device)).size

/** A device that is gone is reported once, not for each of its sensors. */
function onceEach<T extends WatchedPlace>(gone: readonly T[], { devices }: Listed): T[] {
  const found = new Map(gone.map((place) => {
    const whole = devices.has(place.device) ? place : { ...place, sensor: null }
    return [placeKey(whole), whole]
  }))
  return [...found.values()]
}

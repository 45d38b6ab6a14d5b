/** When each place was read last, by whichever node, and which devices nobody reads. Times are steady ms. */
import type { WatchedPlace } from '../vocabulary/vendor'
import { keepMost, placeKey } from './watch'

interface CoveredPlace extends WatchedPlace {
  looked: number
  /** Whether the watcher itself read it last. */
  isOwn: boolean
  /** When the watcher last tried to read it. */
  tried: number
  /** Key of the read that showed it last. */
  source?: string
}

/** Part of the interval for which another node may be late before the watcher reads in its place. */
const GRACE = 0.1

export class Coverage {
  readonly #interval: number
  readonly #places = new Map<string, CoveredPlace>()

  /** @param interval ms between two reads of a device */
  constructor(interval: number) {
    this.#interval = interval
  }

  /** Makes a place known, as read at that time by another node. */
  add({ device, sensor }: WatchedPlace, looked: number): void {
    const key = placeKey({ device, sensor })
    if (this.#places.has(key)) return
    this.#places.set(key, { device, sensor, looked, isOwn: false, tried: -Infinity })
    keepMost(this.#places)
  }

  /** Notes that a read showed a place. */
  shown(place: WatchedPlace, source: string, at: number): void {
    this.add(place, at)
    const known = this.#places.get(placeKey(place))
    if (known) this.#places.set(placeKey(place), { ...known, source, isOwn: false, looked: Math.max(at, known.looked) })
  }

  /** Notes that a read has ended, and gives the places that it shows: those that it left out now have nothing newer. */
  read(source: string, at: number): WatchedPlace[] {
    const shown = [...this.#places.values()].filter((place) => place.source === source)
    for (const place of shown) place.looked = Math.max(at, place.looked)
    return shown
  }

  /** Notes that the watcher has read a device, and gives its places. */
  readByWatcher(device: string, at: number): WatchedPlace[] {
    const places = this.#placesOf(device)
    for (const place of places) {
      place.looked = Math.max(at, place.looked)
      place.isOwn = true
    }
    return places
  }

  /** Notes that the watcher begins to read a device. */
  tries(device: string, at: number): void {
    for (const place of this.#placesOf(device)) place.tried = at
  }

  /** Devices that the watcher has to read. */
  due(now: number): string[] {
    return [...new Set([...this.#places.values()].filter((place) => this.#dueAt(place) <= now).map(({ device }) => device))]
  }

  isDue(device: string, now: number): boolean {
    return this.#placesOf(device).some((place) => this.#dueAt(place) <= now)
  }

  /** When the next device is due; Infinity without devices. */
  get nextDue(): number {
    return [...this.#places.values()].reduce((next, place) => Math.min(next, this.#dueAt(place)), Infinity)
  }

  /** Forgets all places but those for which the test holds. */
  keep(isKept: (place: WatchedPlace) => boolean): void {
    for (const [key, place] of this.#places) if (!isKept(place)) this.#places.delete(key)
  }

  #placesOf(device: string): CoveredPlace[] {
    return [...this.#places.values()].filter((place) => place.device === device)
  }

  #dueAt({ isOwn, looked, tried }: CoveredPlace): number {
    return Math.max(looked + this.#interval * (isOwn ? 1 : 1 + GRACE), tried + this.#interval)
  }
}

/** What the kinds of watching have in common. */
import type { Reading } from '../vocabulary/reading'
import type { WatchedPlace } from '../vocabulary/vendor'

/** Something that a watch has found. */
export interface Finding extends WatchedPlace {
  event: string
  /** Epoch ms. */
  timestamp: number
  data: unknown
  /** Of a sensor that is watched for silence: epoch ms of its newest reading. */
  lastSeen?: number
  /** Of such a sensor: its usual interval in seconds; null where none is known. */
  interval?: number | null
}

/** A moment at which readings came. */
export interface WatchMoment {
  /** Ms by a clock that nobody sets. It goes on over a restart. */
  steady: number
  /** Epoch ms. */
  epoch: number
  /** Longest ms between two reads of a sensor without a gap. */
  step: number
  /** Shortest ms between two readings that count as an interval. */
  least: number
}

export interface WatchCounts {
  /** Sensors, batteries or devices. */
  count: number
  /** Those that are silent, low or gone. */
  alarms: number
}

/** One kind of watching: state in memory, and steps over it. It neither reads a clock nor sends anything. */
export interface Watch {
  /** Names the kind in what is stored. */
  readonly kind: string
  /** Whether it needs the readings of devices that no node reads. */
  readonly readsDevices: boolean
  readonly counts: WatchCounts
  /** Set when something has changed that a crash must not undo for long. */
  hasNews: boolean
  isRelevant(reading: Reading): boolean
  /** Takes readings of one place. */
  take(place: WatchedPlace, readings: readonly Reading[], at: WatchMoment): Finding[]
  /** Takes that a place was read, and had nothing newer than what was taken. */
  look(place: WatchedPlace, at: WatchMoment): Finding[]
  /** Takes the vendor's list of devices. */
  list(places: readonly WatchedPlace[], at: WatchMoment): Finding[]
  /** What survives a restart, as JSON. */
  record(): unknown
  /** Takes over what was stored; anything else is a new beginning. */
  restore(record: unknown): void
  /** Steady ms at which places were read last, as far as it is known. */
  looks(): Iterable<readonly [WatchedPlace, number]>
}

/** Ms by which the clock of a device, or of this computer, may be wrong. */
const CLOCK_ERROR = 300_000

/** Epoch ms at which a reading was made: its own timestamp, unless that lies in the future. */
export const seenAt = (timestamp: number, { epoch }: WatchMoment): number => (timestamp <= epoch + CLOCK_ERROR ? timestamp : epoch)

/** As JSON, since an id may hold any separator. */
export const placeKey = ({ device, sensor }: WatchedPlace): string => JSON.stringify([device, sensor])

/** Places of an account, at most. Each takes below 1 kB. */
export const MOST_PLACES = 10_000

/** Makes room: the place that was added first goes. */
export function keepMost<T>(places: Map<string, T>): void {
  for (const oldest of places.keys()) {
    if (places.size <= MOST_PLACES) break
    places.delete(oldest)
  }
}

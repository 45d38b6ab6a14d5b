/** Watches the sensors of an account for silence. */
import * as v from 'valibot'
import type { Reading } from '../vocabulary/reading'
import type { WatchedPlace } from '../vocabulary/vendor'
import { afterLook, afterReading, silenceLimit, usualInterval, type SensorState, type SilenceRules } from './silence'
import { keepMost, placeKey, type Finding, type Watch, type WatchCounts, type WatchMoment } from './watch'

interface Sensor {
  place: WatchedPlace
  state: SensorState
}

/** A sensor as it is stored: a tuple, since an account may have thousands. */
const storedSensor = v.tuple([v.string(), v.nullable(v.string()), v.number(), v.number(), v.number(), v.number(), v.number(), v.boolean(), v.array(v.number())])
const storedSensors = v.array(storedSensor)
type StoredSensor = v.InferOutput<typeof storedSensor>

export class SilenceWatch implements Watch {
  readonly kind = 'silence'
  readonly readsDevices = true
  hasNews = false
  readonly #rules: SilenceRules
  readonly #sensors = new Map<string, Sensor>()
  #silent = 0

  constructor(rules: SilenceRules) {
    this.#rules = rules
  }

  get counts(): WatchCounts {
    return { count: this.#sensors.size, alarms: this.#silent }
  }

  isRelevant(): boolean {
    return true
  }

  take(place: WatchedPlace, readings: readonly Reading[], at: WatchMoment): Finding[] {
    const newest = readings.reduce((one, other) => (other.timestamp > one.timestamp ? other : one))
    const before = this.#sensors.get(placeKey(place))?.state
    const state = afterReading(before, newest.timestamp, at)
    if (state === before) return []
    this.#set(place, state)
    // What a crash would cost: the first interval of a new sensor has to be learned again.
    if (before === undefined || before.intervals.length === 0) this.hasNews = true
    if (!before?.isSilent) return []
    this.#silent -= 1
    return [this.#finding(place, before, state, 'back', at, newest)]
  }

  look(place: WatchedPlace, at: WatchMoment): Finding[] {
    const before = this.#sensors.get(placeKey(place))?.state
    if (!before) return []
    const state = afterLook(before, at, this.#rules)
    if (state === before) return []
    this.#set(place, state)
    if (!state.isSilent || before.isSilent) return []
    this.#silent += 1
    const data = { silentFor: seconds(state.silentFor), limit: seconds(silenceLimit(state, this.#rules) ?? 0) }
    return [this.#finding(place, before, state, 'silent', at, data)]
  }

  list(): Finding[] {
    return []
  }

  record(): unknown {
    return [...this.#sensors.values()].map(({ place: { device, sensor }, state }): StoredSensor => {
      const { timestamp, lastSeen, begin, looked, silentFor, isSilent, intervals } = state
      return [device, sensor, timestamp, lastSeen, begin, Math.round(looked), Math.round(silentFor), isSilent, [...intervals]]
    })
  }

  restore(record: unknown): void {
    if (!v.is(storedSensors, record)) return
    for (const [device, sensor, timestamp, lastSeen, begin, looked, silentFor, isSilent, intervals] of record) {
      this.#set({ device, sensor }, { timestamp, lastSeen, begin, looked, silentFor, isSilent, intervals })
      if (isSilent) this.#silent += 1
    }
  }

  *looks(): Iterable<readonly [WatchedPlace, number]> {
    for (const { place, state } of this.#sensors.values()) yield [place, state.looked]
  }

  #set(place: WatchedPlace, state: SensorState): void {
    const key = placeKey(place)
    const known = this.#sensors.get(key)
    if (known) known.state = state
    else this.#sensors.set(key, { place: { device: place.device, sensor: place.sensor }, state })
    keepMost(this.#sensors)
  }

  /** @param before what told the usual interval: the one after a silence is not usual yet */
  #finding({ device, sensor }: WatchedPlace, before: SensorState, { lastSeen }: SensorState, event: string, { epoch }: WatchMoment, data: unknown): Finding {
    const usual = usualInterval(before, this.#rules)
    return { device, sensor, event, timestamp: epoch, lastSeen, interval: usual === undefined ? null : seconds(usual), data }
  }
}

/** Whole seconds of ms. */
const seconds = (ms: number): number => Math.round(ms / 1000)

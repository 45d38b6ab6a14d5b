/** Watches the batteries of sensors: tells once when one is low, and once when it has recovered. */
import * as v from 'valibot'
import type { Reading } from '../vocabulary/reading'
import type { WatchedPlace } from '../vocabulary/vendor'
import { keepMost, seenAt, type Finding, type Watch, type WatchCounts, type WatchMoment } from './watch'

export interface BatteryRules {
  /** Percent; undefined where levels do not count. */
  battery: number | undefined
  /** Volts; undefined where voltages do not count. */
  voltage: number | undefined
}

type Level = keyof BatteryRules

/** How far a battery must rise above its threshold to count as recovered: a load or the cold lowers it for a while. */
const HYSTERESIS: Readonly<Record<Level, number>> = { battery: 5, voltage: 0.1 }

export interface BatteryState {
  /** Epoch ms of the reading that it follows from. */
  readonly timestamp: number
  readonly isLow: boolean
}

/** The quantity that says how full a battery is; undefined for any other reading. */
const levelOf = ({ quantity }: Reading): Level | undefined => (quantity === 'battery' || quantity === 'voltage' ? quantity : undefined)

/** @returns the same state where the reading changes nothing: an old one, or one without a number */
export function afterLevel(before: BatteryState | undefined, reading: Reading, at: WatchMoment, rules: BatteryRules): BatteryState | undefined {
  const level = levelOf(reading)
  const threshold = level && rules[level]
  const timestamp = seenAt(reading.timestamp, at)
  const { value } = reading
  if (level === undefined || threshold === undefined || typeof value !== 'number' || (before && timestamp <= before.timestamp)) return before
  return { timestamp, isLow: value < (before?.isLow ? threshold + HYSTERESIS[level] : threshold) }
}

/** A sensor may have several: each channel is a battery of its own. */
const keyOf = ({ device, sensor, channel }: Reading): string => JSON.stringify([device, sensor, channel])

const storedBatteries = v.array(v.tuple([v.string(), v.number(), v.boolean()]))

export class BatteryWatch implements Watch {
  readonly kind = 'battery'
  readonly readsDevices = true
  hasNews = false
  readonly #rules: BatteryRules
  readonly #batteries = new Map<string, BatteryState>()
  #low = 0

  constructor(rules: BatteryRules) {
    this.#rules = rules
  }

  get counts(): WatchCounts {
    return { count: this.#batteries.size, alarms: this.#low }
  }

  isRelevant(reading: Reading): boolean {
    const level = levelOf(reading)
    return level !== undefined && this.#rules[level] !== undefined
  }

  take({ device, sensor }: WatchedPlace, readings: readonly Reading[], at: WatchMoment): Finding[] {
    const oldestFirst = [...readings].sort((one, other) => one.timestamp - other.timestamp)
    const newest = new Map(oldestFirst.map((reading) => [keyOf(reading), reading]))
    return [...newest].flatMap(([key, reading]) => {
      const before = this.#batteries.get(key)
      const state = afterLevel(before, reading, at, this.#rules)
      if (!state || state === before) return []
      this.#batteries.set(key, state)
      keepMost(this.#batteries)
      if (state.isLow === (before?.isLow ?? false)) return []
      this.#low += state.isLow ? 1 : -1
      return [{ device, sensor, event: state.isLow ? 'low' : 'recovered', timestamp: state.timestamp, data: reading }]
    })
  }

  look(): Finding[] {
    return []
  }

  list(): Finding[] {
    return []
  }

  record(): unknown {
    return [...this.#batteries].map(([key, { timestamp, isLow }]) => [key, timestamp, isLow])
  }

  restore(record: unknown): void {
    if (!v.is(storedBatteries, record)) return
    for (const [key, timestamp, isLow] of record) this.#batteries.set(key, { timestamp, isLow })
    this.#low = record.filter(([, , isLow]) => isLow).length
  }

  looks(): Iterable<readonly [WatchedPlace, number]> {
    return []
  }
}

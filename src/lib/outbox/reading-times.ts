/**
 * The times of readings that came without one. A computer without a battery-backed clock is hours behind after a boot,
 * until NTP steps its clock. The outbox therefore keeps with each such reading the time since the boot.
 *
 * The rule: the clock is taken to be right when it is read last. A reading of this boot gets its time from the present
 * clock. A reading of an earlier boot gets it from the latest moment of that boot that is saved: readings were delivered
 * then, or the clock was stepped. Where no such moment is saved, the time stays as it is, and a log line says so.
 */
import * as v from 'valibot'
import { elapsedBetween, isStep, stepBetween, type Moment } from '../base/boot-time'
import { momentOf, type Clock } from '../base/clock'
import { localTime } from '../base/time'
import { sentence, type Sentence } from '../base/sentence'
import { storedRecord, type Store } from '../store/store'
import type { OutgoingReading } from '../vocabulary/operation'
import type { Item } from './item'

/** ms for which a moment of a boot is kept: longer than readings wait. */
const LIFETIME = 400 * 86_400_000

const momentRecord = storedRecord<Moment>(v.object({ boot: v.string(), running: v.number(), uptime: v.number(), epoch: v.number() }))

export interface ReadingTimesOptions {
  clock: Clock
  /** The store of the queue; undefined before it is opened. */
  store(): Store | undefined
  log(level: 'info' | 'warn', said: Sentence): void
}

/** Readings as they are sent. */
export interface TimedReadings {
  readings: OutgoingReading[]
  /** Whether the clock was stepped since, so that their times are wrong now. */
  isOutdated(): boolean
}

export class ReadingTimes {
  readonly #options: ReadingTimesOptions
  /** The moment from which on a step is noticed. */
  #reference: Moment | undefined
  /** What is saved of this boot. */
  #saved: Moment | undefined
  /** By earlier boot, the saved moment; undefined where there is none. */
  readonly #earlier = new Map<string, Moment | undefined>()
  /** Readings with a time of ours that were sent since the clock was stepped last. */
  #sent = 0

  constructor(options: ReadingTimesOptions) {
    this.#options = options
  }

  /**
   * Adds its time to each reading without one.
   * @param age ms since the readings came
   */
  stamped(readings: readonly OutgoingReading[], age: number): Pick<Item, 'reading' | 'stamp'>[] {
    if (readings.every(({ timestamp }) => timestamp !== undefined)) return readings.map((reading) => ({ reading }))
    const { boot, epoch, running, uptime } = this.#look()
    const stamp = { boot, running: Math.round(running - age), uptime: Math.round(uptime - age) }
    // Rounded up: `now` cuts fractions off, and no reading came before its message.
    const timestamp = Math.ceil(epoch - age)
    return readings.map((reading) => (reading.timestamp === undefined ? { reading: { ...reading, timestamp }, stamp } : { reading }))
  }

  /**
   * Learns what is saved of earlier boots; to be called before `of`.
   * @throws StoreError
   */
  async load(items: readonly Item[]): Promise<void> {
    const { boot } = this.#options.clock.bootTime()
    const store = this.#options.store()
    for (const { reading, stamp } of items) {
      if (!store || !stamp || stamp.boot === boot || this.#earlier.has(stamp.boot)) continue
      const moment = momentRecord((await store.get(keyOf(stamp.boot))) ?? '')
      // The boot may be the present one of another computer, which has no reason to save anything as long as its clock is right.
      if (moment === undefined && store.windows !== undefined) continue
      this.#earlier.set(stamp.boot, moment)
      if (!moment) this.#warn(reading)
    }
  }

  /** The readings with their times by the present clock. */
  of(items: readonly Item[]): TimedReadings {
    if (items.every(({ stamp }) => stamp === undefined)) return { readings: items.map(({ reading }) => reading), isOutdated: () => false }
    const now = this.#look()
    return { readings: items.map((item) => this.#timed(item, now)), isOutdated: () => isStep(stepBetween(now, this.#look())) }
  }

  /** The network was there, and with it the servers that keep the clock right. */
  delivered(items: readonly Item[]): void {
    this.#sent += items.filter(({ stamp }) => stamp !== undefined).length
    this.#save(this.#look())
  }

  #timed({ reading, stamp }: Item, now: Moment): OutgoingReading {
    const known = stamp?.boot === now.boot ? now : stamp && this.#earlier.get(stamp.boot)
    if (!stamp || !known) return reading
    const timestamp = Math.round(known.epoch + elapsedBetween(known, stamp))
    return isStep(timestamp - (reading.timestamp ?? -Infinity)) ? { ...reading, timestamp } : reading
  }

  /** Reads both clocks, and notices a step since the latest look. */
  #look(): Moment {
    const { clock, log } = this.#options
    const now = momentOf(clock)
    const step = stepBetween((this.#reference ??= now), now)
    if (!isStep(step)) return now
    this.#reference = now
    this.#save(now)
    const seconds = Math.round(Math.abs(step) / 1000)
    if (step > 0) log('info', sentence`this computer's clock was set forward by ${seconds} s; readings that wait and had no time of their own are sent with the corrected time`)
    else log('info', sentence`this computer's clock was set back by ${seconds} s; readings that wait and had no time of their own are sent with the corrected time`)
    if (this.#sent > 0) log('warn', sentence`${this.#sent} readings without a time of their own were sent before the clock was set; their times at the cloud may be wrong by ${seconds} s`)
    this.#sent = 0
    return now
  }

  /** Keeps the moment for later boots, unless what is saved says the same. A failed save is repeated at the next delivery. */
  #save(now: Moment): void {
    const before = this.#saved
    const store = this.#options.store()
    if (!store || (before && !isStep(stepBetween(before, now)))) return
    this.#saved = now
    store.set(keyOf(now.boot), JSON.stringify(now), LIFETIME).catch(() => {
      if (this.#saved === now) this.#saved = before
    })
  }

  /** Says once for each boot that the times of its readings are doubtful. */
  #warn({ timestamp = 0 }: OutgoingReading): void {
    const first = localTime(timestamp)
    this.#options.log('warn', sentence`readings from before the last restart of this computer may have a wrong time (the first: ${first}), because its clock was never confirmed by a delivery or NTP before that restart; they are sent with that time`)
  }
}

const keyOf = (boot: string): string => `clock:${boot}`

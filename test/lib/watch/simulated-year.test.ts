/** A year of a thousand sensors: lost readings, late ones, outages, crashes, changed intervals, and sensors that do fall silent. */
import assert from 'node:assert/strict'
import { SilenceWatch } from '../../../src/lib/watch/silence-watch'
import { seededRandom } from '../fake-clock'
import { DAY, HOUR, moment, reading } from './moments'

const SENSORS = 1000
const POLL = 6 * HOUR
const YEAR = 365 * DAY
const RULES = { intervals: 3, usual: undefined, after: undefined } as const

const random = seededRandom(11)
const between = (least: number, most: number): number => least + random() * (most - least)

/** What a sensor sends, and when it does not. Times are ms since the begin. */
class SimulatedSensor {
  readonly id: string
  readonly silences: { from: number; to: number }[] = []
  readonly found: string[] = []
  #interval = between(9, 36) * HOUR
  #next = between(0, DAY)
  #lost = false
  /** Readings since the interval was changed, without those of outages: nobody can learn from them. */
  #steady = 0
  /** On their way: when each arrives. */
  readonly #late: { at: number; arrives: number }[] = []
  newest: number | undefined

  constructor(index: number) {
    this.id = `sensor ${index}`
    // Some never fall silent. The others do so once or twice, for longer than any outage.
    for (let from = between(20, 300) * DAY; from < YEAR - 90 * DAY; from += between(100, 300) * DAY) {
      const silence = { from, to: from + between(40, 60) * DAY }
      this.silences.push(silence)
      from = silence.to
    }
  }

  /** What the cloud has by now. */
  arrive(now: number, isRead: boolean): void {
    for (; this.#next <= now; this.#next += this.#interval * between(0.97, 1.03)) this.#send(this.#next, isRead)
    for (const { at, arrives } of this.#late) if (arrives <= now) this.newest = Math.max(this.newest ?? at, at)
    while ((this.#late[0]?.arrives ?? Infinity) <= now) this.#late.shift()
  }

  #send(at: number, isRead: boolean): void {
    if (this.silences.some(({ from, to }) => at > from && at < to)) return
    if (isRead) this.#steady += 1
    const isSteady = this.#steady > 3
    // Never two in a row, which with a late one would be three intervals without a reading.
    this.#lost = isSteady && !this.#lost && random() < 0.05
    if (this.#lost) return
    // Every fifth is late, some by half an interval.
    this.#late.push({ at, arrives: at + (isSteady && random() < 0.2 ? between(0, this.#interval / 2) : 60_000) })
    if (this.#steady < 20 || random() > 0.05) return
    this.#interval = Math.min(36 * HOUR, Math.max(9 * HOUR, this.#interval * between(0.5, 1.8)))
    this.#steady = 0
  }

  /** The last reading may have been late, so that the end of a silence is not known exactly. */
  isSilentAt(now: number): boolean {
    return this.silences.some(({ from, to }) => now > from && now < to + 4 * DAY)
  }

  /** How often it was found silent, or back. */
  times(event: string): number {
    return this.found.filter((one) => one === event).length
  }
}

describe('a simulated year of 1,000 sensors', () => {
  it('has no false alarm, misses none, and takes below 1 kB a sensor', function () {
    this.timeout(120_000)
    const sensors = Array.from({ length: SENSORS }, (_, index) => new SimulatedSensor(index))
    let watch = new SilenceWatch(RULES)
    let saved = '[]'
    let outageUntil = -Infinity
    const events = { outages: 0, crashes: 0 }
    const unexpected: string[] = []
    for (let now = 0; now < YEAR; now += POLL) {
      if (random() < 0.01) {
        outageUntil = now + between(0, 2) * DAY
        events.outages += 1
      }
      // A crash loses what was not written for a while; the state of an event is written at once.
      if (random() < 0.02) {
        watch = new SilenceWatch(RULES)
        watch.restore(JSON.parse(saved))
        events.crashes += 1
      }
      for (const sensor of sensors) sensor.arrive(now, now >= outageUntil)
      if (now < outageUntil) continue
      const at = moment(now, { step: 1.75 * POLL })
      let hasFound = false
      for (const sensor of sensors) {
        if (sensor.newest === undefined) continue
        const place = { device: sensor.id, sensor: null }
        const found = [...watch.take(place, [reading(sensor.newest, { device: sensor.id })], at), ...watch.look(place, at)]
        for (const { event } of found) {
          hasFound = true
          sensor.found.push(event)
          if (event === 'silent' && !sensor.isSilentAt(now)) unexpected.push(`${sensor.id} at ${now / HOUR} h`)
        }
      }
      if (hasFound || random() < 0.2) saved = JSON.stringify(watch.record())
    }
    assert.deepEqual(unexpected, [], 'false alarms')
    const missed = sensors.filter((sensor) => ['silent', 'back'].some((event) => sensor.times(event) !== sensor.silences.length))
    assert.deepEqual(missed.map(({ id, found, silences }) => ({ id, found, silences: silences.length })), [], 'missed')
    const silences = sensors.reduce((sum, sensor) => sum + sensor.silences.length, 0)
    assert.ok(silences > 500 && events.outages > 10 && events.crashes > 20, JSON.stringify(events))
    assert.ok(saved.length / SENSORS < 300, `${saved.length / SENSORS} bytes a sensor are stored`)
  })

  it('takes below 1 kB of memory a sensor', () => {
    const collect = (globalThis as { gc?: () => void }).gc
    const watches: SilenceWatch[] = []
    const used = (): number => {
      collect?.()
      return process.memoryUsage().heapUsed
    }
    const before = used()
    for (let round = 0; round < 10; round += 1) {
      const watch = new SilenceWatch(RULES)
      for (let index = 0; index < SENSORS; index += 1)
        for (let poll = 0; poll < 10; poll += 1) watch.take({ device: `TSPD04SIM${index}`, sensor: `${index}` }, [reading(poll * DAY)], moment(poll * DAY, { step: 2 * DAY }))
      watches.push(watch)
    }
    const each = (used() - before) / (watches.length * SENSORS)
    assert.equal(watches[0]?.counts.count, SENSORS)
    // Without a collector that can be called, garbage counts too.
    assert.ok(each < (collect ? 1000 : 10_000), `${each} bytes a sensor`)
  })
})

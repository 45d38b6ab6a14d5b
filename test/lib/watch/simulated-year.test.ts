/**
 * A year of a thousand sensors: lost readings, late ones, outages, crashes, changed intervals, and sensors that do fall silent.
 *
 * An alarm is correct if the newest reading of the cloud is older than three usual intervals. Its age counts from when it
 * was made. If the next poll still lacked it, its age counts from when it reached the cloud. The time of
 * an outage does not count; neither does the time before one of more than a day. The usual interval is the one that the
 * sensor has. After a change, the shorter of the old and the new one counts, until three readings in a row have been read.
 * Every other alarm is false.
 *
 * A silence is missed if the sensor does not count as silent at its end, or counts as silent long after its end.
 */
import assert from 'node:assert/strict'
import { SilenceWatch } from '../../../src/lib/watch/silence-watch'
import { seededRandom } from '../fake-clock'
import { DAY, HOUR, moment, reading } from './moments'

const SENSORS = 1000
const POLL = 6 * HOUR
const YEAR = 365 * DAY
const RULES = { intervals: 3, usual: undefined, after: undefined } as const
/** Part of its interval by which a reading may be early or late. */
const JITTER = 0.03
const LOST = 0.02
const LATE = 0.2
const LONGEST = 36 * HOUR
/** Readings in a row that tell the interval of a sensor twice. */
const TELLING = 3

const random = seededRandom(11)
const between = (least: number, most: number): number => least + random() * (most - least)

/** What a sensor sends, and when it does not. Times are ms since the begin. */
class SimulatedSensor {
  readonly id: string
  readonly silences: { from: number; to: number }[] = []
  isSilent = false
  newest: number | undefined
  #interval = between(9, 36) * HOUR
  /** The interval before the latest change, until readings have told the present one. */
  #before = Infinity
  #next = between(0, DAY)
  /** Readings in a row that were neither lost nor sent in an outage. */
  #inRow = 0
  /** Readings since the interval was changed. */
  #sinceChange = 0
  /** Since when the newest reading counts. */
  #seen = 0
  /** Ms of outages until then. */
  #outagesBefore = 0
  /** Its readings on their way: when each arrives. */
  #onTheWay: { at: number; arrives: number }[] = []

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
  arrive(now: number, isRead: boolean, outages: number): void {
    for (; this.#next <= now; this.#next += this.#interval * between(1 - JITTER, 1 + JITTER)) this.#send(this.#next, isRead)
    if (this.#onTheWay.length === 0) return
    for (const { at, arrives } of this.#onTheWay) {
      if (arrives > now || at <= (this.newest ?? -Infinity)) continue
      this.newest = at
      this.#seen = at > now - POLL ? at : arrives
      this.#outagesBefore = outages
    }
    this.#onTheWay = this.#onTheWay.filter(({ arrives }) => arrives > now)
  }

  #send(at: number, isRead: boolean): void {
    if (this.silences.some(({ from, to }) => at > from && at < to)) return
    const isLost = random() < LOST
    this.#sinceChange += 1
    this.#inRow = isLost || !isRead ? 0 : this.#inRow + 1
    if (this.#inRow >= TELLING) this.#before = Infinity
    if (!isLost) this.#onTheWay.push({ at, arrives: at + (random() < LATE ? between(0, this.#interval / 2) : 60_000) })
    if (this.#sinceChange < 20 || random() > 0.05) return
    this.#before = Math.min(this.#before, this.#interval)
    this.#interval = Math.min(LONGEST, Math.max(9 * HOUR, this.#interval * between(0.5, 1.8)))
    this.#sinceChange = 0
    this.#inRow = 0
  }

  /**
   * Whether an alarm is correct now.
   * @param outages ms of all outages so far
   * @param since the end of the latest outage of more than a day
   */
  isDue(now: number, outages: number, since: number): boolean {
    const usual = Math.min(this.#interval, this.#before) * (1 - JITTER)
    const age = Math.min(now - this.#seen - (outages - this.#outagesBefore), now - since)
    return age >= RULES.intervals * usual
  }

  note(event: string): void {
    assert.equal(event, this.isSilent ? 'back' : 'silent', this.id)
    this.isSilent = event === 'silent'
  }

  /** Whether it does not count as silent just before a silence ends, or still does ten days after that. */
  isWrong(now: number): boolean {
    for (const { to } of this.silences) if (isAt(now, to - POLL) ? !this.isSilent : isAt(now, to + 10 * DAY) && this.isSilent) return true
    return false
  }
}

/** Whether this poll is the first one from a moment on. */
const isAt = (now: number, moment: number): boolean => now >= moment && now < moment + POLL

/** When the cloud cannot be read. */
class Outages {
  count = 0
  /** Ms of all outages so far. */
  total = 0
  /** The end of the latest one of more than a day. */
  latestLongEnd = -Infinity
  #begin = -Infinity
  #end = -Infinity

  /** @returns whether the cloud can be read now */
  pass(now: number): boolean {
    if (random() < 0.01) {
      if (now >= this.#end) this.#begin = now
      this.#end = Math.max(this.#end, now + between(0, 2) * DAY)
      this.count += 1
    }
    const isRead = now >= this.#end
    if (!isRead) this.total += POLL
    else if (this.#end - this.#begin > DAY) this.latestLongEnd = this.#end
    return isRead
  }
}

/** What the watch finds when it reads the sensors once. */
function poll(watch: SilenceWatch, sensors: readonly SimulatedSensor[], now: number): { sensor: SimulatedSensor; event: string }[] {
  const at = moment(now, { step: 1.75 * POLL })
  const found: { sensor: SimulatedSensor; event: string }[] = []
  for (const sensor of sensors) {
    if (sensor.newest === undefined) continue
    const place = { device: sensor.id, sensor: null }
    for (const { event } of watch.take(place, [reading(sensor.newest, { device: sensor.id })], at)) found.push({ sensor, event })
    for (const { event } of watch.look(place, at)) found.push({ sensor, event })
  }
  return found
}

/** Lets so many ms pass, with a poll every six hours. */
function watchFor(ms: number, sensors: readonly SimulatedSensor[]) {
  const outages = new Outages()
  const falseAlarms: string[] = []
  const missed: string[] = []
  let watch = new SilenceWatch(RULES)
  let saved: unknown = []
  let crashes = 0
  let alarms = 0
  for (let now = 0; now < ms; now += POLL) {
    const isRead = outages.pass(now)
    // A crash loses what was not written for a while; the state of an event is written at once.
    if (random() < 0.02) {
      watch = new SilenceWatch(RULES)
      watch.restore(JSON.parse(JSON.stringify(saved)))
      crashes += 1
    }
    for (const sensor of sensors) sensor.arrive(now, isRead, outages.total)
    if (!isRead) continue
    const found = poll(watch, sensors, now)
    for (const { sensor, event } of found) sensor.note(event)
    const silent = found.filter(({ event }) => event === 'silent')
    alarms += silent.length
    falseAlarms.push(...silent.filter(({ sensor }) => !sensor.isDue(now, outages.total, outages.latestLongEnd)).map(({ sensor }) => `${sensor.id} at ${now / HOUR} h`))
    missed.push(...sensors.filter((sensor) => sensor.isWrong(now)).map(({ id }) => `${id} at ${now / HOUR} h`))
    if (found.length > 0 || random() < 0.2) saved = watch.record()
  }
  return { alarms, crashes, falseAlarms, missed, outages, saved: JSON.stringify(saved) }
}

describe('a simulated year of 1,000 sensors', () => {
  it('has no false alarm, misses none, and takes below 1 kB a sensor', function () {
    this.timeout(120_000)
    const sensors = Array.from({ length: SENSORS }, (_, index) => new SimulatedSensor(index))
    const { alarms, crashes, falseAlarms, missed, outages, saved } = watchFor(YEAR, sensors)
    assert.deepEqual(falseAlarms, [], 'false alarms')
    assert.deepEqual(missed, [], 'missed')
    const silences = sensors.reduce((sum, sensor) => sum + sensor.silences.length, 0)
    // Beside them, readings that were lost one after another, or just after a change to a longer interval.
    assert.ok(alarms >= silences && alarms < silences * 1.1, `${alarms} alarms, ${silences} silences`)
    assert.ok(silences > 500 && outages.count > 10 && crashes > 20, `${silences} silences, ${outages.count} outages, ${crashes} crashes`)
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

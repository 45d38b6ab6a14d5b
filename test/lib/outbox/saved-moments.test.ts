/** What is saved of the clock, which times change by it, and which stay. */
import assert from 'node:assert/strict'
import type { Item } from '../../../src/lib/outbox/item'
import { ReadingTimes } from '../../../src/lib/outbox/reading-times'
import { checkedReading, type OutgoingReading } from '../../../src/lib/vocabulary/operation'
import { FakeClock, settle } from '../fake-clock'
import { SimpleStore } from '../store/simple-store'

const HOUR = 3_600_000
const START = Date.UTC(2026, 2, 10, 12)
const YEAR = 365 * 24 * HOUR
const untimed = (value: number): OutgoingReading => checkedReading({ sensorSlug: 'temp_01', value })

/** Notes for how long each value is kept. */
class NotingStore extends SimpleStore {
  readonly lifetimes: (number | undefined)[] = []

  override set(key: string, value: string, lifetime?: number): Promise<void> {
    this.lifetimes.push(lifetime)
    return super.set(key, value)
  }
}

const unused = (): never => assert.fail('nothing is counted')

/** A store of several computers. */
class SharedStore extends NotingStore {
  readonly windows = { reserve: unused, cancel: unused, redate: unused, pause: unused, lower: unused }
}

describe('the times of readings', () => {
  let clock: FakeClock
  let store: NotingStore
  let log: string[]
  beforeEach(() => {
    clock = new FakeClock(START)
    store = new NotingStore()
    log = []
  })

  const start = (opened: () => NotingStore | undefined = () => store): ReadingTimes =>
    new ReadingTimes({ clock, store: opened, log: (level, said) => log.push(`${level}: ${String(said)}`) })
  /** Readings as they are stored, `age` ms after they came. */
  const stamped = (times: ReadingTimes, readings: readonly OutgoingReading[], age = 0): Item[] =>
    times.stamped(readings, age).map((given, index) => ({ node: 'node', operation: 'auto', message: '', index, stamp: undefined, ...given }))
  const timesOf = (times: ReadingTimes, items: readonly Item[]): unknown[] => times.of(items).readings.map(({ timestamp }) => timestamp)

  it('are stored as those at which the message came, by the calendar and since the boot', () => {
    const { running, uptime, boot } = clock.bootTime()
    const [first, second] = stamped(start(), [untimed(0), { ...untimed(1), timestamp: 7 }], 4_000)
    assert.deepEqual([first?.reading.timestamp, first?.stamp], [START - 4_000, { boot, running: running - 4_000, uptime: uptime - 4_000 }])
    assert.deepEqual([second?.reading.timestamp, second?.stamp], [7, undefined])
  })

  it('stay as they are when the clock was set by less than two seconds', () => {
    const times = start()
    const items = stamped(times, [untimed(0)])
    clock.step(2_000)
    assert.deepEqual(timesOf(times, items), [START])
    clock.step(1)
    assert.deepEqual(timesOf(times, items), [START + 2_001])
  })

  it('are outdated when the clock is set after they were made, but never those that the flow gave', () => {
    const times = start()
    const own = times.of(stamped(times, [untimed(0)]))
    const given = times.of(stamped(times, [{ ...untimed(0), timestamp: START }]))
    assert.deepEqual([own.isOutdated(), given.isOutdated()], [false, false])
    clock.step(HOUR)
    assert.deepEqual([own.isOutdated(), given.isOutdated()], [true, false])
  })

  it('have a saved moment: at the first delivery of a boot and after a step, for more than a year', async () => {
    const times = start()
    const items = stamped(times, [untimed(0)])
    for (let count = 0; count < 3; count += 1) {
      times.delivered(items)
      await clock.advance(60_000)
    }
    assert.equal(store.lifetimes.length, 1)
    clock.step(HOUR)
    stamped(times, [untimed(1)])
    times.delivered(items)
    assert.equal(store.lifetimes.length, 2)
    for (const lifetime of store.lifetimes) assert.ok(lifetime !== undefined && lifetime > YEAR)
  })

  for (const what of ['one computer', 'several computers'])
    it(`are corrected by the saved moment of an earlier boot in a store of ${what}`, async () => {
      if (what !== 'one computer') store = new SharedStore()
      const before = start()
      const items = stamped(before, [untimed(0)])
      clock.step(6 * HOUR)
      stamped(before, [untimed(1)])
      clock.reboot()
      const after = start()
      await after.load(items)
      assert.deepEqual(timesOf(after, items), [START + 6 * HOUR])
      assert.deepEqual(log.filter((line) => line.startsWith('warn')), [])
    })

  it('need no store that is open', () => {
    const times = start(() => undefined)
    const items = stamped(times, [untimed(0)])
    clock.step(HOUR)
    assert.deepEqual(timesOf(times, items), [START + HOUR])
    assert.equal(log.length, 1)
  })

  it('save the moment at the next delivery when the store failed', async () => {
    const times = start()
    store.failing = 'UNAVAILABLE'
    times.delivered([])
    await settle()
    store.failing = undefined
    times.delivered([])
    times.delivered([])
    await settle()
    assert.deepEqual([store.lifetimes.length, store.texts.size], [2, 1])
  })
})

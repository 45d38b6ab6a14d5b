import assert from 'node:assert/strict'
import type { Reservation, SharedWindow, SharedWindows } from '../../src/lib/store/store'
import { FakeClock } from '../lib/fake-clock'
import { RedisRig } from './redis-rig'

const second = (limit: number, length = 1000): SharedWindow => ({ name: 'per second', limit, length })
const ofDevice = (device: string, limit: number, length: number): SharedWindow => ({ name: 'per device', device, limit, length })

const DAY = 86_400_000

/** Most of the moments that lie in any half-open span of `length`. */
function most(moments: readonly number[], length: number): number {
  const sorted = [...moments].sort((one, other) => one - other)
  let from = 0
  // A microsecond of rounding when milliseconds are added.
  return Math.max(...sorted.map((moment, index) => {
    while (moment - sorted[from]! >= length - 0.002) from += 1
    return index - from + 1
  }))
}

describe('windows in Redis', () => {
  const rig = new RedisRig()
  let clock: FakeClock

  beforeEach(() => {
    clock = new FakeClock('2026-03-10T12:00:00Z')
  })

  /** Those of a process on its own connection. */
  const windowsOf = async (fake?: FakeClock): Promise<SharedWindows> => {
    const { windows } = await rig.open(fake ? { clock: fake } : {})
    assert.ok(windows, 'it shares windows')
    return windows
  }

  it('two processes at once never start more than the limit in any second', async () => {
    const both = await Promise.all([windowsOf(clock), windowsOf(clock)])
    const account = rig.newName()
    const starts: number[] = []
    for (let round = 0; round < 40; round += 1) {
      const reserved = await Promise.all([...both, ...both, ...both].map((windows) => windows.reserve(account, [second(9)])))
      starts.push(...reserved.map(({ wait }) => clock.now() + wait))
      await clock.advance(137)
    }
    assert.equal(starts.length, 240)
    assert.equal(most(starts, 1000), 9, 'a second holds more than the limit, or less than it may')
    const span = Math.max(...starts) - Math.min(...starts)
    assert.ok(span < 26_100, `240 starts at 9/s took ${span} ms`)
  })

  it('real clocks: two processes start 9 a second, and no second has more', async () => {
    const both = await Promise.all([windowsOf(), windowsOf()])
    const account = rig.newName()
    const starts: number[] = []
    await Promise.all(
      both.map(async (windows) => {
        for (let count = 0; count < 14; count += 1) {
          const { wait } = await windows.reserve(account, [second(9, 1020)])
          await new Promise((resolve) => setTimeout(resolve, wait))
          starts.push(performance.now())
        }
      }),
    )
    assert.ok(most(starts, 1000) <= 9, `a second had ${most(starts, 1000)} starts`)
    assert.ok(Math.max(...starts) - Math.min(...starts) < 3600, 'it took longer than the limit demands')
  })

  it('all windows of a request are charged together, and a far device holds nobody else up', async () => {
    const windows = await windowsOf(clock)
    const account = rig.newName()
    const reserve = (device: string): Promise<Reservation> => windows.reserve(account, [second(2), ofDevice(device, 1, 60_000)])
    const waits = [await reserve('a'), await reserve('a'), await reserve('b'), await reserve('c')].map(({ wait }) => wait)
    assert.deepEqual(waits, [0, 60_000, 0, 1000])
    const { used, window } = await windows.reserve(account, [second(2), ofDevice('a', 1, 60_000)])
    assert.deepEqual(used, [1, 1])
    assert.equal(window, 'per device')
  })

  it('a start between reservations keeps every second within the limit', async () => {
    const windows = await windowsOf(clock)
    const account = rig.newName()
    const starts: number[] = []
    for (let count = 0; count < 300; count += 1) {
      const device = `d${Math.floor(clock.random() * 12)}`
      const length = 300 + 700 * (device.length % 3)
      const { wait } = await windows.reserve(account, [second(4), ofDevice(device, 2, length)])
      starts.push(clock.now() + wait)
      await clock.advance(Math.floor(clock.random() * 300))
    }
    assert.ok(most(starts, 1000) <= 4, `a second has ${most(starts, 1000)} starts`)
  })

  it('later reservations of a device come after its earlier ones', async () => {
    const windows = await windowsOf(clock)
    const account = rig.newName()
    const waits: number[] = []
    for (let count = 0; count < 20; count += 1) waits.push((await windows.reserve(account, [second(3)])).wait)
    assert.deepEqual(waits, [...waits].sort((one, other) => one - other))
    assert.equal(waits.at(-1), 6000)
  })

  it('a place that is given back in the middle is not taken by a later one of the same windows', async () => {
    const windows = await windowsOf(clock)
    const account = rig.newName()
    await windows.reserve(account, [second(1)])
    const unused = await windows.reserve(account, [second(1)])
    await windows.reserve(account, [second(1)])
    await windows.cancel(account, unused)
    assert.equal((await windows.reserve(account, [second(1)])).wait, 3000)
  })

  it('a request counts as late as it may be, until it is known better', async () => {
    const windows = await windowsOf(clock)
    const account = rig.newName()
    const late = [{ ...second(1), late: 50 }]
    const first = await windows.reserve(account, late)
    assert.equal((await windows.reserve(rig.newName(), late)).wait, 0)
    await clock.advance(500)
    const feared = await windows.reserve(account, late)
    assert.equal(feared.wait, 550)
    await windows.cancel(account, feared)
    await windows.redate(account, first, 5)
    assert.equal((await windows.reserve(account, late)).wait, 505, 'it was hardly late')
    await clock.advance(3000)
    const other = await windows.reserve(account, late)
    await windows.redate(account, other, 700)
    assert.equal((await windows.reserve(account, late)).wait, 1700, 'it was very late')
    await clock.advance(10_000)
    await windows.redate(account, first, 10_000)
    assert.equal((await windows.reserve(account, late)).wait, 0, 'what has been forgotten stays so')
  })

  it('with lateness two processes keep every second within the limit, as the vendor counts', async () => {
    const both = await Promise.all([windowsOf(clock), windowsOf(clock)])
    const account = rig.newName()
    const counted: number[] = []
    for (let round = 0; round < 150; round += 1) {
      const device = `d${Math.floor(clock.random() * 6)}`
      const windows = both[round % 2]!
      const reservation = await windows.reserve(account, [{ ...second(4), late: 80 }, { ...ofDevice(device, 2, 900), late: 80 }])
      const late = clock.random() * 80
      counted.push(clock.now() + reservation.wait + late)
      if (reservation.wait < 100) await windows.redate(account, reservation, late)
      await clock.advance(Math.floor(clock.random() * 300))
    }
    assert.ok(most(counted, 1000) <= 4, `a second has ${most(counted, 1000)}`)
  })

  it('a cancelled reservation is free for the next', async () => {
    const windows = await windowsOf(clock)
    const account = rig.newName()
    const budget: SharedWindow[] = [second(1), { name: 'per day', limit: 2, length: 'day' }]
    await windows.reserve(account, budget)
    const unused = await windows.reserve(account, budget)
    assert.equal(unused.wait, 1000)
    assert.equal((await windows.reserve(account, budget)).wait, Infinity)
    await windows.cancel(account, unused)
    const next = await windows.reserve(account, budget)
    assert.equal(next.wait, 1000)
    assert.deepEqual(next.used, [1, 2])
  })

  it('a spent day charges nothing, is named, and is full again after midnight in UTC', async () => {
    clock = new FakeClock('2026-03-10T23:59:50Z')
    const windows = await windowsOf(clock)
    const account = rig.newName()
    const budget: SharedWindow[] = [second(5), { name: 'per day', limit: 3, length: 'day', reserve: 1 }]
    await windows.reserve(account, budget)
    await windows.reserve(account, budget)
    const spent = await windows.reserve(account, budget)
    assert.deepEqual([spent.wait, spent.window, spent.used], [Infinity, 'per day', [2, 2]])
    const command = [second(5), { ...budget[1]!, reserve: 0 }]
    assert.equal((await windows.reserve(account, command)).wait, 0, 'the reserve is for those who may use it')
    await clock.advance(10_000)
    assert.deepEqual((await windows.reserve(account, budget)).used, [1, 1])
  })

  it('a start that falls into the next day is charged to that day', async () => {
    clock = new FakeClock('2026-03-10T23:59:59.500Z')
    const windows = await windowsOf(clock)
    const account = rig.newName()
    const budget: SharedWindow[] = [second(1), { name: 'per day', limit: 1, length: 'day' }]
    assert.equal((await windows.reserve(account, budget)).wait, 0)
    assert.equal((await windows.reserve(account, budget)).wait, 1000)
    assert.equal((await windows.reserve(account, budget)).wait, Infinity)
  })

  it('months begin where the calendar says, in leap years too', async () => {
    const windows = await windowsOf(clock)
    for (const start of ['2026-01-01', '2026-03-01', '2027-03-01', '2028-02-29', '2028-03-01', '2030-12-31', '2100-03-01']) {
      const account = rig.newName()
      const budget: SharedWindow[] = [{ name: 'per month', limit: 1, length: 'month' }]
      const day = Date.parse(`${start}T00:00:00Z`)
      const turns = start.endsWith('-01')
      clock.setDate(new Date(day - 1).toISOString())
      assert.equal((await windows.reserve(account, budget)).wait, 0, start)
      clock.setDate(new Date(day).toISOString())
      assert.equal((await windows.reserve(account, budget)).wait, turns ? 0 : Infinity, `${start} begins a month: ${turns}`)
      clock.setDate(new Date(day + (turns ? 27 : 0) * DAY + DAY - 1).toISOString())
      assert.equal((await windows.reserve(account, budget)).wait, Infinity, `${start} is in a month`)
    }
  })

  it('a pause holds all processes, and moves nothing that is reserved', async () => {
    const [one, other] = await Promise.all([windowsOf(clock), windowsOf(clock)])
    const account = rig.newName()
    await one.pause(account, 5000)
    await one.pause(account, 2000)
    assert.equal((await other.reserve(account, [second(5)])).wait, 5000)
    assert.equal((await other.reserve(rig.newName(), [second(5)])).wait, 0)
    await clock.advance(5000)
    assert.equal((await one.reserve(account, [second(5)])).wait, 0)
  })

  it('what the vendor says is left only lowers what remains', async () => {
    const windows = await windowsOf(clock)
    const account = rig.newName()
    const day: SharedWindow = { name: 'per day', limit: 100, length: 'day' }
    await windows.lower(account, second(10), 1)
    await windows.lower(account, second(10), 8)
    await windows.lower(account, day, 4)
    await windows.lower(account, day, 50)
    assert.deepEqual((await windows.reserve(account, [second(10), day])).used, [10, 97])
    assert.equal((await windows.reserve(account, [second(10), day])).wait, 1000)
  })

  it('a limit that is spent by nature lets nothing start', async () => {
    const windows = await windowsOf(clock)
    const { wait, window } = await windows.reserve(rig.newName(), [second(0)])
    assert.deepEqual([wait, window], [Infinity, 'per second'])
  })
})

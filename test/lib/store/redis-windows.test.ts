import assert from 'node:assert/strict'
import type { Reservation, SharedRequest, SharedWindow, SharedWindows } from '../../../src/lib/store/store'
import { FakeClock, settle } from '../fake-clock'
import { pause } from '../../until'
import { RedisRig, reserve } from './redis-rig'

const second = (limit: number, length = 1000): SharedWindow => ({ name: 'per second', limit, length })
const ofDevice = (device: string, limit: number, length: number): SharedWindow => ({ name: 'per device', device, limit, length })

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

/** Ms for which a place counts whose request is not known to have left. */
const HOLD = 10_000

describe('windows in Redis', () => {
  const rig = new RedisRig()
  let clock: FakeClock
  /** Reservations that Redis has not answered. */
  let asking = 0

  beforeEach(() => {
    clock = new FakeClock('2026-03-10T12:00:00Z')
  })

  /** Asks again and again, as often as it is previous, until there is room. Gives the moment of the start. */
  async function start(windows: SharedWindows, account: string, shapes: readonly SharedWindow[]): Promise<number> {
    let previous: Reservation | undefined
    for (;;) {
      asking += 1
      previous = await reserve(windows, account, shapes, { previous }).finally(() => (asking -= 1))
      const { at, wait } = previous
      if (wait === 0) return at
      await new Promise<void>((resolve) => clock.setTimeout(resolve, wait))
    }
  }

  /** Lets time pass until all is done; it stands still until Redis has answered all that ask. */
  async function passing<T>(work: Promise<T>): Promise<T> {
    let open = 1
    const end = work.finally(() => (open = 0))
    while (open > 0) {
      for (let quiet = 0; quiet < 3; quiet += 1) {
        await settle()
        if (asking > 0) quiet = -1
      }
      await clock.advance(10)
    }
    return end
  }

  it('two processes at once never start more than the limit in any second, and take turns', async () => {
    const both = await Promise.all([rig.windows(clock), rig.windows(clock)])
    const account = rig.newName()
    const starts: { at: number; of: number }[] = []
    const run = async (of: number): Promise<void> => {
      for (let count = 0; count < 30; count += 1) starts.push({ of, at: await start(both[of]!, account, [second(9)]) })
    }
    await passing(Promise.all([run(0), run(1)]))
    const moments = starts.map(({ at }) => at)
    assert.equal(most(moments, 1000), 9, 'a second holds more than the limit, or less than it may')
    const span = Math.max(...moments) - Math.min(...moments)
    assert.ok(span <= 6300, `60 starts at 9/s took ${span} ms`)
    const late = starts.slice(18).filter(({ of }) => of === 0).length
    assert.ok(late >= 15 && late <= 27, `one process had ${late} of 42`)
  })

  it('real clocks: two processes start 9 a second, and no second has more', async () => {
    const both = await Promise.all([rig.windows(), rig.windows()])
    const account = rig.newName()
    const starts: number[] = []
    const run = async (windows: SharedWindows): Promise<void> => {
      let previous: Reservation | undefined
      for (let count = 0; count < 14; ) {
        const asked = performance.now()
        const reservation: Reservation = await reserve(windows, account, [second(9)], { hold: HOLD, previous })
        previous = reservation.wait > 0 ? reservation : undefined
        if (previous) await pause(previous.wait)
        else {
          count += 1
          starts.push(performance.now())
          await windows.redate(account, reservation, performance.now() - asked)
        }
      }
    }
    await Promise.all(both.map(run))
    assert.ok(most(starts, 1000) <= 9, `a second had ${most(starts, 1000)} starts`)
    // The limit demands three seconds, and a busy machine some more; a place that nobody gave back would be held for ten.
    assert.ok(Math.max(...starts) - Math.min(...starts) < HOLD, 'a place was held although its request had left')
  })

  it('all windows of a request are charged together or not at all, and a far device holds nobody else up', async () => {
    const windows = await rig.windows(clock)
    const account = rig.newName()
    const of = (device: string): Promise<Reservation> => reserve(windows, account, [second(2), ofDevice(device, 1, 60_000)])
    const waits = [await of('a'), await of('a'), await of('b'), await of('c')].map(({ wait }) => wait)
    assert.deepEqual(waits, [0, 60_000, 0, 1000])
    const { used, wait, window } = await reserve(windows, account, [second(2), ofDevice('a', 1, 60_000)])
    assert.deepEqual([wait, used], [120_000, [2, 1]], 'another waits for it already')
    assert.deepEqual(window, ofDevice('a', 1, 60_000))
  })

  /** Requests of a budget that ask again and again, each from a process of its own. */
  async function waiters(count: number, shapes: readonly SharedWindow[]): Promise<((request?: Partial<SharedRequest>) => Promise<number>)[]> {
    const account = rig.newName()
    const processes = await Promise.all(Array.from({ length: count }, () => rig.windows(clock)))
    return processes.map((windows) => {
      let previous: Reservation | undefined
      return async (request) => {
        previous = await reserve(windows, account, shapes, { previous, ...request })
        const { wait } = previous
        if (wait === 0) previous = undefined
        return wait
      }
    })
  }

  it('who came first goes first, also when another asks in between', async () => {
    const [one, two, three] = await waiters(3, [second(1)])
    assert.deepEqual([await one!(), await two!()], [0, 1000])
    await clock.advance(500)
    assert.equal(await three!(), 1500, 'it comes after the second')
    await clock.advance(500)
    assert.equal(await three!(), 1000, 'the second may be on its way')
    assert.equal(await one!(), 2000)
    await clock.advance(1)
    assert.deepEqual([await two!(), await two!()], [0, 3000])
    await clock.advance(1000)
    assert.deepEqual([await one!(), await three!()], [1000, 0])
  })

  it('each is previous its own moment', async () => {
    const all = await waiters(5, [second(3)])
    const waits: number[] = []
    for (const ask of [...all, ...all]) {
      waits.push(await ask())
      await clock.advance(100)
    }
    assert.deepEqual(waits, [0, 0, 0, 700, 700, 700, 1400, 1400, 200, 200])
  })

  it('what is urgent goes first', async () => {
    const [one, two, three, four] = await waiters(4, [second(1)])
    await one!()
    await two!()
    await three!({ urgent: true })
    await clock.advance(1)
    await four!({ urgent: true })
    await clock.advance(1000)
    assert.deepEqual([await two!(), await four!(), await three!()], [2000, 1000, 0])
  })

  it('who does not ask when it was previous loses its place', async () => {
    const [one, two, other] = await waiters(3, [second(1)])
    await one!()
    assert.equal(await two!(), 1000)
    await clock.advance(1250)
    assert.equal(await other!(), 1000, 'it is hardly late')
    await clock.advance(1)
    assert.equal(await other!(), 0, 'it has gone')
  })

  it('those that ask at the same moment do not wait for each other', async () => {
    const all = await waiters(3, [second(1)])
    await all[0]!()
    await Promise.all(all.map((ask) => ask()))
    await clock.advance(1000)
    const waits = await Promise.all(all.map((ask) => ask()))
    assert.equal(waits.filter((wait) => wait === 0).length, 1)
  })

  it('a place among those that wait can be given back', async () => {
    const windows = await rig.windows(clock)
    const account = rig.newName()
    await reserve(windows, account, [second(1)])
    const leaves = await reserve(windows, account, [second(1)])
    const next = await reserve(windows, account, [second(1)])
    await windows.cancel(account, leaves)
    await clock.advance(1000)
    assert.equal((await reserve(windows, account, [second(1)], { previous: next })).wait, 0)
  })

  it('a request counts until it is known to have left, and then as late as it may be', async () => {
    const windows = await rig.windows(clock)
    const account = rig.newName()
    const ask = async (): Promise<number> => {
      const reservation = await reserve(windows, account, [second(1)])
      if (reservation.wait > 0) await windows.cancel(account, reservation)
      return reservation.wait
    }
    const held = await reserve(windows, account, [second(1)], { hold: 10_000 })
    assert.deepEqual([held.wait, held.at], [0, clock.now()])
    await clock.advance(1500)
    assert.equal(await ask(), 1000, 'it has not left')
    await windows.redate(account, held, 1400 + 50)
    assert.equal(await ask(), 950, 'it has')
    await windows.redate(account, held, 1400 + 5)
    assert.equal(await ask(), 905, 'it was hardly late')
    await clock.advance(905)
    assert.equal(await ask(), 0)
    await clock.advance(11_000)
    assert.equal(await ask(), 0, 'who says nothing has died')
    await windows.redate(account, held, 100_000)
    await clock.advance(11_000)
    assert.equal(await ask(), 0, 'what has been forgotten stays so')
  })

  it('two processes keep every second within the limit, as the vendor counts, however long each is held up', async () => {
    const both = await Promise.all([rig.windows(clock), rig.windows(clock)])
    const account = rig.newName()
    const counted: number[] = []
    const onTheirWay: { at: number; leave: () => Promise<void> }[] = []
    for (let round = 0; round < 600; round += 1) {
      const windows = both[round % 2]!
      const device = `d${Math.floor(clock.random() * 6)}`
      const reservation = await reserve(windows, account, [second(4), ofDevice(device, 2, 900)], { hold: 10_000 })
      const lag = clock.random() < 0.1 ? clock.random() * 4000 : clock.random() * 20
      const late = lag + clock.random() * 80
      if (reservation.wait > 0) await windows.cancel(account, reservation)
      else {
        counted.push(clock.now() + late)
        onTheirWay.push({ at: clock.now() + lag, leave: () => windows.redate(account, reservation, late) })
      }
      await clock.advance(Math.floor(clock.random() * 100))
      for (const one of onTheirWay.filter(({ at }) => at <= clock.now())) {
        await one.leave()
        onTheirWay.splice(onTheirWay.indexOf(one), 1)
      }
    }
    assert.equal(most(counted, 1000), 4)
  })

  it('a cancelled reservation is free for the next', async () => {
    const windows = await rig.windows(clock)
    const account = rig.newName()
    const budget: SharedWindow[] = [second(1), { name: 'per day', limit: 1, length: 'day' }]
    const unused = await reserve(windows, account, budget)
    assert.equal((await reserve(windows, account, budget)).wait, Infinity)
    await windows.cancel(account, unused)
    const { used, wait } = await reserve(windows, account, budget)
    assert.deepEqual([wait, used], [0, [1, 1]])
  })

  it('who waits gives back its place, and nothing of the day', async () => {
    const windows = await rig.windows(clock)
    const account = rig.newName()
    const budget: SharedWindow[] = [second(1), { name: 'per day', limit: 5, length: 'day' }]
    await reserve(windows, account, budget)
    const waits = await reserve(windows, account, budget)
    await windows.cancel(account, waits)
    assert.deepEqual((await reserve(windows, account, budget)).used, [1, 1])
  })

  it('a pause holds all processes', async () => {
    const [one, other] = await Promise.all([rig.windows(clock), rig.windows(clock)])
    const account = rig.newName()
    await one.pause(account, 5000)
    await one.pause(account, 2000)
    assert.equal((await reserve(other, account, [second(5)])).wait, 5000)
    assert.equal((await reserve(other, rig.newName(), [second(5)])).wait, 0)
    await clock.advance(5000)
    assert.equal((await reserve(one, account, [second(5)])).wait, 0)
  })

  it('what the vendor says is left only lowers what remains', async () => {
    const windows = await rig.windows(clock)
    const account = rig.newName()
    const day: SharedWindow = { name: 'per day', limit: 100, length: 'day' }
    await windows.lower(account, second(10), 1)
    await windows.lower(account, second(10), 8)
    await windows.lower(account, day, 4)
    await windows.lower(account, day, 50)
    assert.deepEqual((await reserve(windows, account, [second(10), day])).used, [10, 97])
    assert.equal((await reserve(windows, account, [second(10), day])).wait, 1000)
  })

  it('a limit that is spent by nature lets nothing start', async () => {
    const windows = await rig.windows(clock)
    const { wait, window } = await reserve(windows, rig.newName(), [second(0)])
    assert.deepEqual([wait, window], [Infinity, second(0)])
  })
})

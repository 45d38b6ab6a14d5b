import assert from 'node:assert/strict'
import type { Reservation, SharedWindow } from '../../../src/lib/store/store'
import { FakeClock } from '../fake-clock'
import { RedisRig, reserve } from './redis-rig'

const DAY = 86_400_000
const second: SharedWindow = { name: 'per second', limit: 5, length: 1000 }

describe('days and months in Redis', () => {
  const rig = new RedisRig()
  let clock: FakeClock

  beforeEach(() => {
    clock = new FakeClock('2026-03-10T12:00:00Z')
  })

  it('a spent day charges nothing, is named, and is full again after midnight in UTC', async () => {
    clock = new FakeClock('2026-03-10T23:59:50Z')
    const windows = await rig.windows(clock)
    const account = rig.newName()
    const day: SharedWindow = { name: 'per day', limit: 3, length: 'day', reserve: 1 }
    const budget: SharedWindow[] = [second, day]
    await reserve(windows, account, budget)
    await reserve(windows, account, budget)
    const spent = await reserve(windows, account, budget)
    assert.deepEqual([spent.wait, spent.window, spent.used], [Infinity, day, [2, 2]])
    const command = [second, { ...day, reserve: 0 }]
    assert.equal((await reserve(windows, account, command)).wait, 0, 'the reserve is for those who may use it')
    await clock.advance(12_000)
    assert.deepEqual((await reserve(windows, account, budget)).used, [1, 1])
  })

  for (const { length, midnight } of [
    { length: 'day', midnight: '2026-03-11' },
    { length: 'month', midnight: '2026-04-01' },
  ] as const)
    it(`what leaves near the end of a ${length} counts in both, since the vendor's clock may differ`, async () => {
      const end = Date.parse(`${midnight}T00:00:00Z`)
      clock = new FakeClock(end - 3000)
      const windows = await rig.windows(clock)
      const account = rig.newName()
      const ask = (limit: number): Promise<Reservation> => reserve(windows, account, [{ name: 'calls', limit, length }])
      await ask(10)
      await clock.advance(1000)
      await ask(10)
      await windows.cancel(account, await ask(10))
      await clock.advance(2000)
      const first = await ask(10)
      assert.deepEqual([first.wait, first.used], [0, [2]], 'one of the old period counts in the new one, and this')
      const early = await ask(3)
      assert.deepEqual([early.wait, early.used], [2000, [2]], 'three have been used of the old period, and that may still go on')
      await windows.cancel(account, first)
      assert.deepEqual((await ask(3)).used, [2], 'it was given back to both')
      await clock.advance(2000)
      const { used, wait } = await ask(3)
      assert.deepEqual([wait, used], [0, [3]], 'now it is over for everybody')
      assert.equal((await ask(3)).wait, Infinity)
    })

  it('months begin where the calendar says, in leap years too', async () => {
    const windows = await rig.windows(clock)
    for (const start of ['2026-01-01', '2026-03-01', '2027-03-01', '2028-02-29', '2028-03-01', '2030-12-31', '2100-03-01']) {
      const account = rig.newName()
      const budget: SharedWindow[] = [{ name: 'per month', limit: 1, length: 'month' }]
      const day = Date.parse(`${start}T00:00:00Z`)
      const turns = start.endsWith('-01')
      const ask = async (moment: number): Promise<number> => {
        clock.setDate(new Date(moment).toISOString())
        return (await reserve(windows, account, budget)).wait
      }
      assert.equal(await ask(day - 2001), 0, start)
      assert.equal(await ask(day), turns ? 2000 : Infinity, `${start} begins a month: ${turns}`)
      assert.equal(await ask(day + 2000), turns ? 0 : Infinity, `${start} begins a month: ${turns}`)
      assert.equal(await ask(day + (turns ? 27 : 0) * DAY + DAY - 2001), Infinity, `${start} is in a month`)
    }
  })
})

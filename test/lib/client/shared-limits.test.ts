import assert from 'node:assert/strict'
import type { Budget } from '../../../src/lib/client/budget'
import { Client } from '../../../src/lib/client/client'
import { sentence } from '../../../src/lib/sentence'
import { StoreError, type Reservation, type SharedWindow, type SharedWindows } from '../../../src/lib/store/store'
import { FakeClock, settle } from '../fake-clock'
import { KeptStore } from './kept-store'
import { answer, rigOf, vendorWith, type Rig } from './rig'

const perSecond: Budget = { name: 'per second', limit: 2, window: 1000, scope: 'account' }
const perDay: Budget = { name: 'per day', limit: 10, window: 'day', scope: 'account', reserve: 2 }

/** Windows that are kept as the interface says, in memory. */
class MemoryWindows implements SharedWindows {
  readonly asked: { account: string; windows: readonly SharedWindow[] }[] = []
  readonly cancelled: string[] = []
  readonly redated: [id: string, late: number][] = []
  readonly pauses: number[] = []
  readonly lowered: [string, number][] = []
  away = false
  readonly #clock: FakeClock
  readonly #starts: number[] = []
  #used = 0

  constructor(clock: FakeClock) {
    this.#clock = clock
  }

  reserve(account: string, windows: readonly SharedWindow[]): Promise<Reservation> {
    if (this.away) return Promise.reject(new StoreError('UNAVAILABLE', sentence`Redis at redis.example cannot be reached; check that it runs`))
    this.asked.push({ account, windows })
    const [second, day] = windows
    if (day && this.#used >= day.limit - (day.reserve ?? 0))
      return Promise.resolve({ id: '', wait: Infinity, window: day.name, used: [0, this.#used] })
    this.#used += 1
    const now = this.#clock.monotonic()
    const before = this.#starts.at(-(second?.limit ?? 0))
    const at = Math.max(now, before === undefined ? now : before + Number(second?.length) + (second?.late ?? 0))
    this.#starts.push(at)
    return Promise.resolve({ id: String(this.#used), wait: at - now, used: [1, this.#used] })
  }

  cancel(_account: string, { id }: Reservation): Promise<void> {
    this.cancelled.push(id)
    return Promise.resolve()
  }

  redate(_account: string, { id }: Reservation, late: number): Promise<void> {
    this.redated.push([id, late])
    return Promise.resolve()
  }

  pause(_account: string, duration: number): Promise<void> {
    this.pauses.push(duration)
    return Promise.resolve()
  }

  lower(_account: string, { name }: SharedWindow, remaining: number): Promise<void> {
    this.lowered.push([name, remaining])
    return Promise.resolve()
  }
}

describe('limits that processes share', () => {
  let clock: FakeClock
  let windows: MemoryWindows
  let store: KeptStore
  beforeEach(() => {
    clock = new FakeClock()
    windows = new MemoryWindows(clock)
    store = new KeptStore(clock, windows)
  })

  async function start(reply = () => answer(200)): Promise<Rig> {
    const vendor = { ...vendorWith(), remaining: { header: 'x-left', budget: 'per second' } }
    const client = new Client(vendor, { token: 'the-token' }, clock)
    await client.attach(store)
    const rig = rigOf(reply, { clock, vendor, budgets: [perSecond, perDay], client })
    // The first request waits for the derived keys.
    const first = rig.ask('first')
    if (!windows.away) assert.equal(await first, '200')
    return rig
  }

  it('are held by two processes together', async () => {
    const one = await start()
    const other = new Client(vendorWith(), { token: 'the-token' }, clock)
    await other.attach(store)
    const two = rigOf(() => answer(200), { clock, budgets: [perSecond, perDay], client: other })
    const asked = [0, 1, 2].flatMap((index) => [one.ask(`a/${index}`), two.ask(`b/${index}`)])
    for (let turn = 0; turn < 100; turn += 1) await new Promise((resolve) => setTimeout(resolve, 2))
    await clock.advance(10_000)
    assert.deepEqual(await Promise.all(asked), Array.from({ length: 6 }, () => '200'))
    const times = [...one.sentAt, ...two.sentAt].sort((first, second) => first - second)
    for (let index = 2; index < times.length; index += 1) assert.ok((times[index] ?? 0) - (times[index - 2] ?? 0) >= 1000, times.join())
    assert.equal(new Set(windows.asked.map(({ account }) => account)).size, 1, 'both name the account alike')
    assert.ok(!windows.asked[0]?.account.includes('the-token'))
  })

  it('fear the margin, and leave the reserve to commands', async () => {
    const rig = await start()
    await rig.ask('second', { request: { method: 'POST', url: 'https://cloud.example/v1/x' }, priority: 'command' })
    const [read, command] = windows.asked.map(({ windows: shapes }) => shapes)
    assert.deepEqual(read?.at(0), { name: 'per second', limit: 2, length: 1000, late: rig.client.limiter.margin })
    assert.deepEqual([read.at(1)?.reserve, command?.at(1)?.reserve], [2, undefined])
  })

  it('learn from the answer when a request was counted', async () => {
    const rig = await start()
    assert.deepEqual(windows.redated, [['1', rig.client.limiter.margin]], 'little is known yet')
  })

  /** The answer of the store to the next reservation comes so many ms late. */
  const holdUp = (ms: number): void => {
    const reserve = windows.reserve.bind(windows)
    windows.reserve = async (...given) => {
      windows.reserve = reserve
      const reservation = await reserve(...given)
      await clock.advance(ms)
      return reservation
    }
  }

  it('are asked again by who has missed its turn, and then allow for it', async () => {
    const rig = await start()
    holdUp(300)
    const asked = rig.ask('second')
    for (let turn = 0; turn < 100 && windows.cancelled.length === 0; turn += 1) await settle()
    assert.deepEqual(windows.cancelled, ['2'])
    await clock.advance(2_000)
    assert.equal(await asked, '200')
    assert.deepEqual(windows.redated.map(([id]) => id), ['1', '3'])
    const [first, , third] = windows.asked.map(({ windows: shapes }) => shapes[0]?.late ?? 0)
    assert.ok(third! > first! + 300, `${third} ms`)
  })

  it('keep the order of the commands of a device, late or not', async () => {
    const rig = await start()
    holdUp(300)
    const command = { request: { method: 'POST', url: 'https://cloud.example/v1/x' }, priority: 'command', device: 'd' } as const
    assert.equal(await rig.ask('second', command), '200')
    assert.deepEqual(windows.cancelled, [])
    assert.deepEqual(windows.redated.at(-1), ['2', 300 + rig.client.limiter.margin])
  })

  it('refuse with the moment of the reset when the day is spent elsewhere', async () => {
    const rig = await start()
    for (let index = 0; index < 7; index += 1) await windows.reserve('', [{ ...perSecond, length: 1 }])
    assert.match(await rig.ask('second'), /^QUOTA the 10 requests per day, of which 2 are kept for commands, are spent; wait until 2026-03-11/)
    assert.equal(rig.client.budgets([perDay])[0]?.remaining, 2, 'what the others used is seen here')
  })

  it('are given back when the caller leaves while it waits', async () => {
    const rig = await start()
    const leaving = new AbortController()
    await rig.ask('second')
    await windows.reserve('', [{ ...perSecond, length: 60_000 }])
    await windows.reserve('', [{ ...perSecond, length: 60_000 }])
    await clock.advance(1_100)
    let told = 0
    const waits = rig.ask('third', { signal: leaving.signal, onWait: (ms) => (told = ms) })
    await settle()
    assert.ok(told > 0, 'it is told how long it waits')
    leaving.abort(new Error('I left'))
    assert.match(await waits, /I left/)
    await settle()
    assert.deepEqual(windows.cancelled, ['5'])
    assert.equal(rig.client.limiter.running, 0)
  })

  it('are not exceeded when the store cannot be asked', async () => {
    const rig = await start()
    windows.away = true
    assert.equal(
      await rig.ask('second'),
      'NETWORK the store that shares the limits of the account cannot be used, and without it they could be exceeded: Redis at redis.example cannot be reached; check that it runs',
    )
    assert.equal(rig.sent.length, 1)
    windows.away = false
    const third = rig.ask('third')
    await clock.advance(1_100)
    assert.equal(await third, '200')
  })

  it('learn of a 429 and of what the vendor says is left', async () => {
    const rig = await start()
    rig.reply = () => answer(429, {}, { 'retry-after': '30', 'x-left': '0' })
    const asked = rig.ask('second')
    await settle()
    assert.deepEqual(windows.pauses, [30_000])
    assert.deepEqual(windows.lowered, [['per second', 0]])
    rig.reply = () => answer(200)
    await clock.advance(40_000)
    assert.equal(await asked, '200')
  })
})

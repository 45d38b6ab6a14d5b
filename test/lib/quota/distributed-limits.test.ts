import assert from 'node:assert/strict'
import sinon from 'sinon'
import type { Budget } from '../../../src/lib/vocabulary/budget'
import { Client } from '../../../src/lib/client/client'
import { Transport } from '../../../src/lib/http/transport'
import { sentence } from '../../../src/lib/base/sentence'
import { StoreError, type Reservation, type SharedRequest, type SharedWindow, type SharedWindows } from '../../../src/lib/store/store'
import { FakeClock, settle } from '../fake-clock'
import { KeptStore } from '../client/kept-store'
import { answer, BASE, rigOf, unreachable, vendorWith, type Rig } from '../client/rig'

const perSecond: Budget = { name: 'per second', limit: 2, window: 1000, scope: 'account' }
/** So many that this process alone does not use them up. */
const wide: Budget = { ...perSecond, limit: 5 }
const ofDevice: Budget = { name: 'per device', limit: 1, window: 60_000, scope: 'device' }
const COMMAND = { request: { method: 'POST', url: 'https://cloud.example/v1/x' }, priority: 'command' } as const
const perDay: Budget = { name: 'per day', limit: 10, window: 'day', scope: 'account', reserve: 2 }

/** Windows that are kept as the interface says, in memory. */
class MemoryWindows implements SharedWindows {
  readonly asked: { account: string; windows: readonly SharedWindow[]; request: SharedRequest }[] = []
  readonly cancelled: string[] = []
  readonly redated: [id: string, late: number][] = []
  readonly pauses: number[] = []
  readonly lowered: [string, number][] = []
  away = false
  /** By device, and '' for the account. */
  readonly #starts = new Map<string, number[]>()
  readonly #clock: FakeClock
  #granted = 0
  #used = 0

  constructor(clock: FakeClock) {
    this.#clock = clock
  }

  reserve(account: string, windows: readonly SharedWindow[], request: SharedRequest): Promise<Reservation> {
    if (this.away) return Promise.reject(new StoreError('UNAVAILABLE', sentence`Redis at redis.example cannot be reached; check that it runs`))
    this.asked.push({ account, windows, request })
    const at = this.#clock.now()
    const full = windows.find(({ length, limit, reserve = 0 }) => length === 'day' && this.#used >= limit - reserve)
    if (full) return Promise.resolve({ id: '', at, wait: Infinity, window: full, used: [0, this.#used] })
    const now = this.#clock.monotonic()
    const sliding = windows.filter(({ length }) => typeof length === 'number')
    for (const window of sliding) {
      const opens = (this.#startsOf(window).at(-window.limit) ?? -Infinity) + Number(window.length)
      if (opens > now) return Promise.resolve({ id: 'place', at, wait: opens - now, window, used: [0, this.#used] })
    }
    for (const window of sliding) this.#startsOf(window).push(now)
    this.#granted += 1
    this.#used += windows.some(({ length }) => length === 'day') ? 1 : 0
    return Promise.resolve({ id: String(this.#granted), at, wait: 0, used: [1, this.#used] })
  }

  /** Another process uses a window. */
  spend({ device = '' }: { device?: string }, times: number): void {
    for (let time = 0; time < times; time += 1) this.#startsOf({ device }).push(this.#clock.monotonic())
  }

  /** Another process uses the day. */
  spendDay(times: number): void {
    this.#used += times
  }

  #startsOf({ device = '' }: { device?: string }): number[] {
    const starts = this.#starts.get(device) ?? []
    this.#starts.set(device, starts)
    return starts
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

describe('distributed limits', () => {
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
    // The keys of the other one are derived in a thread of its own, in real time.
    assert.equal(await two.ask('first'), '200')
    await clock.advance(2000)
    const asked = [0, 1, 2].flatMap((index) => [one.ask(`a/${index}`), two.ask(`b/${index}`)])
    await clock.advance(10_000)
    assert.deepEqual(await Promise.all(asked), Array.from({ length: 6 }, () => '200'))
    const times = [...one.sentAt, ...two.sentAt].sort((first, second) => first - second)
    for (let index = 2; index < times.length; index += 1) assert.ok((times[index] ?? 0) - (times[index - 2] ?? 0) >= 1000, times.join())
    assert.equal(new Set(windows.asked.map(({ account }) => account)).size, 1, 'both name the account alike')
    assert.ok(!windows.asked[0]?.account.includes('the-token'))
  })

  it('leave the reserve to commands', async () => {
    const rig = await start()
    await rig.ask('second', COMMAND)
    const [read, command] = windows.asked.map(({ windows: shapes }) => shapes)
    assert.deepEqual(read?.at(0), { name: 'per second', limit: 2, length: 1000 })
    assert.deepEqual([read.at(1)?.reserve, command?.at(1)?.reserve], [2, undefined])
  })

  it('are corrected when a request has left, and when its response is there', async () => {
    const rig = await start()
    const { jitterAllowance } = rig.client.limiter
    assert.deepEqual(windows.redated, [['1', jitterAllowance], ['1', jitterAllowance]], 'little is known yet')
    for (let index = 0; index < 4 * 32; index += 1) {
      const asked = rig.ask(`n/${index}`, { budgets: [perSecond] })
      await clock.advance(2000)
      await asked
    }
    const [left, counted] = windows.redated.slice(-2).map(([, late]) => late)
    assert.equal(left, rig.client.limiter.jitterAllowance)
    assert.ok(counted! <= left, `${counted} ms`)
  })

  it('count a request that is held up as about to leave', async () => {
    const rig = await start()
    let letGo: () => void = () => undefined
    const held = new Promise<void>((resolve) => (letGo = resolve))
    const transport = new Transport(BASE)
    sinon.stub(transport, 'send').callsFake(async (_request, _headers, _timeout, _signal, onSent) => {
      await held
      onSent?.()
      await clock.advance(300)
      return answer(200)
    })
    windows.redated.length = 0
    const asked = rig.ask('second', { transport })
    await clock.advance(12_000)
    assert.deepEqual(windows.redated, [['2', 15_000], ['2', 20_000]], 'the store hears of it')
    letGo()
    assert.equal(await asked, '200')
    const { jitterAllowance } = rig.client.limiter
    assert.deepEqual(windows.redated.slice(2), [['2', 12_000 + jitterAllowance], ['2', 12_000 + jitterAllowance]])
    assert.equal(clock.pending, 0, 'a timer goes on')
  })

  it('count a request without a response as if it had left', async () => {
    const rig = await start()
    windows.redated.length = 0
    rig.reply = () => unreachable()
    assert.match(await rig.ask('second', { noRetry: true }), /^NETWORK/)
    assert.deepEqual(windows.redated, [['2', rig.client.limiter.jitterAllowance]])
    assert.equal(clock.pending, 0, 'a timer goes on')
  })

  it('are asked again when the answer of the store came too late', async () => {
    const rig = await start()
    const reserve = windows.reserve.bind(windows)
    windows.reserve = async (...given) => {
      windows.reserve = reserve
      const reservation = await reserve(...given)
      await clock.advance(6000)
      return reservation
    }
    const asked = rig.ask('second')
    for (let turn = 0; turn < 100 && windows.cancelled.length === 0; turn += 1) await settle()
    assert.deepEqual(windows.cancelled, ['2'])
    assert.equal(await asked, '200')
    assert.equal(windows.redated.at(-1)?.[0], '3')
  })

  it('keep the order of the commands of a device', async () => {
    const rig = await start()
    windows.spend({ device: 'd' }, 2)
    const budgets = [wide, { ...ofDevice, limit: 2 }]
    const send = (index: number): Promise<string> =>
      rig.ask('', { priority: 'command', device: 'd', budgets, request: { method: 'POST', url: `https://cloud.example/v1/${index}` } })
    const asked = [send(1), send(2)]
    await settle()
    assert.equal(windows.asked.length, 2, 'only the first of them asks')
    await clock.advance(60_000)
    assert.deepEqual(await Promise.all(asked), ['200', '200'])
    assert.deepEqual(rig.sent.slice(1), ['https://cloud.example/v1/1', 'https://cloud.example/v1/2'])
  })

  it('start commands before reads', async () => {
    const rig = await start()
    await rig.ask('second', COMMAND)
    assert.deepEqual(windows.asked.map(({ request }) => request.urgent), [false, true])
  })

  it('give the store the earlier reservation when they ask again', async () => {
    const rig = await start()
    windows.spend({}, 5)
    const asked = rig.ask('second', { budgets: [wide] })
    await clock.advance(1000)
    assert.equal(await asked, '200')
    const [, first, again] = windows.asked.map(({ request }) => request.previous?.wait)
    assert.deepEqual([first, again], [undefined, 1000])
  })

  it('a blocked device holds up no other, and all waiting requests know how long', async () => {
    const rig = await start()
    windows.spend({ device: 'a' }, 1)
    const waits: number[] = []
    const ask = (device: string): Promise<string> => rig.ask(`${device}/${waits.length}`, { device, budgets: [wide, ofDevice], onWait: (ms) => waits.push(ms) })
    const far = [ask('a'), ask('a')]
    await settle()
    assert.equal(await ask('b'), '200')
    assert.deepEqual(waits.slice(0, 1), [60_000])
    await clock.advance(130_000)
    assert.deepEqual(await Promise.all(far), ['200', '200'])
    assert.ok(windows.asked.length < 60, `asked ${windows.asked.length} times`)
  })

  it('refuse with the reset when other processes have spent the day', async () => {
    const rig = await start()
    windows.spendDay(7)
    assert.match(await rig.ask('second'), /^QUOTA the daily limit of 10 requests is used up until 2026-03-1\d .*, except 2 that are reserved for commands; trigger the nodes/)
    assert.equal(rig.client.budgets([perDay])[0]?.remaining, 2, 'what the others used is seen here')
  })

  it('are not confused by a store whose clock is still in the day before', async () => {
    clock.setDate('2026-03-11T00:00:00.500Z')
    const rig = await start()
    const reserve = windows.reserve.bind(windows)
    windows.reserve = async (...given) => ({ ...(await reserve(...given)), at: Date.parse('2026-03-10T23:59:59Z'), used: [1, 9] })
    assert.equal(await rig.ask('second'), '200')
    assert.equal(rig.client.budgets([perDay])[0]?.remaining, 8)
  })

  it('free the place of a caller that is aborted while it waits', async () => {
    const rig = await start()
    windows.spend({}, 5)
    const leaving = new AbortController()
    let previous = 0
    const asked = rig.ask('first', { signal: leaving.signal, budgets: [wide], onWait: (ms) => (previous = ms) })
    await settle()
    assert.equal(previous, 1000, 'it is previous how long it waits')
    leaving.abort(new Error('I left'))
    assert.match(await asked, /I left/)
    await settle()
    assert.deepEqual(windows.cancelled, ['place'])
    assert.equal(rig.client.limiter.running, 0)
    assert.equal(clock.pending, 0, 'a timer goes on')
  })

  it('let the next request of a device ask when the one before it is aborted', async () => {
    const rig = await start()
    windows.spend({ device: 'd' }, 2)
    const leaving = [new AbortController(), new AbortController()]
    const budgets = [wide, { ...ofDevice, limit: 3 }]
    windows.spend({ device: 'd' }, 1)
    const asked = [leaving[0]?.signal, leaving[1]?.signal, undefined].map((signal, index) =>
      rig.ask(String(index), { device: 'd', budgets, ...(signal ? { signal } : {}) }),
    )
    await settle()
    leaving[1]!.abort(new Error('I left'))
    assert.match(await asked[1]!, /I left/)
    leaving[0]!.abort(new Error('I left too'))
    assert.match(await asked[0]!, /I left too/)
    await clock.advance(60_000)
    assert.equal(await asked[2], '200')
  })

  it('are given back when the caller is aborted while the store is asked', async () => {
    const rig = await start()
    const reserve = windows.reserve.bind(windows)
    let reply: () => void = () => undefined
    windows.reserve = async (...given) => {
      const reservation = await reserve(...given)
      await new Promise<void>((resolve) => (reply = resolve))
      return reservation
    }
    const leaving = new AbortController()
    const asked = rig.ask('second', { signal: leaving.signal })
    await settle()
    leaving.abort(new Error('I left'))
    assert.match(await asked, /I left/)
    reply()
    await settle()
    assert.deepEqual(windows.cancelled, ['2'])
  })

  it('are not exceeded when the store cannot be asked', async () => {
    const rig = await start()
    windows.away = true
    assert.equal(
      await rig.ask('second'),
      'NETWORK the store that shares the limits of the account is unreachable, so no request is sent: Redis at redis.example cannot be reached; check that it runs',
    )
    assert.equal(rig.sent.length, 1)
    windows.away = false
    const third = rig.ask('third')
    await clock.advance(1_100)
    assert.equal(await third, '200')
  })

  it('are previous of a 429 and of what the vendor says is left', async () => {
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

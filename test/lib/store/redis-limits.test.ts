/** Clients of two processes on one key, a real Redis between them, and a vendor that counts what arrives. */
import assert from 'node:assert/strict'
import sinon from 'sinon'
import type { Budget } from '../../../src/lib/vocabulary/budget'
import { Client } from '../../../src/lib/client/client'
import type { Clock, Timer } from '../../../src/lib/base/clock'
import { Transport } from '../../../src/lib/http/transport'
import type { SharedWindows } from '../../../src/lib/store/store'
import { KeptStore } from '../client/kept-store'
import { answer, BASE, rigOf, vendorWith } from '../client/rig'
import { mostInAnyWindow } from '../limiter/workload'
import { FakeClock, settle } from '../fake-clock'
import { until } from '../../until'
import { RedisRig } from './redis-rig'

const LIMIT = 9
const SECOND = 1000
const perSecond: Budget = { name: 'per second', limit: LIMIT, window: SECOND, scope: 'account' }

/** Counts the calls that Redis has not answered. */
class Calls {
  open = 0

  /** Those windows, whose answers and timers come only when the process is not held up. */
  through(windows: SharedWindows, process: HeldUp, delay: number): SharedWindows {
    const call = async <T>(work: () => Promise<T>): Promise<T> => {
      process.asks = true
      await process.sleep(delay)
      this.open += 1
      const result = await work().finally(() => (this.open -= 1))
      process.stumble()
      await process.sleep(delay)
      return result
    }
    return {
      reserve: (...given) => call(() => windows.reserve(...given)),
      cancel: (...given) => call(() => windows.cancel(...given)),
      redate: (...given) => call(() => windows.redate(...given)),
      pause: (...given) => call(() => windows.pause(...given)),
      lower: (...given) => call(() => windows.lower(...given)),
    }
  }

  /** Resolves when nothing more happens without time passing. */
  async rest(): Promise<void> {
    for (let quiet = 0; quiet < 3; quiet += 1) {
      await settle()
      if (this.open > 0) quiet = -1
    }
  }
}

/** The clock of a process whose event loop may be held up: its timers come late then. */
class HeldUp implements Clock {
  stumbles = 0
  /** Whether it has asked Redis: what it needs for that is derived in a thread of its own, in real time. */
  asks = false
  #until = 0

  constructor(private readonly clock: FakeClock) {}

  now = (): number => this.clock.now()
  monotonic = (): number => this.clock.monotonic()
  bootTime = (): ReturnType<Clock['bootTime']> => this.clock.bootTime()
  random = (): number => this.clock.random()
  clearTimeout = (timer: Timer): void => this.clock.clearTimeout(timer)

  hold(ms: number): void {
    this.#until = this.clock.monotonic() + ms
  }

  /** Is held up, sometimes for seconds, with so many of a hundred answers of Redis. */
  stumble(): void {
    if (this.random() < this.stumbles / 100) this.hold(this.random() * (this.random() < 0.2 ? 4000 : 600))
  }

  setTimeout(callback: () => void, ms: number): Timer {
    const ring = (): void => {
      const late = this.#until - this.clock.monotonic()
      if (late > 0) this.clock.setTimeout(ring, late)
      else callback()
    }
    return this.clock.setTimeout(ring, ms)
  }

  /** What happens to the process so many ms later, or when it is free. */
  async sleep(ms: number): Promise<void> {
    if (ms > 0 || this.#until > this.clock.monotonic()) await new Promise<void>((resolve) => this.setTimeout(resolve, ms))
  }
}

interface Site {
  process: HeldUp
  ask(path: string): Promise<string>
}

describe('two processes on one key', function () {
  // Seconds of computing, which a busy machine has others for.
  this.timeout(180_000)
  const redis = new RedisRig()
  let clock: FakeClock
  let calls: Calls
  let token: string
  /** Monotonic ms at which the vendor counted requests, and whose they were. */
  let counted: { at: number; by: Site }[]

  beforeEach(() => {
    clock = new FakeClock()
    calls = new Calls()
    token = redis.newName()
    counted = []
  })

  /** @param way most ms to the vendor; @param delay ms to Redis */
  async function siteOf(way: number, delay: number): Promise<Site> {
    const process = new HeldUp(clock)
    const { windows } = await redis.open({ clock })
    const client = new Client(vendorWith(), { token }, process)
    await client.attach(new KeptStore(clock, calls.through(windows!, process, delay)))
    const rig = rigOf(() => answer(200), { clock, client, budgets: [perSecond] })
    const transport = new Transport(BASE)
    const site = { process, ask: (path: string) => rig.ask(path, { transport }) }
    sinon.stub(transport, 'send').callsFake(async (_request, _headers, _timeout, _signal, onSent) => {
      await process.sleep(0)
      onSent?.()
      const left = clock.monotonic()
      await travel(way)
      counted.push({ at: clock.monotonic(), by: site })
      await travel(way)
      await process.sleep(0)
      return { ...answer(200), roundTrip: clock.monotonic() - left }
    })
    return site
  }

  const travel = (way: number): Promise<void> => new Promise((resolve) => void clock.setTimeout(resolve, 5 + clock.random() * way))

  /** Both want more than the limit for as long as it takes. */
  async function saturate(sites: readonly Site[], each: number): Promise<void> {
    let open = 1
    const asked = Promise.all(sites.flatMap((site, index) => Array.from({ length: each }, (_, count) => site.ask(`${index}/${count}`))))
    const answers = asked.finally(() => (open = 0))
    await until(() => sites.every(({ process }) => process.asks), 'all ask Redis')
    // Far beyond what any of the tests takes for less of the limit.
    const end = clock.monotonic() + (4 * SECOND * sites.length * each) / LIMIT + 60 * SECOND
    while (open > 0) {
      assert.ok(clock.monotonic() < end, 'some wait for ever')
      await calls.rest()
      await clock.advance(1)
    }
    assert.deepEqual(new Set(await answers), new Set(['200']))
  }

  const most = (): number => mostInAnyWindow(counted.map(({ at }) => at), SECOND)

  /** Part of what the limit allows from the second second on. */
  function used(): number {
    const times = counted.map(({ at }) => at).sort((one, other) => one - other)
    return (times.length - LIMIT) / ((LIMIT * (times.at(-1)! - times[0]!)) / SECOND)
  }

  /** Part of one's requests among the first so many. */
  const shareOf = (site: Site, first: number): number => counted.slice(0, first).filter(({ by }) => by === site).length / first

  /** Most requests by which one of two was ahead of the other at any time during the first so many. */
  function farthestAhead(site: Site, first: number): number {
    let ahead = 0
    return Math.max(...counted.slice(0, first).map(({ by }) => Math.abs((ahead += by === site ? 1 : -1))))
  }

  it('use nearly all of the limit, never more, and take turns', async () => {
    const sites = [await siteOf(2, 0), await siteOf(2, 0)]
    await saturate(sites, 200)
    assert.equal(most(), LIMIT)
    assert.ok(used() > 0.93, `${used()} of the limit was used`)
    // Each asks for a second's worth at once, so they take turns by the second; who comes first may have begun with more.
    const ahead = farthestAhead(sites[0]!, 300)
    assert.ok(ahead <= 4 * LIMIT, `one was ${ahead} ahead`)
  })

  it('never more either while they are held up now and then', async () => {
    const sites = [await siteOf(20, 5), await siteOf(20, 5)]
    for (const { process } of sites) process.stumbles = 1
    await saturate(sites, 400)
    assert.equal(most(), LIMIT)
    assert.ok(used() > 0.6, `${used()} of the limit was used`)
  })

  it('none starves that is far from Redis', async () => {
    const sites = [await siteOf(2, 0), await siteOf(2, 30)]
    await saturate(sites, 100)
    assert.equal(most(), LIMIT)
    const share = shareOf(sites[1]!, 100)
    assert.ok(share > 0.25, `the far one had ${share}`)
  })

  it('one alone has all of it, also when the other dies while it waits', async () => {
    const sites = [await siteOf(2, 0), await siteOf(2, 0)]
    const [alive, dead] = [sites[0]!, sites[1]!]
    const lost = Array.from({ length: 20 }, (_, count) => dead.ask(`lost/${count}`))
    void Promise.all(lost)
    await until(() => dead.process.asks, 'the one that will die asks Redis')
    await saturate([alive], 20)
    dead.process.hold(1e9)
    counted = []
    await saturate([alive], 200)
    assert.equal(most(), LIMIT)
    assert.ok(used() > 0.9, `${used()} of the limit was used`)
  })
})

/** A watch takes part in the readings of other nodes, and reads only what they do not read. */
import assert from 'node:assert/strict'
import { Account } from '../../../src/lib/client/account'
import { Call } from '../../../src/lib/client/call'
import { ClientPool } from '../../../src/lib/client/pool'
import { operationsOf, type Vendor } from '../../../src/lib/vocabulary/vendor'
import { vendors } from '../../../src/lib/vendors'
import { DeviceWatch } from '../../../src/lib/watch/devices'
import { SilenceWatch } from '../../../src/lib/watch/silence-watch'
import type { Finding, Watch } from '../../../src/lib/watch/watch'
import { Watcher } from '../../../src/lib/watch/watcher'
import { startSimulator, type Simulator } from '../../simulator'
import { FakeClock } from '../fake-clock'
import { DAY, HOUR, MINUTE } from './moments'

const THING = 'TSPD04SIM00000001'
const INTERVAL = 5 * MINUTE

describe('a watch of an account', () => {
  let simulator: Simulator
  let account: Account
  let clock: FakeClock
  let found: Finding[]
  /** Epoch ms of the cloud at the begin of a test. Its clock is never set. */
  let begin: number
  const thingsee: Vendor = vendors.thingsee
  const { signal } = new AbortController()

  beforeEach(async () => {
    clock = new FakeClock()
    found = []
    begin = clock.now()
    simulator = await startSimulator({ now: () => begin + clock.monotonic(), tokenLifetime: 1_000_000 })
    const { thingsee: baseUrl } = simulator.urls
    account = new Account({ vendor: thingsee, settings: { baseUrl, requestsPerSecond: 1000 }, credentials: simulator.credentials.thingsee }, new ClientPool())
  })
  afterEach(async () => {
    await account.close()
    await simulator.close()
  })

  const watcherOf = (watch: Watch, chosen?: readonly string[]): Watcher =>
    new Watcher({
      account: () => Promise.resolve(account), plan: thingsee.watch ?? assert.fail(), watch, chosen, interval: INTERVAL, clock, store: undefined,
      key: 'watch', about: 'test', call: { signal }, emit: (finding) => void found.push(finding),
    })
  const silence = (): SilenceWatch => new SilenceWatch({ intervals: 3, usual: undefined, after: undefined })

  /** What a get-data node does. */
  async function read(tuid: string): Promise<void> {
    const operation = operationsOf(thingsee, 'get-data').thing ?? assert.fail()
    for await (const page of new Call(account, 'thing', operation, { signal, fresh: true }).pages({ tuid })) assert.ok(page.readings)
  }
  const requests = (path: string): number => simulator.requests.filter((request) => request.path === path && request.status === 200).length

  /** Five minutes a time: the node reads, and the watch polls when it wants to. */
  async function pass(ms: number, watcher: Watcher, reads: () => Promise<void>): Promise<void> {
    for (const end = clock.monotonic() + ms; clock.monotonic() < end; ) {
      await reads()
      const wait = await watcher.poll()
      await clock.advance(Math.min(wait, INTERVAL))
    }
  }

  it('sends no request while nodes read its devices', async () => {
    const watch = silence()
    const watcher = watcherOf(watch, [THING])
    await watcher.poll()
    let reads = 0
    for (; reads < 20; reads += 1) {
      await clock.advance(INTERVAL)
      await read(THING)
      await watcher.poll()
    }
    assert.equal(requests(`/things/${THING}`), reads)
    assert.equal(watch.counts.count, 1)
    const thing = simulator.state.thingsee.things.get(THING)!
    thing.messages.push({ at: clock.now(), message: { tsmId: 12100, tsmEv: 10, tsmTs: clock.now() / 1000, tsmTuid: THING, temp: 20 } })
    thing.generated = false
    for (; reads < 40; reads += 1) {
      await clock.advance(INTERVAL)
      await read(THING)
      await watcher.poll()
    }
    assert.deepEqual(found.map(({ event }) => event), ['silent'])
    assert.equal(requests(`/things/${THING}`), reads)
    await watcher.close(false)
  })

  it('reads in place of nodes that have stopped, and only what they do not read', async () => {
    const other = [...simulator.state.thingsee.things.keys()].find((tuid) => tuid !== THING) ?? assert.fail()
    const watcher = watcherOf(silence(), [THING, other])
    await pass(2 * HOUR, watcher, () => read(THING))
    const ofNodes = requests(`/things/${THING}`)
    const own = requests(`/things/${other}`)
    assert.ok(own >= 20 && own <= 24, `${own} requests in two hours`)
    await pass(HOUR, watcher, () => Promise.resolve())
    const more = requests(`/things/${THING}`) - ofNodes
    assert.ok(more >= 10 && more <= 13, `${more} requests in an hour`)
    await watcher.close(false)
  })

  /** @param day on which the clocks of Berlin change at 01:00 UTC */
  async function passClockChange(day: string): Promise<void> {
    begin = Date.parse(`${day}T00:00:00Z`) - clock.monotonic()
    clock.setDate(`${day}T00:00:00Z`)
    const hours = new Date(clock.now()).getTimezoneOffset()
    const thing = simulator.state.thingsee.things.get(THING)!
    thing.generated = true
    const watch = silence()
    const watcher = watcherOf(watch, [THING])
    await pass(2 * HOUR, watcher, () => Promise.resolve())
    assert.notEqual(new Date(clock.now()).getTimezoneOffset(), hours, 'the clocks have changed')
    for (const step of [-HOUR, HOUR, 10 * MINUTE, -10 * MINUTE, -DAY, DAY]) {
      clock.step(step)
      await pass(HOUR, watcher, () => Promise.resolve())
      assert.deepEqual(found, [], `${day}, ${step}`)
    }
    assert.equal(watch.counts.count, 1)
    thing.generated = false
    thing.messages = [{ at: begin + clock.monotonic(), message: { tsmId: 12100, tsmEv: 10, tsmTs: (begin + clock.monotonic()) / 1000, tsmTuid: THING, temp: 20 } }]
    clock.step(-HOUR)
    await pass(2 * HOUR, watcher, () => Promise.resolve())
    assert.deepEqual(found.map(({ event }) => event), ['silent'], day)
    found = []
    await watcher.close(false)
  }

  it('finds only true silences through changes to and from daylight saving time, and while the clock is set', async () => {
    const zone = process.env.TZ
    process.env.TZ = 'Europe/Berlin'
    try {
      await passClockChange('2026-03-29')
      await passClockChange('2026-10-25')
    } finally {
      if (zone === undefined) delete process.env.TZ
      else process.env.TZ = zone
    }
  })

  it('shares its reads with other watches', async () => {
    const watchers = [watcherOf(silence(), [THING]), watcherOf(silence(), [THING])]
    for (const watcher of watchers) await watcher.poll()
    await clock.advance(2 * INTERVAL)
    for (let poll = 0; poll < 12; poll += 1) {
      for (const watcher of watchers) await watcher.poll()
      await clock.advance(INTERVAL)
    }
    assert.equal(requests(`/things/${THING}`), 12)
    for (const watcher of watchers) await watcher.close(false)
  })

  it('tells once that a device is gone which nodes read, and that one is not read', async () => {
    const { things } = simulator.state.thingsee
    const watcher = watcherOf(new DeviceWatch(true))
    await watcher.poll()
    for (const tuid of things.keys()) await read(tuid)
    await pass(30 * MINUTE, watcher, () => Promise.resolve())
    assert.deepEqual(found, [])
    const thing = things.get(THING)!
    things.delete(THING)
    await pass(30 * MINUTE, watcher, () => Promise.resolve())
    assert.deepEqual(found.map(({ device, event }) => [device, event]), [[THING, 'gone']])
    things.set(THING, thing)
    things.set('TSPD04SIM00000099', { ...thing, tuid: 'TSPD04SIM00000099' })
    await pass(30 * MINUTE, watcher, () => Promise.resolve())
    assert.deepEqual(found.slice(1).map(({ device, event }) => [device, event]), [['TSPD04SIM00000099', 'unread']])
    await watcher.close(true)
  })
})

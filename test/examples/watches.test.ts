/** The example that tells of silent sensors and low batteries, on a clock that the test moves. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import helper from 'node-red-node-test-helper'
import { nodeStates } from '../../src/nodes/actions/status'
import { FakeClock } from '../lib/fake-clock'
import { quiet } from '../nodes/events-harness'
import { startSimulator, type Simulator } from '../simulator'
import { pause, until } from '../until'
import { load, noteErrors } from './flows'
import { takeNotifications, type Notifications } from './notifications'

const FILE = 'Any cloud - silent sensors and low batteries.json'
const MINUTE = 60_000

/** One sensor of each cloud. */
const CHOSEN = { sensorist: '57951', thingsee: 'TSPD04SIM00000001', senquip: 'JDA54E19F', 'senquip-v1': 'JDA54E19F' } as const
/** Data sources of the Sensorist sensor. */
const [TEMPERATURE, HUMIDITY, BATTERY, WIRELESS] = [220200, 220201, 220202, 220203]

describe('silent sensors and low batteries', function () {
  this.timeout(120_000)
  let clock: FakeClock
  let simulator: Simulator
  let notifications: Notifications
  let folder: string
  let errors: string[]

  beforeEach(async () => {
    clock = new FakeClock('2026-03-01T00:00:00Z')
    simulator = await startSimulator({ now: () => clock.now(), maxAge: 0 })
    const { senquip, senquipV1, sensorist } = simulator.state
    for (const state of [senquip, senquipV1]) state.devices.get(CHOSEN.senquip)!.generated = false
    thing().generated = false
    for (const id of [TEMPERATURE, HUMIDITY, BATTERY, WIRELESS]) sensorist.silent.add(id)
    notifications = await takeNotifications()
    folder = mkdtempSync(join(tmpdir(), 'watches-'))
    errors = []
  })

  afterEach(async () => {
    await helper.unload()
    await notifications.close()
    await simulator.close()
    rmSync(folder, { recursive: true })
    assert.deepEqual(errors, [])
  })

  const thing = () => simulator.state.thingsee.things.get(CHOSEN.thingsee)!

  async function start(): Promise<void> {
    const flow = await load(FILE, { simulator, folder, notifications: notifications.url, clock, chosen: CHOSEN })
    noteErrors(flow, errors)
    await pass(1)
  }

  /** Whether each event node waits for its next poll. */
  function isIdle(): boolean {
    const nodes = nodeStates()
    return clock.pending >= nodes.length && nodes.every(({ status }) => status.fill === 'green')
  }

  /** Stops at each poll, so that its answers come at the time at which it asks. */
  async function pass(minutes: number): Promise<void> {
    const end = clock.now() + minutes * MINUTE
    for (let left = minutes * MINUTE; left > 0; left = end - clock.now()) {
      await clock.advance(Math.min(left, Math.max(1, clock.untilNext ?? left)))
      await until(isIdle, 'the polls have ended')
      await quiet(simulator)
    }
  }

  function measure(dataSource: number, value: number): void {
    const { measurements } = simulator.state.sensorist
    const at = clock.now()
    measurements.set(dataSource, [...(measurements.get(dataSource) ?? []), { at, value, type: 1, seq: at * 1000 }])
  }

  /** Each sensor sends every ten minutes. */
  async function send(minutes: number, volts = 2.98): Promise<void> {
    const { senquip, senquipV1 } = simulator.state
    for (let passed = 0; passed < minutes; passed += 10) {
      const at = clock.now()
      measure(TEMPERATURE, 3.2)
      measure(BATTERY, volts)
      thing().messages.push({ at, message: { tsmId: 12100, tsmEv: 10, tsmTs: at / 1000, tsmTuid: CHOSEN.thingsee, temp: 20 } })
      for (const state of [senquip, senquipV1]) state.devices.get(CHOSEN.senquip)!.messages.push({ deviceid: CHOSEN.senquip, ts: at / 1000, vin: 12.1 })
      await pass(10)
    }
  }

  /** The lines of the notifications since it was last asked, once there are so many. */
  async function told(count: number): Promise<string[]> {
    const lines = (): string[] => notifications.taken.flatMap(({ text }) => text.split('\n'))
    if (count > 0) await until(() => lines().length >= count, () => lines().join('\n'))
    // Events that come together are one text: what comes too often comes later.
    await pause(700)
    const all = lines().sort()
    notifications.taken.length = 0
    return all
  }

  it('are told once each, also after a restart, and when they are well again', async () => {
    await start()
    await send(40)
    assert.deepEqual(await told(0), [])
    const last = new Date(clock.now() - 10 * MINUTE).toString().slice(4, 21)
    await pass(40)
    const silent = (place: string): string => `${place}: silent since ${last}, usually every 10 min`
    assert.deepEqual(await told(4), [silent('Cellar, Rack left'), silent('Cold room'), silent('Cold room'), silent('Office, second floor, TSPD04SIM00000001')])
    await helper.unload()
    await start()
    await pass(40)
    assert.deepEqual(await told(0), [])
    await send(10)
    assert.deepEqual(await told(4), ['Cellar, Rack left: back again, temperature 3.2 °C', 'Cold room: back again, voltage 12.1 V', 'Cold room: back again, voltage 12.1 V', 'Office, second floor, TSPD04SIM00000001: back again, battery 86 %'])

    thing().batteryLevel = 18
    await send(20, 2.41)
    assert.deepEqual(await told(2), ['Cellar, Rack left: battery low, 2.41 V', 'Office, second floor, TSPD04SIM00000001: battery low, 18 %'])
    thing().batteryLevel = 24
    await send(10, 2.55)
    thing().batteryLevel = 19
    await send(10, 2.45)
    assert.deepEqual(await told(0), [], 'they were not good in between')
    thing().batteryLevel = 80
    await send(10, 2.98)
    assert.deepEqual(await told(2), ['Cellar, Rack left: battery good again, 2.98 V', 'Office, second floor, TSPD04SIM00000001: battery good again, 80 %'])
  })
})

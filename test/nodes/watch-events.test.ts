/** What the event node finds itself, in flows on the simulator. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import helper from 'node-red-node-test-helper'
import { stores } from '../../src/lib/store/shared-stores'
import { passFast, type FastTime } from '../fast-time'
import { startSimulator, type Simulator } from '../simulator'
import { listen, type EventFlow, type EventSetup } from './events-harness'
import type { VendorId } from './harness'

helper.init(require.resolve('node-red'))

const START = Date.parse('2026-03-01T00:00:00Z')
const MINUTE = 60_000

/** How a sensor of each vendor sends, and the node that watches it. */
const SENSORS: Partial<Record<VendorId, { place: [device: string, sensor: string | null]; node: Record<string, unknown>; path: RegExp; account?: Record<string, unknown>; still(simulator: Simulator): void; send(simulator: Simulator, at: number): void }>> = {
  sensorist: {
    place: ['7325', '57951'],
    node: { devices: '57951' },
    path: /^\/measurements/,
    still: ({ state }) => {
      for (const { gateway } of state.sensorist.gateways.values()) for (const sensor of gateway.devices) for (const { id } of sensor.devices) state.sensorist.silent.add(id)
    },
    send: ({ state }, at) => void state.sensorist.measurements.set(220200, [...(state.sensorist.measurements.get(220200) ?? []), { at, value: 20, type: 1, seq: at * 1000 }]),
  },
  thingsee: {
    place: ['TSPD04SIM00000001', null],
    node: { devices: 'TSPD04SIM00000001' },
    path: /^\/things\/TSPD04SIM00000001$/,
    still: ({ state }) => void (state.thingsee.things.get('TSPD04SIM00000001')!.generated = false),
    send: ({ state }, at) => void state.thingsee.things.get('TSPD04SIM00000001')!.messages.push({ at, message: { tsmId: 12100, tsmEv: 10, tsmTs: at / 1000, tsmTuid: 'TSPD04SIM00000001', temp: 20 } }),
  },
  senquip: {
    place: ['JDA54E19F', null],
    node: { devices: 'JDA54E19F' },
    // No read waits for the rate of one device while the node's clock goes on.
    account: { hostedDevices: '100' },
    path: /^\/devices\/JDA54E19F\/data/,
    still: ({ state }) => void (state.senquip.devices.get('JDA54E19F')!.generated = false),
    send: ({ state }, at) => void state.senquip.devices.get('JDA54E19F')!.messages.push({ deviceid: 'JDA54E19F', ts: at / 1000, vsys: 4.1 }),
  },
}

describe('on event, as a watch', function () {
  this.timeout(60_000)
  let simulator: Simulator
  let flow: EventFlow | undefined
  /** Epoch ms of vendor and node, without a flow. */
  let begin = START
  const now = (): number => flow?.now() ?? begin
  let fastTime: FastTime
  beforeEach(async () => {
    // Requests are tried again, and keep their distances, in real time.
    fastTime = passFast(10)
    begin = START
    simulator = await startSimulator({ now, maxAge: 0 })
  })
  afterEach(async () => {
    await flow?.end()
    flow = undefined
    await simulator.close()
    fastTime.end()
  })

  const sensorOf = (vendor: VendorId) => SENSORS[vendor] ?? assert.fail(vendor)
  const start = async (vendor: VendorId, more: Partial<EventSetup> = {}): Promise<EventFlow> =>
    (flow = await listen({ simulator, vendor, start: now(), account: sensorOf(vendor).account ?? {}, ...more, node: { source: 'silence', ...sensorOf(vendor).node, ...more.node } }))
  /** Lets five minutes pass at a time, which is a poll of the node. An answer comes at the end of a step. */
  const pass = async (minutes: number, step = 5): Promise<void> => {
    for (let passed = 0; passed < minutes; passed += step) await flow?.advance(step * MINUTE)
  }
  /** A sensor that sends every ten minutes. */
  const send = async (vendor: VendorId, minutes: number): Promise<void> => {
    for (let minute = 0; minute < minutes; minute += 10) {
      sensorOf(vendor).send(simulator, Math.floor(now() / 1000) * 1000)
      await pass(10)
    }
  }
  const events = (): string[] => flow?.messages.map(({ topic }) => topic) ?? []
  const answered = (path: RegExp): number => simulator.requests.filter(({ path: asked, status }) => status === 200 && path.test(asked)).length

  for (const vendor of Object.keys(SENSORS) as VendorId[])
    it(`tells when a sensor of ${vendor} falls silent and is back`, async () => {
      const { place: [device, sensor], path, still } = sensorOf(vendor)
      still(simulator)
      await start(vendor)
      await send(vendor, 30)
      assert.deepEqual(events(), [])
      const last = Math.floor(now() / 1000) * 1000 - 10 * MINUTE
      await pass(15)
      assert.deepEqual(events(), [], 'not due yet')
      await pass(10)
      assert.deepEqual(events(), ['silent'])
      const { payload } = flow!.messages[0]!
      const { label: _label, timestamp, data, ...rest } = payload
      assert.deepEqual(rest, { vendor, device, sensor, event: 'silent', lastSeen: last, interval: 600 })
      assert.equal((data as { limit: number }).limit, 1800)
      assert.ok(timestamp <= now() && timestamp >= now() - 10 * MINUTE)
      await pass(20)
      assert.deepEqual(events(), ['silent'])
      assert.equal(flow!.statuses.at(-1)?.text?.split(' ')[0], 'status.sensors')
      await send(vendor, 20)
      assert.deepEqual(events(), ['silent', 'back'])
      assert.equal(flow!.messages[1]?.payload.lastSeen, Math.floor(now() / 1000) * 1000 - 20 * MINUTE)
      // A poll every five minutes, and none beside.
      assert.ok(answered(path) <= 22, `${answered(path)} requests`)
      assert.deepEqual(flow!.caught, [])
    })

  it('is no alarm of an outage, of a spent quota or of a restart, and is reported a few times only', async () => {
    const { still } = sensorOf('senquip')
    still(simulator)
    const kept = new Map<string, string>()
    await start('senquip', { kept })
    await send('senquip', 30)
    for (const status of [503, 429]) {
      simulator.faults.always({ status, headers: { 'retry-after': '0' } })
      await pass(60)
      simulator.faults.clear()
      await send('senquip', 40)
    }
    assert.deepEqual(events(), [])
    // Two outages of 12 polls each.
    assert.ok(flow!.caught.length >= 2 && flow!.caught.length <= 8, `${flow!.caught.length} errors`)
    begin = now() + 10 * 60 * MINUTE
    await flow!.end()
    flow = undefined
    await start('senquip', { kept })
    await send('senquip', 40)
    assert.deepEqual(events(), [])
    await pass(40)
    assert.deepEqual(events(), ['silent'])
  })

  it('goes on after a deploy, and tells nothing twice', async () => {
    const { still } = sensorOf('thingsee')
    still(simulator)
    await start('thingsee')
    await send('thingsee', 60)
    await pass(20)
    await flow!.redeploy({ name: 'deployed' })
    await pass(15, 1)
    assert.deepEqual(events(), ['silent'])
    await flow!.redeploy({ name: 'once more' })
    await pass(60)
    assert.deepEqual(events(), ['silent'])
    await send('thingsee', 10)
    assert.deepEqual(events(), ['silent', 'back'])
  })

  it('writes its state before the store of the account closes with a deploy', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sensor-clouds-watch-'))
    try {
      sensorOf('thingsee').still(simulator)
      await start('thingsee', { folder })
      await send('thingsee', 60)
      await pass(20)
      const before = now()
      await flow!.redeploy({ name: 'deployed' })
      assert.equal(flow!.statuses.at(-1)?.text?.split(' ')[0], 'status.sensors')
      await flow!.end()
      const lease = stores.lease({ folder: join(folder, 'sensor-clouds') }, { onDamage: () => undefined, onOutage: () => undefined, onRecovery: () => undefined })
      const { epoch } = JSON.parse((await (await lease.open()).get('events:listener')) ?? '{}') as { epoch?: number }
      await lease.release()
      assert.equal(epoch, before)
    } finally {
      await flow?.end()
      await rm(folder, { recursive: true, force: true })
    }
  })

  it('watches batteries', async () => {
    const { things } = simulator.state.thingsee
    await start('thingsee', { node: { source: 'battery', batteryBelow: '30', interval: '300' } })
    await pass(30)
    assert.deepEqual(events(), [])
    const thing = things.get('TSPD04SIM00000001')!
    for (const level of [29, 31, 28, 34]) {
      thing.batteryLevel = level
      // A thing sends every 15 minutes.
      await pass(20)
    }
    assert.deepEqual(events(), ['low'])
    const { device, event, data } = flow!.messages[0]!.payload
    assert.deepEqual([device, event, (data as { value: number }).value], ['TSPD04SIM00000001', 'low', 29])
    thing.batteryLevel = 36
    await pass(25)
    assert.deepEqual(events(), ['low', 'recovered'])
    assert.deepEqual(flow!.caught, [])
  })

  it('tells of devices that no node reads, only if wanted', async () => {
    await start('senquip', { node: { source: 'devices', devices: '' } })
    await pass(180)
    assert.deepEqual(events(), [])
    assert.equal(answered(/^\/devices$/) >= 3, true)
    await flow!.redeploy({ reportUnread: true })
    await pass(120)
    assert.deepEqual(new Set(events()), new Set(['unread']))
    assert.equal(events().length, simulator.state.senquip.devices.size)
    await pass(120)
    assert.equal(events().length, simulator.state.senquip.devices.size)
  })
})

/** The examples that give readings to databases, Home Assistant and a map: what arrives there, again and again. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import helper from 'node-red-node-test-helper'
import sinon from 'sinon'
import { QUANTITIES } from '../../src/lib/vocabulary/reading'
import { startSimulator, type Simulator } from '../simulator'
import { pause, until } from '../until'
import { startBroker, type Broker } from './broker'
import { type FlowNode, load, noteErrors, ofType, read } from './flows'
import { assertClass, assertState, discoveryOf, isDiscovery, type Discovery } from './home-assistant'
import { clearRecorded, recorded, type TakenRow } from './recorders'

describe('examples with readings for others', () => {
  let simulator: Simulator
  let broker: Broker
  let folder: string
  let flow: FlowNode[]
  let errors: string[]

  beforeEach(async () => {
    // Without a max-age each look asks the cloud, as it does minutes later.
    simulator = await startSimulator({ maxAge: 0 })
    broker = await startBroker()
    folder = mkdtempSync(join(tmpdir(), 'consumers-'))
    errors = []
    clearRecorded()
  })

  afterEach(async () => {
    await helper.unload()
    await broker.close()
    await simulator.close()
    rmSync(folder, { recursive: true })
    assert.deepEqual(errors, [])
  })

  const named = (name: string): ReturnType<typeof helper.getNode> => {
    const found = flow.find((node) => node['name'] === name)
    assert.ok(found, `no node ${name}`)
    return helper.getNode(found.id)
  }

  async function start(file: string): Promise<void> {
    flow = await load(file, { simulator, folder, notifications: '', broker: broker.port })
    noteErrors(flow, errors)
  }

  /** A restart that has lost what the nodes know of the time before, so that they read everything again. */
  async function forget(): Promise<void> {
    await helper.unload()
    rmSync(folder, { recursive: true })
    folder = mkdtempSync(join(tmpdir(), 'consumers-'))
  }

  function press(): void {
    helper.getNode(ofType(flow, 'inject')[0]!.id).receive({})
  }

  const answered = (path: string): number => simulator.requests.filter((request) => request.path.includes(path) && request.status === 200).length

  async function pressAgain(path: string): Promise<void> {
    const before = answered(path)
    press()
    await until(() => answered(path) > before, 'it has not looked')
    await pause(300)
  }

  describe('InfluxDB', () => {
    const FILE = 'InfluxDB - store readings.json'
    const points = (): string[] => recorded.points.map(({ measurement, tags, timestamp }) => JSON.stringify([measurement, tags['device'], tags['sensor'], tags['channel'], tags['series'], timestamp]))

    it('has each point once', async () => {
      await start(FILE)
      press()
      await until(() => points().length > 0, 'no points')
      await pressAgain('/measurements')
      assert.equal(new Set(points()).size, points().length)
      assert.deepEqual([...new Set(recorded.points.map(({ measurement }) => measurement))].sort(), ['humidity', 'temperature'])
      assert.deepEqual([...new Set(recorded.points.map(({ tags }) => tags['unit']))].sort(), ['%', '°C'])
    })

    it('has all points after an outage, however long', async () => {
      recorded.outages = 25
      await start(FILE)
      press()
      await until(() => points().length > 0, 'no points')
      assert.equal(new Set(points()).size, points().length)
      assert.deepEqual(new Set(errors.splice(0)), new Set(['Error: connect ECONNREFUSED']))
    })

    it('does not send to InfluxDB what the cloud rejected', async () => {
      await start(FILE)
      simulator.faults.next({ match: { vendor: 'sensorist' }, status: 403 })
      press()
      await until(() => errors.length > 0, 'no error')
      await pause(100)
      assert.deepEqual([errors.splice(0).length, recorded.points.length], [1, 0])
    })
  })

  describe('SQLite', () => {
    // The simulated sensors measure nothing meanwhile.
    beforeEach(() => void sinon.useFakeTimers({ now: Date.now(), toFake: ['Date'] }))
    afterEach(() => sinon.restore())

    it('has each reading once, also when it is read again', async () => {
      await start('SQLite - store readings.json')
      press()
      await until(() => recorded.inserts > 50, 'nothing is stored')
      await pause(300)
      const first = new Map(recorded.rows)
      const { inserts } = recorded
      assert.equal(first.size, inserts, 'the cloud sends none twice')
      await forget()
      await start('SQLite - store readings.json')
      press()
      await until(() => recorded.inserts === 2 * inserts, 'not stored again')
      assert.deepEqual(recorded.rows, first)
    })
  })

  describe('Home Assistant', () => {
    const FILE = 'Home Assistant - sensors over MQTT.json'
    const discoveries = (): Discovery[] => broker.published.filter(isDiscovery).map(discoveryOf)
    const states = (): Map<string, string> => new Map([...broker.retained].filter(([topic]) => topic !== 'sensor-clouds/status' && topic.startsWith('sensor-clouds/')))
    const ids = (): string[] => discoveries().map(({ unique_id: id }) => id).sort()
    const online = (): boolean => broker.retained.get('sensor-clouds/status') === 'online'

    const row = (more: Partial<TakenRow>): TakenRow => ({
      vendor: 'any', device: 'D1', sensor: null, label: 'Hall', quantity: 'temperature', channel: 'temp', series: null, value: 1, text: null, unit: '°C', timestamp: 2, time: '', ...more,
    })
    const give = (...payload: TakenRow[]): void => named('newest last').receive({ payload })

    async function begin(): Promise<void> {
      await start(FILE)
      await until(online, 'not connected')
    }

    function assertAll(): void {
      const sensors = new Map(discoveries().map((sensor) => [sensor.state_topic, sensor]))
      const published = broker.published.filter(({ topic }) => states().has(topic))
      assert.deepEqual([...sensors.keys()].sort(), [...states().keys()].sort(), 'a state for each sensor')
      for (const message of published) assertState(message, sensors.get(message.topic)!)
    }

    it('finds each sensor with its name, unit and class', async () => {
      await begin()
      press()
      await until(() => states().size > 20, 'no states')
      await pause(300)
      assertAll()
      const temperature = discoveries().find(({ unique_id: id }) => id.startsWith('sensorist--7325--57951--temp'))
      assert.deepEqual([temperature?.device_class, temperature?.unit_of_measurement, temperature?.state_class], ['temperature', '°C', 'measurement'])
      const address = discoveries().find(({ name }) => name === 'wifi_ip')
      assert.deepEqual([address?.device_class, address?.state_class], [undefined, undefined])
    })

    it('keeps the ids over a restart, and is told of each sensor once', async () => {
      await begin()
      press()
      await until(() => states().size > 20, 'no states')
      await pause(300)
      const first = ids()
      const looks = answered('/data')
      assert.equal(new Set(first).size, first.length, 'none twice')
      await pressAgain('/data')
      assert.ok(answered('/data') > looks)
      assert.deepEqual(new Set(ids()), new Set(first))

      await helper.unload()
      await until(() => !online(), 'still online')
      broker.published.splice(0)
      await forget()
      await begin()
      press()
      await until(() => ids().length >= first.length, 'no sensors')
      assert.deepEqual(ids(), first)
    })

    it('is told again when a label changes, or the broker has lost everything', async () => {
      await begin()
      give(row({ value: 1 }))
      give(row({ value: 2 }))
      await until(() => states().get('sensor-clouds/any/D1/temp') === '2' && discoveries().length > 0, 'no state')
      assert.deepEqual(discoveries().map(({ device }) => device.name), ['Hall'])
      give(row({ label: 'Corridor' }))
      await until(() => discoveries().length > 1, 'no new name')
      assert.deepEqual(ids(), ['any--D1--temp', 'any--D1--temp'])

      broker.crash()
      await until(() => online() && !broker.retained.has('homeassistant/sensor/any--D1--temp/config'), 'not connected again')
      await pause(300)
      give(row({ label: 'Corridor', value: 3 }))
      await until(() => discoveries().length > 2, 'not told again')
    }).timeout(60_000)

    it('has an id and a topic for any name, and never one for two sensors', async () => {
      await begin()
      const names = ['a.b', 'a_b', 'a-b', 'a-2e-b', 'a/b', 'a+b', 'a#b', 'ä b', 'a--b', '😀']
      give(...names.map((channel) => row({ channel })), row({ sensor: 'temp' }), row({ device: 'D1--S' }), row({ device: 'D1', sensor: 'S' }), row({ label: null, sensor: 'X' }))
      await until(() => discoveries().length === names.length + 4, () => `${discoveries().length} sensors`)
      assert.equal(new Set(ids()).size, names.length + 4)
      await until(() => states().size === names.length + 4, 'no states')
      assertAll()
      assert.ok(discoveries().some(({ device }) => device.name === 'D1, X'))
    })

    it('has the newest value, cuts long texts, and gets nothing for a failed measurement', async () => {
      await begin()
      give(row({ value: 5, timestamp: 9 }), row({ value: 4, timestamp: 8 }), row({ channel: 'failed', value: null }), row({ channel: 'log', quantity: 'log', value: null, text: 'x'.repeat(999), unit: null }), row({ channel: 'zero', value: 0 }))
      await until(() => states().size === 3 && discoveries().length === 3, 'no states')
      assertAll()
      assert.deepEqual([...states()].sort().map(([topic, state]) => [topic.split('/').at(-1), state.length > 9 ? state.length : state]), [['log', 255], ['temp', '5'], ['zero', '0']])
    })

    it('has a class for each quantity of which there is one', () => {
      const { rules } = read(FILE).find(({ name }) => name === 'discovery') as unknown as { rules: { p: string; to: string }[] }
      const classes = JSON.parse(rules.find(({ p }) => p === 'classes')!.to) as Record<string, string>
      for (const [measure, deviceClass] of Object.entries(classes)) assertClass(deviceClass, measure.split(' ')[1])
      const without = Object.entries(QUANTITIES).filter(([quantity, unit]) => !(`${quantity} ${String(unit)}` in classes)).map(([quantity]) => quantity)
      // Home Assistant's signal strength is in dB, and its angle is that of the wind.
      assert.deepEqual(without, ['acceleration', 'angle', 'pitch', 'roll', 'latitude', 'longitude', 'occupancy', 'movement', 'people-in', 'people-out', 'signal'])
      assert.equal(Object.keys(classes).length, Object.keys(QUANTITIES).length - without.length + 1, 'and °F')
    })
  })

  describe('the map', () => {
    const FILE = 'Map - devices with a position.json'
    beforeEach(() => Object.assign(simulator.state.senquip.devices.get('JDA54E19F')!, { name: 'Pump <1>', model: 'orb' }))

    const newest = (name: string) => recorded.markers.findLast((marker) => marker.name === name)

    it('shows label and last values of each device with a position', async () => {
      await start(FILE)
      press()
      // The names are read after the first values.
      await until(() => answered('/things') > 2 && recorded.markers.length > 2, 'not read')
      await pressAgain('/messages')
      await until(() => newest('senquip JDA54E19F')?.label === 'Pump &lt;1>', 'no label')
      const [machine, thing] = [newest('senquip JDA54E19F')!, newest('thingsee TSPD04SIM00000001')!]
      assert.match(machine.popup, /^Pump &lt;1>\n[^]*<td>vsys<\/td><td>[\d.]+ V<\/td>/)
      assert.deepEqual([machine.layer, Math.round(machine.lat), thing.layer, thing.lat, thing.lon], ['senquip', -33, 'thingsee', 65.01, 25.52])
      assert.match(thing.label, /^Office, second floor/)
      await until(() => /<td>airp<\/td><td>[\d.]+ hPa<\/td>/.test(newest('thingsee TSPD04SIM00000001')!.popup), 'its values come beside its position')
      assert.match(newest('thingsee TSPD04SIM00000001')!.popup, /<td>battery_level<\/td><td>86 %<\/td>/)
    })

    it('has no marker for a device without a position', async () => {
      simulator.state.thingsee.things.get('TSPD04SIM00000001')!.location = null
      await start(FILE)
      press()
      await until(() => newest('senquip JDA54E19F') !== undefined && answered('/things') > 0, 'no marker')
      await pause(300)
      assert.equal(newest('thingsee TSPD04SIM00000001'), undefined)
    })
  })
})

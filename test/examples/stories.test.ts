/** The examples that run for years: what they do again and again, and after a restart. */
import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import helper from 'node-red-node-test-helper'
import sinon from 'sinon'
import type { FlowMessage } from '../nodes/harness'
import { startSimulator, type Simulator } from '../simulator'
import { pause, until } from '../until'
import { type FlowNode, load, noteErrors, ofType } from './flows'
import { takeNotifications, type Notifications } from './notifications'

const requireFrom = createRequire(__filename)
const widgets = requireFrom('@flowfuse/node-red-dashboard/nodes/store/data.js') as { get(id: string): FlowMessage | FlowMessage[] | undefined }

const MINUTE = 60_000

describe('stories', function () {
  this.timeout(60_000)
  let simulator: Simulator
  let notifications: Notifications
  let folder: string
  let flow: FlowNode[]
  let errors: string[]

  beforeEach(async () => {
    // Without a max-age each look asks the cloud, as it does minutes later.
    simulator = await startSimulator({ maxAge: 0 })
    notifications = await takeNotifications()
    folder = mkdtempSync(join(tmpdir(), 'stories-'))
    errors = []
  })

  afterEach(async () => {
    await helper.unload()
    await notifications.close()
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
    flow = await load(file, { simulator, folder, notifications: notifications.url })
    noteErrors(flow, errors)
  }

  async function restart(file: string): Promise<void> {
    await helper.unload()
    await start(file)
  }

  function press(): void {
    helper.getNode(ofType(flow, 'inject')[0]!.id).receive({})
  }

  const texts = (): string[] => notifications.taken.map(({ text }) => text)

  describe('Thingsee alerts', () => {
    const FILE = 'Thingsee - alerts to a notification.json'
    const THING = 'TSPD04SIM00000001'

    it('are told once each, several as one text, also over a restart', async () => {
      const { things } = simulator.state.thingsee
      for (const thing of things.values()) thing.alerts = []
      things.get(THING)?.alerts.push({ type: 'heartbeat missed', from: Date.now() - 5 * MINUTE, to: null })
      things.get('TSPR04SIM00000002')?.alerts.push({ type: 'low battery', from: Date.now() - 6 * MINUTE, to: null }, { type: 'heartbeat missed', from: Date.now() - 9 * MINUTE, to: Date.now() })
      await start(FILE)
      press()
      await until(() => texts().length > 0, 'no notification')
      assert.equal(notifications.taken[0]?.title, 'Thingsee alerts')
      const lines = texts()[0]!.split('\n').sort()
      assert.equal(lines.length, 2, 'an alert that is over is not told')
      assert.match(lines[0]!, /^TSPD04SIM00000001: heartbeat missed, since \d+ \w{3} \d\d:\d\d$/)
      assert.match(lines[1]!, /^TSPR04SIM00000002: low battery, since /)

      const asked = (): number => simulator.requests.filter(({ path }) => path.endsWith(`${THING}/alerts`)).length
      await restart(FILE)
      const before = asked()
      press()
      await until(() => asked() > before, 'it has not looked')
      await pause(1000)
      assert.equal(texts().length, 1, 'nothing is new')

      things.get(THING)?.alerts.push({ type: 'low battery', from: Date.now(), to: null })
      press()
      await until(() => texts().length > 1, 'no second notification')
      assert.match(texts()[1]!, /^TSPD04SIM00000001: low battery, since [^\n]*$/)
    })
  })

  describe('the nightly export', () => {
    const FILE = 'Sensorist - nightly export to CSV.json'

    // The day, of which the file has its name, does not end meanwhile.
    beforeEach(() => void sinon.useFakeTimers({ now: Date.now(), toFake: ['Date'] }))
    afterEach(() => sinon.restore())

    const file = (): string => {
      const names = readdirSync(join(folder, 'exports'))
      assert.equal(names.length, 1, names.join())
      assert.match(names[0]!, /^sensorist-\d{4}-\d\d-\d\d\.csv$/)
      return readFileSync(join(folder, 'exports', names[0]!), 'utf8')
    }
    /** Waits until the file has that many lines, and sees that there are no more. */
    const lines = async (count: number): Promise<string[]> => {
      const begun = (): boolean => existsSync(join(folder, 'exports')) && readdirSync(join(folder, 'exports')).length > 0
      const now = (): string[] => (begun() ? file().split('\r\n') : [])
      await until(() => now().length > count, () => `the file has ${now().length - 1} lines, not ${count}`)
      await pause(300)
      return file().split('\r\n').slice(0, -1)
    }
    const measure = (count: number): void => {
      const { measurements, silent } = simulator.state.sensorist
      for (const id of [220200, 220201]) {
        const known = silent.has(id) ? (measurements.get(id) ?? []) : []
        for (let index = known.length; index < count; index += 1) known.push({ at: Date.now() - 3_600_000 + index * 1000, value: id === 220200 ? index : -index, type: 1, seq: index + 1 })
        measurements.set(id, known)
        silent.add(id)
      }
    }

    it('holds each measurement once, below one line of names', async () => {
      simulator.state.sensorist.choices.rawPage = 10
      measure(25)
      await start(FILE)
      press()
      const first = await lines(51)
      assert.equal(first[0], 'time,gateway,sensor,quantity,value,unit')
      assert.match(first[1]!, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,Cellar,Rack left,temperature,0,°C$/)
      measure(40)
      press()
      const second = await lines(81)
      assert.equal(second.length, 81, 'each measurement and the names')
      assert.equal(second.filter((line) => line.startsWith('time')).length, 1)
      assert.equal(new Set(second).size, 81, 'none twice')
    })

    it('goes on after a restart', async () => {
      measure(5)
      await start(FILE)
      press()
      await lines(11)
      measure(7)
      await restart(FILE)
      press()
      const all = (await lines(16)).filter((line) => !line.startsWith('time'))
      assert.deepEqual([all.length, new Set(all).size], [14, 14])
    })

    it('begins a new file with the names', async () => {
      measure(2)
      await start(FILE)
      press()
      await lines(5)
      rmSync(join(folder, 'exports'), { recursive: true })
      ;(named('file of the day').context().flow as { set(name: string, value: string): void }).set('file', 'that of yesterday')
      measure(3)
      press()
      assert.match((await lines(3))[0]!, /^time,/)
    })
  })

  describe('the chart of a day', () => {
    it('has a line for each place, and each point once', async () => {
      await start('Sensorist - chart of a day.json')
      const points = (): { x: number; category: string }[] =>
        ((widgets.get(named('temperature').id) ?? []) as { _datapoint: { x: number; category: string } }[]).map(({ _datapoint }) => _datapoint)
      // A step without a measurement has no point.
      const isFull = (): boolean => points().length > 150
      press()
      await until(isFull, () => `${points().length} points`)
      await pause(300)
      assert.deepEqual([...new Set(points().map(({ category }) => category))], ['Cellar, Rack left, temp', 'Cellar, Rack right, temp'])
      // The chart may be empty for less than a poll.
      let emptied = 0
      named('temperature').on('input', ({ payload }) => void (emptied += Array.isArray(payload) && payload.length === 0 ? 1 : 0))
      press()
      await until(() => emptied > 0, 'the chart is not emptied')
      await until(isFull, () => `${points().length} points again`)
      await pause(300)
      assert.equal(new Set(points().map(({ x, category }) => `${x} ${category}`)).size, points().length)
    })
  })

  describe('the dashboard', () => {
    /** What a widget shows, as a page that is opened now gets it. */
    const shown = (name: string): FlowMessage | FlowMessage[] | undefined => widgets.get(named(name).id)
    const points = (): { x: number; y: number }[] =>
      ((shown('temperature') ?? []) as { _datapoint: { x: number; y: number } }[]).map(({ _datapoint }) => _datapoint)

    it('has the last day at once, and each point once', async () => {
      await start('Senquip - dashboard.json')
      press()
      await until(() => points().length > 0 && shown('supply voltage') !== undefined, 'nothing is shown')
      const day = points()
      assert.ok(day.length > 80, `${day.length} points`)
      assert.ok(day.at(-1)!.x - day[0]!.x > 23 * 60 * MINUTE, 'a day')
      assert.equal((shown('cold room') as FlowMessage).payload, day.at(-1)!.y, 'the newest')
      assert.match(String((shown('supply voltage') as FlowMessage).payload), /^\d+\.\d+ V$/)
      press()
      // Beside them the list of devices is read once, for names.
      const looks = (): number => simulator.requests.filter(({ path }) => path.endsWith('/data')).length
      await until(() => looks() === 2, 'it has not looked')
      await pause(300)
      assert.equal(new Set(points().map(({ x }) => x)).size, points().length)
      assert.equal(looks(), 2, 'one request for each look')
    })
  })

  describe('MQTT and PLC', () => {
    const FILE = 'SensoCAN - readings from MQTT or a PLC.json'
    const stored = (): [string, number][] => {
      const sensors = [...simulator.state.sensocan.devices.values()].flatMap((device) => device.sensors)
      return simulator.state.sensocan.readings.map(({ sensorUuid, value }) => [sensors.find(({ uuid }) => uuid === sensorUuid)?.slug ?? '', value])
    }

    it('takes topics and values of MQTT', async () => {
      await start(FILE)
      const broker = helper.getNode(ofType(flow, 'mqtt in')[0]!.id)
      broker.send({ topic: 'plant/temp_01', payload: '21.5' })
      broker.send({ topic: 'plant/humidity_sensor', payload: '48' })
      await until(() => stored().length === 2, 'not stored')
      assert.deepEqual(stored().sort(), [['humidity_sensor', 48], ['temp_01', 21.5]])
      assert.ok(simulator.state.sensocan.readings.every(({ timestampGiven }) => timestampGiven))
    })

    it('says so when a topic carries no number, and goes on', async () => {
      await start(FILE)
      const broker = helper.getNode(ofType(flow, 'mqtt in')[0]!.id)
      broker.send({ topic: 'plant/temp_01', payload: 'offline' })
      await until(() => errors.length > 0, 'no error')
      assert.equal(errors.splice(0).length, 1)
      broker.send({ topic: 'plant/temp_01', payload: '-3' })
      await until(() => stored().length > 0, 'not stored')
      assert.deepEqual(stored(), [['temp_01', -3]])
    })

    it('scales the registers of a PLC', async () => {
      await start(FILE)
      press()
      await until(() => stored().length === 2, 'not stored')
      assert.deepEqual(stored().sort(), [['humidity_sensor', 48.3], ['temp_01', -18.5]])
    })
  })

  describe('the daily message', () => {
    it('has the lowest and the highest of each channel', async () => {
      await start('Senquip API v1 - daily message.json')
      press()
      await until(() => texts().length > 0, 'no message')
      const [head, ...rows] = texts()[0]!.split('\n')
      assert.equal(head, 'Machine 4, last 24 hours:')
      assert.ok(rows.length >= 2, texts()[0])
      for (const row of rows) assert.match(row, /^\w+: -?[\d.]+ to -?[\d.]+ (°C|V)$/)
      const ambient = rows.find((row) => row.startsWith('ambient'))!.match(/-?[\d.]+/g)!.map(Number)
      assert.ok(ambient[0]! < ambient[1]!, 'of a day, not of one datapoint')
    })
  })
})

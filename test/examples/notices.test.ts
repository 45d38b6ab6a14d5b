/** The examples that send notifications of changes: what they say, once each, and what ends it. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import helper from 'node-red-node-test-helper'
import { startSimulator, type Simulator } from '../simulator'
import { pause, until } from '../until'
import { actionsOf, debugsOf, load, ofType, type FlowNode } from './flows'
import { takeNotifications, type Notifications } from './notifications'
import { measure } from './outcomes'

const MINUTE = 60_000

describe('notices', function () {
  this.timeout(60_000)
  let simulator: Simulator
  let notifications: Notifications
  let folder: string
  let flow: FlowNode[]
  let errors: number

  beforeEach(async () => {
    // Without a max-age each look asks the cloud, as it does minutes later.
    simulator = await startSimulator({ maxAge: 0 })
    notifications = await takeNotifications()
    folder = mkdtempSync(join(tmpdir(), 'notices-'))
    errors = 0
  })

  afterEach(async () => {
    await helper.unload()
    await notifications.close()
    await simulator.close()
    rmSync(folder, { recursive: true })
    assert.equal(errors, 0)
  })

  async function start(file: string): Promise<void> {
    flow = await load(file, { simulator, folder, notifications: notifications.url })
    for (const { id } of debugsOf(flow).errors) helper.getNode(id).on('input', () => (errors += 1))
  }

  /** Presses the button, and gives the lines of the notifications once each get data node has sent what it has read. */
  async function look(): Promise<string[]> {
    const before = notifications.taken.length
    let sent = 0
    const [watched] = ofType(flow, 'function')
    const expected = watched ? actionsOf(flow).length : 0
    const count = (): void => void (sent += 1)
    if (watched) helper.getNode(watched.id).on('input', count)
    helper.getNode(ofType(flow, 'inject')[0]!.id).receive({})
    await until(() => sent >= expected && (expected > 0 || notifications.taken.length > before), 'nothing was read')
    if (watched) helper.getNode(watched.id).removeListener('input', count)
    await pause(200)
    return notifications.taken.slice(before).flatMap(({ text }) => text.split('\n'))
  }

  /** What a user enters in the change node. */
  function setLimit(value: unknown): void {
    const node = helper.getNode(ofType(flow, 'change')[0]!.id) as ReturnType<typeof helper.getNode> & { rules: { to: unknown }[] }
    node.rules[0]!.to = value
  }

  const clock = (at: number): string => new Date(at).toTimeString().slice(0, 5)

  it('of alarms name the place and the limit, with the last event of each', async () => {
    const { alarms, alarmLogs } = simulator.state.sensorist
    const at = Date.now() - 5 * MINUTE
    const owner = simulator.state.sensorist.users[0]!.id
    alarms.set(5, { id: 5, owner, dataSource: 220208, value: 8, direction: 'above', delay: 0, state: 'triggered' })
    alarmLogs.splice(0, Infinity,
      { id: 1, alarm: 5, state: 'triggered', value: 9.5, at: at - MINUTE }, { id: 2, alarm: 5, state: 'normal', value: 7, at: at - 1000 },
      { id: 3, alarm: 5, state: 'triggered', value: 22.98, at }, { id: 4, alarm: 99, state: 'triggered', value: 1, at })
    await start('Sensorist - alarm to a notification.json')
    assert.deepEqual(await look(), [`Kitchen, Fridge: 22.98 °C, above 8 °C, since ${clock(at)}`, `Alarm 99: 1, triggered, since ${clock(at)}`])
    const end = Date.now()
    alarmLogs.push({ id: 6, alarm: 5, state: 'normal', value: 7, at: end })
    assert.deepEqual(await look(), [`Kitchen, Fridge: 7 °C, normal, since ${clock(end)}`])
  })

  it('of silent sensors come once, and again when they are back', async () => {
    const measureBoth = (minutesAgo: number): void => [220200, 220202].forEach((id) => measure(simulator, id, 3, minutesAgo))
    measureBoth(59)
    await start('Any cloud - sensor silent for an hour.json')
    assert.deepEqual(await look(), [])
    measureBoth(61)
    const [line, ...more] = await look()
    assert.match(line!, /^Cellar, Rack left: silent since \w{3} \d\d \d{4} \d\d:\d\d$/)
    assert.deepEqual(more, [])
    assert.deepEqual(await look(), [])
    measureBoth(1)
    assert.deepEqual(await look(), ['Cellar, Rack left: back again'])
    assert.deepEqual(await look(), [])
  })

  it('of silent sensors and low batteries come from every cloud', async () => {
    await start('Any cloud - sensor silent for an hour.json')
    setLimit(0)
    // A cloud's first readings may have ids in place of labels.
    assert.equal((await look()).length, 4)
    await helper.unload()
    await start('Any cloud - low battery.json')
    setLimit(JSON.stringify({ battery_level: { low: 101, good: 102 }, batt: { low: 9, good: 10 }, vin: { low: 99, good: 100 } }))
    const units = (await look()).map((line) => / (V|%), below \d+ \1$/.exec(line)?.[1])
    assert.deepEqual(units.sort(), ['%', 'V', 'V', 'V', 'V'])
  })

  it('of low batteries come once for %, and for V', async () => {
    measure(simulator, 220202, 2.41, 5)
    measure(simulator, 220206, 2.5, 5)
    await start('Any cloud - low battery.json')
    assert.deepEqual(await look(), ['Cellar, Rack left: battery 2.41 V, below 2.5 V'])
    measure(simulator, 220202, 2.55, 4)
    measure(simulator, 220206, 2.49, 4)
    assert.deepEqual(await look(), ['Cellar, Rack right: battery 2.49 V, below 2.5 V'])
    measure(simulator, 220202, 2.45, 3)
    assert.deepEqual(await look(), [], 'it was not good in between')
    measure(simulator, 220202, 2.6, 2)
    assert.deepEqual(await look(), [])
    measure(simulator, 220202, 2.4, 1)
    assert.deepEqual(await look(), ['Cellar, Rack left: battery 2.4 V, below 2.5 V'])
  })

  it('of the cold chain come after the delay, with an all-clear', async () => {
    measure(simulator, 220212, -18, 5)
    measure(simulator, 220208, 9.4, 29)
    await start('Cold chain - alarm with delay and all-clear.json')
    assert.deepEqual(await look(), [])
    measure(simulator, 220208, 5, 28)
    assert.deepEqual(await look(), [], 'it was short')
    measure(simulator, 220208, 9, 31)
    const since = clock(Date.now() - 31 * MINUTE)
    assert.deepEqual(await look(), [`Kitchen, Fridge: temperature 9 °C, above 8 °C since ${since}`])
    measure(simulator, 220208, 10, 5)
    assert.deepEqual(await look(), [])
    measure(simulator, 220208, 8, 1)
    assert.deepEqual(await look(), [`Kitchen, Fridge: temperature 8 °C, not above 8 °C since ${clock(Date.now() - MINUTE)}`])
    assert.deepEqual(await look(), [])
  })
})

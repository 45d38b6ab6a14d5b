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

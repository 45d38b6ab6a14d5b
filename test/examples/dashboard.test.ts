/** The notices of the example "Dashboard - all clouds": what, where, how much, and once for each place. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import helper from 'node-red-node-test-helper'
import { STYLE_SHEET } from '../../demo/flows/widgets'
import type { FlowMessage } from '../nodes/harness'
import { startSimulator, type Simulator } from '../simulator'
import { until } from '../until'
import { load, ofType, read, type FlowNode } from './flows'

const FILE = 'Dashboard - all clouds.json'

describe('dashboard of all clouds', () => {
  let simulator: Simulator
  let folder: string
  let flow: FlowNode[]
  let notices: unknown[]

  beforeEach(async () => {
    simulator = await startSimulator()
    folder = mkdtempSync(`${tmpdir()}/dashboard-`)
    flow = await load(FILE, { simulator, folder, notifications: '' })
    notices = []
    helper.getNode(named('too warm')).on('input', (message) => void notices.push((message as FlowMessage).payload))
  })

  afterEach(async () => {
    await helper.unload()
    await simulator.close()
    rmSync(folder, { recursive: true })
  })

  const named = (name: string): string => flow.find((node) => node['name'] === name)!.id

  function measure(topic: string, payload: number, unit = '°C'): void {
    helper.getNode(named('temperature?')).receive({ topic, payload, timestamp: Date.now(), reading: { vendor: 'sensorist', unit } })
  }

  it('tells once that a place is too warm, and again after it was cool', async () => {
    measure('Kitchen, Fridge, temp', 9.4)
    measure('Kitchen, Fridge, temp', 9.9)
    measure('Cellar, Rack left, temp', 8.1)
    measure('Cellar, Rack left, humi', 44, '%')
    measure('Kitchen, Fridge, temp', 7.5)
    measure('Kitchen, Fridge, temp', 8.6)
    measure('Kitchen, Fridge, temp', 6.8)
    measure('Kitchen, Fridge, temp', 8.2)
    await until(() => notices.length === 3, 'three notices')
    assert.deepEqual(notices, ['Kitchen, Fridge, temp: 9.4 °C, above 8 °C', 'Cellar, Rack left, temp: 8.1 °C, above 8 °C', 'Kitchen, Fridge, temp: 8.2 °C, above 8 °C'])
  })

  it('has the style of the demo, and no function node', () => {
    assert.deepEqual(ofType(read(FILE), 'ui-template').map(({ format }) => format), [STYLE_SHEET])
    assert.deepEqual(ofType(flow, 'function'), [])
  })
})

import assert from 'node:assert/strict'
import helper from 'node-red-node-test-helper'
import type { Reading } from '../../src/lib/reading'
import { startSimulator, type Simulator } from '../simulator'
import { load, unload } from './harness'

helper.init(require.resolve('node-red'))

describe('get data from Sensorist', () => {
  let simulator: Simulator
  beforeEach(async () => (simulator = await startSimulator()))
  afterEach(async () => {
    await unload()
    await simulator.close()
  })
  const on = (operation: string, params: Record<string, unknown> = {}, node: Record<string, unknown> = {}) =>
    load({ simulator, vendor: 'sensorist', operation, params, node })

  it('merges the latest measurements of two gateways, with names and units', async () => {
    const flow = await on('measurements-latest', { dataSources: '220200,220201,220202,220208' })
    const { out, caught, completed } = await flow.run()
    assert.deepEqual(caught.map((message) => message.error), [])
    const readings = out[0]?.payload as Reading[]
    console.log(JSON.stringify(readings[0]), out[0]?.response, flow.statuses)
    assert.deepEqual(readings.map(({ quantity, unit }) => [quantity, unit]), [
      ['temperature', '°C'], ['humidity', '%'], ['voltage', 'V'], ['temperature', '°C'],
    ])
    assert.equal(completed, 1)
    assert.deepEqual(simulator.requests.map(({ path, query }) => [path, query.data_sources]), [
      ['/gateways', undefined], ['/measurements', '220200,220201,220202'], ['/measurements', '220208'],
    ])
  })
})

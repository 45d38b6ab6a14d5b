/** What a vendor posts as a form, also one that is made to keep Node-RED busy. */
import assert from 'node:assert/strict'
import helper from 'node-red-node-test-helper'
import { startSimulator, type Simulator } from '../simulator'
import { until } from '../until'
import { listen, type EventFlow } from './events-harness'

helper.init(require.resolve('node-red'))

const PATH = '/sensor-clouds/events/0123456789abcdefghijklmn'

describe('a posted form', () => {
  let simulator: Simulator
  let flow: EventFlow
  beforeEach(async () => {
    simulator = await startSimulator()
    flow = await listen({ simulator, vendor: 'sensorist', node: { path: PATH } })
    await until(() => flow.statuses.some(({ fill }) => fill === 'green'), 'the node listens')
  })
  afterEach(async () => {
    await flow.end()
    await simulator.close()
  })

  const post = async (body: string): Promise<number> => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded', connection: 'close' }
    return (await fetch(`${flow.origin}${PATH}`, { method: 'POST', headers, body })).status
  }
  const fields = (count: number): string => Array.from({ length: count }, (_none, index) => `n${index}=${index}`).join('&')

  it('gives a list for a field that comes several times', async () => {
    assert.equal(await post(`type=4&list=1&list=2&${fields(900)}`), 200)
    await until(() => flow.messages.length === 1, 'the message')
    const data = flow.messages[0]?.payload.data as { list: unknown; n899: unknown }
    assert.deepEqual([data.list, data.n899], [['1', '2'], '899'])
  })

  it('is refused with more than 1,000 fields', async () => {
    assert.equal(await post(`type=4&${fields(999)}`), 200)
    assert.equal(await post(`type=4&${fields(1000)}`), 400)
    assert.equal(await post(`type=4&${fields(20_000)}`), 400)
  })
})

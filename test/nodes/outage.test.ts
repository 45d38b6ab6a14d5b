import assert from 'node:assert/strict'
import helper from 'node-red-node-test-helper'
import { startSimulator, type Simulator } from '../simulator'
import { load, unload } from './harness'

helper.init(require.resolve('node-red'))

describe('a cloud that is away, in a flow', () => {
  let simulator: Simulator
  beforeEach(async () => (simulator = await startSimulator()))
  afterEach(async () => {
    await unload()
    await simulator.close()
  })

  it('is one warning and one line when it is back, from the account', async () => {
    simulator.faults.next({ status: 503, times: 6 })
    const flow = await load({ simulator, vendor: 'sensorist', operation: 'request', params: { path: { type: 'msg', value: 'path' } }, account: { requestsPerSecond: '100' } })
    for (let index = 0; index < 10; index += 1) flow.node.receive({ path: `${index % 2 === 0 ? '/users' : '/gateways'}?list=${index}` })
    const { out } = await flow.run({ path: '/users?list=last' })
    assert.ok(out.length > 0)
    const said = flow.log.flat().map((entry) => entry as { msg?: unknown; level?: number; id?: string; type?: string })
    const told = said.filter(({ msg }) => /^Sensorist: the cloud /.test(String(msg)))
    assert.deepEqual(told.map(({ id, type }) => [id, type]), [['account', 'sensorist-account'], ['account', 'sensorist-account']])
    assert.match(String(told[0]?.msg), /^Sensorist: the cloud has been unreachable since \d\d:\d\d \(HTTP 503\); until it can be reached again, reads fail and commands wait for up to two minutes$/)
    assert.match(String(told[1]?.msg), /^Sensorist: the cloud can be reached again; the outage began at /)
  }).timeout(60_000)
})

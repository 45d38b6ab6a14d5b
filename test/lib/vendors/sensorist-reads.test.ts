/** Reads of Sensorist over HTTP, in whatever form the vendor's lists and pages come. */
import assert from 'node:assert/strict'
import { ApiError } from '../../../src/lib/base/api-error'
import type { Account } from '../../../src/lib/client/account'
import { read, Rig } from './writes/rig'

describe('sensorist: reads', () => {
  let rig: Rig
  let account: Account

  before(async () => {
    rig = await Rig.start('sensorist', { maxAge: 0, limits: { sensoristPerSecond: false } })
    account = rig.account({}, { requestsPerSecond: 1000 })
  })
  after(() => rig.stop())

  for (const lists of ['named', 'other-key', 'bare'] as const)
    it(`gives lists that are ${lists}`, async () => {
      const { state } = rig.simulator
      state.sensorist.choices.lists = lists
      state.sensorist.alarms.set(5, { id: 5, owner: 14886, dataSource: 220200, value: -40, direction: 'below', delay: 0, state: 'normal' })
      state.sensorist.callbacks.set(6, { id: 6, owner: 14886, url: 'http://127.0.0.1:9/', type: 3 })
      for (const id of ['gateways', 'alarms', 'callbacks', 'alarm-history']) assert.ok(Array.isArray(await read(account, id)), id)
      const measurements = await read(account, 'measurements-latest', { dataSources: '220200' })
      assert.deepEqual(Object.keys(measurements as object), ['220200'])
    })

  it('refuses points together with a step, of which the vendor takes one [R0]', async () => {
    const before = rig.simulator.requests.length
    const values = { dataSources: '220200', from: '-24h', ticks: 10, interval: 60 }
    await assert.rejects(read(account, 'measurements-range', values), (error: unknown) => {
      assert.ok(error instanceof ApiError)
      assert.equal(error.code, 'INVALID')
      assert.match(error.message, /"Points" and "Step \(min\)" cannot be used together/)
      return true
    })
    assert.equal(rig.simulator.requests.length, before, 'nothing was sent')
    await read(account, 'measurements-range', { ...values, ticks: undefined })
    await read(account, 'measurements-range', { ...values, interval: '' })
  })
})

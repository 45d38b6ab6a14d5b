import assert from 'node:assert/strict'
import { Account } from '../../../src/lib/client/account'
import { Call } from '../../../src/lib/client/call'
import { ClientPool } from '../../../src/lib/client/pool'
import { ApiError } from '../../../src/lib/base/api-error'
import senquip from '../../../src/lib/vendors/senquip/v2'
import { startSimulator, type Simulator } from '../../simulator'
import { FakeClock } from '../fake-clock'

const { signal } = new AbortController()

describe('a device that has used its own allowance', () => {
  let simulator: Simulator
  let account: Account
  beforeEach(async () => {
    simulator = await startSimulator({ limits: { senquipPerSecond: false, senquipPerMonth: 0 } })
    account = new Account(
      { vendor: senquip, settings: { baseUrl: simulator.urls.senquip, hostedDevices: 100 }, credentials: simulator.credentials.senquip },
      new ClientPool(new FakeClock(Date.now())),
    )
  })
  afterEach(async () => {
    await account.close()
    await simulator.close()
  })

  const configure = (deviceId: string): { call: Call; done: Promise<unknown> } => {
    const call = new Call(account, 'update-config', senquip.operations['update-config'], { signal })
    return { call, done: call.write({ deviceId, config: { name: 'x' } }, false) }
  }
  const posts = (deviceId: string): number => simulator.requests.filter(({ path }) => path === `/devices/${deviceId}/config`).length

  it('is asked once, and its budget is spent', async () => {
    const { call, done } = configure('SIMPLAIN1')
    await assert.rejects(done, (error) => {
      assert.ok(error instanceof ApiError)
      assert.deepEqual([error.code, error.statusCode, error.attempts], ['QUOTA', 429, 1])
      assert.match(error.message, /^Senquip, Update the configuration: device SIMPLAIN1 has used all its 50 requests until \d{4}-\d\d-\d\d \d\d:\d\d \(429\); trigger the nodes of this device less often$/)
      return true
    })
    assert.equal(posts('SIMPLAIN1'), 1)
    assert.equal(call.response.apiRequestsRemaining, 0)
    assert.equal(call.response.budgets.find(({ name }) => name === 'per month')?.remaining, 0)
    await assert.rejects(configure('SIMPLAIN1').done, { code: 'QUOTA' })
    assert.equal(posts('SIMPLAIN1'), 1, 'what is spent is not asked for again')
  })

  it('is named as people call it, where that is known', async () => {
    await new Call(account, 'list-devices', senquip.operations['list-devices'], { signal }).pages({}).next()
    await assert.rejects(configure('SIMPLAIN1').done, /Senquip, Update the configuration: device Spare 1 \(SIMPLAIN1\) has used all its 50 requests until .+ \(429\);/)
  })

  it('holds up no other device', async () => {
    await assert.rejects(configure('SIMPLAIN1').done, { code: 'QUOTA' })
    assert.equal(account.diagnostics().paused, undefined)
    const { call, done } = configure('JDA54E19F')
    await done
    assert.equal(call.response.waited, 0)
  })
})

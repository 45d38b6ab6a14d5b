import assert from 'node:assert/strict'
import sinon from 'sinon'
import { Account } from '../../../src/lib/client/account'
import { Call } from '../../../src/lib/client/call'
import { ClientPool } from '../../../src/lib/client/pool'
import { ApiError } from '../../../src/lib/base/api-error'
import senquip from '../../../src/lib/vendors/senquip/v2'
import { sentence } from '../../../src/lib/base/sentence'
import { allowanceError, learnAllowance } from '../../../src/lib/client/device-allowance'
import type { Budget } from '../../../src/lib/vocabulary/budget'
import type { Vendor } from '../../../src/lib/vocabulary/vendor'
import { startSimulator, type Simulator } from '../../simulator'
import { FakeClock } from '../fake-clock'
import { accountRigOf, type AccountRig } from './account-rig'

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

describe('what a response says is left of an allowance', () => {
  const perMonth: Budget = { name: 'per month', limit: 10, window: 'month', scope: 'device' }
  const vendor: Partial<Vendor> = { budgets: () => [perMonth], allowance: 'per month', apiRequestsRemaining: (body) => (body as { left?: number } | undefined)?.left }
  let rig: AccountRig
  afterEach(() => rig.account.close())
  const left = (device = 'A'): unknown => rig.account.client.budgets([perMonth], device)[0]?.remaining
  const start = (more: Partial<Vendor> = {}): void => void (rig = accountRigOf(undefined, { vendor: { ...vendor, ...more } }))
  const refused = (status: number, body: unknown): ApiError => new ApiError('RATE_LIMITED', sentence`too many requests`, { statusCode: status, body })

  it('lowers that of its device, and of no other', () => {
    start()
    learnAllowance(rig.account, 'A', { left: 4 })
    assert.deepEqual([left(), left('B')], [4, 10])
  })

  for (const [what, more, device, body] of [
    ['the response says nothing', {}, 'A', {}],
    ['the request was of no device', {}, undefined, { left: 4 }],
    ['the vendor has no allowance', { allowance: undefined }, 'A', { left: 4 }],
    ['the vendor never says', { apiRequestsRemaining: undefined }, 'A', { left: 4 }],
  ] as const)
    it(`changes nothing where ${what}`, () => {
      start(more as Partial<Vendor>)
      const observe = sinon.spy(rig.account.client, 'observe')
      learnAllowance(rig.account, device, body)
      const error = refused(429, body)
      assert.equal(allowanceError(rig.account, device, error), error)
      assert.deepEqual([observe.callCount, left()], [0, 10])
    })

  for (const [what, status, remaining] of [['another failure', 500, 0], ['a device with something left', 429, 1]] as const)
    it(`leaves the error of ${what} as it is`, () => {
      start()
      const error = refused(status, { left: remaining })
      assert.equal(allowanceError(rig.account, 'A', error), error)
    })

  it('is of the month before where the new month has begun, or there is no such budget', async () => {
    const error = refused(429, { left: 0 })
    start()
    sinon.stub(rig.account.client, 'observe')
    assert.equal(allowanceError(rig.account, 'A', error), error, 'the count of the new month was not lowered')
    await rig.account.close()
    start({ budgets: () => [] })
    assert.equal(allowanceError(rig.account, 'A', error), error)
  })

  it('makes an error QUOTA, with status and answer, where nothing is left', () => {
    start()
    const { code, statusCode, body, summary } = allowanceError(rig.account, 'A', refused(429, { left: 0 }))
    assert.deepEqual([code, statusCode, body, left()], ['QUOTA', 429, { left: 0 }, 0])
    assert.match(String(summary), /^limit of A used up until /)
  })
})

import assert from 'node:assert/strict'
import { Account } from '../../../src/lib/client/account'
import { Call, countDevices } from '../../../src/lib/client/call'
import { ClientPool } from '../../../src/lib/client/pool'
import type { AccountEvent } from '../../../src/lib/quota/account-event'
import type { Store } from '../../../src/lib/store/store'
import senquip from '../../../src/lib/vendors/senquip/v2'
import { countPlans } from '../../../src/lib/vendors/senquip/v2/plans'
import { startSimulator, type Simulator } from '../../simulator'
import { until as untilReal } from '../../until'
import { FakeClock } from '../fake-clock'
import { KeptStore } from '../client/kept-store'

const { signal } = new AbortController()

describe('limits that grow with the devices', () => {
  let simulator: Simulator
  let clock: FakeClock
  let accounts: Account[]
  let events: AccountEvent[]
  beforeEach(async () => {
    simulator = await startSimulator()
    clock = new FakeClock()
    accounts = []
    events = []
  })
  afterEach(async () => {
    for (const account of accounts) await account.close()
    await simulator.close()
  })

  function open(settings: object = {}, store?: Store): Account {
    const account = new Account(
      {
        vendor: senquip, settings: { baseUrl: simulator.urls.senquip, ...settings }, credentials: simulator.credentials.senquip, store,
        notify: (event) => events.push(event),
      },
      new ClientPool(clock),
    )
    accounts.push(account)
    return account
  }

  /** How often the devices were counted. */
  const counts = (): number => simulator.requests.filter(({ path }) => path === '/devices').length
  const limits = (account: Account, device?: string): (number | string)[] => account.budgets(device).map(({ limit }) => limit)

  /** Lets a little time of the clock pass meanwhile, for what waits for a limit. */
  const until = (done: () => boolean): Promise<void> =>
    untilReal(async () => {
      await clock.advance(10)
      return done()
    }, String(done))

  async function configure(account: Account, deviceId: string): Promise<Call> {
    const call = new Call(account, 'update-config', senquip.operations['update-config'], { signal })
    let ended = 0
    void call.write({ deviceId, config: { name: 'x' } }, false).finally(() => (ended += 1))
    await until(() => ended === 1)
    return call
  }

  it('are those of one device until they are counted, every twelve hours', async () => {
    const account = open()
    void countDevices(account)
    assert.deepEqual(limits(account), [1, 1000])
    await until(() => account.budgets()[0]?.limit === 9)
    assert.deepEqual(limits(account), [9, 9000])
    assert.equal(simulator.requests.length, 1)
    assert.equal(1000 * 9 - (account.client.budgets(account.budgets())[1]?.remaining ?? 0), 1, 'the count itself is charged')
    await clock.advance(12 * 3_600_000 - 60_000)
    void countDevices(account)
    // A count that had begun would have come before what is asked for after it.
    await configure(account, 'JDA54E19F')
    assert.equal(counts(), 1)
    await clock.advance(61_000)
    void countDevices(account)
    await until(() => counts() === 2)
  })

  it('are counted every twelve hours also when the calendar is set back', async () => {
    const account = open()
    void countDevices(account)
    await until(() => account.budgets()[0]?.limit === 9)
    clock.setDate('2025-01-01')
    await clock.advance(12 * 3_600_000 + 1000)
    void countDevices(account)
    await until(() => simulator.requests.length === 2)
  })

  it('are what the account says, and nothing is counted then', async () => {
    const account = open({ hostedDevices: '3' })
    void countDevices(account)
    assert.deepEqual(limits(account), [3, 3000])
    await clock.advance(1000)
    await configure(account, 'JDA54E19F')
    assert.equal(counts(), 0)
  })

  it('hold a device without a plan to fifty a month', async () => {
    const account = open()
    void countDevices(account)
    await until(() => account.budgets()[0]?.limit === 9)
    assert.deepEqual(limits(account, 'SIMPLAIN1'), [9, 9000, 50])
    assert.deepEqual(limits(account, 'SIMTRIAL1'), [9, 9000])
    assert.deepEqual(limits(account, 'JDA54E19F'), [9, 9000])
  })

  it('are learned of a device from what its answers say', async () => {
    const account = open({ hostedDevices: '9' })
    await clock.advance(61_000)
    const first = await configure(account, 'SIMTRIAL1')
    assert.equal(first.response.apiRequestsRemaining, 49)
    assert.deepEqual(limits(account, 'SIMTRIAL1'), [9, 9000, 50])
    await configure(account, 'SIMTRIAL1')
    const month = account.client.budgets(account.budgets('SIMTRIAL1'), 'SIMTRIAL1').at(-1)
    assert.equal(month?.remaining, 48, 'the vendor has counted the first one too')
  })

  it('stay those of one device when they cannot be counted, which is told once and tried again', async () => {
    simulator.faults.next({ status: 403, times: 2 })
    const account = open()
    void countDevices(account)
    await until(() => events.length === 1)
    assert.match(String(events[0]?.text), /^Hosted devices could not be counted; the last known limits apply, or those of one device: Senquip, List of devices: Senquip denied access \(403\)/)
    assert.deepEqual(limits(account), [1, 1000])
    await clock.advance(601_000)
    void countDevices(account)
    await until(() => simulator.requests.length === 2 && account.client.limiter.running === 0)
    await clock.advance(601_000)
    void countDevices(account)
    await until(() => account.budgets()[0]?.limit === 9)
    assert.equal(events.length, 1)
  })

  it('are known after a restart without a request', async () => {
    const store = new KeptStore(clock)
    const first = open({}, store)
    void countDevices(first)
    await until(() => store.kept('census').length === 1)
    const second = open({}, store)
    await until(() => second.budgets()[0]?.limit === 9)
    assert.equal(simulator.requests.length, 1)
  })
})

describe('plans in a list of devices', () => {
  it('are read where a property names one', () => {
    assert.deepEqual(countPlans([{ deviceid: 'A', plan: 'Hosted' }, { deviceid: 'B', plan: 'Trial' }, { deviceid: 'C', plan: 'None' }]), { devices: 1, limited: ['C'] })
    assert.deepEqual(countPlans([{ id: 'A', subscription: { name: 'Hosted Basic' } }, { id: 'B', subscription: null }]), { devices: 1, limited: ['B'] })
    assert.deepEqual(countPlans([{ id: 'A', plan: 'Non-Hosted' }]), { devices: 0, limited: ['A'] })
  })

  it('are not guessed', () => {
    assert.deepEqual(countPlans([{ deviceid: 'A' }]), { limited: [] })
    assert.deepEqual(countPlans({ message: 'no list' }), { limited: [] })
  })
})

import assert from 'node:assert/strict'
import { Account } from '../../../src/lib/client/account'
import { Call, type CallOptions } from '../../../src/lib/client/call'
import { ClientPool } from '../../../src/lib/client/pool'
import type { AccountEvent } from '../../../src/lib/quota/account-event'
import type { Store } from '../../../src/lib/store/store'
import { vendors } from '../../../src/lib/vendors'
import { operationsOf } from '../../../src/lib/vocabulary/vendor'
import type { Reading } from '../../../src/lib/vocabulary/reading'
import { startSimulator, type Simulator } from '../../simulator'
import { until as untilReal } from '../../until'
import { accountsOn, type VendorId } from '../../nodes/harness'
import { FakeClock } from '../fake-clock'
import { KeptStore } from './kept-store'

const { signal } = new AbortController()
const HOUR = 3_600_000
const DEVICE = 'JDA54E19F'
const THING = 'TSPD04SIM00000001'

describe('labels of readings', () => {
  let simulator: Simulator
  let clock: FakeClock
  let accounts: Account[]
  let events: AccountEvent[]
  beforeEach(async () => {
    simulator = await startSimulator()
    clock = new FakeClock(Date.now())
    accounts = []
    events = []
  })
  afterEach(async () => {
    for (const account of accounts) await account.close()
    await simulator.close()
  })

  function open(vendor: VendorId, { settings = {}, store, pool = new ClientPool(clock) }: { settings?: object; store?: Store; pool?: ClientPool } = {}): Account {
    const on = accountsOn(simulator)[vendor]
    const account = new Account(
      {
        vendor: vendors[vendor], settings: { ...on.settings, ...settings }, credentials: on.credentials as Record<string, string>, store,
        notify: (event) => events.push(event),
      },
      pool,
    )
    accounts.push(account)
    return account
  }

  /** Lets a little time of the clock pass meanwhile, for what waits for a limit. */
  const until = (done: () => boolean): Promise<void> =>
    untilReal(async () => {
      await clock.advance(100)
      return done()
    }, String(done))

  async function read(account: Account, operation: string, params: Record<string, unknown> = {}, more: Partial<CallOptions> = {}): Promise<Reading[]> {
    const chosen = operationsOf(account.vendor, 'get-data')[operation]
    assert.ok(chosen)
    const readings: Reading[] = []
    let ended = false
    let failure: Error | undefined
    const run = async (): Promise<void> => {
      for await (const page of new Call(account, operation, chosen, { signal, fresh: true, ...more }).pages(params)) readings.push(...(page.readings ?? []))
    }
    run().catch((error: unknown) => (failure = error as Error)).finally(() => (ended = true))
    await until(() => ended)
    if (failure) throw failure
    return readings
  }

  const requests = (path: string | RegExp): number => simulator.requests.filter((request) => (typeof path === 'string' ? request.path === path : path.test(request.path))).length
  const labels = (readings: readonly Reading[]): (string | null)[] => [...new Set(readings.map(({ label }) => label))]
  const data = (account: Account, deviceId = DEVICE): Promise<Reading[]> => read(account, 'device-data', { deviceId })
  const rename = (name: string, deviceId = DEVICE): void => {
    const device = simulator.state.senquip.devices.get(deviceId)
    assert.ok(device)
    device.name = name
  }
  const listed = (account: Account): Promise<void> => until(() => account.labelOf(DEVICE) !== null)

  it('of Sensorist are gateway and sensor from the first reading on, without a request of their own', async () => {
    const account = open('sensorist')
    const readings = await read(account, 'measurements-latest', { dataSources: '220200,220208' })
    assert.deepEqual(readings.map(({ device, sensor, label, quantity, channel }) => [device, sensor, label, quantity, channel]), [
      ['7325', '57951', 'Cellar, Rack left', 'temperature', 'temp'],
      ['7326', '57953', 'Kitchen, Fridge', 'temperature', 'temp'],
    ])
    assert.equal(account.labelOf('7325'), 'Cellar')
    assert.equal(account.nameOf('7325', '57951'), 'Cellar, Rack left (57951)')
    assert.equal(account.nameOf('999'), '999')
    assert.equal(requests('/gateways'), 1)
  })

  it('leave out a name that is missing, and follow a new one', async () => {
    const [cellar] = simulator.state.sensorist.gateways
    assert.ok(cellar)
    cellar.gateway.title = ''
    const account = open('sensorist')
    const label = async (): Promise<unknown> => (await read(account, 'measurements-latest', { dataSources: '220200' }))[0]?.label
    assert.equal(await label(), 'Rack left')
    Object.assign(cellar.gateway, { title: ' Wine\n cellar ' })
    Object.assign(cellar.gateway.devices[0] ?? {}, { title: null })
    assert.equal(await label(), 'Wine cellar')
  })

  it('of Senquip are null first, while the list is read, and there with the next reading', async () => {
    const account = open('senquip')
    const [first] = await data(account)
    assert.deepEqual([first?.device, first?.sensor, first?.label], [DEVICE, null, null])
    await listed(account)
    const second = await data(account)
    assert.deepEqual(labels(second), ['Cold room'])
    assert.deepEqual(second.find(({ channel }) => channel === 'ambient')?.quantity, 'ambient')
    assert.equal(requests('/devices'), 1)
  })

  it('of Senquip cost nothing where the list is read to count devices', async () => {
    const account = open('senquip', { settings: { hostedDevices: '' } })
    await data(account)
    await listed(account)
    assert.deepEqual(labels(await data(account)), ['Cold room'])
    assert.equal(requests('/devices'), 1)
  })

  it('of Senquip, version 1, come from the summary of devices', async () => {
    const account = open('senquip-v1')
    await data(account)
    await listed(account)
    assert.deepEqual(labels(await data(account)), [simulator.state.senquipV1.devices.get(DEVICE)?.name])
  })

  it('of Thingsee are the description of the group, with the tuid where a group has several things', async () => {
    const account = open('thingsee')
    assert.deepEqual(labels(await read(account, 'thing', { tuid: THING })), [null])
    await until(() => account.labelOf(THING) !== null)
    const group = [...simulator.state.thingsee.groups].find(([id]) => id === simulator.state.thingsee.things.get(THING)?.groupId)
    assert.ok(group?.[1])
    assert.deepEqual(labels(await read(account, 'thing', { tuid: THING })), [`${group[1]}, ${THING}`])
    assert.equal(account.nameOf(THING), `${group[1]}, ${THING}`)
  })

  it('are read every twelve hours, so that a new name is seen then', async () => {
    const account = open('senquip')
    await data(account)
    await listed(account)
    rename('Freezer')
    await clock.advance(12 * HOUR - 60_000)
    assert.deepEqual(labels(await data(account)), ['Cold room'])
    assert.equal(requests('/devices'), 1)
    await clock.advance(61_000)
    await data(account)
    await until(() => account.labelOf(DEVICE) === 'Freezer')
    assert.deepEqual(labels(await data(account)), ['Freezer'])
    assert.equal(requests('/devices'), 2)
  })

  it('follow a list that a user or a picker reads, without a request of their own', async () => {
    const account = open('senquip')
    await data(account)
    await listed(account)
    rename('Freezer')
    await clock.advance(6 * HOUR)
    await read(account, 'list-devices')
    assert.deepEqual(labels(await data(account)), ['Freezer'])
    await clock.advance(11 * HOUR)
    await data(account)
    assert.equal(requests('/devices'), 2, 'twelve hours count from the list that was read')
  })

  it('survive a restart without a request', async () => {
    const store = new KeptStore(clock)
    const account = open('senquip', { store })
    await data(account)
    await listed(account)
    await until(() => store.kept('names').length === 1)
    assert.doesNotMatch(store.kept('names')[0] ?? '', /Cold|room/, 'it is encrypted')
    await account.close()
    await clock.advance(11 * HOUR)
    const next = open('senquip', { store, pool: new ClientPool(clock) })
    assert.deepEqual(labels(await data(next)), ['Cold room'])
    assert.equal(requests('/devices'), 1)
    await clock.advance(HOUR)
    await data(next)
    await until(() => requests('/devices') === 2)
  })

  it('are read once by several processes of a store', async () => {
    const store = new KeptStore(clock)
    const [one, other] = [open('senquip', { store }), open('senquip', { store, pool: new ClientPool(clock) })]
    // Both have looked for names in the store before one of them puts any there.
    for (const account of [one, other]) await account.client.names.loading
    await data(one)
    await until(() => store.kept('names').length === 1)
    assert.deepEqual(labels(await data(other)), [null])
    await until(() => other.labelOf(DEVICE) === 'Cold room')
    await clock.advance(12 * HOUR)
    rename('Freezer')
    await data(one)
    await until(() => one.labelOf(DEVICE) === 'Freezer')
    await data(other)
    await until(() => other.labelOf(DEVICE) === 'Freezer')
    assert.equal(requests('/devices'), 2)
  })

  it('are not read where less than 5 % of a limit is left, nor while other requests wait', async () => {
    const account = open('senquip', { settings: { hostedDevices: '1' } })
    await read(account, 'device-data', { deviceId: DEVICE }, { readings: false })
    account.client.observe('per day', 50, { budgets: account.budgets() })
    await data(account)
    await clock.advance(5_000)
    await data(account)
    assert.equal(requests('/devices'), 0)
    await clock.advance(24 * HOUR)
    const before = simulator.requests.length
    const [first, second] = [data(account), data(account, 'SIMHOST02')]
    await until(() => simulator.requests.length > before && account.diagnostics().queued === 1 && account.diagnostics().running === 0)
    await Promise.all([first, second, data(account, 'SIMHOST03')])
    await listed(account)
    assert.deepEqual(simulator.requests.slice(before).map(({ path }) => path), [`/devices/${DEVICE}/data`, '/devices/SIMHOST02/data', '/devices/SIMHOST03/data', '/devices'])
  })

  it('do without a list that fails, which nobody sees, and try again after an hour', async () => {
    simulator.faults.next({ match: { path: '/devices' }, status: 500 })
    const account = open('senquip')
    assert.deepEqual(labels(await data(account)), [null])
    await until(() => requests('/devices') === 1)
    await clock.advance(HOUR - 60_000)
    assert.deepEqual(labels(await data(account)), [null])
    assert.equal(requests('/devices'), 1)
    await clock.advance(61_000)
    await data(account)
    await listed(account)
    assert.equal(requests('/devices'), 2)
    assert.deepEqual(events, [])
  })

  it('do without a list of another shape', async () => {
    simulator.faults.next({ match: { path: '/devices' }, body: { devices: [{ deviceid: DEVICE, name: { odd: 1 } }, 7, null] } })
    const account = open('senquip')
    await data(account)
    await until(() => requests('/devices') === 1)
    assert.deepEqual(labels(await data(account)), [null])
  })

  it('never hold up a reading: a list that hangs is left alone', async () => {
    simulator.faults.always({ match: { path: '/devices' }, delay: 30_000 })
    const account = open('senquip')
    const began = performance.now()
    for (let index = 0; index < 3; index += 1) assert.deepEqual(labels(await data(account)), [null])
    assert.ok(performance.now() - began < 10_000)
    assert.equal(requests('/devices'), 1)
    assert.deepEqual(account.diagnostics().running, 1)
  })

  it('tell devices of one name apart by their ids', async () => {
    rename('Cold room', 'SIMHOST02')
    const account = open('senquip')
    await data(account)
    await listed(account)
    assert.deepEqual(labels(await data(account)), [`Cold room, ${DEVICE}`])
    assert.deepEqual(labels(await data(account, 'SIMHOST02')), ['Cold room, SIMHOST02'])
    assert.equal(account.labelOf('SIMHOST03'), 'Machine 3')
  })
})

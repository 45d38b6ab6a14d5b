import assert from 'node:assert/strict'
import { Account } from '../../../src/lib/client/account'
import { Call, type CallOptions } from '../../../src/lib/client/call'
import { ClientPool } from '../../../src/lib/client/pool'
import sensorist from '../../../src/lib/vendors/sensorist'
import type { Operation } from '../../../src/lib/vocabulary/operation'
import { startSimulator, type Simulator } from '../../simulator'
import { until } from '../../until'
import { FakeClock } from '../fake-clock'
import { KeptStore } from './kept-store'

const { signal } = new AbortController()
const operations: Readonly<Record<string, Operation>> = sensorist.operations

describe('a read that has to be fresh', () => {
  let simulator: Simulator
  let clock: FakeClock
  let store: KeptStore
  let accounts: Account[]
  beforeEach(async () => {
    simulator = await startSimulator()
    clock = new FakeClock()
    store = new KeptStore(clock)
    accounts = []
  })
  afterEach(async () => {
    for (const account of accounts) await account.close()
    await simulator.close()
  })

  /** Of a process of its own, on the same store. */
  function open(): Account {
    const account = new Account(
      { vendor: sensorist, settings: { baseUrl: simulator.urls.sensorist }, credentials: simulator.credentials.sensorist, store },
      new ClientPool(clock),
    )
    accounts.push(account)
    return account
  }

  const callOf = (account: Account, operation: string, options: Partial<CallOptions> = {}): Call =>
    new Call(account, operation, operations[operation]!, { signal, ...options })

  /** Lets a little time of the clock pass meanwhile, for what waits for a limit. */
  async function during<T>(work: Promise<T>): Promise<T> {
    const state = { ended: false }
    const ended = work.finally(() => (state.ended = true))
    ended.catch(() => undefined)
    await until(async () => {
      await clock.advance(10)
      return state.ended
    })
    return ended
  }

  const read = async (call: Call, params = {}): Promise<unknown> => {
    const page = await during(call.pages(params).next())
    return page.done ? undefined : page.value.data
  }

  const revoke = (): void => {
    simulator.state.sensorist.users[0]!.password = 'another-password'
  }

  it('asks the vendor, whatever is in memory', async () => {
    const account = open()
    await read(callOf(account, 'alarms'))
    revoke()
    await assert.rejects(read(callOf(account, 'alarms', { fresh: true })), { code: 'AUTH' })
    assert.equal(simulator.requests.length, 2)
  })

  it('asks the vendor, whatever an earlier run has stored', async () => {
    await read(callOf(open(), 'alarms'))
    await until(() => store.kept('answer').length === 1)
    revoke()
    const account = open()
    await assert.rejects(read(callOf(account, 'alarms', { fresh: true, noRetry: true })), { code: 'AUTH' })
    assert.equal(simulator.requests.length, 2)
  })

  it('does not take the stored answer of a read that it joins', async () => {
    await read(callOf(open(), 'alarms'))
    await until(() => store.kept('answer').length === 1)
    const account = open()
    const calls = [callOf(account, 'alarms'), callOf(account, 'alarms', { fresh: true }), callOf(account, 'alarms', { fresh: true })] as const
    await Promise.all(calls.map((call) => read(call)))
    assert.deepEqual(calls.map(({ response }) => response.cached), [true, false, true])
    assert.equal(simulator.requests.length, 2, 'the two fresh reads are one request')
  })

  it('replaces what is stored', async () => {
    await read(callOf(open(), 'alarms'))
    await until(() => store.kept('answer').length === 1)
    const before = store.kept('answer')[0]
    await read(callOf(open(), 'alarms', { fresh: true }))
    await until(() => store.kept('answer')[0] !== before)
    assert.equal(store.kept('answer').length, 1)
  })

  it('is made before a write that would create what exists', async () => {
    const account = open()
    const alarm = { dataSource: '220200', value: -5, direction: 'below' }
    const { alarms } = simulator.state.sensorist
    const create = (): ReturnType<Call['write']> => during(callOf(account, 'create-alarm').write(alarm, true))
    assert.equal((await create()).existing, false)
    assert.equal((await create()).existing, true)
    await read(callOf(account, 'alarms'))
    alarms.clear()
    assert.equal((await create()).existing, false, 'the alarm was deleted elsewhere')
    assert.equal(alarms.size, 1)
  })
})

describe('the age of an answer', () => {
  it('goes on in memory and over a restart, and is that of the oldest', async () => {
    const simulator = await startSimulator()
    const clock = new FakeClock()
    const store = new KeptStore(clock)
    const open = (): Account =>
      new Account({ vendor: sensorist, settings: { baseUrl: simulator.urls.sensorist }, credentials: simulator.credentials.sensorist, store }, new ClientPool(clock))
    const ageOf = async (account: Account, operation: string): Promise<number> => {
      const call = new Call(account, operation, operations[operation]!, { signal })
      assert.equal(call.answerAge, 0)
      const pages = call.pages(operation === 'measurements-latest' ? { dataSources: '220200' } : {})
      while (!(await pages.next()).done) { /* all of them */ }
      return call.answerAge
    }
    const first = open()
    assert.equal(await ageOf(first, 'alarms'), 0)
    await clock.advance(60_000)
    assert.equal(await ageOf(first, 'alarms'), 60_000)
    await until(() => store.kept('answer').length === 1)
    await first.close()
    const second = open()
    await clock.advance(30_000)
    assert.equal(await ageOf(second, 'alarms'), 90_000)
    await clock.advance(10_000)
    assert.equal(await ageOf(second, 'alarms'), 100_000)
    await second.close()
    await simulator.close()
  })
})

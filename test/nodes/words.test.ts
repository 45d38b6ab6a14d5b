/** What people read when something is wrong: the sentence for Catch, and the few words of the status. */
import { localTime } from '../../src/lib/base/time'
import assert from 'node:assert/strict'
import helper from 'node-red-node-test-helper'
import sinon from 'sinon'
import { startSimulator, type Simulator } from '../simulator'
import { SimpleStore } from '../lib/store/simple-store'
import { passFast, type FastTime } from '../fast-time'
import { until } from '../until'
import { load, unload, type Setup, withoutBackOff } from './harness'

helper.init(require.resolve('node-red'))

const UUID = '7a8b9c0d-1234-5678-90ab-cdef12345678'
const THING = 'TSPD04SIM00000001'

describe('the words of a failure', () => {
  withoutBackOff()
  let simulator: Simulator
  let fastTime: FastTime | undefined
  beforeEach(async () => (simulator = await startSimulator()))
  afterEach(async () => {
    await unload()
    await simulator.close()
    fastTime?.end()
    sinon.restore()
  })

  const latest = { vendor: 'sensorist', operation: 'measurements-latest' } as const
  const raw = { vendor: 'sensorist', operation: 'measurements-raw' } as const
  const users = { vendor: 'sensorist', operation: 'users' } as const
  const send = { vendor: 'sensocan', verb: 'send-reading', operation: 'auto' } as const

  interface Words {
    code: string | undefined
    message: string
    status: string
  }

  async function wordsOf(setup: Partial<Setup> & Pick<Setup, 'vendor' | 'operation'>, message?: Record<string, unknown>): Promise<Words> {
    const flow = await load({ simulator, ...setup })
    const { caught } = await flow.run(message)
    await until(() => flow.statuses.at(-1)?.fill === 'red', 'the status shows it')
    const words = { code: caught[0]?.error?.code, message: caught[0]?.error?.message ?? '', status: flow.statuses.at(-1)?.text ?? '' }
    await unload()
    return words
  }

  it('says how a number with a decimal comma is written', async () => {
    const setup = { ...send, operation: 'reading', node: { outbox: false } }
    for (const type of ['num', 'str']) {
      assert.deepEqual(await wordsOf({ ...setup, params: { sensorUuid: UUID, value: { type, value: '8,5' } } }), {
        code: 'INVALID',
        message: 'SensoCAN, One reading: "Value" must have a decimal point: write 8.5, not "8,5"',
        status: '"Value" must have a decimal point: write 8.5, not "8,5"',
      })
    }
    assert.equal(simulator.requests.length, 0)
  })

  it('names the property that the message lacks, or that is empty', async () => {
    const params = { dataSources: { type: 'msg', value: 'sources' } }
    assert.deepEqual(await wordsOf({ ...latest, params }), {
      code: 'INVALID',
      message: 'Sensorist, Latest measurements: "Data sources" comes from msg.sources, which this message does not have; set it before this node, or choose another type in the node',
      status: '"Data sources" is missing: no msg.sources',
    })
    assert.match((await wordsOf({ ...latest, params }, { sources: '' })).message, /comes from msg\.sources, which is empty in this message/)
    const variable = await wordsOf({ ...latest, params: { dataSources: { type: 'flow', value: 'sources' } } })
    assert.match(variable.message, /"Data sources" comes from the flow variable sources, which has no value/)
    assert.equal((await wordsOf({ ...latest, params: {} })).status, '"Data sources" is missing')
  })

  it('says which input has an expression that fails', async () => {
    const { message, status } = await wordsOf({ ...latest, params: { dataSources: { type: 'jsonata', value: '$number("x")' } } })
    assert.match(message, /: "Data sources" has a JSONata expression that fails \(Unable to cast value to a number: "x"\); correct it in the node$/)
    assert.equal(status, '"Data sources" has a JSONata expression that fails')
    assert.equal((await wordsOf({ ...latest, params: { dataSources: '1' } })).status, '"Data sources" has an unknown id')
  })

  it('says which form of a time works', async () => {
    const from = async (text: string): Promise<Words> => wordsOf({ ...raw, params: { dataSources: '220200', from: text } })
    assert.match((await from('31.12.2025')).message, /: "From" must have the year first: write 2025-12-31, not "31\.12\.2025"$/)
    const words = await from('12/31/2025')
    assert.match(words.message, /: "From" must be a time such as 2025-12-31, 2025-12-31T14:00 or -24h, not "12\/31\/2025"$/)
    assert.equal(words.status, '"From" is not a valid time')
  })

  it('refuses a period that ends before it begins, and sends nothing', async () => {
    const reversed = { from: '-1h', to: '-24h' }
    for (const setup of [{ ...raw, params: { dataSources: '220200', ...reversed } }, { vendor: 'thingsee', operation: 'messages', params: { tuid: THING, ...reversed } }] as const) {
      const { code, message, status } = await wordsOf(setup)
      assert.equal(code, 'INVALID')
      assert.match(message, /: "From" is later than "To"; exchange them$/)
      assert.equal(status, '"From" is later than "To"')
    }
    assert.equal(simulator.requests.length, 0)
  })

  it('names a sensor that the device does not have, and its place from 1', async () => {
    const direct = await wordsOf({ ...send, node: { outbox: false } }, { payload: { sensorSlug: 'nope', value: 1 } })
    assert.match(direct.message, /\(422\): reading 1: the device has no sensor "nope"; correct them/)
    assert.equal(direct.status, 'reading 1: the device has no sensor "nope"')
    const kept = await wordsOf({ ...send, node: { batchWindow: 10 } }, { payload: [{ sensorSlug: 'temp_01', value: 1 }, { sensorSlug: 'nope', value: 1 }] })
    assert.match(kept.message, /reading 2: the device has no sensor "nope"; .*1 of the 2 readings of the message were rejected, the others were sent$/)
    assert.equal(kept.status, 'reading 2: the device has no sensor "nope"')
  })

  it('shows the shape of a reading', async () => {
    const bare = await wordsOf(send, { payload: 21.5 })
    assert.equal(bare.message, 'SensoCAN, Readings (automatic request): "Readings" must be an object such as { "sensorSlug": "temp_01", "value": 21.5 }, not 21.5')
    assert.equal(bare.status, '"Readings" must be an object with a value')
    const second = await wordsOf(send, { payload: [{ sensorSlug: 'temp_01', value: 2 }, { value: 21.5 }] })
    assert.match(second.message, /"Readings" \(reading 2\) has no sensor: give its sensorSlug or sensorUuid/)
    assert.equal(second.status, '"Readings" (reading 2) has no sensor')
  })

  it('tells an address with nothing there from an id that is unknown', async () => {
    const nowhere = await wordsOf({ ...users, account: { baseUrl: simulator.urls.sensorist.replace(/v1\/?$/, 'v9') } })
    assert.match(nowhere.message, /^Sensorist, User: nothing at this address \(404\): .*; check "Base URL" in the account$/)
    assert.deepEqual([nowhere.code, nowhere.status], ['NOT_FOUND', 'nothing at this address'])
    const unknown = await wordsOf({ vendor: 'thingsee', operation: 'thing', params: { tuid: 'XXXX00X1O73360355' } })
    assert.equal(unknown.status, 'not found: Thing (tuid) XXXX00X1O73360355')
  })

  it('names the inputs of the account that are wrong', async () => {
    const { code, message, status } = await wordsOf({ ...users, credentials: { email: 'a@b.example', password: 'not-the-password' } })
    assert.equal(code, 'AUTH')
    assert.equal(message, 'Sensorist, User: E-mail or Password is wrong (401); enter them again in the account')
    assert.equal(status, 'E-mail or Password is wrong')
  })

  it('names the plan that Senquip asks for', async () => {
    simulator.faults.always({ status: 403, body: { message: 'Forbidden' }, match: { path: /data/ } })
    const { message, status } = await wordsOf({ vendor: 'senquip', operation: 'device-data', params: { deviceId: 'JDA54E19F' } })
    assert.match(message, /: Senquip denied access \(403\); check that the device has a Trial or Hosted plan, and that the credentials in the account are right$/)
    assert.equal(status, 'access denied: check plan and credentials')
  })

  it('says what to check where no cloud answers', async () => {
    fastTime = passFast(10)
    simulator.faults.always({ html: true, match: { path: /users/ } })
    assert.equal((await wordsOf(users)).status, 'web page instead of data')
    simulator.faults.clear()
    simulator.faults.always({ delay: 3000, match: { path: /users/ } })
    assert.equal((await wordsOf({ ...users, account: { timeout: '500' } })).status, 'no answer in 0.5 s')
    await simulator.close()
    const refused = await wordsOf(users)
    assert.match(refused.message, /nothing answers at the address of the account \(ECONNREFUSED\)/)
    assert.equal(refused.status, 'cloud unreachable')
  })

  it('says which limit is used up, and until when by the clock of this computer', async () => {
    const noon = Date.UTC(2026, 2, 10, 12)
    sinon.useFakeTimers({ now: noon, toFake: ['Date'] })
    const midnight = localTime(Date.UTC(2026, 2, 11))
    const store = new SimpleStore()
    const setup = { vendor: 'senquip', operation: 'list-devices', store } as const
    await (await load({ simulator, ...setup })).run()
    await unload()
    const [key = ''] = [...store.texts.keys()].filter((name) => name.startsWith('counts:'))
    const [today] = JSON.parse(store.texts.get(key) ?? '') as { start: number; used: number }[]
    store.texts.set(key, JSON.stringify([{ ...today, used: 9000 }]))
    assert.deepEqual(await wordsOf(setup), {
      code: 'QUOTA',
      message: `Senquip, List of devices: the daily limit of 9000 requests is used up until ${midnight}, except 180 that are reserved for commands; trigger the nodes of this account less often`,
      status: `daily limit used up until ${midnight}`,
    })
  })

  it('shows what an account lacks on its nodes when they are deployed, and again when a message comes', async () => {
    const flow = await load({ simulator, ...users, credentials: { email: 'a@b.example' } })
    assert.deepEqual(flow.statuses, [{ fill: 'grey', shape: 'ring', text: 'account: Password is missing' }])
    const { caught } = await flow.run()
    assert.equal(caught[0]?.error?.message, 'Sensorist account: Password is missing; enter it in the account')
    await until(() => flow.statuses.at(-1)?.fill === 'red', 'the status shows it')
    assert.equal(flow.statuses.at(-1)?.text, 'account: Password is missing')
    await unload()
    const other = await load({ simulator, vendor: 'thingsee', operation: 'thing', account: { baseUrl: '' } })
    assert.deepEqual(other.statuses, [{ fill: 'grey', shape: 'ring', text: 'account: Base URL is missing' }])
    assert.equal(simulator.requests.length, 0)
  })
})

describe('the status of a read', () => {
  let simulator: Simulator
  beforeEach(async () => (simulator = await startSimulator()))
  afterEach(async () => {
    await unload()
    await simulator.close()
  })

  it('counts readings, also none, with the time', async () => {
    const messages = { simulator, vendor: 'thingsee', operation: 'messages' } as const
    for (const params of [{ tuid: THING }, { tuid: THING, from: '2001-01-01', to: '2001-01-02' }]) {
      const flow = await load({ ...messages, params })
      await flow.run()
      await until(() => flow.statuses.at(-1)?.fill === 'green', 'the status of the end')
      assert.match(flow.statuses.at(-1)?.text ?? '', /^status\.readings · \d\d:\d\d$/)
      await unload()
    }
  })
})

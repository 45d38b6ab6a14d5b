import assert from 'node:assert/strict'
import helper from 'node-red-node-test-helper'
import { startSimulator, type Simulator } from '../simulator'
import { passFast, type FastTime } from '../fast-time'
import { until } from '../until'
import { load, unload, type FlowMessage, type Setup, withoutBackOff } from './harness'

helper.init(require.resolve('node-red'))

const THING = 'TSPD04SIM00000001'

describe('a failed read', () => {
  withoutBackOff()
  let simulator: Simulator
  let fastTime: FastTime | undefined
  beforeEach(async () => (simulator = await startSimulator()))
  afterEach(async () => {
    await unload()
    await simulator.close()
    fastTime?.end()
  })

  /** Runs a message that must fail: to Catch once, nothing sent on, no Complete. */
  async function fails(setup: Partial<Setup>, message: Record<string, unknown> = {}): Promise<FlowMessage> {
    const flow = await load({ simulator, vendor: 'thingsee', operation: 'thing', params: { tuid: THING }, ...setup })
    const { out, caught, completed } = await flow.run({ topic: 'mine', ...message })
    assert.deepEqual([out.length, caught.length, completed], [0, 1, 0])
    const [failed] = caught
    assert.ok(failed?.error)
    assert.equal(failed.topic, 'mine')
    assert.equal(failed.error.source.id, 'action')
    // A busy node's status is spread over time, so the last word comes a little later.
    await until(() => flow.statuses.at(-1)?.fill === 'red', 'the status shows it')
    assert.equal(flow.statuses.at(-1)?.shape, 'ring')
    return failed
  }

  const check = (failed: FlowMessage, code: string, sentence: RegExp): void => {
    const { error } = failed
    assert.ok(error)
    assert.equal(error.code, code, error.message)
    assert.match(error.message, sentence)
  }

  it('says that no account is chosen', async () => {
    const failed = await fails({ node: { accountThingsee: '' } })
    check(failed, 'CONFIG', /^Haltian Thingsee, State of a thing: no account is chosen; open the node and choose one$/)
  })

  it('shows that no account is chosen before any message comes', async () => {
    const flow = await load({ simulator, vendor: 'thingsee', operation: 'thing', node: { accountThingsee: '' } })
    assert.deepEqual(flow.statuses.map(({ fill, shape }) => [fill, shape]), [['grey', 'ring']])
  })

  it('names vendor, operation or credential that is missing', async () => {
    check(await fails({ node: { vendor: '' } }), 'CONFIG', /no vendor is chosen/)
    await unload()
    check(await fails({ operation: 'nothing' }), 'CONFIG', /^Haltian Thingsee get-data: there is no operation "nothing"/)
    await unload()
    check(await fails({ credentials: { clientId: 'x' } }), 'CONFIG', /Client secret is missing; enter it in the account/)
    await unload()
    check(await fails({ account: { baseUrl: '' } }), 'CONFIG', /^Haltian Thingsee account: /)
    await unload()
    check(await fails({ account: { baseUrl: 'http://api.example/v1' } }), 'CONFIG', /must start with https:\/\//)
    assert.equal(simulator.requests.length, 0)
  })

  it('does not stumble over blanks around a credential that was pasted, but takes a password as it is', async () => {
    const { thingsee, sensorist } = simulator.credentials
    const around = (text: string): string => ` ${text}\n`
    const flow = await load({
      simulator, vendor: 'thingsee', operation: 'thing', params: { tuid: THING },
      credentials: { clientId: around(thingsee.clientId), clientSecret: around(thingsee.clientSecret) },
    })
    assert.equal((await flow.run()).out.length, 1)
    await unload()
    const owner = await load({ simulator, vendor: 'sensorist', operation: 'users', credentials: { ...sensorist, email: around(sensorist.email) } })
    assert.equal((await owner.run()).out.length, 1)
    await unload()
    check(await fails({ vendor: 'sensorist', operation: 'users', params: {}, credentials: { ...sensorist, password: around(sensorist.password) } }), 'AUTH', /401/)
    await unload()
    check(await fails({ credentials: { ...thingsee, clientSecret: ' ' } }), 'CONFIG', /Client secret is missing/)
  })

  it('names the param that is wrong, and sends nothing', async () => {
    check(await fails({ params: {} }), 'INVALID', /^Haltian Thingsee, State of a thing: "Thing \(tuid\)" is required: /)
    await unload()
    check(await fails({ operation: 'messages', params: { tuid: THING, limit: 0 } }), 'INVALID', /"Limit" must be at least 1, not 0/)
    await unload()
    check(await fails({ operation: 'messages', params: { tuid: THING, from: 'soon' } }), 'INVALID', /"From" must be a time such as 2025-12-31, 2025-12-31T14:00 or -24h, not "soon"/)
    await unload()
    check(await fails({ params: { tuid: { type: 'jsonata', value: '$nope(' } } }), 'INVALID', /"Thing \(tuid\)" has a JSONata expression that fails \(.+\); correct it in the node/)
    await unload()
    check(await fails({ operation: 'request', params: { path: '/groups', query: { type: 'json', value: '{' } } }), 'INVALID', /"Query" is not valid JSON/)
    assert.equal(simulator.requests.length, 0)
  })

  it('says what cannot be sent at all, and sends nothing', async () => {
    check(await fails({ vendor: 'senquip', operation: 'list-devices', credentials: { apiKey: 'pasted\u200bkey' }, params: {} }), 'CONFIG', /^Senquip, List of devices: a credential contains a character that cannot be sent/)
    await unload()
    const itself: Record<string, unknown> = {}
    itself.self = itself
    const params = { method: 'POST', path: '/groups', body: { type: 'msg', value: 'body' } }
    check(await fails({ verb: 'send-command', operation: 'request', params }, { body: itself }), 'INVALID', /cannot be written as JSON/)
    await unload()
    check(await fails({ vendor: 'sensorist', operation: 'workflow', params: { workflowId: 'a\ud83d' } }), 'INVALID', /"Workflow" contains half of a character/)
    assert.equal(simulator.requests.filter(({ path }) => !path.includes('token')).length, 0)
  })

  it('survives an error body that is nested without end', async () => {
    simulator.faults.next({ status: 400, body: '{"a":'.repeat(50_000) + '1' + '}'.repeat(50_000), match: { path: `/things/${THING}` } })
    check(await fails({}), 'INVALID', /\(400\)/)
  })

  it('does not end Node-RED when a message cannot be copied for a Catch node', async () => {
    const flow = await load({ simulator, vendor: 'thingsee', operation: 'thing', params: {} })
    const unheard: unknown[] = []
    const hear = (reason: unknown): void => void unheard.push(reason)
    const others = process.listeners('unhandledRejection')
    process.removeAllListeners('unhandledRejection').on('unhandledRejection', hear)
    const uncopied = { get payload(): string { throw new Error('cannot be copied') } }
    try {
      flow.node.receive(Object.assign({ payload: 'in' }, { uncopied }))
      await until(() => unheard.length > 0 || flow.log.flat().some((line) => String((line as { msg: unknown }).msg).includes('cannot be copied')), 'the fault is told')
    } finally {
      process.off('unhandledRejection', hear)
      for (const other of others) process.on('unhandledRejection', other)
    }
    assert.deepEqual(unheard, [])
  })

  it('tells Catch of it, also when a getter of the message throws what has no text', async () => {
    const flow = await load({ simulator, vendor: 'thingsee', operation: 'thing', params: {} })
    const caught: { error?: { code?: string } }[] = []
    helper.getNode('caught').on('input', (message: object) => void caught.push(message))
    const rejected: unknown[] = []
    const note = (reason: unknown): void => void rejected.push(reason)
    const others = process.listeners('unhandledRejection')
    process.removeAllListeners('unhandledRejection').on('unhandledRejection', note)
    const uncopied = { get payload(): string { throw Object.create(null) as Error } }
    try {
      flow.node.receive(Object.assign({ payload: 'in' }, { uncopied }))
      await until(() => rejected.length > 0 || caught.length > 0, 'Catch has the error')
    } finally {
      process.off('unhandledRejection', note)
      for (const other of others) process.on('unhandledRejection', other)
    }
    assert.deepEqual(rejected, [])
    assert.equal(caught[0]?.error?.code, 'INVALID')
  })

  it('says that a vendor is unknown, whatever it is called', async () => {
    for (const vendor of ['acme', '__proto__', 'constructor']) {
      const flow = await load({ simulator, vendor: 'thingsee', operation: 'thing', params: {}, node: { vendor, accountThingsee: 'account' } })
      const { caught } = await flow.run()
      assert.equal(caught[0]?.error?.message, `get-data: there is no vendor "${vendor}"; open the node and choose one`)
      await unload()
    }
    check(await fails({ operation: '__proto__', params: {} }), 'CONFIG', /there is no operation "__proto__"/)
  })

  it('says that the credentials were refused', async () => {
    const failed = await fails({ credentials: { clientId: 'simulated-client', clientSecret: 'not-the-secret' } })
    check(failed, 'AUTH', /Haltian Thingsee, State of a thing: Client id or Client secret is wrong \(40\d\); enter them again in the account/)
    await unload()
    const sensorist = await fails({ vendor: 'sensorist', operation: 'users', credentials: { email: 'a@b.example', password: 'wrong-password' }, params: {} })
    check(sensorist, 'AUTH', /^Sensorist, User: E-mail or Password is wrong \(401\); enter them again in the account$/)
    assert.equal(sensorist.response?.statusCode, 401)
    await unload()
    check(await fails({ vendor: 'senquip', operation: 'list-devices', credentials: { apiKey: 'wrong-key' }, params: {} }), 'FORBIDDEN', /\(403\)/)
  })

  it('says that nothing is there, with the vendor\'s own words and body', async () => {
    const failed = await fails({ params: { tuid: 'XXXX00X1O73360355' } })
    check(failed, 'NOT_FOUND', /^Haltian Thingsee, State of a thing: nothing found for Thing \(tuid\) XXXX00X1O73360355 \(404\): .+; check it, then "Base URL" in the account$/)
    assert.equal(failed.response?.statusCode, 404)
    assert.equal(failed.response.attempts, 1)
    assert.equal((failed.response.body as { statusCode: number }).statusCode, 404)
  })

  it('has a code for each status of the vendor', async () => {
    for (const [status, code] of [[400, 'INVALID'], [403, 'FORBIDDEN'], [409, 'CONFLICT'], [302, 'PROTOCOL']] as const) {
      simulator.faults.next({ status, match: { path: `/things/${THING}` } })
      check(await fails({}), code, new RegExp(`\\(${status}\\)`))
      await unload()
    }
  })

  it('outlasts a passing fault, and says so when it does not pass', async () => {
    simulator.faults.next({ status: 503, match: { path: `/things/${THING}` }, times: 2 })
    const flow = await load({ simulator, vendor: 'thingsee', operation: 'thing', params: { tuid: THING } })
    const { out } = await flow.run()
    assert.equal(out[0]?.response?.attempts, 3)
    await unload()
    simulator.faults.next({ status: 500, match: { path: `/things/${THING}` }, times: 4 })
    const failed = await fails({})
    check(failed, 'VENDOR', /\(500\); try again later/)
    assert.equal(failed.response?.attempts, 4)
  }).timeout(60_000)

  it('waits as long as a 429 asks', async () => {
    simulator.faults.next({ status: 429, headers: { 'retry-after': '1' }, match: { path: `/things/${THING}` } })
    const flow = await load({ simulator, vendor: 'thingsee', operation: 'thing', params: { tuid: THING } })
    const { out } = await flow.run()
    assert.equal(out[0]?.response?.attempts, 2)
    const [first, second] = simulator.requests.filter(({ path }) => path === `/things/${THING}`)
    // A timer may be some ms early by the calendar.
    assert.ok((second?.at ?? 0) - (first?.at ?? 0) >= 990)
  })

  it('says that the vendor answers something else than it promises', async () => {
    const path = `/things/${THING}/messages`
    const messages = { operation: 'messages', params: { tuid: THING } }
    simulator.faults.next({ html: true, match: { path } })
    check(await fails(messages), 'PROTOCOL', /a web page came instead of data; check the base URL in the account, and whether this network wants a sign-in page first/)
    await unload()
    simulator.faults.next({ body: '{"data":[{"tsmId":12100,"tsmTs":"noon"}]}', match: { path } })
    check(await fails(messages), 'PROTOCOL', /^Haltian Thingsee, Messages of a thing: unexpected response format: #1\.tsmTs is /)
    await unload()
    simulator.faults.next({ body: '[]', match: { path } })
    check(await fails(messages), 'PROTOCOL', /data/)
    await unload()
    simulator.faults.next({ truncate: 'json', match: { path } })
    check(await fails(messages), 'PROTOCOL', /not JSON/)
  })

  it('gives up on a vendor that does not answer in time, also when bytes trickle in', async () => {
    fastTime = passFast(10)
    simulator.faults.always({ delay: 5_000, match: { path: `/things/${THING}` } })
    check(await fails({ account: { timeout: '500' } }), 'TIMEOUT', /no response within 0.5 s/)
    await unload()
    simulator.faults.clear()
    simulator.faults.always({ trickle: 50, match: { path: `/things/${THING}` } })
    check(await fails({ account: { timeout: '500' } }), 'TIMEOUT', /no response within 0.5 s/)
  }).timeout(60_000)

  it('says that the cloud cannot be reached', async () => {
    await simulator.close()
    check(await fails({}), 'NETWORK', /Haltian Thingsee, State of a thing: nothing answers at the address of the account \(ECONNREFUSED\); check the base URL and its port, and whether a firewall blocks it/)
  }).timeout(60_000)

  it('fetches a new token when the vendor has forgotten the old one', async () => {
    const flow = await load({ simulator, vendor: 'thingsee', operation: 'thing', params: { tuid: THING } })
    await flow.run()
    simulator.state.thingsee.tokens.clear()
    const { out } = await flow.run()
    assert.equal(out[0]?.response?.attempts, 2)
    assert.equal(simulator.state.thingsee.tokensIssued, 2)
  })

  it('fetches one token for many requests at once', async () => {
    const flow = await load({ simulator, vendor: 'thingsee', operation: 'thing', params: { tuid: THING } })
    const one = flow.run()
    flow.node.receive({ payload: 2 })
    flow.node.receive({ payload: 3 })
    await one
    assert.equal(simulator.requests.filter(({ path }) => path === '/auth/client-token').length, 1)
  })
})

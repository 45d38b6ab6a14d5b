/** Secret params that are credentials of their node. */
import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import helper from 'node-red-node-test-helper'
import { secretParams } from '../../src/nodes/runtime/node-types'
import { startSimulator, type Simulator } from '../simulator'
import { load, unload, type Flow } from './harness'

helper.init(require.resolve('node-red'))

const SECRET = 'hunter2 is not for everyone'
const PERSON = { email: 'a@b.example', firstName: 'A', lastName: 'B' }

describe('a secret param that is a credential', () => {
  let simulator: Simulator
  beforeEach(async () => (simulator = await startSimulator()))
  afterEach(async () => {
    await unload()
    await simulator.close()
  })

  const createUser = (action: Record<string, string> | undefined, params: Record<string, unknown> = {}): Promise<Flow> =>
    load({
      simulator, vendor: 'sensorist', verb: 'register-device', operation: 'create-user',
      params: { ...PERSON, password: { type: 'cred', value: 'password' }, ...params },
      moreCredentials: action === undefined ? {} : { action },
    })
  const sentPasswords = (): (string | null)[] => simulator.requests.map(({ body }) => new URLSearchParams(body).get('password'))
  const shownBy = (flow: Flow, ...more: unknown[]): string => inspect([flow.log, flow.statuses, ...more], { depth: Infinity, showHidden: true, maxStringLength: Infinity })

  it('reaches the vendor, and stands neither in the message nor in a log or status', async () => {
    const flow = await createUser({ password: SECRET })
    const { out, caught } = await flow.run()
    assert.deepEqual([out.length, caught.length], [1, 0], caught[0]?.error?.message)
    assert.deepEqual(sentPasswords().slice(-1), [SECRET])
    assert.equal(shownBy(flow, out).includes(SECRET), false)
  })

  it('is the same for each row, unless the row has its own', async () => {
    const flow = await createUser({ password: SECRET })
    await flow.run({ payload: [{ email: 'c@d.example' }, { email: 'e@f.example', password: 'its own' }] })
    assert.deepEqual(sentPasswords(), [SECRET, 'its own'])
  })

  it('stands in no error, also when the vendor repeats it', async () => {
    simulator.faults.always({ status: 422, body: JSON.stringify({ message: `password ${SECRET} is too weak` }) })
    const flow = await createUser({ password: SECRET })
    const { caught } = await flow.run()
    assert.match(caught[0]?.error?.message ?? '', /password ••• is too weak/)
    assert.equal(shownBy(flow, caught).includes(SECRET), false)
  })

  it('comes from a variable where the credential names one', async () => {
    process.env.SENSOR_CLOUDS_TEST_PASSWORD = SECRET
    try {
      const flow = await createUser({ password: '${SENSOR_CLOUDS_TEST_PASSWORD}' })
      await flow.run()
      assert.deepEqual(sentPasswords().slice(-1), [SECRET])
    } finally {
      delete process.env.SENSOR_CLOUDS_TEST_PASSWORD
    }
  })

  it('is missed before anything is sent, as after an import', async () => {
    for (const action of [undefined, {}, { password: '' }, { setupPassword: SECRET }]) {
      const flow = await createUser(action)
      const { caught } = await flow.run()
      const [{ error } = {}] = caught
      assert.equal(error?.code, 'INVALID')
      assert.match(error.message, /"Password" is a credential that has no value, as after an import; enter it in the node/)
      await unload()
    }
    assert.equal(simulator.requests.length, 0)
  })

  it('is refused for a param whose value errors would show', async () => {
    const flow = await createUser({ password: SECRET }, { firstName: { type: 'cred', value: 'password' } })
    const { caught } = await flow.run()
    assert.match(caught[0]?.error?.message ?? '', /"First name" cannot be a credential/)
    assert.equal(shownBy(flow, caught).includes(SECRET), false)
    assert.equal(simulator.requests.length, 0)
  })

  it('leaves a flow with a typed text as it is', async () => {
    const flow = await createUser(undefined, { password: SECRET })
    const { out } = await flow.run()
    assert.equal(out.length, 1)
    assert.deepEqual(sentPasswords().slice(-1), [SECRET])
  })
})

describe('the credentials of a verb', () => {
  it('are its secret params, whatever the vendor', () => {
    assert.deepEqual(secretParams('register-device'), ['password', 'setupPassword'])
    assert.deepEqual(secretParams('get-data'), [])
  })
})

/** The callbacks of one node at the vendor: there is one of them, with the right address and events, and none once the node is gone. */
import assert from 'node:assert/strict'
import { ApiError } from '../../../src/lib/base/api-error'
import { Account } from '../../../src/lib/client/account'
import { ClientPool } from '../../../src/lib/client/pool'
import { isSecret, readRegistration, WebhookRegistrations } from '../../../src/lib/client/webhook-registrations'
import { vendors } from '../../../src/lib/vendors'
import type { CallbackEvents } from '../../../src/lib/vocabulary/events'
import { startSimulator, type Simulator } from '../../simulator'

const SECRET = 'a-secret-path'
const URL = `https://my.example/${SECRET}`
const wanted = { url: URL, events: ['alarm', 'system'] }
/** Bits of the vendor. */
const [BUTTON, ALARM, SYSTEM] = [1, 2, 4]

describe('the webhook of a node', () => {
  let simulator: Simulator
  let account: Account
  let webhooks: WebhookRegistrations
  const isOwn = (url: string): boolean => url.endsWith(SECRET)
  const events = vendors.sensorist.events as CallbackEvents
  const { signal } = new AbortController()

  before(async () => (simulator = await startSimulator({ maxAge: 0, limits: { sensoristPerSecond: false } })))
  after(() => simulator.close())
  beforeEach(() => {
    const { credentials, urls } = simulator
    simulator.requests.splice(0)
    simulator.state.sensorist.callbacks.clear()
    account = new Account({ vendor: vendors.sensorist, settings: { baseUrl: urls.sensorist, requestsPerSecond: 1000 }, credentials: credentials.sensorist }, new ClientPool())
    webhooks = new WebhookRegistrations(account, events, SECRET, { signal, noRetry: true })
  })
  afterEach(() => account.close())

  const register = (id: number, url: string, type: number): void => void simulator.state.sensorist.callbacks.set(id, { id, owner: 14886, url, type })
  const registered = (): [url: string, type: number][] => [...simulator.state.sensorist.callbacks.values()].map(({ url, type }) => [url, type])
  const requests = (): string[] => simulator.requests.map(({ method, path }) => `${method} ${path}`)

  it('is created where there is none, and left alone where it is right', async () => {
    register(1, 'https://other.example/', ALARM)
    await webhooks.ensure(wanted, isOwn)
    assert.deepEqual(registered(), [['https://other.example/', ALARM], [URL, ALARM | SYSTEM]])
    await webhooks.ensure(wanted, isOwn)
    assert.deepEqual(requests(), ['GET /callbacks', 'POST /callbacks', 'GET /callbacks'])
  })

  for (const [what, url, type] of [
    ['for another address of this Node-RED', `https://old.example/${SECRET}`, ALARM | SYSTEM],
    ['for fewer events', URL, ALARM],
    ['for more events', URL, BUTTON | ALARM | SYSTEM],
    ['for other events', URL, BUTTON | ALARM],
  ] as const)
    it(`is replaced when it is ${what}: the new one comes first, so that no event is lost`, async () => {
      register(7, url, type)
      await webhooks.ensure(wanted, isOwn)
      assert.deepEqual(registered(), [[URL, ALARM | SYSTEM]])
      assert.deepEqual(requests(), ['GET /callbacks', 'POST /callbacks', 'DELETE /callbacks/7'])
    })

  it('is right where the vendor does not say which events it is for', async () => {
    register(7, URL, NaN)
    await webhooks.ensure(wanted, isOwn)
    assert.deepEqual(requests(), ['GET /callbacks'])
  })

  it('stays once where there are several', async () => {
    for (const id of [7, 8, 9]) register(id, URL, ALARM | SYSTEM)
    await webhooks.ensure(wanted, isOwn)
    assert.deepEqual([...simulator.state.sensorist.callbacks.keys()], [7])
  })

  it('is removed with the node, also where it has gone meanwhile; others stay', async () => {
    register(7, URL, ALARM)
    register(8, 'https://other.example/', ALARM)
    register(9, URL, ALARM)
    simulator.faults.next({ match: { method: 'DELETE' }, status: 404 })
    await webhooks.remove(isOwn)
    assert.deepEqual([...simulator.state.sensorist.callbacks.keys()], [7, 8], 'the vendor said that 7 was gone')
  })

  it('has failures without the secret part of its address', async () => {
    register(7, URL, ALARM)
    for (const match of [{ method: 'DELETE' }, { method: 'GET' }]) {
      simulator.faults.next({ match, status: 403, body: { message: `not allowed: ${URL}` } })
      await assert.rejects(webhooks.remove(isOwn), (error) => {
        assert.ok(error instanceof ApiError)
        assert.equal(error.code, 'FORBIDDEN')
        assert.match(error.message, /^Sensorist, .+ \(403\): not allowed: .*•••/)
        assert.ok(!error.message.includes(SECRET), error.message)
        return true
      })
    }
    await assert.rejects(webhooks.remove(() => { throw new TypeError('a defect') }), { name: 'TypeError', message: 'a defect' })
  })
})

describe('what a node stores of its webhook', () => {
  for (const [text, stored] of [
    ['{"path":"/p","url":"https://my.example/p"}', { path: '/p', url: 'https://my.example/p' }],
    ['{"path":7,"url":"https://my.example/p"}', { path: undefined, url: 'https://my.example/p' }],
    ['{"path":"/p","url":null}', { path: '/p', url: undefined }],
    ['{}', {}], ['[', {}], ['null', {}], [undefined, {}],
  ] as const)
    it(`is what can be read of ${text}`, () => assert.deepEqual(readRegistration(text), stored))

  it('is compared with what comes, whatever its length', () => {
    assert.deepEqual(['secret', 'secret2', 'Secret', ''].map((given) => isSecret(given, 'secret')), [true, false, false, false])
  })
})

import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import type { NodeAPI } from 'node-red'
import helper from 'node-red-node-test-helper'
import { startSimulator, type Simulator } from '../simulator'
import { load, unload, accountsOn, type VendorId, withoutBackOff } from './harness'

const proxyNode = require('@node-red/nodes/core/network/06-httpproxy.js') as (RED: NodeAPI) => void

helper.init(require.resolve('node-red'))

const READS: readonly [VendorId, string, Record<string, unknown>][] = [
  ['senquip', 'list-devices', {}],
  ['senquip-v1', 'device-summary', {}],
  ['thingsee', 'alerts', {}],
  ['sensorist', 'alarms', {}],
]

/** A secret as it is, in a URL, in a form, in base64, in hex and as the Basic header that carries it. */
function formsOf(credentials: Record<string, string>): string[] {
  const values = Object.values(credentials)
  return [...values, values.join(':')].flatMap((secret) => [
    secret,
    encodeURIComponent(secret),
    new URLSearchParams({ '': secret }).toString().slice(1),
    Buffer.from(secret).toString('base64'),
    Buffer.from(secret).toString('hex'),
    Buffer.from(secret).toString('hex').toUpperCase(),
  ])
}

describe('secrets', () => {
  withoutBackOff()
  let simulator: Simulator
  // Without max-age each read really asks, also while the vendor echoes.
  beforeEach(async () => (simulator = await startSimulator({ maxAge: 0 })))
  afterEach(async () => {
    await unload()
    await simulator.close()
  })

  for (const [vendor, operation, params] of READS)
    it(`of ${vendor} stand in no log, status, message or error`, async () => {
      const { credentials } = accountsOn(simulator)[vendor]
      const shown: unknown[] = []
      const tokens: string[] = []
      const observe = async (): Promise<void> => {
        const flow = await load({ simulator, vendor, operation, params })
        const { out, caught } = await flow.run()
        shown.push(out, caught, flow.statuses, flow.log)
        await unload()
      }
      await observe()
      const sent = simulator.requests.flatMap(({ headers }) => headers.authorization ?? headers['x-api-key'] ?? [])
      tokens.push(...sent.flatMap((value) => value.split(' ').slice(-1)))
      // A vendor that echoes all that it was sent is the worst that an error can meet.
      const echo = { message: `refused ${sent.join(' ')} ${formsOf(credentials as Record<string, string>).join(' ')}` }
      for (const fault of [{ status: 403, body: JSON.stringify(echo) }, { status: 400, body: sent.join() }, { html: `<p>${sent.join()}</p>` }, { reset: 'before' as const }]) {
        simulator.faults.always(fault)
        await observe()
        simulator.faults.clear()
      }
      assert.ok(sent.length > 0 && tokens.every((token) => token.length > 8))
      const text = inspect(shown, { depth: Infinity, maxStringLength: Infinity, maxArrayLength: Infinity, showHidden: true })
      assert.ok(text.length > 1000)
      for (const secret of [...formsOf(credentials as Record<string, string>), ...tokens])
        assert.equal(text.includes(secret), false, `${secret} is shown in ${text.slice(Math.max(0, text.indexOf(secret) - 200), text.indexOf(secret) + 60)}`)
    }).timeout(60_000)

  it('stand in no error that shows only the beginning of an answer', async () => {
    const { credentials } = accountsOn(simulator).senquip
    const { apiKey } = credentials as { apiKey: string }
    // 40 characters of an answer are shown.
    simulator.faults.always({ status: 200, body: `${'x'.repeat(39 - Math.ceil(apiKey.length / 2))} ${apiKey}` })
    const flow = await load({ simulator, vendor: 'senquip', operation: 'list-devices' })
    const { caught } = await flow.run()
    assert.match(caught[0]?.error?.message ?? '', /begins with "x+ •••…"/)
  })

  it('that are numbers stand in no error body that has them as such', async () => {
    simulator.faults.always({ status: 403, body: '{"key":1234567890}' })
    const flow = await load({ simulator, vendor: 'senquip', operation: 'list-devices', credentials: { apiKey: '1234567890' } })
    const { caught } = await flow.run()
    assert.deepEqual(caught[0]?.response?.body, { key: '•••' })
  })

  it('of a proxy or an address stand in no error', async () => {
    for (const account of [{ proxy: 'proxy' }, { baseUrl: 'https://me:proxypass1@bad host/' }]) {
      const flow = await load({ simulator, vendor: 'senquip', operation: 'list-devices', account, nodes: [proxyNode], more: [{ id: 'proxy', type: 'http proxy', url: 'http://me:proxypass1@bad host:1', noproxy: [] }] })
      const { caught } = await flow.run()
      assert.equal(caught[0]?.error?.code, 'CONFIG')
      assert.equal(inspect([caught, flow.statuses, flow.log], { depth: Infinity, showHidden: true }).includes('proxypass1'), false)
      await unload()
    }
  })

  it('among the params stand in no error about their type', async () => {
    for (const type of ['json', 'jsonata', 'bin', 're']) {
      const value = type === 'jsonata' ? 'hunter2secret[' : type === 're' ? '(hunter2secret' : 'hunter2secret'
      const params = { email: 'a@b.example', password: { type, value }, firstName: 'A', lastName: 'B' }
      const flow = await load({ simulator, vendor: 'sensorist', verb: 'register-device', operation: 'create-user', params })
      const { caught } = await flow.run()
      assert.equal(caught[0]?.error?.code, 'INVALID')
      assert.equal(inspect([caught.map(({ error, response }) => [error?.message, response]), flow.statuses], { depth: Infinity }).includes('hunter2secret'), false, type)
      await unload()
    }
    assert.equal(simulator.requests.length, 0)
  })

  it('among the params stand in no error, also when they are numbers', async () => {
    simulator.faults.always({ status: 422, body: '{"message":"password 73577357 is too weak"}' })
    const params = { email: 'a@b.example', password: 73577357, firstName: 'A', lastName: 'B' }
    const flow = await load({ simulator, vendor: 'sensorist', verb: 'register-device', operation: 'create-user', params })
    const { caught } = await flow.run()
    assert.match(caught[0]?.error?.message ?? '', /password ••• is too weak/)
    assert.equal(inspect([caught, flow.statuses, flow.log], { depth: Infinity }).includes('is too weak'), true)
    assert.equal(JSON.stringify(caught[0]?.response?.body).includes('73577357'), false)
  })
})

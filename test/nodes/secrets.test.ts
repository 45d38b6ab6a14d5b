import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import helper from 'node-red-node-test-helper'
import { startSimulator, type Simulator } from '../simulator'
import { load, unload, accountsOn, type VendorId } from './harness'

helper.init(require.resolve('node-red'))

const READS: readonly [VendorId, string, Record<string, unknown>][] = [
  ['senquip', 'list-devices', {}],
  ['senquip-v1', 'device-summary', {}],
  ['thingsee', 'alerts', {}],
  ['sensorist', 'alarms', {}],
]

/** A secret as it is, in a URL, in a form, in base64 and as the Basic header that carries it. */
function formsOf(credentials: Record<string, string>): string[] {
  const values = Object.values(credentials)
  return [...values, values.join(':')].flatMap((secret) => [
    secret,
    encodeURIComponent(secret),
    new URLSearchParams({ '': secret }).toString().slice(1),
    Buffer.from(secret).toString('base64'),
  ])
}

describe('secrets', () => {
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

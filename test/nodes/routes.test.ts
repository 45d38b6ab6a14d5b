import assert from 'node:assert/strict'
import helper from 'node-red-node-test-helper'
import { startSimulator, type Simulator } from '../simulator'
import type { AccountNode } from '../../src/nodes/accounts/account-node'
import { assertNoSecret, deploy, get, PERMISSIONS, post, typed } from './admin'
import { accountsOn, unload, type VendorId } from './harness'

helper.init(require.resolve('node-red'))

const VENDORS: readonly VendorId[] = ['senquip', 'senquip-v1', 'sensocan', 'thingsee', 'sensorist']
const MARKER = '__PWRD__'

describe('admin routes', () => {
  let simulator: Simulator
  beforeEach(async () => {
    simulator = await startSimulator()
    await new Promise<void>((resolve) => helper.startServer(resolve))
  })
  afterEach(async () => {
    await unload()
    await new Promise<void>((resolve) => helper.stopServer(resolve))
    await simulator.close()
  })

  const untouched = (vendor: VendorId): object => Object.fromEntries(Object.keys(accountsOn(simulator)[vendor].credentials).map((name) => [name, MARKER]))
  const test = (account: object) => post('test', { account })
  const options = (account: object, pick: string, refresh = false) => post('options', { account, pick, refresh })
  const seen = (): string[] => simulator.requests.map(({ method, path }) => `${method} ${path}`)

  it('are registered once, however many sets load, and ask for leave to deploy or to read', async () => {
    await deploy(simulator, [])
    assert.deepEqual([...PERMISSIONS].sort(), ['flows.read', 'flows.read', 'flows.read', 'flows.write', 'flows.write', 'flows.write', 'flows.write', 'flows.write'])
    assert.equal((await post('test', {})).status, 400)
  })

  it('refuse what a form of another site could send', async () => {
    await deploy(simulator, [])
    const { status } = await helper.request().post('/sensor-clouds/test').type('form').send({ 'account[id]': 'a' })
    assert.equal(status, 415)
    assert.equal(simulator.requests.length, 0)
  })

  describe('test of a connection', () => {
    for (const vendor of VENDORS)
      it(`says who answers for ${vendor}, before the first deploy, and stores nothing`, async () => {
        await deploy(simulator, [])
        const { status, json, text } = await test(typed(simulator, { vendor }))
        assert.equal(status, 200)
        assert.equal(json?.ok, true, text)
        assert.ok(String(json.says).length > 3 && Number(json.duration) >= 0)
        assert.equal(simulator.state.sensocan.readings.length, 0)
        assertNoSecret(text, accountsOn(simulator)[vendor].credentials)
      })

    it('says what answers in words', async () => {
      await deploy(simulator, [])
      const says = async (vendor: VendorId): Promise<unknown> => (await test(typed(simulator, { vendor }))).json?.says
      assert.equal(await says('senquip'), 'devices: 15')
      assert.match(String(await says('thingsee')), /^deployment groups: \d+$/)
      assert.match(String(await says('sensocan')), /accepted/)
    })

    for (const vendor of VENDORS)
      it(`gives the reason in one sentence when the credentials of ${vendor} are wrong`, async () => {
        await deploy(simulator, [])
        const wrong = Object.fromEntries(Object.keys(accountsOn(simulator)[vendor].credentials).map((name) => [name, `wrong-${name}-1234`]))
        const { json, text } = await test(typed(simulator, { vendor, credentials: wrong }))
        assert.equal(json?.ok, false, text)
        // Senquip refuses a wrong key with 403 [S1].
        assert.ok(json.code === 'AUTH' || json.code === 'FORBIDDEN', text)
        assert.match(String(json.message), /connection test: .*(check|enter)/)
        assertNoSecret(text, wrong)
      })

    it('takes the stored credentials where they are left untouched, marked or left out', async () => {
      await deploy(simulator, [{ id: 'a', vendor: 'sensorist' }])
      for (const credentials of [untouched('sensorist'), {}, { password: MARKER }]) {
        const { json, text } = await test(typed(simulator, { id: 'a', vendor: 'sensorist', credentials }))
        assert.equal(json?.ok, true, text)
        assertNoSecret(text, accountsOn(simulator).sensorist.credentials)
      }
    })

    it('prefers what was typed to what is stored', async () => {
      await deploy(simulator, [{ id: 'a', vendor: 'sensorist' }])
      const { json } = await test(typed(simulator, { id: 'a', vendor: 'sensorist', credentials: { email: MARKER, password: 'mistyped' } }))
      assert.equal(json?.code, 'AUTH')
    })

    it('asks anew each time, and tries once', async () => {
      await deploy(simulator, [])
      await test(typed(simulator, { vendor: 'sensorist' }))
      await test(typed(simulator, { vendor: 'sensorist' }))
      assert.equal(simulator.requests.length, 2)
      simulator.faults.always({ status: 503 })
      const { json } = await test(typed(simulator, { vendor: 'sensorist' }))
      assert.equal(json?.code, 'VENDOR')
      assert.equal(simulator.requests.length, 3)
    })

    it('says which setting is missing or wrong', async () => {
      await deploy(simulator, [])
      const wrong = async (settings: object): Promise<string> => String((await test(typed(simulator, { vendor: 'sensorist', settings }))).json?.message)
      assert.match(await wrong({ baseUrl: 'http://example.com' }), /https/)
      assert.match(await wrong({ tls: 'not-there' }), /TLS configuration is not deployed/)
      assert.match(await wrong({ proxy: 'not-there' }), /proxy is not deployed/)
      const { json } = await test(typed(simulator, { vendor: 'sensorist', credentials: { email: 'a@b.c', password: '' } }))
      assert.match(String(json?.message), /Password is missing/)
      assert.equal(simulator.requests.length, 0)
    })

    it('sends requests through a proxy that is chosen but not saved', async () => {
      const { baseUrl } = accountsOn(simulator).sensorist.settings as { baseUrl: string }
      // Nothing listens on port 1.
      await deploy(simulator, [{ id: 'a', vendor: 'sensorist' }], [{ id: 'p', type: 'http proxy', url: 'http://127.0.0.1:1', noproxy: [] }])
      const { json } = await test(typed(simulator, { vendor: 'sensorist', settings: { proxy: 'p', baseUrl: baseUrl.replace('http:', 'https:') } }))
      assert.equal(json?.code, 'NETWORK')
      assert.match(String(json.message), /nothing answers at the address of the account \(ECONNREFUSED\)/)
      assert.equal(simulator.requests.length, 0)
    })

    it('replaces variables as Node-RED does, in settings and credentials', async () => {
      await deploy(simulator, [])
      const { baseUrl } = accountsOn(simulator).sensorist.settings as { baseUrl: string }
      const { email, password } = simulator.credentials.sensorist
      Object.assign(process.env, { ROUTES_TEST_URL: baseUrl, ROUTES_TEST_PASSWORD: password })
      try {
        const account = typed(simulator, { vendor: 'sensorist', settings: { baseUrl: '${ROUTES_TEST_URL}' }, credentials: { email, password: '$(ROUTES_TEST_PASSWORD)' } })
        const { json, text } = await test(account)
        assert.equal(json?.ok, true, text)
      } finally {
        delete process.env.ROUTES_TEST_URL
        delete process.env.ROUTES_TEST_PASSWORD
      }
    })
  })

  describe('stored credentials', () => {
    let thief: Simulator
    beforeEach(async () => (thief = await startSimulator()))
    afterEach(() => thief.close())

    for (const vendor of VENDORS)
      it(`of ${vendor} go to no address but the deployed one`, async () => {
        await deploy(simulator, [{ id: 'a', vendor }])
        const elsewhere = typed(thief, { id: 'a', vendor, credentials: untouched(vendor) })
        const { json, text } = await test(elsewhere)
        assert.equal(json?.code, 'CONFIG', text)
        assert.match(String(json.message), /again/)
        const picked = await options(elsewhere, vendor === 'sensorist' ? 'gateways' : vendor === 'thingsee' ? 'groups' : 'devices')
        if (vendor !== 'sensocan') assert.match(picked.text, /"CONFIG"/)
        assert.equal(thief.requests.length, 0)
        const again = await test(typed(thief, { id: 'a', vendor }))
        assert.equal(again.json?.ok, true, again.text)
      })

    it('do not go elsewhere when only one of two was typed again', async () => {
      await deploy(simulator, [{ id: 'a', vendor: 'sensorist' }])
      const { json } = await test(typed(thief, { id: 'a', vendor: 'sensorist', credentials: { email: 'someone@example.com' } }))
      assert.equal(json?.code, 'CONFIG')
      assert.equal(thief.requests.length, 0)
    })

    it('are not those of an account of another type', async () => {
      await deploy(simulator, [{ id: 'a', vendor: 'thingsee' }])
      const { json } = await test(typed(simulator, { id: 'a', vendor: 'senquip-v1', credentials: {} }))
      assert.match(String(json?.message), /Client ID is missing/)
      assert.equal(simulator.requests.length, 0)
    })

    it('go to the same address written otherwise', async () => {
      await deploy(simulator, [{ id: 'a', vendor: 'sensorist' }])
      const { baseUrl } = accountsOn(simulator).sensorist.settings as { baseUrl: string }
      const { json, text } = await test(typed(simulator, { id: 'a', vendor: 'sensorist', credentials: {}, settings: { baseUrl: ` ${baseUrl}/` } }))
      assert.equal(json?.ok, true, text)
    })
  })

  describe('options of pickers', () => {
    const valuesOf = (json: Record<string, unknown> | null): { value: string; label: string; detail?: string }[] =>
      (json?.options ?? []) as { value: string; label: string; detail?: string }[]

    it('come before the first deploy', async () => {
      await deploy(simulator, [])
      const { json } = await options(typed(simulator, { vendor: 'sensorist' }), 'data-sources')
      assert.deepEqual(valuesOf(json)[0], { value: '220200', label: 'Rack left: Temperature', detail: 'Cellar · 220200', name: 'Cellar, Rack left: Temperature' })
    })

    it('of an opened dialog cost one request a resource, however often it is opened', async () => {
      await deploy(simulator, [])
      simulator.state.senquip.choices.listKey = null
      const account = typed(simulator, { vendor: 'senquip' })
      const replies = await Promise.all(Array.from({ length: 5 }, () => options(account, 'devices')))
      for (let opened = 0; opened < 5; opened += 1) replies.push(await options(account, 'devices'))
      for (const { json } of replies) assert.equal(valuesOf(json).length, 15)
      assert.deepEqual(seen(), ['GET /devices'])
      await options(account, 'devices', true)
      assert.equal(simulator.requests.length, 2, 'refresh asks anew')
    })

    it('are not those of other credentials', async () => {
      await deploy(simulator, [])
      await options(typed(simulator, { vendor: 'senquip' }), 'devices')
      const { json } = await options(typed(simulator, { vendor: 'senquip', credentials: { apiKey: 'another-key-1234' } }), 'devices')
      assert.equal((json?.error as { code: string }).code, 'FORBIDDEN')
    })

    it('that failed are asked for again', async () => {
      await deploy(simulator, [])
      const account = typed(simulator, { vendor: 'thingsee' })
      simulator.faults.always({ status: 503 })
      assert.match((await options(account, 'groups')).text, /"error"/)
      simulator.faults.clear()
      assert.ok(valuesOf((await options(account, 'groups')).json).length > 0)
    })

    it('gather the things of all groups', async () => {
      await deploy(simulator, [{ id: 'a', vendor: 'thingsee' }])
      const { json } = await options(typed(simulator, { id: 'a', vendor: 'thingsee', credentials: untouched('thingsee') }), 'things')
      const values = valuesOf(json).map(({ value }) => value)
      assert.ok(values.includes('TSPD04SIM00000001'), values.join())
    })

    it('are learned from for the labels of readings', async () => {
      await deploy(simulator, [{ id: 'a', vendor: 'senquip' }])
      const device = simulator.state.senquip.devices.get('JDA54E19F')
      assert.ok(device)
      for (const name of ['Cold room', 'Freezer']) {
        device.name = name
        await options(typed(simulator, { id: 'a', vendor: 'senquip', credentials: untouched('senquip') }), 'devices', true)
        const account = await (helper.getNode('a') as unknown as AccountNode).account()
        assert.equal(account.labelOf('JDA54E19F'), name)
      }
      assert.deepEqual(seen(), ['GET /devices', 'GET /devices'])
    })

    it('that are known beforehand need no account and no request', async () => {
      await deploy(simulator, [])
      const account = { ...typed(simulator, { vendor: 'thingsee' }), settings: {}, credentials: {} }
      const found = valuesOf((await options(account, 'message-ids')).json).find(({ value }) => value === '12100')
      assert.equal(found?.label, 'environment')
      assert.equal(simulator.requests.length, 0)
    })

    it('of an unknown name are refused', async () => {
      await deploy(simulator, [])
      for (const pick of ['nothing', 'toString', '']) assert.equal((await options(typed(simulator, { vendor: 'sensorist' }), pick)).status, 400, pick)
    })

    it('hold no secret, even where the vendor echoes it', async () => {
      await deploy(simulator, [])
      const { apiKey } = simulator.credentials.senquip
      simulator.state.senquip.devices.get('JDA54E19F')!.name = `key ${apiKey}`
      const { text } = await options(typed(simulator, { vendor: 'senquip' }), 'devices')
      assert.match(text, /JDA54E19F/)
      assertNoSecret(text, { apiKey })
    })
  })

  describe('diagnostics', () => {
    it('tell budgets, and no secret or address', async () => {
      await deploy(simulator, [{ id: 'a', vendor: 'senquip' }])
      const { json, text } = await get('diagnostics/a')
      const { diagnostics, versions } = json as { diagnostics: { budgets: { name: string; limit: number; used: number }[] }; versions: { package: string } }
      assert.deepEqual(diagnostics.budgets.map(({ name, limit }) => [name, limit]), [['per second', 9], ['per day', 9000]])
      assert.match(versions.package, /^\d/)
      assertNoSecret(text, simulator.credentials.senquip)
      assert.equal(text.includes('127.0.0.1'), false)
    })

    it('of an account that is not deployed are nothing, and of one that is not configured a sentence', async () => {
      await deploy(simulator, [{ id: 'a', vendor: 'senquip', settings: { baseUrl: '' } }], [{ id: 'other', type: 'helper' }])
      assert.equal((await get('diagnostics/none')).status, 204)
      assert.equal((await get('diagnostics/other')).status, 204)
      assert.match(((await get('diagnostics/a')).json?.error as { message: string }).message, /Base URL is missing/)
    })
  })
})

/** What admin requests never do, whatever is typed or answered: end Node-RED, change a vendor's data, give stored secrets away. */
import assert from 'node:assert/strict'
import helper from 'node-red-node-test-helper'
import { startSimulator, type Simulator } from '../simulator'
import { until } from '../until'
import { deploy, post, typed } from './admin'
import { unload } from './harness'

helper.init(require.resolve('node-red'))

interface Options {
  options: { value: string; label: string; detail?: string }[]
  count: number
}

describe('admin requests', () => {
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

  const untouched = { email: '__PWRD__', password: '__PWRD__' }
  const options = (account: object, pick: string, more: object = {}) => post('options', { account, pick, ...more })

  /** Rejections that nobody handles while `work` runs: in Node-RED each would end the process. */
  async function unhandled(work: () => Promise<unknown>): Promise<unknown[]> {
    const rejected: unknown[] = []
    const note = (reason: unknown): void => void rejected.push(reason)
    const others = process.listeners('unhandledRejection')
    process.removeAllListeners('unhandledRejection').on('unhandledRejection', note)
    try {
      await work()
    } finally {
      process.off('unhandledRejection', note)
      for (const other of others) process.on('unhandledRejection', other)
    }
    return rejected
  }

  describe('a picker', () => {
    it('whose reply cannot be written answers with an error', async () => {
      await deploy(simulator, [])
      const { stringify } = JSON
      const rejected = await unhandled(async () => {
        JSON.stringify = ((value: unknown, ...rest: never[]) => {
          if (typeof value === 'object' && value !== null && 'options' in value) throw new RangeError('Invalid string length')
          return stringify(value, ...rest)
        })
        try {
          const account = { ...typed(simulator, { vendor: 'thingsee' }), settings: {}, credentials: {} }
          const { status, json } = await Promise.race([
            options(account, 'message-ids'),
            until(() => false, 'a reply', 3000).catch(() => ({ status: 0, json: null })) as Promise<{ status: number; json: null }>,
          ])
          assert.equal(status, 500)
          assert.match(String((json as { message?: string } | null)?.message), /failed inside Node-RED/)
        } finally {
          JSON.stringify = stringify
        }
      })
      assert.deepEqual(rejected, [])
    })

    it('shortens long labels, gives at most 5,000 options, and finds the others by a search', async () => {
      await deploy(simulator, [])
      const { devices } = simulator.state.senquip
      const [device] = devices.values()
      assert.ok(device)
      for (let index = 0; index < 6000; index += 1) devices.set(`BULK${index}`, { ...device, deviceId: `BULK${index}`, name: `${'n'.repeat(300)} ${index}` })
      const account = typed(simulator, { vendor: 'senquip' })
      const all = (await options(account, 'devices')).json as unknown as Options
      assert.equal(all.options.length, 5000)
      assert.ok(all.count > 6000)
      assert.ok(all.options.every(({ label, detail = '' }) => label.length <= 200 && detail.length <= 200))
      const found = (await options(account, 'devices', { search: 'bulk5999' })).json as unknown as Options
      assert.deepEqual(found.options.map(({ value }) => value), ['BULK5999'])
      assert.equal(found.count, 1)
      assert.equal(simulator.requests.length, 1, 'a search costs no request')
    })
  })

  describe('a list that is loaded again', () => {
    it('asks the vendor only once the max-age of its answer is over, and says how old it is', async () => {
      await deploy(simulator, [{ id: 'a', vendor: 'sensorist' }])
      const account = typed(simulator, { id: 'a', vendor: 'sensorist' })
      for (const refresh of [false, true, true]) {
        const { json } = await options(account, 'gateways', { refresh })
        assert.equal(json?.age, 0)
      }
      assert.equal(simulator.requests.length, 1)
    })
  })

  describe('what is typed', () => {
    it('sends stored secrets through no proxy or TLS configuration but the deployed one', async () => {
      // Nothing listens on port 1.
      const more = [{ id: 'p', type: 'http proxy', url: 'http://127.0.0.1:1', noproxy: [] }]
      // Plain http to this machine uses no proxy at all.
      const baseUrl = simulator.urls.sensorist.replace('http:', 'https:')
      await deploy(simulator, [{ id: 'a', vendor: 'sensorist' }, { id: 'b', vendor: 'sensorist', settings: { proxy: 'p' } }, { id: 'c', vendor: 'sensorist', settings: { proxy: 'p', baseUrl } }], more)
      const test = (id: string, settings: object, credentials: object) => post('test', { account: typed(simulator, { id, vendor: 'sensorist', settings, credentials }) })
      const refused = await test('a', { proxy: 'p' }, untouched)
      assert.deepEqual([refused.json?.code, refused.json?.message], ['CONFIG', 'Sensorist account: the proxy is not the deployed one, so the stored credentials are not sent; enter E-mail and Password again to use it'])
      assert.match((await options(typed(simulator, { id: 'a', vendor: 'sensorist', settings: { proxy: 'p' }, credentials: untouched }), 'gateways')).text, /"CONFIG"/)
      assert.equal((await test('a', { tls: 'p' }, untouched)).json?.code, 'CONFIG')
      assert.equal(simulator.requests.length, 0)
      assert.equal((await test('c', { proxy: 'p', baseUrl }, untouched)).json?.code, 'NETWORK', 'the deployed proxy may have them')
      assert.equal((await test('b', { proxy: '' }, untouched)).json?.ok, true, 'without a proxy nobody else has them')
    })

    it('never sends anything but GET, whatever the route says', async () => {
      await deploy(simulator, [])
      for (const method of ['DELETE', 'POST', 'PUT', 'PATCH']) {
        const account = typed(simulator, { vendor: 'senquip', settings: { routes: { 'list-devices': { method, path: '/devices/ALL' } } } })
        const { json } = await post('test', { account })
        assert.equal(json?.code, 'CONFIG')
        assert.match(String(json.message), new RegExp(`^Senquip, connection test: the route of "List of devices" is ${method}, but only GET requests are sent for tests and lists`))
        assert.match((await options(account, 'devices')).text, /only GET requests are sent/)
      }
      assert.deepEqual(simulator.requests, [])
      const { json } = await post('test', { account: typed(simulator, { vendor: 'sensocan' }) })
      assert.equal(json?.ok, true, 'a probe that is declared as a POST is sent')
    })
  })
})

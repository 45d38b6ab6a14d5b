/** What an editor may ask: nothing but reads leave for a vendor, and stored secrets go nowhere else. */
import assert from 'node:assert/strict'
import { HostileServer, say, sayJson, type Reply } from './hostile-server'
import { account, after as usual, SECRETS, settingsAt, TAB } from './targets'
import { Victim, type VictimProcess } from './victim-process'
import type { VendorId } from './victim-nodes'

/** As the dialogs of Node-RED send a password that was not touched. */
const UNTOUCHED = '__PWRD__'
const TYPES: Readonly<Partial<Record<VendorId, string>>> = { senquip: 'senquip-account', thingsee: 'thingsee-account', sensorist: 'sensorist-account' }

interface EditorReply {
  status: number
  text: string
}

describe('a hostile world: requests of the editor', function () {
  this.timeout(240_000)
  let server: HostileServer
  let thief: HostileServer
  const victim = new Victim()
  before(async () => {
    server = await HostileServer.start()
    thief = await HostileServer.start()
  })
  after(async () => {
    await victim.end()
    await server.close()
    await thief.close()
  })

  async function ask(process: VictimProcess, method: string, path: string, body?: string): Promise<EditorReply> {
    const response = await fetch(`${process.origin}/admin/sensor-clouds/${path}`, {
      method, headers: { 'content-type': 'application/json', connection: 'close' }, ...(body === undefined ? {} : { body }), signal: AbortSignal.timeout(15_000),
    })
    const text = await response.text()
    // A path that nothing serves would pass every attack.
    assert.doesNotMatch(text, /^<!DOCTYPE html>[^]*Cannot (GET|POST)/, `nothing serves ${path.slice(0, 50)}`)
    return { status: response.status, text }
  }

  /** An account of the senquip type at an address, deployed, and as its dialog sends it. */
  async function deployed(process: VictimProcess, reply: Reply, vendor: VendorId = 'senquip') {
    const place = server.place(usual({}, reply))
    const proxy = { id: 'thief', type: 'http proxy', name: '', url: thief.origin, noproxy: [] }
    await process.ask({ name: 'deploy', flow: [TAB, account('account', vendor, place.url), proxy] })
    const untouched = Object.fromEntries(Object.keys(SECRETS[vendor]).map((name) => [name, UNTOUCHED]))
    const typed = (settings: object, credentials: object = untouched): object => ({ id: 'account', type: TYPES[vendor], settings: { ...settingsAt(vendor, place.url), ...settings }, credentials })
    return { place, typed }
  }

  const DEVICES = Array.from({ length: 200_000 }, (_, index) => ({ deviceid: `JDA${String(index).padStart(6, '0')}`, devicename: `Device ${index} in the cellar behind the boiler` }))

  it('a picker whose vendor has 200,000 devices', async () => {
    const text = JSON.stringify(DEVICES)
    await victim.attack(async (process) => {
      const { typed } = await deployed(process, say(200, text))
      const { status, text: said } = await ask(process, 'POST', 'options', JSON.stringify({ account: typed({}), pick: 'devices', refresh: true }))
      assert.equal(status, 200)
      assert.match(said.slice(0, 30), /^\{"(options|error)"/)
    })
  })

  it('a picker of 100 options whose labels have 50,000 characters', async () => {
    const text = JSON.stringify(DEVICES.slice(0, 100).map((device) => ({ ...device, devicename: 'x'.repeat(50_000) })))
    await victim.attack(async (process) => {
      const { typed } = await deployed(process, say(200, text))
      assert.equal((await ask(process, 'POST', 'options', JSON.stringify({ account: typed({}), pick: 'devices', refresh: true }))).status, 200)
    })
  })

  const ROUTES: readonly unknown[] = [
    'DELETE /devices/ALL', 'POST /devices', { method: 'DELETE', path: '/devices/ALL' }, { method: 'PUT', path: '/devices', body: 'json' }, { method: 'delete', path: '/devices/ALL' },
    'PATCH /devices/ALL', { method: '__proto__', path: '/devices' }, { method: ['GET'], path: ['/devices'] },
  ]

  for (const route of ROUTES)
    it(`a test and a picker with the typed route ${JSON.stringify(route)}: nothing but GET leaves`, () =>
      victim.attack(async (process) => {
        const { place, typed } = await deployed(process, sayJson([]))
        const routes = { 'list-devices': route, 'device-data': route, request: route }
        const tested = await ask(process, 'POST', 'test', JSON.stringify({ account: typed({ routes }) }))
        const picked = await ask(process, 'POST', 'options', JSON.stringify({ account: typed({ routes }), pick: 'devices', refresh: true }))
        assert.ok(tested.status < 500 && picked.status < 500, `${tested.status} ${tested.text} ${picked.status} ${picked.text}`)
        assert.deepEqual(place.seen.map(({ method }) => method).filter((method) => method !== 'GET'), [])
      }))

  const PATHS = ['/..%2f..%2fdevices', '/%2e%2e/%2e%2e/devices', '/..\\..\\devices', '/..%5c..%5cdevices', '/./../devices', '//other.example/devices', '/%2e%2e%2fdevices', '/devices/..', '/\u0000/../devices']

  for (const path of PATHS)
    it(`a test with the typed path ${JSON.stringify(path)} stays below the base URL`, () =>
      victim.attack(async (process) => {
        const { place, typed } = await deployed(process, sayJson([]))
        const { status } = await ask(process, 'POST', 'test', JSON.stringify({ account: typed({ routes: { 'list-devices': { method: 'GET', path } } }) }))
        assert.ok(status < 500, String(status))
        assert.deepEqual(server.strays, [])
        assert.deepEqual(place.seen.map((seen) => seen.path).filter((seen) => /(^|\/|%2f|%5c|\\)(\.|%2e){2}(\/|%2f|%5c|\\|$)/i.test(seen)), [])
      }))

  /** What is typed beside secrets that are stored. */
  const ELSEWHERE: readonly (readonly [name: string, settings: () => object])[] = [
    ['another base URL', () => ({ baseUrl: `${thief.origin}/x/` })],
    ['a base URL with a user before the host', () => ({ baseUrl: thief.origin.replace('://', '://127.0.0.1@') })],
    ['a base URL by another spelling of the host', () => ({ baseUrl: thief.origin.replace('127.0.0.1', '0x7f.1') })],
    ['a proxy', () => ({ proxy: 'thief' })],
    ['a route to another host', () => ({ routes: { 'list-devices': { method: 'GET', path: `//${new URL(thief.origin).host}/` } } })],
  ]

  for (const [name, settings] of ELSEWHERE)
    for (const what of ['test', 'options'] as const)
      it(`stored secrets do not go to ${name} that is typed (${what})`, () =>
        victim.attack(async (process) => {
          const { typed } = await deployed(process, sayJson([]))
          const before = thief.connections
          const { status, text } = await ask(process, 'POST', what, JSON.stringify({ account: typed(settings()), pick: 'devices', refresh: true }))
          assert.ok(status < 500, `${status} ${text}`)
          assert.equal(thief.connections - before, 0, `somebody else was asked: ${text}`)
        }))

  it('no reply repeats a stored secret, whatever the vendor says', () =>
    victim.attack(async (process) => {
      for (const vendor of ['senquip', 'thingsee', 'sensorist'] as const) {
        const all = Object.values(SECRETS[vendor])
        const { typed } = await deployed(process, sayJson([{ deviceid: all.join(' '), devicename: all.join(' '), message: all.join(' ') }], 400), vendor)
        const replies = [
          await ask(process, 'POST', 'test', JSON.stringify({ account: typed({}) })),
          await ask(process, 'POST', 'options', JSON.stringify({ account: typed({}), pick: vendor === 'senquip' ? 'devices' : vendor === 'thingsee' ? 'things' : 'gateways', refresh: true })),
          await ask(process, 'GET', 'diagnostics/account'),
        ]
        for (const { text } of replies) assert.deepEqual(all.filter((secret) => text.includes(secret)), [])
      }
    }))

  const BODIES: readonly (readonly [name: string, body: () => string])[] = [
    ['no JSON', () => '{"account":'],
    ['a list', () => '[]'],
    ['null', () => 'null'],
    ['keys of prototypes', () => '{"__proto__":{"polluted":true},"account":{"id":"__proto__","type":"__proto__","settings":{"__proto__":{"polluted":true}},"credentials":{}},"pick":"__proto__"}'],
    ['a pick that objects inherit', () => '{"account":{"id":"account","type":"senquip-account","settings":{"baseUrl":"http://127.0.0.1:1/"},"credentials":{"apiKey":"some-key"}},"pick":"constructor"}'],
    ['a depth of 100,000', () => `{"account":{"id":"x","type":"senquip-account","settings":${'['.repeat(100_000)}${']'.repeat(100_000)},"credentials":{}}}`],
    ['settings of depth 50,000', () => `{"account":{"id":"x","type":"senquip-account","settings":{"routes":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}},"credentials":{"apiKey":"some-key"}},"pick":"devices"}`],
    ['4 MB of settings', () => JSON.stringify({ account: { id: 'x', type: 'senquip-account', settings: { baseUrl: `https://${'a'.repeat(4_000_000)}`, ...Object.fromEntries(DEVICES.slice(0, 5_000).map(({ deviceid }) => [deviceid, deviceid])) }, credentials: {} }, pick: 'devices' })],
    ['a base URL of 100,000 blanks and slashes', () => JSON.stringify({ account: { id: 'x', type: 'thingsee-account', settings: { baseUrl: `http://127.0.0.1:1${'/'.repeat(100_000)}x` }, credentials: { clientId: 'some-id', clientSecret: 'some-secret' } }, pick: 'things' })],
    ['values of wrong types', () => '{"account":{"id":"x","type":"senquip-account","settings":{"baseUrl":{},"timeout":[],"hostedDevices":{},"routes":"x","tls":{},"proxy":7,"store":[]},"credentials":{"apiKey":{}}},"pick":"devices"}'],
  ]

  for (const [name, body] of BODIES)
    it(`a body of ${name}`, () =>
      victim.attack(async (process) => {
        for (const path of ['test', 'options']) {
          const { status, text } = await ask(process, 'POST', path, body())
          // No dialog sends such a body: what counts is that it is answered, with a sentence.
          assert.ok(status < 500 || typeof (JSON.parse(text) as { message?: unknown }).message === 'string', `${path}: ${status} ${text.slice(0, 300)}`)
        }
      }))

  it('ids that objects inherit, and ids of other nodes', () =>
    victim.attack(async (process) => {
      await deployed(process, sayJson([]))
      for (const id of ['__proto__', 'constructor', 'tab', 'thief', '%00', '..%2f..', 'x'.repeat(10_000)])
        for (const [method, path] of [['GET', `diagnostics/${id}`], ['POST', `cursor/${id}/reset`], ['POST', `outbox/${id}/clear`], ['POST', `outbox/${id}/drop`]] as const) {
          const { status, text } = await ask(process, method, path, method === 'POST' ? '{}' : undefined)
          assert.ok(status < 500, `${path.slice(0, 50)}: ${status} ${text.slice(0, 300)}`)
        }
    }))
})

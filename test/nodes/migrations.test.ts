/** What flows of earlier versions, or of people's own hands, become. */
import assert from 'node:assert/strict'
import helper from 'node-red-node-test-helper'
import { accountProperty } from '../../src/lib/vocabulary/vendor'
import { defaultsOf } from '../../src/nodes/admin/help/node-parts'
import { isNewer, migrate, VERSION, type Config } from '../../src/nodes/runtime/migrations/migrate'
import { knownVendors, nodeSets } from '../../src/nodes/runtime/node-types'
import { RELEASED, releasedFlow } from '../flows/released'
import { startSimulator, type Simulator } from '../simulator'
import { load, NODES, unload } from './harness'

helper.init(require.resolve('node-red'))

const GET_DATA = 'sensor-cloud-get-data'

/** As a node of the type would be created with it. */
const migrated = <C extends Config>(type: string, config: C) => migrate(defaultsOf(nodeSets().find((set) => set.type === type)!), config)

const THING = 'TSPD04SIM00000001'

/** A node that somebody wrote down, with the least that it needs. */
const byHand = () => ({
  id: 'n1', type: GET_DATA, z: 't1', vendor: 'thingsee', accountThingsee: 'ac1', operation: 'messages', wires: [['n2']],
  params: { tuid: THING, limit: 5, deep: true, messageIds: [12100], where: { type: 'room', floor: 2 }, from: null, to: { value: '2026-01-01' }, search: { type: 'msg', value: 'topic' } },
})

/** Throws where anything is written. */
function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  for (const part of Object.values(value)) frozen(part)
  return Object.freeze(value)
}

describe('the properties of a node', () => {
  it('are completed with the defaults that the registration has', () => {
    for (const set of nodeSets()) {
      const { type } = set
      assert.deepEqual(migrated(type, { id: 'n', type }), { ...defaultsOf(set), id: 'n', type, version: VERSION }, type)
    }
    const { output, emit, sinceLast, accountSenquip } = migrated(GET_DATA, byHand()) as Record<string, unknown>
    assert.deepEqual([output, emit, sinceLast, accountSenquip], ['readings', 'array', false, ''])
  })

  it('keep what stands there, known or not', () => {
    const config = { ...byHand(), output: 'body', emit: 'page', sinceLast: true, info: 'why', g: 'group', outboxLimit: '7' }
    const { params: _params, ...rest } = migrated(GET_DATA, config) as Record<string, unknown>
    const { params: _given, ...given } = config
    for (const [name, value] of Object.entries(given)) assert.deepEqual(rest[name], value, name)
  })

  it('do not mistake nothing for a value', () => {
    const { timeout, baseUrl } = migrated('sensorist-account', { timeout: null, baseUrl: undefined }) as Record<string, unknown>
    assert.deepEqual([timeout, baseUrl], ['30000', 'https://api.sensorist.com/v1'])
    assert.equal((migrated('sensorist-account', { timeout: '' }) as Record<string, unknown>).timeout, '', 'an emptied row is a choice')
    assert.equal((migrated('sensor-cloud-send-reading', { outbox: false }) as Record<string, unknown>).outbox, false)
  })

  it('say the type of each param', () => {
    assert.deepEqual(migrated(GET_DATA, byHand()).params, {
      tuid: { type: 'str', value: THING },
      limit: { type: 'num', value: '5' },
      deep: { type: 'bool', value: 'true' },
      messageIds: { type: 'json', value: '[12100]' },
      where: { type: 'json', value: '{"type":"room","floor":2}' },
      to: { type: 'str', value: '2026-01-01' },
      search: { type: 'msg', value: 'topic' },
    })
  })

  it('are the same when they are brought to this version twice', () => {
    const once = migrated(GET_DATA, byHand())
    assert.deepEqual(migrated(GET_DATA, once), once)
    const { version: _version, ...unversioned } = once
    assert.deepEqual(migrated(GET_DATA, unversioned), once)
  })

  it('are not changed themselves', () => {
    assert.doesNotThrow(() => migrated(GET_DATA, frozen(byHand())))
  })

  it('of a later version stay as they are', () => {
    const later = { ...byHand(), version: VERSION + 1 }
    assert.equal(isNewer(later), true)
    const { params, version } = migrated(GET_DATA, later)
    assert.deepEqual([params, version], [later.params, VERSION + 1])
  })

  it('of no version that can be read are those of a flow written by hand', () => {
    for (const version of [undefined, null, 0, '', 'soon', -1, 1.5]) assert.equal(migrated(GET_DATA, { version }).version, VERSION, String(version))
    for (const version of [VERSION, String(VERSION)]) assert.equal(isNewer({ version }), false)
  })
})

describe('a flow', () => {
  let simulator: Simulator
  beforeEach(async () => (simulator = await startSimulator()))
  afterEach(async () => {
    await unload()
    await simulator.close()
  })

  const thing = { vendor: 'thingsee', operation: 'messages' } as const
  /** What nodes have said that is a warning or worse; the test helper itself warns of other things. */
  const warnings = (log: unknown[]): string[] =>
    (log as [{ level: number; msg: unknown; id?: string }][]).flatMap(([{ level, msg, id }]) => (level <= 30 && id !== undefined ? [String(msg)] : []))

  it('that was written by hand with plain values runs', async () => {
    const flow = await load({ simulator, ...thing, node: { params: { tuid: THING, limit: 3 }, output: undefined, emit: undefined } })
    const { out, caught } = await flow.run()
    assert.deepEqual(caught, [])
    const url = simulator.requests.find(({ path }) => path.startsWith('/things/'))
    assert.match(`${url?.method} ${url?.path}`, new RegExp(`^GET /things/${THING}/messages`))
    assert.ok(Array.isArray(out[0]?.payload))
    assert.deepEqual(warnings(flow.log), [])
  })

  it('that a later version saved runs as far as it can, with a warning', async () => {
    const flow = await load({ simulator, ...thing, params: { tuid: THING, limit: 3 }, node: { version: VERSION + 1 } })
    const { out } = await flow.run()
    assert.ok(Array.isArray(out[0]?.payload))
    assert.match(warnings(flow.log).join(), /newer version of node-red-contrib-sensor-clouds saved this node.*Update the package/)
  })

  it('that has this version and a param without a type says so', async () => {
    const flow = await load({ simulator, ...thing, node: { version: VERSION, params: { tuid: THING } } })
    const { caught } = await flow.run()
    const error = caught[0]?.error
    assert.equal(error?.code, 'INVALID')
    assert.match(error.message, /"Thing \(tuid\)" has no type/)
  })

  for (const release of RELEASED)
    it(`as ${release} saved it starts with every node complete`, async () => {
      const { nodes, credentials } = releasedFlow(release, simulator)
      const types = new Set(nodes.map(({ type }) => type))
      for (const { type } of nodeSets()) assert.ok(types.has(type), `${release} has no ${type}`)
      for (const vendor of knownVendors) assert.ok(nodes.some((node) => node.vendor === vendor.id && node[accountProperty(vendor.id)]), vendor.id)
      await helper.load([...NODES], nodes, credentials)
      const own = nodes.filter(({ type }) => nodeSets().some((set) => set.type === type))
      for (const { id, type } of own) assert.equal((helper.getNode(id) as { type?: string } | null)?.type, type, `${id} was not made`)
      assert.deepEqual(warnings(helper.log().args), [])
      const actions = own.filter(({ vendor }) => vendor !== undefined)
      const unconfigured = actions.filter(({ id }) => (helper.getNode(id).status as unknown as { args: [{ fill?: string }][] }).args.some(([{ fill }]) => fill === 'grey'))
      assert.deepEqual(unconfigured, [])
    })
})

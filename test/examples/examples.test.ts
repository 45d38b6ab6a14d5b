/** The flows of the editor's menu Import > Examples: complete, without secrets, and working as they are. */
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import helper from 'node-red-node-test-helper'
import { carriesReadings } from '../../src/lib/vocabulary/operation'
import { accountProperty } from '../../src/lib/vocabulary/vendor'
import { vendors } from '../../src/lib/vendors'
import { EVENT_TYPE } from '../../src/nodes/runtime/node-types'
import { startSimulator, type Simulator } from '../simulator'
import { FILES, VENDOR_IDS, actionsOf, debugsOf, fallible, load, ofType, operationOf, read, run, verbOf, verbsOf, type FlowNode } from './flows'
import { extentsOf } from './layout'
import { takeNotifications, type Notifications } from './notifications'
import { ARRANGED, CERTIFICATES, OUTCOMES, SIMULATORS } from './outcomes'

const paramsOf = (node: FlowNode): Record<string, { type: string }> => node['params'] as Record<string, { type: string }>

/** What each action node has besides what all have. */
const PROPERTIES: Readonly<Record<string, string[]>> = {
  'sensor-cloud-get-data': ['output', 'emit', 'sinceLast'],
  'sensor-cloud-send-reading': ['outbox', 'outboxLimit', 'batchWindow', 'syncWindow'],
  'sensor-cloud-send-command': ['ttl', 'awaitResult', 'awaitTimeout'],
}

const ACCOUNT_TYPES: readonly string[] = VENDOR_IDS.map((id) => vendors[id].accountType)

/** Config nodes that have one id in all examples. The import of a second example keeps the node that exists, with what was filled in. */
const SHARED = [...ACCOUNT_TYPES, 'mqtt-broker', 'ui-base', 'ui-theme']

const READING_KEYS = ['vendor', 'device', 'sensor', 'quantity', 'value', 'unit', 'timestamp']

function assertReadings(payload: unknown, vendor: unknown): void {
  const readings = (Array.isArray(payload) ? payload : [payload]) as Record<string, unknown>[]
  assert.ok(readings.length > 0, 'no readings')
  for (const reading of readings) {
    for (const key of READING_KEYS) assert.ok(key in reading, `${key} is missing in ${JSON.stringify(reading)}`)
    assert.equal(reading['vendor'], vendor)
    assert.ok(typeof reading['timestamp'] === 'number' && Math.abs(Date.now() - reading['timestamp']) < 8 * 86_400_000)
  }
}

describe('examples', () => {
  let simulator: Simulator
  let notifications: Notifications
  let folder: string

  it('are there for each node of each vendor', () => {
    const shown = new Set(FILES.flatMap((file) => actionsOf(read(file)).map((node) => `${String(node['vendor'])} ${verbOf(node)}`)))
    const offered = VENDOR_IDS.flatMap((vendor) => verbsOf(vendor).map((verb) => `${vendor} ${verb}`))
    assert.deepEqual([...shown].sort(), offered.sort())
  })

  it('are there for the events of each vendor that tells of them', () => {
    const shown = FILES.flatMap((file) => ofType(read(file), EVENT_TYPE).map(({ vendor }) => String(vendor)))
    assert.deepEqual([...new Set(shown)].sort(), VENDOR_IDS.filter((id) => 'events' in vendors[id]).sort())
  })

  it('have the names by which their outcomes are known', () => {
    assert.deepEqual(Object.keys({ ...OUTCOMES, ...SIMULATORS, ...ARRANGED }).filter((file) => !FILES.includes(file)), [])
  })

  it('have ids of their own, except for the config nodes that they share', () => {
    const ids = FILES.flatMap((file) => read(file).filter(({ type }) => !SHARED.includes(type)).map(({ id }) => id))
    assert.equal(new Set(ids).size, ids.length)
  })

  it('share one account per vendor, with the same definition everywhere', () => {
    const shared = FILES.flatMap((file) => read(file).filter(({ type }) => SHARED.includes(type)))
    const definitions = new Map(shared.map((node): [string, FlowNode] => [node.id, node]))
    for (const node of shared) assert.deepEqual(node, definitions.get(node.id))
    const accounts = [...definitions.values()].filter(({ type }) => ACCOUNT_TYPES.includes(type)).map(({ id }) => id.replace('sensor-clouds-', ''))
    // The account of several instances has a store, so it cannot be the same.
    assert.deepEqual(accounts.sort(), ['account-senquip', 'account-senquip-v1', 'account-sensorist', 'account-sensorist-shared', 'account-thingsee', 'device-sensocan'])
  })

  it('have no id that is also the value of a property, which Node-RED would take for a reference', () => {
    for (const file of FILES) {
      const ids = new Set(read(file).map(({ id }) => id))
      for (const { type, name, vendor } of read(file)) for (const value of [type, name, vendor]) assert.ok(!ids.has(String(value)), `${file}: ${String(value)}`)
    }
  })

  for (const file of FILES) {
    describe(file, () => {
      beforeEach(async () => {
        simulator = await startSimulator(SIMULATORS[file])
        ARRANGED[file]?.(simulator)
        notifications = await takeNotifications()
        folder = mkdtempSync(join(tmpdir(), 'examples-'))
        mkdirSync(join(folder, 'certificates'))
        for (const [name, content] of Object.entries(CERTIFICATES)) writeFileSync(join(folder, 'certificates', name), content)
      })

      afterEach(async () => {
        await helper.unload()
        await notifications.close()
        await simulator.close()
        rmSync(folder, { recursive: true })
      })

      it('says what to fill in, and catches errors', () => {
        const flow = read(file)
        const [comment] = ofType(flow, 'comment')
        assert.match(String(comment?.['info']), /Fill in:/)
        assert.equal(debugsOf(flow).errors.length, 1)
        for (const { scope } of ofType(flow, 'catch')) {
          assert.deepEqual([...(scope as string[])].sort(), fallible(flow).map(({ id }) => id).sort())
        }
      })

      it('holds no credentials', () => {
        const names = new Set(VENDOR_IDS.flatMap((id) => Object.keys(vendors[id].credentials)))
        for (const node of read(file)) {
          assert.ok(!('credentials' in node), `${node.type} has credentials`)
          for (const key of Object.keys(node)) assert.ok(!names.has(key), `${node.type} has ${key}`)
        }
        for (const node of actionsOf(read(file))) {
          const { fields } = operationOf(node)
          for (const [name, { type }] of Object.entries(paramsOf(node))) assert.ok(!fields[name]?.secret || type === 'env', `${name} is not from the environment`)
        }
      })

      it('is laid out on the grid, and no wider than 1200 px', () => {
        const flow = read(file)
        for (const { x, y, name } of flow) if (typeof x === 'number') assert.ok(x % 20 === 0 && (y as number) % 20 === 0, `${String(name)} is not on the grid`)
        const extents = extentsOf(flow)
        for (const { name, left, right } of extents) assert.ok(left >= 0 && right <= 1200, `${name} is drawn from ${left} to ${right}`)
        const pairs = extents.flatMap((one, index) => extents.slice(index + 1).filter((other) => Math.abs(one.y - other.y) < 40 && one.left < other.right && other.left < one.right).map(({ name }) => `${one.name} / ${name}`))
        assert.deepEqual(pairs, [], 'nodes on top of each other')
      })

      it('wires only to its own nodes, and has every property of its action nodes', () => {
        const flow = read(file)
        const ids = new Set(flow.map(({ id }) => id))
        for (const { wires = [] } of flow) for (const target of wires.flat()) assert.ok(ids.has(target), `no node ${target}`)
        for (const node of actionsOf(flow)) {
          const properties = ['name', 'vendor', ...VENDOR_IDS.map(accountProperty), 'operation', 'params', ...(PROPERTIES[node.type] ?? [])]
          for (const property of properties) assert.ok(property in node, `${property} is missing`)
          assert.ok(ids.has(String(node[accountProperty(String(node['vendor']))])), 'its account is not in the file')
          const { fields } = operationOf(node)
          assert.deepEqual(Object.keys(paramsOf(node)).filter((name) => !(name in fields)), [], 'params that the operation lacks')
          const required = Object.keys(fields).filter((name) => fields[name]!.required && !fields[name]!.fromPayload)
          assert.deepEqual(required.filter((name) => !(name in paramsOf(node))), [], 'params that are missing')
        }
      })

      it('works', async () => {
        const flow = await load(file, { simulator, folder, notifications: notifications.url })
        const messages = await run(flow)
        await OUTCOMES[file]?.(simulator, [...messages.values()].flat())
        for (const node of actionsOf(flow)) {
          const operation = operationOf(node)
          for (const id of node.wires!.flat()) {
            for (const { payload, response } of messages.get(id) ?? []) {
              assert.equal(response?.operation, node['operation'])
              if (operation.verb === 'get-data' && carriesReadings(operation) && node['output'] === 'readings') assertReadings(payload, node['vendor'])
              else if (node['output'] === 'values') assert.equal(typeof payload, 'number')
              else assert.ok(typeof payload === 'object' && payload !== null && Object.keys(payload).length > 0)
            }
          }
        }
      })
    })
  }
})

/** The flows of the editor's menu Import > Examples: complete, without secrets, and working as they are. */
import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import helper from 'node-red-node-test-helper'
import type { NodeAPI } from 'node-red'
import { carriesReadings } from '../../src/lib/spec'
import { accountProperty } from '../../src/lib/vendor'
import type { Operation } from '../../src/lib/spec'
import { vendors } from '../../src/lib/vendors'
import { registerAccount } from '../../src/nodes/accounts/register'
import { registerAction } from '../../src/nodes/actions/register'
import { accountsOn, type FlowMessage, type VendorId } from '../nodes/harness'
import { startSimulator, type Simulator } from '../simulator'

interface FlowNode {
  id: string
  type: string
  wires?: string[][]
  [property: string]: unknown
}

type NodeFile = (RED: NodeAPI) => void
const requireFrom = createRequire(__filename)
const core = (file: string): NodeFile => requireFrom(`@node-red/nodes/core/${file}.js`) as NodeFile

const VENDOR_IDS = Object.keys(vendors) as VendorId[]
const operationsOf = (vendor: VendorId): Readonly<Record<string, Operation>> => vendors[vendor].operations
const VERBS = [...new Set(VENDOR_IDS.flatMap((id) => Object.values(operationsOf(id)).map(({ verb }) => verb)))]
const NODES: NodeFile[] = [
  ...VENDOR_IDS.map((vendor) => registerAccount(vendor)),
  ...VERBS.map((verb) => registerAction(verb)),
  ...['common/20-inject', 'common/21-debug', 'common/25-catch', 'common/90-comment', 'function/15-change', 'sequence/17-split'].map(core),
]

/** What a user replaces by ids of their own, and what the simulator has instead. */
const PLACEHOLDERS: Readonly<Record<string, string>> = { TSPR04KAX19301234: 'TSPD04SIM00000001', '"12345678"': '"10000009"' }

const FOLDER = join(__dirname, '..', '..', 'examples')
const FILES = readdirSync(FOLDER).filter((file) => file.endsWith('.json'))

const read = (file: string): FlowNode[] => JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as FlowNode[]
const ofType = (flow: readonly FlowNode[], type: string): FlowNode[] => flow.filter((node) => node.type === type)
const actionsOf = (flow: readonly FlowNode[]): FlowNode[] => flow.filter(({ type }) => VERBS.some((verb) => type === `sensor-cloud-${verb}`))
const operationOf = ({ vendor, operation }: FlowNode): Operation => operationsOf(vendor as VendorId)[operation as string]!

/** What each action node has besides what all have. */
const PROPERTIES: Readonly<Record<string, string[]>> = {
  'sensor-cloud-get-data': ['output', 'emit', 'sinceLast'],
  'sensor-cloud-send-reading': ['outbox', 'outboxLimit', 'batchWindow'],
  'sensor-cloud-send-command': ['ttl', 'awaitResult', 'awaitTimeout'],
}

const vendorOfAccount = (type: string): VendorId | undefined => VENDOR_IDS.find((id) => vendors[id].accountType === type)

/** The example on this simulator: only what a user fills in is filled in. */
function filledIn(file: string, simulator: Simulator): { flow: FlowNode[]; credentials: Record<string, object> } {
  const accounts = accountsOn(simulator)
  const credentials: Record<string, object> = {}
  let text = readFileSync(join(FOLDER, file), 'utf8')
  for (const [placeholder, id] of Object.entries(PLACEHOLDERS)) text = text.replaceAll(placeholder, id)
  const flow = (JSON.parse(text) as FlowNode[]).map((node) => {
    const vendor = vendorOfAccount(node.type)
    if (!vendor) return node
    credentials[node.id] = accounts[vendor].credentials
    return { ...node, ...accounts[vendor].settings }
  })
  return { flow, credentials }
}

/** Debug nodes behind get data nodes, and those behind Catch. */
function debugsOf(flow: readonly FlowNode[]): { results: FlowNode[]; errors: FlowNode[] } {
  const caught = new Set(ofType(flow, 'catch').flatMap(({ wires }) => wires!.flat()))
  const debugs = ofType(flow, 'debug')
  return { results: debugs.filter(({ id }) => !caught.has(id)), errors: debugs.filter(({ id }) => caught.has(id)) }
}

/** Ids of all nodes that a message of this one can come to. */
function reached(flow: readonly FlowNode[], from: string, seen = new Set<string>()): Set<string> {
  for (const target of flow.find(({ id }) => id === from)?.wires?.flat() ?? []) {
    if (seen.has(target)) continue
    seen.add(target)
    reached(flow, target, seen)
  }
  return seen
}

/** Presses one inject button after the other, each until all debug nodes behind it have a message; rejects at the first error. */
async function run(flow: readonly FlowNode[]): Promise<Map<string, FlowMessage[]>> {
  const { results, errors } = debugsOf(flow)
  const messages = new Map<string, FlowMessage[]>(results.map(({ id }) => [id, []]))
  let arrived: () => void = () => undefined
  const failed = new Promise<never>((_resolve, reject) => {
    for (const { id } of errors) {
      helper.getNode(id).on('input', (message) => reject(new Error((message as FlowMessage).error?.message ?? 'an error without a message')))
    }
  })
  for (const { id } of results) {
    helper.getNode(id).on('input', (message) => {
      messages.get(id)!.push(message as FlowMessage)
      arrived()
    })
  }
  for (const { id } of ofType(flow, 'inject')) {
    const waiting = results.filter((debug) => reached(flow, id).has(debug.id)).map((debug) => messages.get(debug.id)!)
    assert.ok(waiting.length > 0, 'an inject node that leads nowhere')
    const before = waiting.map((list) => list.length)
    const all = new Promise<void>((resolve) => {
      arrived = () => {
        if (waiting.every((list, index) => list.length > before[index]!)) resolve()
      }
    })
    helper.getNode(id).receive({})
    await Promise.race([all, failed])
  }
  return messages
}

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

  beforeEach(async () => {
    simulator = await startSimulator()
  })

  afterEach(async () => {
    await helper.unload()
    await simulator.close()
  })

  it('are there for each vendor', () => {
    const used = new Set(FILES.flatMap((file) => actionsOf(read(file)).map(({ vendor }) => vendor)))
    assert.deepEqual([...used].sort(), [...VENDOR_IDS].sort())
  })

  it('have ids of their own', () => {
    const ids = FILES.flatMap((file) => read(file).map(({ id }) => id))
    assert.equal(new Set(ids).size, ids.length)
  })

  for (const file of FILES) {
    describe(file, () => {
      it('says what to fill in, and catches errors', () => {
        const flow = read(file)
        const [comment] = ofType(flow, 'comment')
        assert.match(String(comment?.['info']), /Fill in:/)
        assert.equal(debugsOf(flow).errors.length, 1)
        for (const { scope } of ofType(flow, 'catch')) {
          assert.deepEqual([...(scope as string[])].sort(), actionsOf(flow).map(({ id }) => id).sort())
        }
      })

      it('holds no credentials', () => {
        const names = new Set(VENDOR_IDS.flatMap((id) => Object.keys(vendors[id].credentials)))
        for (const node of read(file)) {
          assert.ok(!('credentials' in node), `${node.type} has credentials`)
          for (const key of Object.keys(node)) assert.ok(!names.has(key), `${node.type} has ${key}`)
        }
      })

      it('wires only to its own nodes, and has every property of its action nodes', () => {
        const flow = read(file)
        const ids = new Set(flow.map(({ id }) => id))
        for (const { wires = [] } of flow) for (const target of wires.flat()) assert.ok(ids.has(target), `no node ${target}`)
        for (const node of actionsOf(flow)) {
          const properties = ['name', 'vendor', ...VENDOR_IDS.map(accountProperty), 'operation', 'params', ...(PROPERTIES[node.type] ?? [])]
          for (const property of properties) assert.ok(property in node, `${property} is missing`)
          assert.ok(ids.has(String(node[accountProperty(String(node['vendor']))])), 'its account is not in the file')
          assert.deepEqual(Object.keys(node['params'] as object).filter((name) => !(name in operationOf(node).fields)), [], 'params that the operation lacks')
        }
      })

      it('works', async () => {
        const { flow, credentials } = filledIn(file, simulator)
        await helper.load(NODES, flow, credentials)
        const messages = await run(flow)
        if (actionsOf(flow).some(({ type }) => type === 'sensor-cloud-send-reading')) assert.equal(simulator.state.sensocan.readings.length, 3)
        for (const node of actionsOf(flow)) {
          const operation = operationOf(node)
          for (const id of node.wires!.flat()) {
            for (const { payload, response } of messages.get(id) ?? []) {
              assert.equal(response?.operation, node['operation'])
              if (operation.verb === 'get-data' && carriesReadings(operation) && node['output'] === 'readings') assertReadings(payload, node['vendor'])
              else assert.ok(typeof payload === 'object' && payload !== null && Object.keys(payload).length > 0)
            }
          }
        }
      })
    })
  }
})

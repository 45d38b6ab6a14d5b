/** The flows of the editor's menu Import > Examples: complete, without secrets, and working as they are. */
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import helper from 'node-red-node-test-helper'
import type { NodeAPI } from 'node-red'
import { carriesReadings } from '../../src/lib/spec'
import { accountProperty, operationsOf } from '../../src/lib/vendor'
import type { Operation, Verb } from '../../src/lib/spec'
import { vendors } from '../../src/lib/vendors'
import { registerAccount } from '../../src/nodes/accounts/register'
import { registerAction } from '../../src/nodes/actions/register'
import { registerStore } from '../../src/nodes/store/register'
import { registerOnEvent } from '../../src/nodes/on-event/register'
import { EVENT_TYPE, STORE_TYPE } from '../../src/nodes/types'
import { accountsOn, type FlowMessage, type VendorId } from '../nodes/harness'
import { startSimulator, type Simulator } from '../simulator'
import { CERTIFICATES, OUTCOMES, SIMULATORS } from './outcomes'

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
const verbsOf = (vendor: VendorId): Verb[] => [...new Set(Object.values<Operation>(vendors[vendor].operations).map(({ verb }) => verb))]
const VERBS = [...new Set(VENDOR_IDS.flatMap(verbsOf))]
const NODES: NodeFile[] = [
  ...VENDOR_IDS.map((vendor) => registerAccount(vendor)),
  ...VERBS.map((verb) => registerAction(verb)),
  registerStore,
  registerOnEvent(),
  ...['common/20-inject', 'common/21-debug', 'common/25-catch', 'common/90-comment'].map(core),
  ...['function/15-change', 'function/80-template', 'parsers/70-CSV', 'sequence/17-split', 'storage/10-file'].map(core),
]

/** What a user replaces by ids of their own, and what the simulator has instead. */
const PLACEHOLDERS: Readonly<Record<string, string>> = {
  TSPR04KAX19301234: 'TSPD04SIM00000001',
  TSPR04KAX19301235: 'TSPR04SIM00000002',
  TSPR04KAX19301236: 'TSAP01SIM00000003',
  '"12345678"': '"10000009"',
}

/** Where the files of a user are in the examples. */
const CERTIFICATES_FOLDER = '/data/certificates'

const FOLDER = join(__dirname, '..', '..', 'examples')
const FILES = readdirSync(FOLDER).filter((file) => file.endsWith('.json'))

const read = (file: string): FlowNode[] => JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as FlowNode[]
const ofType = (flow: readonly FlowNode[], type: string): FlowNode[] => flow.filter((node) => node.type === type)
const actionsOf = (flow: readonly FlowNode[]): FlowNode[] => flow.filter(({ type }) => VERBS.some((verb) => type === `sensor-cloud-${verb}`))
/** Core nodes that fail for reasons that lie outside the flow. */
const fallible = (flow: readonly FlowNode[]): FlowNode[] => [...actionsOf(flow), ...ofType(flow, EVENT_TYPE), ...ofType(flow, 'csv'), ...ofType(flow, 'file in')]
const verbOf = ({ type }: FlowNode): Verb => VERBS.find((verb) => type === `sensor-cloud-${verb}`)!
const operationOf = (node: FlowNode): Operation => operationsOf(vendors[node['vendor'] as VendorId], verbOf(node))[node['operation'] as string]!
const paramsOf = (node: FlowNode): Record<string, { type: string }> => node['params'] as Record<string, { type: string }>

/** What each action node has besides what all have. */
const PROPERTIES: Readonly<Record<string, string[]>> = {
  'sensor-cloud-get-data': ['output', 'emit', 'sinceLast'],
  'sensor-cloud-send-reading': ['outbox', 'outboxLimit', 'batchWindow'],
  'sensor-cloud-send-command': ['ttl', 'awaitResult', 'awaitTimeout'],
}

const vendorOfAccount = (type: string): VendorId | undefined => VENDOR_IDS.find((id) => vendors[id].accountType === type)

/** The example on this simulator: only what a user fills in is filled in. */
function filledIn(file: string, simulator: Simulator, folder: string): { flow: FlowNode[]; credentials: Record<string, object> } {
  const accounts = accountsOn(simulator)
  const credentials: Record<string, object> = {}
  let text = readFileSync(join(FOLDER, file), 'utf8')
  const folderAsText = JSON.stringify(folder).slice(1, -1)
  for (const [placeholder, own] of Object.entries({ ...PLACEHOLDERS, [CERTIFICATES_FOLDER]: folderAsText })) text = text.replaceAll(placeholder, own)
  const flow = (JSON.parse(text) as FlowNode[]).map((node) => {
    // No Redis is needed to see that the flow works.
    if (node.type === STORE_TYPE) return { ...node, kind: 'embedded' }
    const vendor = vendorOfAccount(node.type)
    if (!vendor) return node
    credentials[node.id] = accounts[vendor].credentials
    return { ...node, ...accounts[vendor].settings }
  })
  return { flow, credentials }
}

/** Debug nodes behind action nodes, and those behind Catch. */
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
  let folder: string

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'examples-'))
    for (const [name, content] of Object.entries(CERTIFICATES)) writeFileSync(join(folder, name), content)
  })

  after(() => rmSync(folder, { recursive: true }))

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
    assert.deepEqual(Object.keys({ ...OUTCOMES, ...SIMULATORS }).filter((file) => !FILES.includes(file)), [])
  })

  it('have ids of their own', () => {
    const ids = FILES.flatMap((file) => read(file).map(({ id }) => id))
    assert.equal(new Set(ids).size, ids.length)
  })

  for (const file of FILES) {
    describe(file, () => {
      beforeEach(async () => {
        simulator = await startSimulator(SIMULATORS[file])
      })

      afterEach(async () => {
        await helper.unload()
        await simulator.close()
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
        const { flow, credentials } = filledIn(file, simulator, folder)
        await helper.load(NODES, flow, credentials)
        const messages = await run(flow)
        await OUTCOMES[file]?.(simulator, [...messages.values()].flat())
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

/** The flows of the menu Import > Examples, and what runs them on a simulator. */
import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import helper from 'node-red-node-test-helper'
import type { NodeAPI } from 'node-red'
import type { Clock } from '../../src/lib/base/clock'
import { operationsOf } from '../../src/lib/vocabulary/vendor'
import type { Operation, Verb } from '../../src/lib/vocabulary/operation'
import { vendors } from '../../src/lib/vendors'
import { accountEntry, actionEntry, eventEntry, storeEntry } from '../../src/nodes/entries'
import { EVENT_TYPE, STORE_TYPE } from '../../src/nodes/runtime/node-types'
import { accountsOn, deployCheckSetting, QUICK, type FlowMessage, type VendorId } from '../nodes/harness'
import type { Simulator } from '../simulator'
import { mailRecorder } from './mails'
import { recorders } from './recorders'

export interface FlowNode {
  id: string
  type: string
  wires?: string[][]
  [property: string]: unknown
}

type NodeFile = (RED: NodeAPI) => void
const requireFrom = createRequire(__filename)
const core = (file: string): NodeFile => requireFrom(`@node-red/nodes/core/${file}.js`) as NodeFile
const dashboard = (file: string): NodeFile => requireFrom(`@flowfuse/node-red-dashboard/nodes/${file}.js`) as NodeFile

export const VENDOR_IDS = Object.keys(vendors) as VendorId[]
export const verbsOf = (vendor: VendorId): Verb[] => [...new Set(Object.values<Operation>(vendors[vendor].operations).map(({ verb }) => verb))]
const VERBS = [...new Set(VENDOR_IDS.flatMap(verbsOf))]
const NODES: NodeFile[] = [
  deployCheckSetting,
  ...VENDOR_IDS.map((vendor) => accountEntry(vendor)),
  ...VERBS.map((verb) => actionEntry(verb)),
  storeEntry,
  ...['20-inject', '21-debug', '25-catch', '90-comment'].map((file) => core(`common/${file}`)),
  ...['10-function', '10-switch', '15-change', '80-template', '89-delay', '89-trigger', 'rbe'].map((file) => core(`function/${file}`)),
  ...['10-mqtt', '21-httprequest'].map((file) => core(`network/${file}`)),
  ...['parsers/70-CSV', 'sequence/17-split', 'storage/10-file'].map(core),
  mailRecorder,
  recorders,
]

/** Loaded only for the flows that have them: their server asks for more than a flow. */
const DASHBOARD: NodeFile[] = [
  ...['base', 'theme', 'page', 'group'].map((name) => dashboard(`config/ui_${name}`)),
  ...['chart', 'gauge', 'notification', 'table', 'template', 'text'].map((name) => dashboard(`widgets/ui_${name}`)),
]

const FOLDER = join(__dirname, '..', '..', 'examples')
export const FILES = readdirSync(FOLDER).filter((file) => file.endsWith('.json'))

export const read = (file: string): FlowNode[] => JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as FlowNode[]
export const ofType = (flow: readonly FlowNode[], type: string): FlowNode[] => flow.filter((node) => node.type === type)
export const actionsOf = (flow: readonly FlowNode[]): FlowNode[] => flow.filter(({ type }) => VERBS.some((verb) => type === `sensor-cloud-${verb}`))
export const verbOf = ({ type }: FlowNode): Verb => VERBS.find((verb) => type === `sensor-cloud-${verb}`)!
export const operationOf = (node: FlowNode): Operation => operationsOf(vendors[node['vendor'] as VendorId], verbOf(node))[node['operation'] as string]!

const evaluates = ({ rules }: FlowNode): boolean => (rules as { tot?: string }[]).some(({ tot }) => tot === 'jsonata')

/** The action nodes, and the core nodes that fail for reasons that lie outside the flow. */
export const fallible = (flow: readonly FlowNode[]): FlowNode[] => [
  ...actionsOf(flow),
  ...[EVENT_TYPE, 'csv', 'e-mail', 'file', 'file in', 'http request', 'influxdb batch', 'sqlite'].flatMap((type) => ofType(flow, type)),
  ...ofType(flow, 'change').filter(evaluates),
]

/** What a user replaces by what is their own, and what the tests have instead. */
const PLACEHOLDERS: Readonly<Record<string, string>> = {
  TSPR04KAX19301234: 'TSPD04SIM00000001',
  TSPR04KAX19301235: 'TSPR04SIM00000002',
  TSPR04KAX19301236: 'TSAP01SIM00000003',
  '"12345678"': '"10000009"',
  // Nobody waits here for what comes within seconds.
  '"timeout": "5"': '"timeout": "0.5"',
  '"timeoutUnits": "minutes"': '"timeoutUnits": "milliseconds"',
}

/** What a user picks where the example leaves a param empty. */
const PICKED = { dataSources: { type: 'str', value: '220200, 220201' } }

function picked(node: FlowNode): FlowNode {
  const params = node['params'] as Record<string, { value: string }> | undefined
  return params?.['dataSources']?.value === '' ? { ...node, params: { ...params, ...PICKED } } : node
}

/** What the flows of a test share with the world outside. */
export interface Surroundings {
  simulator: Simulator
  /** Of the user: their files, and Node-RED's own. */
  folder: string
  /** URL of the service that takes notifications. */
  notifications: string
  /** Port of an MQTT broker; without it, nobody connects to one. */
  broker?: number
  /** Of the event nodes; the system's unless said. With it, the accounts get high rates: limits wait in real time. */
  clock?: Clock
  /** Ids of devices or sensors that the user chooses in the event nodes; all unless said. */
  chosen?: Partial<Record<VendorId, string>>
}

const vendorOfAccount = (type: string): VendorId | undefined => VENDOR_IDS.find((id) => vendors[id].accountType === type)

/** The example in these surroundings: only what a user fills in is filled in. */
export function filledIn(file: string, { broker, chosen = {}, clock, simulator, folder, notifications }: Surroundings): { flow: FlowNode[]; credentials: Record<string, object> } {
  const accounts = accountsOn(simulator)
  const credentials: Record<string, object> = {}
  const own = { ...PLACEHOLDERS, 'https://notify.example.com/building': notifications, '/data': JSON.stringify(folder).slice(1, -1) }
  const text = Object.entries(own).reduce((filled, [placeholder, value]) => filled.replaceAll(placeholder, value), readFileSync(join(FOLDER, file), 'utf8'))
  const flow = (JSON.parse(text) as FlowNode[]).map((node) => {
    // No Redis is needed to see that the flow works.
    if (node.type === STORE_TYPE) return { ...node, kind: 'embedded' }
    // Nor a broker; whoever connects to nobody tries again later.
    if (node.type === 'mqtt-broker') return broker === undefined ? { ...node, autoConnect: false } : { ...node, broker: '127.0.0.1', port: String(broker) }
    // The tests press the buttons themselves.
    if (node.type === 'inject') return { ...node, once: false }
    if (node.type === EVENT_TYPE) return { ...node, devices: chosen[node['vendor'] as VendorId] ?? '' }
    const vendor = vendorOfAccount(node.type)
    if (!vendor) return picked(node)
    credentials[node.id] = accounts[vendor].credentials
    return { ...node, ...accounts[vendor].settings, ...(clock ? QUICK[vendor] : {}) }
  })
  return { flow, credentials }
}

/** Runs the example; loading it again in the same surroundings is a restart. */
export async function load(file: string, surroundings: Surroundings): Promise<FlowNode[]> {
  const { flow, credentials } = filledIn(file, surroundings)
  const events = eventEntry(surroundings.clock ? { clock: surroundings.clock } : {})
  const userDir: NodeFile = (RED) => void (RED.settings.userDir = surroundings.folder)
  const more = ofType(flow, 'ui-base').length > 0 ? DASHBOARD : []
  await helper.load([userDir, ...NODES, events, ...more], flow, credentials)
  return flow
}

/** Debug nodes behind action nodes, and those behind Catch. */
export function debugsOf(flow: readonly FlowNode[]): { results: FlowNode[]; errors: FlowNode[] } {
  const caught = new Set(ofType(flow, 'catch').flatMap(({ wires }) => wires!.flat()))
  const debugs = ofType(flow, 'debug')
  return { results: debugs.filter(({ id }) => !caught.has(id)), errors: debugs.filter(({ id }) => caught.has(id)) }
}

/** Adds the sentence of each error that the example shows to a list. */
export function noteErrors(flow: readonly FlowNode[], errors: string[]): void {
  for (const { id } of debugsOf(flow).errors) helper.getNode(id).on('input', (message) => void errors.push((message as FlowMessage).error?.message ?? ''))
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
export async function run(flow: readonly FlowNode[]): Promise<Map<string, FlowMessage[]>> {
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
  for (const { id, wires } of ofType(flow, 'inject')) {
    // What only sets up widgets leads to no debug node.
    if (wires!.flat().every((target) => flow.find((node) => node.id === target)?.type.startsWith('ui-'))) continue
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

/** Real flows on the simulator: accounts, one action node, and where its messages end. */
import type { EventEmitter } from 'node:events'
import helper from 'node-red-node-test-helper'
import type { Node, NodeAPI, NodeMessage } from 'node-red'
import sinon from 'sinon'
import { systemClock } from '../../src/lib/base/clock'
import { accountEntry, actionEntry, eventEntry, storeEntry } from '../../src/nodes/entries'
import { sharedText } from '../../src/nodes/runtime/language'
import type { LeaseAccountStore } from '../../src/nodes/stores/account-store'
import type { CallResponse } from '../../src/lib/client/call'
import type { Verb } from '../../src/lib/vocabulary/operation'
import { accountProperty } from '../../src/lib/vocabulary/vendor'
import { vendors } from '../../src/lib/vendors'
import type { Simulator } from '../simulator'
import { SimpleStore } from '../lib/store/simple-store'
import { pause } from '../until'

export type VendorId = keyof typeof vendors

const catchNode = require('@node-red/nodes/core/common/25-catch.js') as (RED: NodeAPI) => void
const completeNode = require('@node-red/nodes/core/common/24-complete.js') as (RED: NodeAPI) => void
const { events } = require('@node-red/util') as { events: EventEmitter }
const joinNode = require('@node-red/nodes/core/sequence/17-split.js') as (RED: NodeAPI) => void

const VERBS: readonly Verb[] = ['get-data', 'send-reading', 'send-command', 'set-alarm', 'register-device']

/** Where the accounts of the loaded flow keep things. */
let stores: LeaseAccountStore = () => new SimpleStore().lease()

/** Else a deploy sends a request that tests would count. Evaluated before the accounts are registered. */
export const deployCheckSetting = (RED: NodeAPI): void => void Object.assign(RED.settings, { sensorClouds: { checkAtDeploy } })

let checkAtDeploy = false

/** Turns the check at deploy on or off for the flows that are loaded next. */
export const setCheckAtDeploy = (on: boolean): void => void (checkAtDeploy = on)

export const NODES = [
  deployCheckSetting,
  ...(Object.keys(vendors) as VendorId[]).map((vendor) => accountEntry(vendor, (RED, account) => stores(RED, account))),
  ...VERBS.map((verb) => actionEntry(verb)),
  storeEntry,
  eventEntry(),
  catchNode,
  completeNode,
  joinNode,
]

/** A message as flows have it. */
export interface FlowMessage extends NodeMessage {
  error?: { message: string; code?: string; source: { id: string } }
  response?: CallResponse & { existing?: boolean; nextLookAt?: number }
  parts?: { id: string; type: string; index: number; count?: number; len: number; parts?: unknown }
}

/** Settings and credentials of every vendor's account on this simulator. */
export function accountsOn(simulator: Simulator): Record<VendorId, { settings: object; credentials: object }> {
  const { urls, credentials } = simulator
  return {
    senquip: { settings: { baseUrl: urls.senquip, hostedDevices: '9' }, credentials: credentials.senquip },
    'senquip-v1': {
      settings: { tokenUrl: urls.senquipV1.token, endpointUrl: urls.senquipV1.endpoint, authorization: 'bearer' },
      credentials: credentials.senquipV1,
    },
    sensocan: {
      settings: { baseUrl: urls.sensocan, deviceUuid: credentials.sensocan.deviceUuid },
      credentials: { accessToken: credentials.sensocan.accessToken },
    },
    thingsee: { settings: { baseUrl: urls.thingsee }, credentials: credentials.thingsee },
    sensorist: { settings: { baseUrl: urls.sensorist }, credentials: credentials.sensorist },
  }
}

/** So many requests a second that no test waits for a rate which is only our precaution. */
export const QUICK: Partial<Record<VendorId, object>> = {
  'senquip-v1': { requestsPerSecond: '1000' },
  thingsee: { requestsPerSecond: '1000' },
  sensorist: { requestsPerSecond: '1000' },
}

export interface Setup {
  simulator: Simulator
  vendor: VendorId
  operation: string
  /** get-data unless said. */
  verb?: Verb
  /** Plain values become typed params of their kind. */
  params?: Record<string, unknown>
  node?: Record<string, unknown>
  account?: Record<string, unknown>
  credentials?: Record<string, unknown>
  /** Further nodes, such as a Join behind the action. */
  more?: object[]
  wires?: string[]
  /** Node modules beside those that every flow has. */
  nodes?: ((RED: NodeAPI) => void)[]
  moreCredentials?: Record<string, object>
  /** A new one unless said; a flow that is loaded with the same one is a restart. */
  store?: SimpleStore
  /** Instead of one in memory. */
  stores?: LeaseAccountStore
}

export interface Flow {
  /** Sends a message in and waits until the node has said done, with or without an error. */
  run(message?: Record<string, unknown>): Promise<Outcome>
  statuses: { fill?: string; shape?: string; text?: string }[]
  node: Node
  log: unknown[]
}

export interface Outcome {
  out: FlowMessage[]
  caught: FlowMessage[]
  completed: number
}

export const typed = (value: unknown): { type: string; value: unknown } => {
  if (typeof value === 'object' && value !== null && 'type' in value && 'value' in value) return value as { type: string; value: unknown }
  if (typeof value === 'number') return { type: 'num', value: String(value) }
  if (typeof value === 'boolean') return { type: 'bool', value: String(value) }
  return typeof value === 'string' ? { type: 'str', value } : { type: 'json', value: JSON.stringify(value) }
}

export const typedAll = (params: Readonly<Record<string, unknown>>): Record<string, object> =>
  Object.fromEntries(Object.entries(params).map(([name, value]) => [name, typed(value)]))

const SHARED = sharedText('')

/** Without catalogs a text is its key, here without the name of its catalog. */
export const plainTexts = (RED: NodeAPI): void => {
  RED._ = (key: string) => key.replace(SHARED, '')
}

/** Loads a flow of one action node whose output, errors and completions are collected. */
export async function load(setup: Setup): Promise<Flow> {
  const { simulator, vendor } = setup
  const { settings, credentials } = accountsOn(simulator)[vendor]
  const type = vendors[vendor].accountType
  const { store = new SimpleStore() } = setup
  stores = setup.stores ?? (() => store.lease())
  const flow = [
    { id: 'tab', type: 'tab', label: 'test' },
    { id: 'account', type, name: 'Test', ...settings, ...QUICK[vendor], ...setup.account },
    {
      id: 'action', z: 'tab', type: `sensor-cloud-${setup.verb ?? 'get-data'}`, vendor, [accountProperty(vendor)]: 'account',
      operation: setup.operation, params: typedAll(setup.params ?? {}), output: 'readings', emit: 'array', ...setup.node, wires: [setup.wires ?? ['out']],
    },
    { id: 'out', z: 'tab', type: 'helper' },
    { id: 'errors', z: 'tab', type: 'catch', scope: ['action'], wires: [['caught']] },
    { id: 'caught', z: 'tab', type: 'helper' },
    { id: 'completions', z: 'tab', type: 'complete', scope: ['action'], wires: [['completed']] },
    { id: 'completed', z: 'tab', type: 'helper' },
    ...(setup.more ?? []),
  ]
  await helper.load([plainTexts, ...NODES, ...(setup.nodes ?? [])], flow, { account: setup.credentials ?? credentials, ...setup.moreCredentials })
  return observe()
}

function observe(): Flow {
  const outcome: Outcome = { out: [], caught: [], completed: 0 }
  // The helper spies on each node from its making on.
  const before = (helper.getNode('action').status as unknown as { args: Flow['statuses'][] }).args
  const statuses: Flow['statuses'] = before.flatMap(([status]) => (status ? [status] : []))
  let ended: () => void = () => undefined
  const node = helper.getNode('action')
  helper.getNode('out').on('input', (message) => void outcome.out.push(message as FlowMessage))
  helper.getNode('caught').on('input', (message) => {
    outcome.caught.push(message as FlowMessage)
    ended()
  })
  helper.getNode('completed').on('input', () => {
    outcome.completed += 1
    ended()
  })
  const show = node.status.bind(node)
  node.status = (status) => {
    statuses.push(status as Flow['statuses'][number])
    show(status)
  }
  const run = async (message: Record<string, unknown> = {}): Promise<Outcome> => {
    Object.assign(outcome, { out: [], caught: [], completed: 0 })
    const end = new Promise<void>((resolve) => (ended = resolve))
    node.receive({ payload: 'in', ...message })
    await end
    // Messages that follow the completion, such as a Join's, are delivered in the next turns.
    await pause(2)
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    return { ...outcome }
  }
  return { run, statuses, node, log: helper.log().args }
}

/** Deploys another flow; ends when it has started. The helper itself gives up after 300 ms, which a node that closes may well take. */
export async function redeploy(flow: object[], type: 'full' | 'nodes' = 'nodes'): Promise<void> {
  const started = new Promise<void>((resolve) => events.once('flows:started', () => resolve()))
  await helper.setFlows(flow, type).catch((error: unknown) => {
    if (!(error instanceof Error && error.message === 'timeout waiting event')) throw error
  })
  await started
}

/** For all tests of a describe block: a request is repeated at once, unless the vendor asks for a delay. */
export function withoutBackOff(): void {
  let random: sinon.SinonStub
  // The delay is a random share of the back-off.
  beforeEach(() => (random = sinon.stub(systemClock, 'random').returns(0)))
  afterEach(() => random.restore())
}

export const unload = (): Promise<void> => Promise.resolve(helper.unload())

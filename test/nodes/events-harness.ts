/** A flow of one event node on the simulator, on a clock that the test moves, with a web server that the vendor can reach. */
import * as http from 'node:http'
import type { AddressInfo } from 'node:net'
import helper from 'node-red-node-test-helper'
import type { Node, NodeAPI } from 'node-red'
import type { SensorEvent } from '../../src/lib/vocabulary/events'
import type { Store } from '../../src/lib/store/store'
import { accountProperty } from '../../src/lib/vocabulary/vendor'
import { vendors } from '../../src/lib/vendors'
import { accountEntry, eventEntry } from '../../src/nodes/entries'
import { FakeClock, settle } from '../lib/fake-clock'
import type { Simulator } from '../simulator'
import { pause, until } from '../until'
import { accountsOn, deployCheckSetting, plainTexts, QUICK, redeploy, typed, type FlowMessage, type VendorId } from './harness'

const catchNode = require('@node-red/nodes/core/common/25-catch.js') as (RED: NodeAPI) => void

export interface EventMessage extends FlowMessage {
  topic: string
  payload: SensorEvent
}

export interface EventSetup {
  simulator: Simulator
  vendor: VendorId
  node?: Record<string, unknown>
  params?: Record<string, unknown>
  account?: Record<string, unknown>
  /** Epoch ms at which the node's clock begins; now unless said. */
  start?: number
  /** What the store holds; another flow goes on with it. */
  kept?: Map<string, string>
  /** Folder of Node-RED, for a flow with the store of the account. */
  folder?: string
}

export interface EventFlow {
  messages: EventMessage[]
  caught: FlowMessage[]
  statuses: { fill?: string; shape?: string; text?: string }[]
  log: { msg: unknown }[][]
  /** Where the web server of this Node-RED is reached. */
  origin: string
  /** Lets ms pass for the node; the vendor answers in real time meanwhile. */
  advance(ms: number): Promise<void>
  /** Epoch ms by the node's clock. */
  now(): number
  /** Sets the node's calendar, as NTP does. */
  setDate(date: string): void
  /** Deploys with other properties of the node. */
  redeploy(changes: Record<string, unknown>): Promise<void>
  /** Deploys without the node, and without others that are named. */
  remove(...more: string[]): Promise<void>
  end(): Promise<void>
}

/** What the event node uses of a store. */
const storeIn = (kept: Map<string, string>): Store => ({
  place: 'test',
  get: (key) => Promise.resolve(kept.get(key)),
  set: (key, value) => Promise.resolve(void kept.set(key, value)),
  delete: (key) => Promise.resolve(void kept.delete(key)),
  queue: () => Promise.reject(new Error('the event node has no queue')),
  close: () => Promise.resolve(),
})

export async function listen(setup: EventSetup): Promise<EventFlow> {
  const { simulator, vendor, kept = new Map<string, string>() } = setup
  const { settings, credentials } = accountsOn(simulator)[vendor]
  const clock = new FakeClock(setup.start ?? Date.now())
  let runtime: NodeAPI | undefined
  const server = http.createServer((request, response) => {
    runtime?.httpNode(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const params = Object.fromEntries(Object.entries(setup.params ?? {}).map(([name, value]) => [name, typed(value)]))
  const listener = {
    id: 'listener', z: 'tab', type: 'sensor-cloud-on-event', vendor, [accountProperty(vendor)]: 'account',
    publicUrl: origin, params, ...setup.node, wires: [['out']],
  }
  const flow = [
    { id: 'tab', type: 'tab', label: 'test' },
    { id: 'account', type: vendors[vendor].accountType, name: 'Test', ...settings, ...QUICK[vendor], ...setup.account },
    listener,
    { id: 'out', z: 'tab', type: 'helper' },
    { id: 'errors', z: 'tab', type: 'catch', scope: null, wires: [['caught']] },
    { id: 'caught', z: 'tab', type: 'helper' },
  ]
  const nodes = [
    (RED: NodeAPI): void => {
      runtime = RED
      if (setup.folder !== undefined) RED.settings.userDir = setup.folder
    },
    accountEntry(vendor),
    eventEntry({ clock, ...(setup.folder === undefined ? { openStore: () => Promise.resolve(storeIn(kept)) } : {}) }),
    catchNode,
  ]
  await helper.load([plainTexts, deployCheckSetting, ...nodes], flow, { account: credentials })
  const messages: EventMessage[] = []
  const caught: FlowMessage[] = []
  const statuses: EventFlow['statuses'] = []
  const observe = (): void => {
    const node = helper.getNode('listener') as Node | null
    if (!node) return
    const before = (node.status as unknown as { args: EventFlow['statuses'][] }).args
    statuses.push(...before.flatMap(([status]) => (status ? [status] : [])))
    const show = node.status.bind(node)
    node.status = (status) => {
      statuses.push(status as EventFlow['statuses'][number])
      show(status)
    }
  }
  helper.getNode('out').on('input', (message) => void messages.push(message as EventMessage))
  helper.getNode('caught').on('input', (message) => void caught.push(message as FlowMessage))
  observe()
  /** In steps, between which the vendor's answers arrive. */
  const advance = async (ms: number): Promise<void> => {
    await clock.advance(ms)
    // A look that has ended sets the time of the next; there is none for a node that is not set up, and what a removed one
    // showed last stands for ever.
    const last = (): boolean => statuses.at(-1)?.fill === 'grey' || caught.some(({ error }) => error?.code === 'CONFIG')
    const ended = (): boolean => clock.pending > 0 || last()
    const shown = (): boolean => !['blue', 'yellow'].includes(statuses.at(-1)?.fill ?? '')
    await until(() => (helper.getNode('listener') as Node | null) === null || (ended() && shown()), 'the round has ended')
    await quiet(simulator)
  }
  const deploy = async (changed: object[]): Promise<void> => {
    await redeploy(changed)
    observe()
    await advance(150)
  }
  await advance(150)
  let ended = false
  return {
    messages, caught, statuses, origin, advance,
    now: () => clock.now(),
    setDate: (date) => clock.setDate(date),
    log: helper.log().args,
    redeploy: (changes) => deploy(flow.map((node) => (node.id === 'listener' ? { ...listener, ...changes } : node))),
    remove: (...more) => deploy(flow.filter(({ id }) => id !== 'listener' && !more.includes(id))),
    end: async () => {
      if (ended) return
      ended = true
      await helper.unload()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Resolves when the vendor has answered all, and nothing more was asked for a while. */
export async function quiet({ requests }: Simulator): Promise<void> {
  for (let still = 0, count = -1; still < 4; ) {
    const open = requests.some(({ status }) => status === 0)
    still = !open && requests.length === count ? still + 1 : 0
    count = requests.length
    await pause(10)
    await settle()
  }
}

/** What the Node-RED under attack has loaded: the nodes of the package, and one that notes every message. */
import { EventEmitter } from 'node:events'
import type { Node, NodeAPI, NodeDef } from 'node-red'
import type { Verb } from '../../src/lib/vocabulary/operation'
import { vendors } from '../../src/lib/vendors'
import { accountEntry, actionEntry, eventEntry, storeEntry } from '../../src/nodes/entries'
import { nodeSets } from '../../src/nodes/runtime/node-types'

export type VendorId = keyof typeof vendors

/** Where messages of a node end. */
export const SINK = 'hostile-sink'

/** How a message left a node: it was sent on, its error was caught, or it was completed. */
type MessageExit = 'sent' | 'caught' | 'completed'

/** Also an error that the node wrote to the log. */
export type Exit = MessageExit | 'logged'

interface SinkDef extends NodeDef {
  of: string
  exit: MessageExit
}

/** Emits the id of a node, with the exit and the message, or the text of the log. */
export const exits = new EventEmitter().setMaxListeners(0)

const VERBS: readonly Verb[] = ['get-data', 'send-reading', 'send-command', 'set-alarm', 'register-device']

export const TYPES: readonly string[] = [...nodeSets().map(({ type }) => type), SINK]

/** The runtime that loaded the nodes. */
let runtime: NodeAPI | undefined

export function nodeOf(id: string): Node {
  const node = runtime?.nodes.getNode(id) as Node | null | undefined
  if (!node) throw new Error(`no node ${id} is deployed`)
  return node
}

export function register(RED: NodeAPI): void {
  runtime = RED
  // Its requests would count among those of the attacked nodes.
  Object.assign(RED.settings, { sensorClouds: { checkAtDeploy: false } })
  for (const vendor of Object.keys(vendors) as VendorId[]) accountEntry(vendor)(RED)
  for (const verb of VERBS) actionEntry(verb)(RED)
  eventEntry()(RED)
  storeEntry(RED)
  function create(this: Node, { of, exit, ...config }: SinkDef): void {
    RED.nodes.createNode(this, { ...config, of, exit } as NodeDef)
    this.on('input', (message, _send, done) => {
      exits.emit(of, exit, message)
      done()
    })
  }
  RED.nodes.registerType(SINK, create)
}

/** The page that goes with the nodes: Node-RED takes the types of a set from there. */
export const page = (): string =>
  TYPES.map((type) => `<script type="text/html" data-template-name="${type}"></script>\n`).join('')

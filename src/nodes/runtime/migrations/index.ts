/** Every node goes through here when it is created, so that the runtime knows one shape of its properties only. */
import type { Node, NodeAPI, NodeDef } from 'node-red'
import { sentence } from '../../../lib/base/sentence'
import { defaultsOf } from '../defaults'
import { say } from '../language'
import { nodeSets } from '../node-types'
import { isNewer, migrate, type Config } from './migrate'

const DEFAULTS: ReadonlyMap<string, Config> = new Map(nodeSets().map((set) => [set.type, defaultsOf(set)]))

const NEWER = sentence`a newer version of node-red-contrib-sensor-clouds saved this node, and what it changed is not understood here; update the package`

/** The properties of a node of this type as this version knows them. */
export const migrated = <C extends Config>(type: string, config: C): C & { version: number } => migrate(DEFAULTS.get(type) ?? {}, config)

/** Creates a node as Node-RED does, and gives its properties. */
export function createNode<D extends NodeDef & Config>(RED: NodeAPI, node: Node, def: D): D & { version: number } {
  RED.nodes.createNode(node, def)
  if (isNewer(def)) node.warn(say(RED, NEWER))
  return migrated(def.type, def)
}

/** Migrates every node when it is created, so that the runtime knows only the current properties. */
import type { Node, NodeAPI, NodeDef } from 'node-red'
import { sentence } from '../../../lib/base/sentence'
import { localize } from '../language'
import { isNewer, migrate, type Config } from './migrate'

const NEWER = sentence`A newer version of node-red-contrib-sensor-clouds saved this node. Update the package.`

/**
 * Creates a node as Node-RED does.
 * @param defaults of the node's type
 * @returns its properties in their present shape
 */
export function createNode<D extends NodeDef & Config>(RED: NodeAPI, node: Node, def: D, defaults: Config): D & { version: number } {
  RED.nodes.createNode(node, def)
  if (isNewer(def)) node.warn(localize(RED, NEWER))
  return migrate(defaults, def)
}

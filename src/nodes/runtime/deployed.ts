import type { Node, NodeAPI, NodeDef } from 'node-red'

/**
 * All nodes of the deployed flows, started or not.
 * Empty while Node-RED has no flows: it serves requests before it has loaded them, and then `eachNode` throws.
 */
export function deployedNodes(RED: NodeAPI): NodeDef[] {
  const found: NodeDef[] = []
  try {
    RED.nodes.eachNode((node) => void found.push(node))
  } catch {
    return []
  }
  return found
}

const deployedIds = (RED: NodeAPI): Set<string> => new Set(deployedNodes(RED).map(({ id }) => id))

/** Whether the flows still have the node. Node-RED says "removed" of a node that is only disabled, too. */
export const isDeployed = (RED: NodeAPI, id: string): boolean => deployedIds(RED).has(id)

/**
 * Whether a closing node was removed. Node-RED does not say so to nodes within an instance of a subflow.
 * @param removed what Node-RED says
 */
export function isRemoved(RED: NodeAPI, node: Node, removed: boolean): boolean {
  if (removed) return true
  const { z, _alias: original } = node as Node & { _alias?: string }
  // Only a node within a subflow is a copy of another node.
  if (original === undefined) return false
  const ids = deployedIds(RED)
  // The id of an instance within an instance begins with the id of the outer one.
  return !ids.has(original) || !(ids.has(z) || [...ids].some((id) => z.startsWith(`${id}-`)))
}

/** Whether a closing node has left the flows; a node that is only disabled has not. */
export const hasLeftFlows = (RED: NodeAPI, node: Node, removed: boolean): boolean => isRemoved(RED, node, removed) && !isDeployed(RED, node.id)

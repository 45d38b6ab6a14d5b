import type { Node, NodeAPI, NodeDef } from 'node-red'

/** All that the flows have, started or not. Node-RED serves requests before it has loaded them, or when it cannot, and then fails to say so. */
export function drawnNodes(RED: NodeAPI): NodeDef[] {
  const found: NodeDef[] = []
  try {
    RED.nodes.eachNode((node) => void found.push(node))
  } catch {
    return []
  }
  return found
}

const drawnIds = (RED: NodeAPI): Set<string> => new Set(drawnNodes(RED).map(({ id }) => id))

/** Whether the flows still have the node. Node-RED tells one that is only disabled that it was removed. */
export const isDrawn = (RED: NodeAPI, id: string): boolean => drawnIds(RED).has(id)

/**
 * Whether a node that closes is gone for good. To those within an instance of a subflow Node-RED does not say so.
 * @param removed what Node-RED says
 */
export function isGone(RED: NodeAPI, node: Node, removed: boolean): boolean {
  if (removed) return true
  const { z, _alias: original } = node as Node & { _alias?: string }
  // Only what stands in a subflow is a copy of another node.
  if (original === undefined) return false
  const ids = drawnIds(RED)
  // The id of an instance within an instance begins with that of the outer one.
  return !ids.has(original) || !(ids.has(z) || [...ids].some((id) => z.startsWith(`${id}-`)))
}

/** Whether a node that closes has left the flows: one that is only disabled has not. */
export const isDeleted = (RED: NodeAPI, node: Node, removed: boolean): boolean => isGone(RED, node, removed) && !isDrawn(RED, node.id)

import type { Node, NodeAPI } from 'node-red'

/** Ids of all that the flows have, drawn or not started. */
function drawnIds(RED: NodeAPI): Set<string> {
  const ids = new Set<string>()
  RED.nodes.eachNode(({ id }) => void ids.add(id))
  return ids
}

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

import type { NodeAPI } from 'node-red'

/** Whether the flows still have the node. Node-RED tells one that is only disabled that it was removed. */
export function isDrawn(RED: NodeAPI, id: string): boolean {
  let drawn = false
  RED.nodes.eachNode((node) => {
    drawn ||= node.id === id
  })
  return drawn
}

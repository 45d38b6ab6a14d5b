/** `POST /sensor-clouds/cursor/:node/reset`: a node forgets what it has read; gives `{ forgotten }` or `{ error: { message } }`. */
import type { Node, NodeAPI } from 'node-red'

/** A node that reads since last. */
export interface CursorNode extends Node {
  /** Gives how many sources were forgotten. */
  resetCursors(): Promise<number>
}

/** Every set of nodes brings its own RED, but there is one admin application for all of them. */
const served = new WeakSet<object>()

export function serveCursorReset(RED: NodeAPI): void {
  const { auth, httpAdmin, nodes } = RED
  if (served.has(httpAdmin)) return
  served.add(httpAdmin)
  httpAdmin.post('/sensor-clouds/cursor/:node/reset', auth.needsPermission('flows.write'), (request, response) => {
    // A form of another site could post anything but JSON without asking the browser's leave.
    if (!request.is('application/json')) {
      response.status(415).json({ message: 'the body must be JSON' })
      return
    }
    const node = nodes.getNode(String(request.params.node)) as (Node & Partial<CursorNode>) | null
    if (!node?.resetCursors) {
      response.status(404).json({ message: 'no node of this id is running that reads only what is new; deploy it first' })
      return
    }
    node.resetCursors().then(
      (forgotten) => response.json({ forgotten }),
      // A store that fails is no fault of the request.
      (error: unknown) => response.json({ error: { message: error instanceof Error ? error.message : String(error) } }),
    )
  })
}

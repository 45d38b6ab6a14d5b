/** `POST /sensor-clouds/cursor/:node/reset`: a node forgets what it has read; gives `{ forgotten }` or `{ error: { message } }`. */
import { sentence } from '../../lib/sentence'
import type { Node } from 'node-red'
import { answer, onceForEach, Refusal } from '../routes/admin'

/** A node that reads since last. */
export interface CursorNode extends Node {
  /** Gives how many sources were forgotten. */
  resetCursors(): Promise<number>
}

export const serveCursorReset = onceForEach(({ auth, httpAdmin, nodes }) => {
  httpAdmin.post('/sensor-clouds/cursor/:node/reset', auth.needsPermission('flows.write'), (request, response) => {
    answer(request, response, () => reset(nodes.getNode(String(request.params.node)) as CursorNode | null))
  })
})

async function reset(node: Partial<CursorNode> | null): Promise<object> {
  if (!node?.resetCursors) throw new Refusal(404, sentence`no node of this id is running that reads only what is new; deploy it first`)
  try {
    return { forgotten: await node.resetCursors() }
  } catch (error) {
    // A store that fails is no fault of the request.
    return { error: { message: error instanceof Error ? error.message : String(error) } }
  }
}

/**
 * `POST /sensor-clouds/cursor/:node/reset`: clears the reading position of a node; returns `{ forgotten }` or `{ error:
 * { message } }`.
 */
import type { NodeAPI } from 'node-red'
import { sentence } from '../../lib/base/sentence'
import type { CursorNode } from '../actions/cursors'
import { localizeError } from '../runtime/language'
import { answer, onceForEach, Refusal } from './admin-route'

export const serveCursorReset = onceForEach((RED) => {
  const { auth, httpAdmin, nodes } = RED
  httpAdmin.post('/sensor-clouds/cursor/:node/reset', auth.needsPermission('flows.write'), (request, response) => {
    answer(RED, request, response, () => reset(RED, nodes.getNode(String(request.params.node)) as CursorNode | null))
  })
})

async function reset(RED: NodeAPI, node: Partial<CursorNode> | null): Promise<object> {
  if (!node?.resetCursors) throw new Refusal(404, sentence`no running node with "Only new" has this id; deploy it first`)
  try {
    return { forgotten: await node.resetCursors() }
  } catch (error) {
    // A store that fails is no fault of the request.
    return { error: { message: localizeError(RED, error) } }
  }
}

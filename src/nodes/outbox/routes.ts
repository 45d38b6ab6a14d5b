/**
 * `POST /sensor-clouds/outbox/:account/clear` drops what waits: `{ dropped }`; 404 when there is no such outbox, 409 when
 * its store cannot do it.
 */
import type { NodeAPI } from 'node-red'
import { sentence, sentenceOf } from '../../lib/sentence'
import type { AccountNode } from '../accounts/register'
import { say } from '../language'
import { answer, onceForEach, Refusal } from '../routes/admin'

export const serveOutbox = onceForEach((RED) => {
  const { auth, httpAdmin, nodes } = RED
  httpAdmin.post('/sensor-clouds/outbox/:account/clear', auth.needsPermission('flows.write'), (request, response) => {
    answer(RED, request, response, () => clear(RED, nodes.getNode(String(request.params.account)) as Partial<AccountNode> | null))
  })
})

async function clear(RED: NodeAPI, account: Partial<AccountNode> | null): Promise<object> {
  const outbox = account?.outbox?.()
  if (!outbox) throw new Refusal(404, sentence`there is no account with an outbox of this id; deploy it first`)
  try {
    const dropped = await outbox.clear()
    if (dropped > 0) account?.warn?.(say(RED, sentence`the outbox was emptied: ${dropped} readings are dropped`))
    return { dropped }
  } catch (error) {
    throw new Refusal(409, sentenceOf(error))
  }
}

/**
 * `POST /sensor-clouds/outbox/:account/clear` drops what waits: `{ dropped }`; 404 when there is no such outbox, 409 when
 * its store cannot do it.
 */
import { sentence, sentenceOf } from '../../lib/sentence'
import type { AccountNode } from '../accounts/register'
import { answer, onceForEach, Refusal } from '../routes/admin'

export const serveOutbox = onceForEach(({ auth, httpAdmin, nodes }) => {
  httpAdmin.post('/sensor-clouds/outbox/:account/clear', auth.needsPermission('flows.write'), (request, response) => {
    answer(request, response, () => clear(nodes.getNode(String(request.params.account)) as Partial<AccountNode> | null))
  })
})

async function clear(account: Partial<AccountNode> | null): Promise<object> {
  const outbox = account?.outbox?.()
  if (!outbox) throw new Refusal(404, sentence`there is no account with an outbox of this id; deploy it first`)
  try {
    const dropped = await outbox.clear()
    if (dropped > 0) account?.warn?.(`the outbox was emptied: ${dropped} readings are dropped`)
    return { dropped }
  } catch (error) {
    throw new Refusal(409, sentenceOf(error))
  }
}

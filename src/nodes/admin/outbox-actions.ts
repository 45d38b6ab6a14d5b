/**
 * `POST /sensor-clouds/outbox/:account/clear` drops all readings of an outbox, `…/drop` only the quarantined ones.
 * Gives `{ dropped }`; 404 when there is no such outbox, 409 when its store cannot do it.
 */
import type { NodeAPI } from 'node-red'
import { plural, sentence, sentenceOf } from '../../lib/base/sentence'
import type { Outbox } from '../../lib/outbox/outbox'
import type { AccountNode } from '../accounts/account-node'
import { localize } from '../runtime/language'
import { answer, onceForEach, Refusal } from './admin-route'

export const serveOutbox = onceForEach((RED) => {
  const { auth, httpAdmin, nodes } = RED
  for (const [route, work] of Object.entries({ clear, drop }))
    httpAdmin.post(`/sensor-clouds/outbox/:account/${route}`, auth.needsPermission('flows.write'), (request, response) => {
      answer(RED, request, response, () => work(RED, nodes.getNode(String(request.params.account)) as Partial<AccountNode> | null))
    })
})

function outboxOf(account: Partial<AccountNode> | null): Outbox {
  const outbox = account?.outbox?.()
  if (!outbox) throw new Refusal(404, sentence`no deployed account with this id has an outbox; deploy it first`)
  return outbox
}

async function clear(RED: NodeAPI, account: Partial<AccountNode> | null): Promise<object> {
  const outbox = outboxOf(account)
  try {
    const dropped = await outbox.clear()
    if (dropped > 0) account?.warn?.(localize(RED, plural(dropped, sentence`the outbox was emptied; 1 reading was dropped`, sentence`the outbox was emptied; ${dropped} readings were dropped`)))
    return { dropped }
  } catch (error) {
    throw new Refusal(409, sentenceOf(error))
  }
}

/** Each message fails with the last error of its reading. */
async function drop(RED: NodeAPI, account: Partial<AccountNode> | null): Promise<object> {
  const dropped = await Promise.resolve(outboxOf(account).dropFailing())
  if (dropped > 0) account?.warn?.(localize(RED, plural(dropped, sentence`1 quarantined reading was dropped`, sentence`${dropped} quarantined readings were dropped`)))
  return { dropped }
}

/** Admin routes of the outbox. */
import type { NodeAPI } from 'node-red'
import type { AccountNode } from '../accounts/register'

/** Admin apps that have the routes: every node set brings a NodeAPI of its own. */
const served = new WeakSet<object>()

/**
 * `POST /sensor-clouds/outbox/:account/clear` drops what waits: `{ dropped }`; 404 when there is no such outbox, 409 when
 * its store cannot do it.
 */
export function serveOutbox(RED: NodeAPI): void {
  if (served.has(RED.httpAdmin)) return
  served.add(RED.httpAdmin)
  RED.httpAdmin.post('/sensor-clouds/outbox/:account/clear', RED.auth.needsPermission('flows.write'), (request, response) => {
    const account = RED.nodes.getNode(String(request.params.account)) as Partial<AccountNode> | null
    const outbox = account?.outbox?.()
    if (!outbox) {
      response.status(404).json({ message: 'There is no account with an outbox of this id; deploy it first' })
      return
    }
    outbox.clear().then(
      (dropped) => {
        if (dropped > 0) account?.warn?.(`the outbox was emptied: ${dropped} readings are dropped`)
        response.json({ dropped })
      },
      (error: unknown) => response.status(409).json({ message: error instanceof Error ? error.message : String(error) }),
    )
  })
}

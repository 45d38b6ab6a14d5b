/** Stands for the "e-mail" node of node-red-node-email 5: takes what that node documents, and keeps it. */
import type { Node, NodeAPI, NodeDef, NodeMessage } from 'node-red'

export interface Mail {
  to: string
  subject: string
  html: string
}

interface MailDef extends NodeDef {
  server: string
  port: string
  secure: boolean
  tls: boolean
  authtype: string
}

/** Oldest first. */
export const mails: Mail[] = []

export function mailRecorder(RED: NodeAPI): void {
  RED.nodes.registerType('e-mail', function (this: Node, def: MailDef) {
    RED.nodes.createNode(this, def)
    this.on('input', (message: NodeMessage & { to?: string; filename?: string; attachments?: unknown }, _send, done) => {
      const problem = refusal(def, message)
      // The name of that node is the recipient.
      if (problem === undefined) mails.push({ to: def.name, subject: message.topic!, html: message.payload as string })
      done(problem === undefined ? undefined : new Error(problem))
    })
  })
}

function refusal(def: MailDef, { payload, topic, to, attachments }: NodeMessage & { to?: string; attachments?: unknown }): string | undefined {
  if (def.server === '' || !/^\d+$/.test(def.port) || !def.secure || !def.tls) return 'no server with TLS'
  if (def.authtype !== 'BASIC') return 'no user and password'
  if (!def.name.includes('@') || to !== undefined) return 'no recipient'
  if (typeof topic !== 'string' || topic === '') return 'no subject'
  if (attachments !== undefined) return 'an attachment'
  // Only a text with tags is sent as HTML; an object would be sent as JSON.
  return typeof payload === 'string' && /<[a-z][\s\S]*>/i.test(payload) ? undefined : 'no HTML'
}

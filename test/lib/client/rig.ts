/** A client whose transport is scripted and whose time is told. */
import { setMaxListeners } from 'node:events'
import sinon from 'sinon'
import type { ClientRequest } from '../../../src/lib/client/client-request'
import { Client, type ClientAnswer } from '../../../src/lib/client/client'
import type { Budget } from '../../../src/lib/vocabulary/budget'
import type { AccountEvent } from '../../../src/lib/quota/account-event'
import { Transport, TransportError, type HttpAnswer } from '../../../src/lib/http/transport'
import { sentence } from '../../../src/lib/base/sentence'
import type { Auth, Vendor } from '../../../src/lib/vocabulary/vendor'
import { FakeClock } from '../fake-clock'

export const BASE = new URL('https://cloud.example/v1/')

export const vendorWith = (auth: Auth = { kind: 'bearer', credential: 'token' }): Vendor => ({
  id: 'example', title: 'Example', accountType: 'example-account', accountLabel: 'Example', docs: '', settings: {}, credentials: {},
  address: 'baseUrl', bodyAs: 'json', budgets: () => [], operations: {}, auth,
})

export const answer = (status: number, body: unknown = {}, headers: Record<string, string> = {}): HttpAnswer => ({
  status, headers, text: JSON.stringify(body), roundTrip: 20,
})

export const unreachable = (reason = 'ECONNREFUSED'): TransportError => new TransportError(reason, sentence`no answer`)

export type Reply = (url: string, headers: Readonly<Record<string, string>>) => HttpAnswer | TransportError

/** An account event in English. */
export interface EventText {
  level: AccountEvent['level']
  text: string
}

export interface Rig {
  client: Client
  clock: FakeClock
  events: EventText[]
  /** URLs as they were sent. */
  sent: string[]
  reply: Reply
  /** Monotonic ms of each that was sent. */
  sentAt: number[]
  /** Gives `200`, or the code and sentence of the error. */
  ask(path: string, more?: Partial<ClientRequest>): Promise<string>
  send(path: string, more?: Partial<ClientRequest>): Promise<ClientAnswer>
  transport: Transport
}

/** @param reply what the vendor says to each request */
export function rigOf(reply: Reply, { clock = new FakeClock(), vendor = vendorWith(), budgets = [] as readonly Budget[], client = new Client(vendor, { token: 'the-token' }, clock) } = {}): Rig {
  const transport = new Transport(BASE)
  const events: EventText[] = []
  client.subscribe(({ level, text }) => events.push({ level, text: String(text) }))
  const rig: Rig = { client, clock, events, sent: [], sentAt: [], reply, ask, send, transport }
  sinon.stub(transport, 'send').callsFake(async (request, headers, _timeout, _signal, onSent) => {
    rig.sent.push(request.url)
    rig.sentAt.push(clock.monotonic())
    const said = rig.reply(request.url, headers)
    await Promise.resolve()
    if (said instanceof TransportError) throw said
    onSent?.()
    return said
  })
  const { signal } = new AbortController()
  setMaxListeners(0, signal)
  function send(path: string, more: Partial<ClientRequest> = {}): Promise<ClientAnswer> {
    return client.send({
      request: { method: 'GET', url: new URL(path, BASE).href }, transport, settings: {}, timeout: 30_000, budgets, priority: 'read', tag: path.split('/')[0] ?? '', changes: [path.split('/')[0] ?? ''],
      operation: 'things', route: 'GET /things', repeatable: true, signal, named: () => undefined, cost: { attempts: 0, waited: 0 }, ...more,
    })
  }
  async function ask(path: string, more: Partial<ClientRequest> = {}): Promise<string> {
    try {
      return String((await send(path, more)).status)
    } catch (error) {
      return error instanceof Error ? `${(error as { code?: string }).code ?? ''} ${error.message}` : 'not an error'
    }
  }
  return rig
}

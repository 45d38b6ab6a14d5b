/** An account whose transport is scripted and whose time is told, for calls of operations that a test declares. */
import sinon from 'sinon'
import { Account, type AccountConfig } from '../../../src/lib/client/account'
import { Call, type CallOptions } from '../../../src/lib/client/call'
import { ClientPool } from '../../../src/lib/client/pool'
import type { HttpRequest } from '../../../src/lib/http/request'
import { TransportError, type HttpAnswer } from '../../../src/lib/http/transport'
import { text, type Operation } from '../../../src/lib/vocabulary/operation'
import type { Vendor } from '../../../src/lib/vocabulary/vendor'
import { FakeClock } from '../fake-clock'
import { answer, BASE, vendorWith } from './rig'

export interface AccountRig {
  account: Account
  clock: FakeClock
  /** Requests as they were sent. */
  sent: HttpRequest[]
  /** Paths below the base URL as they were sent, with their queries. */
  paths(): string[]
  call(operation: Operation, options?: Partial<CallOptions>): Call
}

/** @param reply what the vendor says to each request */
export function accountRigOf(
  reply: (request: HttpRequest) => HttpAnswer | TransportError | Promise<HttpAnswer> = () => answer(200),
  { vendor = {}, config = {}, clock = new FakeClock() }: { vendor?: Partial<Vendor>; config?: Partial<AccountConfig>; clock?: FakeClock } = {},
): AccountRig {
  const example: Vendor = { ...vendorWith(), settings: { baseUrl: text({ in: 'none', label: 'Base URL' }) }, ...vendor }
  const account = new Account({ vendor: example, settings: { baseUrl: BASE.href }, credentials: { token: 'the-token' }, ...config }, new ClientPool(clock))
  const sent: HttpRequest[] = []
  sinon.stub(account.transport, 'send').callsFake(async (request, _headers, _timeout, _signal, onSent) => {
    sent.push(request)
    const said = await reply(request)
    if (said instanceof TransportError) throw said
    onSent?.()
    return said
  })
  const { signal } = new AbortController()
  return {
    account, clock, sent,
    paths: () => sent.map(({ url }) => url.slice(BASE.href.length)),
    call: (operation, options = {}) => new Call(account, operation.file ?? 'things', operation, { signal, ...options }),
  }
}

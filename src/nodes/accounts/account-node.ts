/** The config node of a vendor's account. */
import type { Node, NodeAPI, NodeDef } from 'node-red'
import { Account, type AccountConfig } from '../../lib/client/account'
import type { AccountEvent } from '../../lib/quota/account-event'
import { ClientPool } from '../../lib/client/pool'
import type { Diagnostics } from '../../lib/client/diagnostics'
import type { Proxy } from '../../lib/http/proxy'
import type { TlsOptions, TransportOptions } from '../../lib/http/transport'
import type { Outbox } from '../../lib/outbox/outbox'
import { sentence } from '../../lib/base/sentence'
import type { Store } from '../../lib/store/store'
import type { Vendor } from '../../lib/vocabulary/vendor'
import { vendors } from '../../lib/vendors'
import { isDeleted } from '../runtime/deployed'
import { say } from '../runtime/language'
import { createNode } from '../runtime/migrations'
import { openOutbox } from './account-outbox'
import { serveOutbox } from '../admin/outbox-actions'
import { storeOf, type StoreOf } from '../stores/stores'
import { registerRoutes } from '../admin/register-routes'
import { diagnosticsOf } from './account-diagnostics'
import { KeptAccount } from './lazy-account'

/** What action nodes find behind their account property. */
export interface AccountNode extends Node<Record<string, string>> {
  /**
   * The open account; opened by the first that needs it.
   * @throws ApiError CONFIG when a setting or credential is missing or wrong; CONFIG or NETWORK when its store fails
   */
  account(): Promise<Account>
  /**
   * Where it keeps things.
   * @throws StoreError
   */
  store(): Promise<Store>
  /** Where readings wait; undefined where the vendor takes none. */
  outbox(): Outbox | undefined
  /**
   * What the account has done so far.
   * @throws ApiError as `account` does
   */
  diagnostics(): Promise<Diagnostics>
  /** As deployed, with variables replaced; the credentials stand beside it. */
  deployed: AccountDef
}

export type AccountDef = NodeDef & Readonly<Record<string, unknown>>

/** Of the whole runtime: config nodes with equal credentials share a client. */
export const pool = new ClientPool()

const serveRoutes = registerRoutes(openAccount)

export const registerAccount = (vendorId: keyof typeof vendors, stores: StoreOf = storeOf) => (RED: NodeAPI): void => {
  const vendor: Vendor = vendors[vendorId]
  const type = vendor.accountType
  function create(this: AccountNode, def: AccountDef): void {
    const config = createNode(RED, this, def)
    const notify = ({ level, text }: AccountEvent): void => this[level](say(RED, sentence`${vendor.title}: ${text}`))
    const kept = new KeptAccount({
      open: (store) => openAccount(RED, vendor, config, this.credentials, { store, notify }),
      lease: stores(RED, config),
      named: typeof config.store === 'string' && config.store !== '',
      warn: (said) => this.warn(say(RED, sentence`${vendor.title}: ${said}`)),
    })
    this.account = () => kept.account()
    this.store = () => kept.store()
    const outbox = openOutbox({ RED, node: this, vendor, account: this.account, store: stores(RED, config) })
    this.outbox = () => outbox?.outbox
    this.diagnostics = async () => diagnosticsOf(RED, await this.account(), outbox?.outbox)
    this.deployed = config
    this.on('close', (removed: boolean, done: () => void) => {
      const ended = outbox?.close(isDeleted(RED, this, removed)) ?? Promise.resolve()
      void ended.then(() => kept.close()).finally(done)
    })
  }
  if (vendor.delivery) serveOutbox(RED)
  const credentials = Object.fromEntries(Object.keys(vendor.credentials).map((name) => [name, { type: 'password' as const }]))
  RED.nodes.registerType(type, create, { credentials })
  serveRoutes(RED)
}

/**
 * @param kept what the account of a node has besides
 * @throws ApiError CONFIG when a setting or credential is missing or wrong
 */
export function openAccount(
  RED: NodeAPI,
  vendor: Vendor,
  config: AccountDef,
  stored: Record<string, string> | undefined,
  kept: Pick<AccountConfig, 'store' | 'notify'> = {},
): Account {
  const { routes, timeout } = config
  return new Account(
    {
      vendor,
      settings: config,
      // Node-RED leaves `credentials` undefined until something has been entered.
      credentials: stored ?? {},
      routes: typeof routes === 'object' && routes !== null ? (routes as Record<string, unknown>) : {},
      ...(timeout === '' ? {} : { timeout: Number(timeout) }),
      transport: transportOptions(RED, config),
      ...kept,
    },
    pool,
  )
}

interface TlsNode extends Node {
  addTLSOptions(options: TlsOptions & { ALPNProtocols?: string[] }): unknown
}

interface ProxyNode extends Node<{ username?: string; password?: string }> {
  url?: string
  noproxy?: string[]
}

/** The core nodes' `tls-config` and `http proxy`, where the account names them. */
function transportOptions(RED: NodeAPI, config: AccountDef): TransportOptions {
  const tlsNode = nodeOf(RED, config.tls) as TlsNode | undefined
  const proxyNode = nodeOf(RED, config.proxy) as ProxyNode | undefined
  const tls: TlsOptions & { ALPNProtocols?: string[] } = {}
  tlsNode?.addTLSOptions(tls)
  // HTTP/2 may be named there for other nodes; this client speaks HTTP/1.1.
  delete tls.ALPNProtocols
  return { ...(tlsNode ? { tls } : {}), ...(proxyNode?.url ? { proxy: proxyOf(proxyNode, proxyNode.url) } : {}) }
}

function proxyOf(node: ProxyNode, url: string): Proxy {
  // Node-RED leaves `credentials` undefined where none were entered, which its types leave out.
  const { username, password } = (node.credentials as ProxyNode['credentials'] | undefined) ?? {}
  return { url, username: username || undefined, password: password || undefined, noProxy: node.noproxy ?? [] }
}

const nodeOf = (RED: NodeAPI, id: unknown): Node | undefined =>
  typeof id === 'string' && id !== '' ? (RED.nodes.getNode(id)) : undefined

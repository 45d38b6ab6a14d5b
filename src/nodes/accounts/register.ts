/** The config node of a vendor's account. */
import type { Node, NodeAPI, NodeDef } from 'node-red'
import { Account } from '../../lib/client/account'
import { ClientPool } from '../../lib/client/pool'
import type { Proxy, TlsOptions, TransportOptions } from '../../lib/client/transport'
import type { Store } from '../../lib/store/store'
import type { Vendor } from '../../lib/vendor'
import { vendors } from '../../lib/vendors'
import { stores } from './store'

/** What action nodes find behind their account property. */
export interface AccountNode extends Node<Record<string, string>> {
  /**
   * The open account; opened by the first that needs it.
   * @throws ApiError CONFIG when a setting or credential is missing or wrong
   */
  account(): Account
  /**
   * Where what survives a restart is kept.
   * @throws StoreError
   */
  store(): Promise<Store>
}

type AccountDef = NodeDef & Readonly<Record<string, unknown>>

/** Of the whole runtime: config nodes with equal credentials share a client. */
const pool = new ClientPool()

export const registerAccount = (vendorId: keyof typeof vendors) => (RED: NodeAPI): void => {
  const vendor: Vendor = vendors[vendorId]
  const type = vendor.accountType
  function create(this: AccountNode, config: AccountDef): void {
    RED.nodes.createNode(this, config)
    let open: Account | undefined
    this.account = () => (open ??= openAccount(RED, vendor, config, this.credentials))
    this.store = () => stores.open(RED, typeof config.store === 'string' ? config.store : '')
    this.on('close', () => open?.close())
  }
  const credentials = Object.fromEntries(Object.keys(vendor.credentials).map((name) => [name, { type: 'password' as const }]))
  RED.nodes.registerType(type, create, { credentials })
}

function openAccount(RED: NodeAPI, vendor: Vendor, config: AccountDef, stored: Record<string, string> | undefined): Account {
  const { routes, timeout } = config
  return new Account(
    {
      vendor,
      settings: config,
      // Node-RED leaves `credentials` undefined until something has been entered.
      credentials: stored ?? {},
      routes: typeof routes === 'object' && routes !== null ? (routes as Record<string, unknown>) : {},
      ...(timeout === undefined || timeout === '' ? {} : { timeout: Number(timeout) }),
      transport: transportOptions(RED, config),
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

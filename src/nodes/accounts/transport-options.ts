/** Reads the core nodes `tls-config` and `http proxy` of an account as options of its transport. */
import type { Node, NodeAPI } from 'node-red'
import type { Proxy } from '../../lib/http/proxy'
import type { TlsOptions, TransportOptions } from '../../lib/http/transport'

interface TlsNode extends Node {
  addTLSOptions(options: TlsOptions & { ALPNProtocols?: string[] }): unknown
}

interface ProxyNode extends Node<{ username?: string; password?: string }> {
  url?: string
  noproxy?: string[]
}

export function transportOptions(RED: NodeAPI, config: Readonly<Record<string, unknown>>): TransportOptions {
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

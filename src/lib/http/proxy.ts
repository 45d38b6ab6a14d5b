/** Decides whether requests go directly or through a proxy. */
import { isIPv6 } from 'node:net'
import { getProxyForUrl } from 'proxy-from-env'
import { sentence, SentenceError, type Sentence } from '../base/sentence'
import { isLoopback } from './base-url'

export interface Proxy {
  url: string
  username?: string | undefined
  password?: string | undefined
  /** Hosts that are reached without it, as in NO_PROXY. */
  noProxy?: readonly string[]
}

/** The end of a sentence: what is wrong with a proxy. Its address may hold a password, and is never shown. */
export class ProxyError extends SentenceError {}

/**
 * The account's own proxy, else that of the environment; none for plain http to this computer itself.
 * @throws ProxyError
 */
export function proxyFor(target: URL, proxy: Proxy | undefined): URL | undefined {
  const own = proxy && ownProxy(proxy)
  // Plain http is allowed only because it does not leave this computer. A proxy would receive the key in clear text.
  if (target.protocol === 'http:' && isLoopback(target.hostname)) return undefined
  if (proxy) return proxy.noProxy?.some((rule) => isPassed(target, rule)) ? undefined : own
  const found = getProxyForUrl(target.href)
  return found === '' ? undefined : addressOf(found)
}

function ownProxy({ url: address, username, password }: Proxy): URL {
  const url = addressOf(address)
  if (username !== undefined) url.username = encodeURIComponent(username)
  if (password !== undefined) url.password = encodeURIComponent(password)
  return url
}

/** What to say where a proxy answered CONNECT with another status than 200; hpagent gives only a message. */
export function proxyRefusal({ message }: Error): Sentence | undefined {
  const status = /^Bad response: (\d{3})$/.exec(message)?.[1]
  if (status === '407') return sentence`the proxy rejected the user name or password (407); enter them again in the account's proxy`
  if (status !== undefined) return sentence`the proxy refused to connect to the server (${status}); check the proxy, then the base URL`
  return message === 'Proxy timeout' ? sentence`the proxy did not respond; check its address` : undefined
}

function addressOf(text: string): URL {
  if (URL.canParse(text)) return new URL(text)
  throw new ProxyError(sentence`the address of the proxy is not a URL; give one such as http://proxy.example:3128`)
}

const withoutBrackets = (host: string): string => host.replace(/^\[|\]$/g, '')

/** A host with all below it, also as `.host` or `*.host`, perhaps with its port; `*` for all. */
function isPassed({ hostname, port, protocol }: URL, given: string): boolean {
  const rule = given.trim().toLowerCase()
  if (rule === '*') return true
  const [, before = rule, wanted] = (isIPv6(rule) ? undefined : /^(.*):(\d+)$/.exec(rule)) ?? []
  if (wanted !== undefined && wanted !== (port || (protocol === 'https:' ? '443' : '80'))) return false
  const host = withoutBrackets(before).replace(/^\*?\./, '')
  const ours = withoutBrackets(hostname)
  return host !== '' && (ours === host || ours.endsWith(`.${host}`))
}

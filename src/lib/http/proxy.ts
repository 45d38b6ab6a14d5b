/** Which way requests go: straight, or through a proxy. */
import { isIPv6 } from 'node:net'
import { getProxyForUrl } from 'proxy-from-env'
import { sentence, SentenceError } from '../base/sentence'

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
 * The account's own proxy, else what the environment says.
 * @throws ProxyError
 */
export function proxyFor(target: URL, proxy: Proxy | undefined): URL | undefined {
  if (!proxy) {
    const found = getProxyForUrl(target.href)
    return found === '' ? undefined : addressOf(found)
  }
  if (proxy.noProxy?.some((rule) => isPassed(target, rule))) return undefined
  const url = addressOf(proxy.url)
  if (proxy.username !== undefined) url.username = encodeURIComponent(proxy.username)
  if (proxy.password !== undefined) url.password = encodeURIComponent(proxy.password)
  return url
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

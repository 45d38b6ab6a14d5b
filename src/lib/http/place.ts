/** Where a URL leads, as Node.js takes it. */

export interface Place {
  protocol: string
  hostname: string
  port: string
  /** For the header of that name. */
  host: string
  /** With its query. */
  path: string
}

/** An address whose path begins with a slash, and in which nothing is left to encode. */
const PLAIN_ADDRESS = /^https?:\/\/[\w.:[\]-]+\/[!"$-~]*$/

type Origin = Omit<Place, 'path'>

/** An account has one origin for data, and perhaps another one for tokens. */
const origins = new Map<string, Origin>()

/** A URL is parsed only once for each origin, since that takes as long as sending does. */
export function placeOf(given: string): Place {
  const url = normalized(given)
  const pathAt = url.indexOf('/', url.indexOf('//') + 2)
  const { protocol, hostname, port, host } = originOf(url.slice(0, pathAt))
  return { protocol, hostname, port, host, path: url.slice(pathAt) }
}

/** The URL with its path encoded, and without the fragment, which servers never see. */
function normalized(given: string): string {
  if (PLAIN_ADDRESS.test(given)) return given
  const url = new URL(given)
  url.hash = ''
  return url.href
}

function originOf(text: string): Origin {
  const known = origins.get(text)
  if (known) return known
  const { protocol, hostname, port, host } = new URL(text)
  // Node.js takes an IPv6 address without its brackets.
  const origin = { protocol, hostname: hostname.replace(/^\[|\]$/g, ''), port, host }
  origins.set(text, origin)
  return origin
}

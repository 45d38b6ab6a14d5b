/** Addresses that requests may go to. */

const LOOPBACK = /^(localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i

/**
 * A base URL as requests use it, with one slash at its end.
 * @throws Error with the end of a sentence, when it is no URL or would send secrets in clear text
 */
export function baseAddress(value: string): URL {
  const text = value.trim()
  let url: URL
  try {
    url = new URL(text)
  } catch {
    throw new Error(text === '' ? 'is missing' : `"${text}" is not a URL`)
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && LOOPBACK.test(url.hostname)))
    throw new Error(`"${url.protocol}//${url.host}" must start with https://, so that no secret travels in clear text`)
  if (url.username || url.password) throw new Error('must not hold a user name or password')
  url.search = ''
  url.hash = ''
  if (!url.pathname.endsWith('/')) url.pathname += '/'
  return url
}

/** Checks the base URL and the addresses of requests. */
import { sentence, SentenceError } from '../base/sentence'

const LOOPBACK = /^(localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i

/** Whether a host, as a URL has it, is this computer itself. */
export const isLoopback = (hostname: string): boolean => LOOPBACK.test(hostname)

/** A text that may be a URL, without the user name and password that may stand in it. */
function withoutUser(text: string): string {
  const [begin, end] = [text.indexOf('//'), text.lastIndexOf('@')]
  return begin === -1 || end < begin ? text : `${text.slice(0, begin)}//•••${text.slice(end)}`
}

/** The end of a sentence: what is wrong with an address. */
export class AddressError extends SentenceError {}

/**
 * A base URL as requests use it, with one slash at its end.
 * @throws AddressError when it is no URL or would send secrets in clear text
 */
export function baseAddress(value: string): URL {
  const text = value.trim()
  let url: URL
  try {
    url = new URL(text)
  } catch {
    throw new AddressError(text === '' ? sentence`is missing` : sentence`"${withoutUser(text)}" is not a URL`)
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname)))
    throw new AddressError(sentence`"${url.protocol}//${url.host}" must start with https://, so that no secret is sent unencrypted`)
  if (url.username || url.password) throw new AddressError(sentence`must not contain a user name or password`)
  url.search = ''
  url.hash = ''
  if (!url.pathname.endsWith('/')) url.pathname += '/'
  return url
}

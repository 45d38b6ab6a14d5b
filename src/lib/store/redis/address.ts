/** The URL of a Redis store, as a user types it. Does not use `URL`, because browsers parse redis:// differently. */

export interface RedisAddress {
  tls: boolean
  /** Without the brackets of an IPv6 address. */
  host: string
  port: number
  username?: string
  database: number
  /** What is shown: without user and password. */
  place: string
}

export type AddressProblem = 'missing' | 'scheme' | 'password' | 'form'

/** The rest of a sentence about the URL. */
export const ADDRESS_PROBLEMS: Readonly<Record<AddressProblem, string>> = {
  missing: 'is missing; enter one such as redis://localhost:6379',
  scheme: 'must begin with redis://, or rediss:// for TLS',
  password: 'must not contain a password; enter the password in its own field',
  form: 'must have the form redis://host:6379, or redis://user@host:6379/0',
}

const DEFAULT_PORT = 6379
const HIGHEST_PORT = 65_535

const FORM = /^(rediss?):\/\/(?:([^\s:@/?#]+)@)?(\[[\da-f:.]+\]|[^\s:@/?#[\]]+)(?::(\d{1,5}))?(?:\/(\d{1,4})?)?$/i

/** What is wrong with a URL; the editor and the runtime ask the same. */
export function readAddress(url: string): RedisAddress | AddressProblem {
  const text = url.trim()
  if (text === '') return 'missing'
  if (!/^rediss?:\/\//i.test(text)) return 'scheme'
  if (/^\w+:\/\/[^@:]*:[^@]*@/.test(text)) return 'password'
  const [, scheme = '', username, host = '', port, database] = FORM.exec(text) ?? []
  const number = port === undefined ? DEFAULT_PORT : Number(port)
  if (host === '' || number < 1 || number > HIGHEST_PORT) return 'form'
  const tls = scheme.toLowerCase() === 'rediss'
  return {
    tls,
    host: host.replace(/^\[|\]$/g, ''),
    port: number,
    ...(username === undefined ? {} : { username: decode(username) }),
    database: Number(database ?? 0),
    place: `${tls ? 'rediss' : 'redis'}://${host}:${number}${database === undefined ? '' : `/${database}`}`,
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

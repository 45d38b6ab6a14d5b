/** The properties of a message for display: without header and secrets, and with binary data as text. */
import type { Message } from './wire'

/**
 * Properties that say whose message it is and when, not what was measured [H2, H3].
 * `transactionId` tells which command is answered.
 */
const HEADER: ReadonlySet<string> = new Set([
  'tsmId', 'tsmEv', 'tsmTs', 'tsmTuid', 'tsmGw', 'tsmDstTuid', 'tsmGwTs', 'tsmCloudTs', 'tsmAp', 'deploymentGroupId', 'transactionId',
])

/** Such as the `password` of 11500, the second MQTT connection [H2]. */
const SECRET = /password|passphrase|secret|token|(api|private)_?key/i

export interface ReadableProperties {
  values: [name: string, value: unknown][]
  /** Dotted names of values that are binary data as base64. */
  binary: ReadonlySet<string>
  /** Dotted names of properties without a value: null, or an empty list. */
  empty: readonly string[]
  /** Dotted names of secrets, which are left out. */
  withheld: readonly string[]
}

export function readableProperties(message: Message): ReadableProperties {
  const binary = new Set<string>()
  const empty: string[] = []
  const withheld: string[] = []

  const readable = (name: string, path: string, value: unknown): unknown => {
    if (SECRET.test(name)) {
      withheld.push(path)
      return undefined
    }
    if (typeof value !== 'object') return value
    const parts = Object.entries(value ?? {})
    if (parts.length === 0) empty.push(path)
    const text = base64Of(value)
    if (text === undefined) return Object.fromEntries(parts.map(([key, item]) => [key, readable(key, `${path}.${key}`, item)]))
    binary.add(path)
    return text
  }

  const values = Object.entries(message)
    .filter(([name]) => !HEADER.has(name))
    .map(([name, value]): [string, unknown] => [name, readable(name, name, value)])
  return { values, binary, empty, withheld }
}

/** Binary data as Node.js writes them in JSON: `{"type": "Buffer", "data": [116, 117]}` [H2]. Undefined for anything else. */
function base64Of(value: object | null): string | undefined {
  if (!(value && 'type' in value && value.type === 'Buffer' && 'data' in value && Array.isArray(value.data))) return undefined
  const bytes: unknown[] = value.data
  return bytes.every(isByte) ? Buffer.from(bytes).toString('base64') : undefined
}

const isByte = (value: unknown): value is number => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 255

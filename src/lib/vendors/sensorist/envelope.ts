/** Every answer is `{ code, max_age, time, <key>: … }` [R2 live]. */
import { isRecord } from '../../base/foreign'
import { sentence } from '../../base/sentence'
import { WireError } from '../../vocabulary/wire'

type Body = Readonly<Record<string, unknown>>

const ENVELOPE = new Set(['code', 'max_age', 'time'])

/** The body without code, max_age and time. The document speaks of arrays [R0], so one without envelope is taken too. */
export function open(body: unknown): Body | readonly unknown[] {
  if (body === null) return {}
  if (Array.isArray(body)) return body as readonly unknown[]
  if (!isRecord(body)) throw new WireError(sentence`the body is no object`)
  return Object.fromEntries(Object.entries(body).filter(([key]) => !ENVELOPE.has(key)))
}

/** The envelope's own code, which mirrors HTTP and may say what HTTP does not [R2 client]. */
export const codeOf = (body: unknown): number | undefined =>
  isRecord(body) && typeof body.code === 'number' ? body.code : undefined

/** No error body is documented; these are the usual places. */
export function reasonOf(body: unknown): string | undefined {
  if (!isRecord(body)) return undefined
  const found = [body.message, body.error].find((value) => typeof value === 'string')
  return typeof found === 'string' ? found : undefined
}

/**
 * A decoder that gives the value under the first key that is there, else the whole body:
 * only `user`, `gateways` and `measurements` were seen live, the other keys are assumed.
 */
export const under =
  (...keys: readonly string[]) =>
  (body: unknown): unknown => {
    const key = isRecord(body) ? keys.find((name) => body[name] !== undefined) : undefined
    return key === undefined || !isRecord(body) ? body : body[key]
  }

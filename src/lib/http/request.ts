/** Params to request: the only place that encodes paths, queries and bodies. */
import { randomUUID } from 'node:crypto'
import { sentence, SentenceError } from '../base/sentence'
import type { Field, Method, Operation, Params, Fields, RawRequest, SingleOperation } from '../vocabulary/operation'
import type { Settings, Vendor } from '../vocabulary/vendor'
import { unixSeconds } from '../base/time'

export interface HttpRequest {
  method: Method
  url: string
  body?: string | Uint8Array
  contentType?: string
}

/** The end of a sentence: why no request can be made of these params. */
export class RequestError extends SentenceError {}

/** A route that a user corrected in the account. */
export interface RouteRow {
  method: Method
  path: string
  /** How a file travels; as plain bytes unless said. */
  body?: FileForm
}

export type FileForm = 'bytes' | 'json' | 'multipart'
type Body = Pick<HttpRequest, 'body' | 'contentType'>

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const
export const isMethod = (text: string): text is Method => (METHODS as readonly string[]).includes(text)

/** `GET /things/{tuid}` as method and path. */
export function splitRoute(route: string): RouteRow {
  const [method = '', path = ''] = route.trim().split(/\s+/, 2)
  if (!isMethod(method) || !path.startsWith('/'))
    throw new RequestError(sentence`route "${route}" must be a method and a path, such as GET /devices/{deviceId}`)
  return { method, path }
}

export interface RequestContext {
  vendor: Vendor
  base: URL
  settings: Settings
  /** Replaces the operation's own route. */
  route?: RouteRow | undefined
  /** Constant query values beside the operation's own. */
  query?: Readonly<Record<string, string>> | undefined
}

/**
 * The request of an operation.
 * @throws RequestError when a path value is empty or would leave its place
 */
export function buildRequest(operation: Operation, params: Params<Fields>, context: RequestContext): HttpRequest {
  const single = operation as SingleOperation
  return single.raw ? rawRequest(single.raw(params), context) : fieldRequest(operation, params, context)
}

function fieldRequest(operation: Operation, params: Readonly<Record<string, unknown>>, context: RequestContext): HttpRequest {
  const { method, path } = context.route ?? splitRoute(operation.route)
  const query = { ...operation.query, ...context.query, ...wireValues(operation.fields, params, 'query') }
  const url = address(expand(path, params, context.settings), query, context)
  const { contentType } = context.vendor
  return { method, url, ...(contentType === undefined ? {} : { contentType }), ...bodyOf(operation, params, method, context) }
}

function bodyOf(operation: Operation, params: Readonly<Record<string, unknown>>, method: Method, context: RequestContext): Body {
  const { body } = operation as SingleOperation
  if (!body) return encodeBody({ ...wireValues(operation.fields, params, 'body'), ...formValues(method, context) }, method, context.vendor.bodyAs)
  const built = body(params)
  if (built instanceof Uint8Array) return encodeFile(built, params, context.route?.body ?? 'bytes')
  return { body: jsonText(built), contentType: 'application/json' }
}

/** A file in the form that the account's route says: how the vendor takes it is not always published. */
function encodeFile(bytes: Uint8Array, params: Readonly<Record<string, unknown>>, form: FileForm): Body {
  if (form === 'bytes') return { body: Buffer.from(bytes), contentType: 'application/octet-stream' }
  if (form === 'json') return { body: JSON.stringify({ file: Buffer.from(bytes).toString('base64') }), contentType: 'application/json' }
  const boundary = `sensor-clouds-${randomUUID()}`
  const name = wireText(params.fileName ?? 'file').replace(/["\r\n]/g, '_')
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: application/octet-stream\r\n\r\n`
  const body = Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)])
  return { body, contentType: `multipart/form-data; boundary=${boundary}` }
}

function rawRequest(raw: RawRequest, context: RequestContext): HttpRequest {
  if (/^[a-z][a-z\d+.-]*:|^\/\//i.test(raw.path))
    throw new RequestError(sentence`path must be a path of the vendor, not a URL of its own; give what follows the base URL`)
  const url = address(raw.path, raw.query ?? {}, context)
  const body = raw.body === undefined ? {} : { body: jsonText(raw.body), contentType: 'application/json' }
  if (context.vendor.bodyAs === 'json' || raw.body === undefined) return { method: raw.method, url, ...body }
  return { method: raw.method, url, ...encodeBody({ ...(raw.body as Record<string, unknown>), ...formValues(raw.method, context) }, raw.method, 'form') }
}

/** The account's query values, where a post carries them in its form too. */
const formValues = (method: Method, { vendor, settings }: RequestContext): Readonly<Record<string, string>> =>
  (method === 'POST' && vendor.queryInForm && vendor.query?.(settings)) || {}

/** What stands in an address as it is; the rest is encoded as browsers do it. */
const PLAIN = /^[\w\-.~!$&'()*+,;=:@/?%[\]]*$/

/**
 * Joins a path to the base without leaving it: `..` would reach other parts of the host with the account's key. Values of
 * the query replace those of the same name in the path's own.
 */
function address(path: string, values: Readonly<Record<string, unknown>>, { base, settings, vendor }: RequestContext): string {
  const [pathname = '', given = ''] = path.replace(/^\/+/, '').split('?', 2)
  if (pathname.split('/').some((part) => /^(\.|%2e){1,2}$/i.test(part)))
    throw outside(path)
  const query = new Map(given === '' ? [] : new URLSearchParams(given))
  for (const [name, value] of Object.entries({ ...values, ...vendor.query?.(settings) }))
    if (value !== undefined && value !== null && value !== '') query.set(name, wireText(value))
  const search = [...query].map(([name, value]) => `${queryText(name, name)}=${queryText(name, value)}`).join('&')
  const joined = base.href + pathname + (search === '' ? '' : `?${search}`)
  if (PLAIN.test(joined)) return joined
  const url = new URL(joined.replaceAll('#', '%23')).href
  // A URL takes `\` for `/`, and leaves tabs and line breaks out.
  if (!url.startsWith(base.href)) throw outside(path)
  return url
}

const outside = (path: string): RequestError => new RequestError(sentence`path "${path}" must not contain "." or ".." as a part`)

/** A comma separates list items for the vendors and is legal in a query. */
const queryText = (name: string, text: string): string => encoded(name, text).replaceAll('%2C', ',')

/** @throws RequestError for half of a pair of code units, such as a text has that was cut in the middle of an emoji */
function encoded(name: string, text: string): string {
  if (/\p{Surrogate}/u.test(text)) throw new RequestError(sentence`${wellFormed(name)} holds half of a character, which no address can carry; correct it`)
  return encodeURIComponent(text)
}

const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, '\ufffd')

/** @throws RequestError for what holds itself, such as msg.req, and for a BigInt */
function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value)
  } catch {
    throw new RequestError(sentence`a value cannot be written as JSON, because it holds itself or a BigInt; give plain values`)
  }
}

/** Fills `{name}` from the params and `{account.name}` from the account's settings, each as one path part. */
export function expand(path: string, params: Readonly<Record<string, unknown>>, settings: Settings): string {
  return path.replace(/\{([^}]+)\}/g, (_match, name: string) => {
    const value = name.startsWith('account.') ? settings[name.slice('account.'.length)] : params[name]
    if (value === undefined || value === null || value === '')
      throw new RequestError(sentence`route needs {${name}}, which has no value; correct the route or give the param`)
    const text = wireText(value)
    if (text === '.' || text === '..') throw new RequestError(sentence`${name} must not be "${text}"`)
    return encoded(name, text)
  })
}

function wireValues(fields: Fields, params: Readonly<Record<string, unknown>>, place: Field['in']): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  for (const [name, field] of Object.entries(fields)) {
    const value = params[name]
    if (field.in === place && value !== undefined) setWire(values, field, field.wire ?? name, value)
  }
  return values
}

function setWire(values: Record<string, unknown>, field: Field, name: string, value: unknown): void {
  if (field.wireAs && !(field.passText && typeof value === 'string')) {
    values[name] = (field.wireAs as (value: unknown) => unknown)(value)
  } else if (field.kind === 'boolean' && field.in === 'query') {
    // The vendors' flags are set by their presence; a false one is left out.
    if (value === true) values[name] = 1
  } else if (field.kind === 'time' && typeof value === 'number') {
    values[name] = unixSeconds(value)
  } else {
    values[name] = value
  }
}

/** A value as one text: lists comma-separated, objects as JSON. */
function wireText(value: unknown): string {
  if (Array.isArray(value)) return value.map(wireText).join(',')
  if (typeof value === 'object' && value !== null) return jsonText(value)
  return String(value)
}

function encodeBody(
  body: Readonly<Record<string, unknown>>,
  method: Method,
  encoding: Vendor['bodyAs'],
): Body {
  if (method === 'GET' || Object.keys(body).length === 0) return {}
  if (encoding === 'json') return { body: jsonText(body), contentType: 'application/json' }
  const form = new URLSearchParams(Object.entries(body).map(([name, value]): [string, string] => [name, wireText(value)]))
  return { body: form.toString(), contentType: 'application/x-www-form-urlencoded' }
}

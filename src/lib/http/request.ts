/** Builds requests from params. No other file encodes paths, queries and bodies. */
import { randomUUID } from 'node:crypto'
import { formText, joined, sentence, SentenceError, type Words } from '../base/sentence'
import { isMethod, type Field, type Method, type Operation, type Params, type Fields, type RawRequest, type SingleOperation } from '../vocabulary/operation'
import type { Settings, Vendor } from '../vocabulary/vendor'
import { cutText } from '../base/foreign'
import { unixSeconds } from '../base/time'
import { routeParts, type FileForm, type RouteRow } from './route'

export interface HttpRequest {
  method: Method
  url: string
  body?: string | Uint8Array
  contentType?: string
  /** Largest answer, in bytes after decompression, where it is not the usual one. */
  maxResponse?: number
}

/** The end of a sentence: why no request can be made of these params. */
export class RequestError extends SentenceError {
  readonly summary = sentence`request cannot be built`
}

type Body = Pick<HttpRequest, 'body' | 'contentType'>

/** `GET /things/{tuid}` as method and path. */
function splitRoute(route: string): RouteRow {
  const { method, path } = routeParts(route)
  if (!isMethod(method) || !path.startsWith('/'))
    throw new RequestError(sentence`the route "${route}" must be a method and a path, such as GET /devices/{deviceId}`)
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
  const request = single.raw ? rawRequest(single.raw(params), context) : fieldRequest(operation, params, context)
  return operation.maxResponse === undefined ? request : { ...request, maxResponse: operation.maxResponse }
}

/** What the path of a request names, each with its label: `Device JDA54E19F`. Undefined where it names nothing. */
export function namedBy({ fields, ...operation }: Operation, params: Readonly<Record<string, unknown>>, { route, settings, vendor }: RequestContext): Words | undefined {
  if ('raw' in operation) return labelledValue(fields.path?.label, params.path)
  const names = [...(route?.path ?? operation.route).matchAll(/\{([^{}]+)\}/g)].map(([, name = '']) => name)
  const values = names.map((name) => {
    const setting = name.startsWith('account.') ? name.slice('account.'.length) : undefined
    return setting === undefined ? labelledValue(fields[name]?.label, params[name]) : labelledValue(vendor.settings[setting]?.label, settings[setting])
  })
  return values.length === 0 ? undefined : joined(values)
}

const labelledValue = (label = '', value: unknown): Words => sentence`${formText(label)} ${cutText(wireText(value), 60)}`

function fieldRequest(operation: Operation, params: Readonly<Record<string, unknown>>, context: RequestContext): HttpRequest {
  if (context.route) refuseLeaving(context.route.path)
  const { method, path } = context.route ?? splitRoute(operation.route)
  const query = { ...operation.query, ...context.query, ...wireValues(operation.fields, params, 'query') }
  const url = address(expand(path, params, context.settings, operation.fields), query, context)
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
  if (/^[a-z][a-z\d+.-]*:/i.test(raw.path))
    throw new RequestError(sentence`"Path" must not be a whole URL; give only the part after the base URL`)
  refuseLeaving(raw.path)
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
 * Joins a path to the base without leaving it. Values of the query replace those of the same name in the path's own.
 * @param path whose values are encoded, so that only what is written literally can leave the base
 */
function address(path: string, values: Readonly<Record<string, unknown>>, { base, settings, vendor }: RequestContext): string {
  const [pathname = '', given = ''] = path.replace(/^\/+/, '').split('?', 2)
  if (hasDots(pathname)) throw leaving(path)
  const query = new Map(given === '' ? [] : new URLSearchParams(given))
  for (const [name, value] of Object.entries({ ...values, ...vendor.query?.(settings) }))
    if (value !== undefined && value !== null && value !== '') query.set(name, wireText(value))
  const search = [...query].map(([name, value]) => `${queryText(name, name)}=${queryText(name, value)}`).join('&')
  const joined = base.href + pathname + (search === '' ? '' : `?${search}`)
  if (PLAIN.test(joined)) return joined
  const url = new URL(joined.replaceAll('#', '%23')).href
  // A URL takes `\` for `/`, and leaves tabs and line breaks out.
  if (!url.startsWith(base.href)) throw leaving(path)
  return url
}

/** Whether a value for one part of a path would be several parts with dots among them, once a server has decoded it. */
const holdsDots = (value: string): boolean => hasDots(value.replaceAll('\\', '/'))

const hasDots = (pathname: string): boolean => pathname.split('/').some((part) => /^(\.|%2e){1,2}$/i.test(part))

/** Servers and proxies decode a path once or twice; nobody needs more levels. */
const DECODINGS = 4

/**
 * Refuses a path that a user wrote, if it leads elsewhere with the account's key: to another host, or out of the base
 * path. Encoded forms count too, because a server may decode them before it resolves the path.
 * @throws RequestError
 */
function refuseLeaving(path: string): void {
  let pathname = path.split('?', 1)[0] ?? ''
  for (let level = 0; level <= DECODINGS; level += 1) {
    if (pathname.startsWith('//') || pathname.includes('\\') || hasDots(pathname)) throw leaving(path)
    const decoded = pathname.replace(/%[\da-f]{2}/gi, (code) => String.fromCharCode(parseInt(code.slice(1), 16)))
    if (decoded === pathname) return
    pathname = decoded
  }
  throw leaving(path)
}

const leaving = (path: string): RequestError =>
  new RequestError(sentence`the path "${cutText(path, 60)}" leaves the base URL; give a path without "..", "\\" and a leading "//", plain or encoded`)

const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, '\ufffd')

/** A comma separates list items for the vendors and is legal in a query. */
const queryText = (name: string, text: string): string => encoded(wellFormed(name), text).replaceAll('%2C', ',')

/** @throws RequestError for half of a pair of code units, such as a text has that was cut in the middle of an emoji */
function encoded(name: Words, text: string): string {
  if (/\p{Surrogate}/u.test(text)) throw new RequestError(sentence`"${name}" contains half of a character, such as a cut emoji; correct it`)
  return encodeURIComponent(text)
}

/** @throws RequestError for what holds itself, such as msg.req, and for a BigInt */
function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value)
  } catch {
    throw new RequestError(sentence`a value cannot be written as JSON, because it contains itself or a BigInt; give plain values, not msg.req or msg.res`)
  }
}

/** Fills `{name}` from the params and `{account.name}` from the account's settings, each as one path part. */
export function expand(path: string, params: Readonly<Record<string, unknown>>, settings: Settings, fields: Fields = {}): string {
  return path.replace(/\{([^{}]+)\}/g, (_match, name: string) => {
    const value = name.startsWith('account.') ? settings[name.slice('account.'.length)] : params[name]
    if (value === undefined || value === null || value === '')
      throw new RequestError(sentence`the route needs {${name}}, which has no value; correct the route in the account, or give the value in the node`)
    const text = wireText(value)
    const label = formText(fields[name]?.label ?? name)
    if (holdsDots(text)) throw new RequestError(sentence`"${label}" must not be "${cutText(text, 60)}", which would lead to another address; give the id only`)
    return encoded(label, text)
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

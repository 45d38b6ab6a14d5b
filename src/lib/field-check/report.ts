/** What a check tells to others: the shape of the answers, and nothing of the account. */
import type { ErrorCode } from '../base/api-error'
import type { Operation } from '../vocabulary/operation'
import type { Vendor } from '../vocabulary/vendor'
import type { SeenAnswer } from './answer-log'
import { shapeOf, type BodyShape } from './body-shape'
import type { Judgement, Outcome } from './judge'
import type { NameKey } from './key-names'
import { formOf } from './text-form'

/** What a report holds of one operation. */
export interface OperationReport {
  /** Its file in the vendor's folder. */
  operation: string
  method: string
  /** The path with its variables. */
  route: string
  /** Query values that are the same for every call. */
  query?: Readonly<Record<string, string>>
  outcome: Outcome
  error?: ErrorCode
  /** Where the answer differs: a path, what came, and what was expected. */
  deviation?: { path: string; found: string; expected: string }
  status?: number
  headers?: Record<string, string | number>
  body?: BodyShape | { type: 'no JSON'; looksLike: 'web page' | 'text' | 'nothing' }
}

export interface CheckReport {
  report: 'node-red-contrib-sensor-clouds check'
  /** Of this format. */
  version: 1
  /** UTC, such as 2026-10-01. */
  day: string
  vendor: string
  versions: { package: string; node: string; nodeRed?: string }
  operations: OperationReport[]
}

/** @param versions of the package, and of Node-RED where the check ran in it */
export const wholeReport = (vendor: Vendor, versions: { package: string; nodeRed?: string }, operations: OperationReport[], now = Date.now()): CheckReport => ({
  report: 'node-red-contrib-sensor-clouds check',
  version: 1,
  day: new Date(now).toISOString().slice(0, 10),
  vendor: vendor.id,
  versions: { ...versions, node: process.version },
  operations,
})

interface Parts {
  operation: Operation
  judgement: Judgement
  vendor: Vendor
  /** Method and path, as the account has it. */
  route: string
  answer: SeenAnswer | undefined
  nameKey: NameKey
}

export function reportOf({ operation, judgement, vendor, route, answer, nameKey }: Parts): OperationReport {
  const { outcome, error, deviation } = judgement
  const [method = '', path = ''] = route.split(' ', 2)
  return {
    operation: operation.file ?? '',
    method,
    route: path.split('/').map((part) => nameSegment(part, vendor)).join('/'),
    ...(operation.query ? { query: operation.query } : {}),
    outcome,
    ...(error === undefined ? {} : { error }),
    ...(deviation ? { deviation: { path: pathText(deviation.path, nameKey), found: kindOf(deviation.found), expected: deviation.expected } } : {}),
    ...(answer ? { status: answer.status, headers: headersOf(answer.headers, vendor), body: bodyOf(answer, nameKey) } : {}),
  }
}

/** `[].tsmTs`, or `body` for the whole. */
const pathText = (path: readonly string[], nameKey: NameKey): string =>
  path.map((key) => (key === '[]' ? key : nameKey(key))).join('.').replaceAll('.[]', '[]') || 'body'

function kindOf(value: unknown): string {
  if (typeof value === 'string') return `string (${formOf(value)})`
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value
}

/** Words of routes that vendors commonly use. A route that a user has typed may hold an id or a name. */
const ROUTE_WORDS: readonly string[] = ['', 'api', 'v1', 'v2', 'v3', 'device', 'devices', 'data', 'list', 'get', 'all', 'account', 'latest', 'measurements', 'history', 'user', 'users', 'summary']

/** A part of a path: itself where it is a word of API paths or a variable, else its form. */
function nameSegment(part: string, vendor: Vendor): string {
  const own = Object.values<Operation>(vendor.operations).flatMap(({ route }) => route.split(/[ /]/))
  const variables = Object.values<Operation>(vendor.operations).flatMap(({ fields }) => Object.keys(fields).map((name) => `{${name}}`))
  return own.includes(part) || variables.includes(part) || ROUTE_WORDS.includes(part) ? part : `<${formOf(part)}>`
}

/** Headers that tell limits. */
const LIMIT_HEADERS = [
  'retry-after', 'ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset',
  'x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset', 'x-rate-limit-limit', 'x-rate-limit-remaining',
] as const

const CONTENT_TYPES: readonly string[] = ['application/json', 'application/problem+json', 'text/html', 'text/plain', 'application/xml', 'text/xml']

/** Larger numbers may be ids. */
const SMALL_NUMBER = /^\d{1,5}$/

function headersOf(headers: SeenAnswer['headers'], { remaining }: Vendor): Record<string, string | number> {
  const found: Record<string, string | number> = {}
  const [type = ''] = (headers['content-type'] ?? '').toLowerCase().split(/[;\s]/, 1)
  if (type !== '') found['content-type'] = CONTENT_TYPES.includes(type) ? type : 'another'
  const maxAge = /max-age\s*=\s*"?(\d{1,7})\b/i.exec(headers['cache-control'] ?? '')?.[1]
  if (maxAge !== undefined) found['max-age'] = Number(maxAge)
  for (const name of [...LIMIT_HEADERS, ...(remaining ? [remaining.header] : [])]) {
    const value = headers[name]
    if (value !== undefined) found[name] = SMALL_NUMBER.test(value) ? Number(value) : formOf(value)
  }
  return found
}

function bodyOf({ body, text }: SeenAnswer, nameKey: NameKey): NonNullable<OperationReport['body']> {
  if (body !== undefined) return shapeOf(body, nameKey)
  const looksLike = text.trim() === '' ? 'nothing' : /^\s*<(!doctype|html)/i.test(text) ? 'web page' : 'text'
  return { type: 'no JSON', looksLike }
}

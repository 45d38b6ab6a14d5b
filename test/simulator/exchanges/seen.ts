/** Exchanges that `npm run exchange` has made from users' reports of a live cloud. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { VendorId } from '../request'
import type { Exchange } from './exchange'
import type { Check } from './shape'

/** The shape of a body in a report; the types of the check of an account. */
export type SeenShape =
  | { type: 'null' | 'boolean' | 'too deep' }
  | { type: 'number'; time?: string }
  | { type: 'text'; forms: string[] }
  | { type: 'list'; items?: SeenShape }
  | { type: 'object'; keys: Record<string, SeenShape>; optional?: string[] }
  | { type: 'any of'; shapes: SeenShape[] }

/** One operation of a report. */
export interface SeenCase {
  vendor: VendorId
  operation: string
  /** Method and route. */
  endpoint: string
  /** Query values that are the same for every call. */
  query?: Record<string, string>
  /** Of the report, such as 2026-10-01. */
  day: string
  status: number
  shape: SeenShape
  /** A body of this shape; its values are synthetic. */
  body: unknown
}

export const SEEN_FOLDER = join(__dirname, 'seen')

export function readSeen(folder: string = SEEN_FOLDER): SeenCase[] {
  if (!existsSync(folder)) return []
  const files = readdirSync(folder).filter((file) => file.endsWith('.json')).sort()
  return files.flatMap((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as SeenCase[])
}

const withoutNames = (endpoint: string): string => endpoint.replace(/\{[^{}]*\}/g, '{}')

/** The exchange of the vendors' texts for the same request. It has the path and the query that the simulator answers. */
export function knownFor(seen: Pick<SeenCase, 'vendor' | 'endpoint' | 'query'>, known: readonly Exchange[]): Exchange | undefined {
  const constants = Object.entries(seen.query ?? {}).map(([name, value]) => `${name}=${value}`)
  const shared = ({ path }: Exchange): number => path.split(/[?&]/).filter((part) => constants.includes(part)).length
  return known
    .filter(({ endpoint, status, vendor }) => vendor === seen.vendor && status < 300 && withoutNames(endpoint) === withoutNames(seen.endpoint))
    .sort((one, other) => shared(other) - shared(one))[0]
}

/** @param known exchanges of the vendors' texts, which say with what path the simulator answers */
export const seenExchanges = (known: readonly Exchange[], folder?: string): Exchange[] =>
  readSeen(folder).map((seen) => {
    const same = knownFor(seen, known)
    if (!same) throw new Error(`no exchange of ${seen.vendor} has the endpoint ${seen.endpoint}`)
    const { arrange, call, path } = same
    return {
      vendor: seen.vendor, endpoint: same.endpoint, name: `${seen.operation}, seen live`, source: `a user's report of ${seen.day}`,
      path, call, status: seen.status, body: fits(seen.shape), ...(arrange ? { arrange } : {}),
    }
  })

/** The shape of a live body as a check of another body: whatever is live must be there. More may be. */
export function fits(shape: SeenShape): Check {
  return (value, path) => problems(shape, value, path)
}

function problems(shape: SeenShape, value: unknown, path: string): string[] {
  const wrong = (expected: string): string[] => [`${path}: ${expected} expected, ${JSON.stringify(value)} found`]
  switch (shape.type) {
    case 'boolean': return typeof value === 'boolean' ? [] : wrong('a boolean')
    case 'number': return isNumber(value, shape.time) ? [] : wrong(shape.time ?? 'a number')
    case 'text': return shape.forms.some((form) => hasForm(value, form)) ? [] : wrong(shape.forms.join(' or '))
    case 'list': return Array.isArray(value) ? itemProblems(shape.items, value, path) : wrong('a list')
    case 'object': return isObject(value) ? keyProblems(shape, value, path) : wrong('an object')
    case 'any of': return shape.shapes.some((one) => problems(one, value, path).length === 0) ? [] : wrong('one of several shapes')
    // A live null says nothing of other values, and what lies too deep was not looked at.
    default: return []
  }
}

/** A message has now these keys and now others, so that an item may lack some of them. */
function itemProblems(shape: SeenShape | undefined, items: readonly unknown[], path: string): string[] {
  if (!shape) return []
  const loose = shape.type === 'object' ? { ...shape, optional: Object.keys(shape.keys) } : shape
  return items.flatMap((item, index) => problems(loose, item, `${path}[${index}]`))
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** A key such as `<digits>` stands for ids, which are others everywhere. */
function keyProblems({ keys, optional = [] }: Extract<SeenShape, { type: 'object' }>, value: Record<string, unknown>, path: string): string[] {
  return Object.entries(keys).flatMap(([key, shape]) => {
    if (key in value) return problems(shape, value[key], `${path}.${key}`)
    return key.startsWith('<') || optional.includes(key) ? [] : [`${path}.${key}: missing`]
  })
}

const isNumber = (value: unknown, time: string | undefined): boolean =>
  typeof value === 'number' && (time === undefined || value > (time === 'Unix seconds' ? 1e9 : 1e12))

/** Only times and digits have a form that must be the same; other texts are the user's own. */
function hasForm(value: unknown, form: string): boolean {
  if (typeof value !== 'string') return false
  if (form === 'digits') return /^\d+$/.test(value)
  if (!form.startsWith('time ')) return true
  const pattern = form.slice('time '.length).replace(/[.+]/g, '\\$&').replace('f', '\\d+').replace(/[YMDHhms]/g, '\\d')
  return new RegExp(`^${pattern}$`).test(value)
}

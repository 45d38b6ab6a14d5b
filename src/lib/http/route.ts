/** Routes of operations, and those that a user corrected in an account. Runs in the editor too. */
import type { Operation, Method } from '../vocabulary/operation'
import type { Vendor } from '../vocabulary/vendor'
import { isRecord, textOf } from '../base/foreign'

/** A corrected route. */
export interface RouteRow {
  method: Method
  path: string
  /** How a file travels; as plain bytes unless said. */
  body?: FileForm
}

/** First the one that counts when a route says nothing. */
export const FILE_FORMS = ['bytes', 'json', 'multipart'] as const
export type FileForm = (typeof FILE_FORMS)[number]

/** A row of the route table as a flow holds it, before method and path are checked. */
export interface StoredRoute {
  method: string
  path: string
  body?: FileForm
  /** Whether it was read from the vendor's own collection, so that it is kept even where it equals the default. */
  imported?: boolean
}

/** A text such as `GET /devices/{deviceId}` in its two parts, before they are checked; one that is missing is empty. */
export function routeParts(route: string): { method: string; path: string } {
  const [method = '', path = ''] = route.trim().split(/\s+/, 2)
  return { method, path }
}

/**
 * Reads a row `{ method, path, body }`, or a text such as `GET /devices/{deviceId}`.
 * @returns undefined where the row is empty, which means the default route
 */
export function readStoredRoute(row: unknown): StoredRoute | undefined {
  if (typeof row === 'string') {
    const parts = routeParts(row)
    return parts.method === '' ? undefined : parts
  }
  if (!isRecord(row)) return undefined
  const { method, path, body, imported } = row
  if (path === undefined || path === '') return undefined
  const form = FILE_FORMS.find((name) => name === body)
  return {
    method: textOf(method),
    path: textOf(path),
    ...(form === undefined ? {} : { body: form }),
    ...(imported === true ? { imported } : {}),
  }
}

/**
 * The route of a request for people: method and path with its variables, never a value or a query. A path that the user
 * gives with each request counts as a variable.
 * @param corrected as the account has it
 */
export function routeTemplate(operation: Operation, method: string, corrected?: RouteRow): string {
  if ('raw' in operation) return `${method} {path}`
  return corrected ? `${corrected.method} ${corrected.path.split('?', 1)[0] ?? ''}` : operation.route
}

export interface EditableRoute {
  operation: string
  method: string
  path: string
  /** Whether it sends a file, so that the form of its body is open too. */
  file: boolean
}

const sendsFile = ({ fields }: Operation): boolean => Object.values(fields).some(({ kind }) => kind === 'file')

/** Without operations whose request the user spells out, and those that share the route of another. */
export const editableRoutes = (vendor: Vendor): EditableRoute[] =>
  Object.entries(vendor.operations)
    .filter(([, operation]) => operation.unverified !== undefined && !operation.routePublished && operation.routeOf === undefined && !('raw' in operation))
    .map(([id, operation]) => ({ operation: id, ...routeParts(operation.route), file: sendsFile(operation) }))

/** Routes of operations, and those that a user corrected in an account. Runs in the editor too. */
import { isRecord } from '../base/foreign'
import type { Method } from '../vocabulary/operation'

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
}

/**
 * Reads a row `{ method, path, body }`, or a text such as `GET /devices/{deviceId}`.
 * @returns undefined where the row is empty, which means the default route
 */
export function readStoredRoute(row: unknown): StoredRoute | undefined {
  if (typeof row === 'string') {
    const [method = '', path = ''] = row.trim().split(/\s+/, 2)
    return method === '' ? undefined : { method, path }
  }
  if (!isRecord(row)) return undefined
  const { method, path, body } = row
  if (path === undefined || path === '') return undefined
  const form = FILE_FORMS.find((name) => name === body)
  return { method: typeof method === 'string' ? method : '', path: typeof path === 'string' ? path : '', ...(form === undefined ? {} : { body: form }) }
}

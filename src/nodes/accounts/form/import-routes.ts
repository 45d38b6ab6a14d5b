/** The import of routes that a vendor's folder may bring. The build adds it, so that no vendor is named here. */
import type { StoredRoute } from '../../../lib/http/route'

/** A request of the collection, as the route of an operation. */
export interface ImportedRequest extends StoredRoute {
  name: string
}

export interface ImportedRoutes {
  baseUrl?: string | undefined
  /** By operation. */
  routes: Readonly<Record<string, StoredRoute>>
  /** What to choose from for each operation that was not found. */
  choices: Readonly<Record<string, readonly ImportedRequest[]>>
}

/** @throws Error with a sentence when it is not what the vendor's import reads */
export type ImportRoutes = (json: unknown) => ImportedRoutes

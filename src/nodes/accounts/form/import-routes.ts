/** The import of routes that a vendor's folder may bring. The build adds it, so that no vendor is named here. */
import type { StoredRoute } from '../../../lib/http/route'

export interface ImportedRoutes {
  baseUrl?: string | undefined
  /** By operation. */
  routes: Readonly<Record<string, StoredRoute>>
}

/** @throws Error with a sentence when it is not what the vendor's import reads */
export type ImportRoutes = (json: unknown) => ImportedRoutes

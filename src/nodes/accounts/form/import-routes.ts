/** What a vendor's own import of routes is and gives; reached by the build, so that no vendor is named here. */
import type { RouteRow } from './account-rules'

export interface ImportedRoutes {
  baseUrl?: string | undefined
  /** By operation. */
  routes: Readonly<Record<string, RouteRow>>
}

/** @throws Error with a sentence when it is not what the vendor's import reads */
export type ImportRoutes = (json: unknown) => ImportedRoutes

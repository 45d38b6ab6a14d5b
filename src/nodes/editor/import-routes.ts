/** What a vendor's own import of routes is and gives; reached by the build, so that no vendor is named here. */
import type { RouteRow } from './account-rules'

export interface ImportedRoutes {
  baseUrl?: string | undefined
  /** By operation. */
  routes: Readonly<Record<string, RouteRow>>
  /** Names of requests that belong to no operation. */
  unused: readonly string[]
}

/** @throws Error with a sentence when the text is not what it reads */
export type ImportRoutes = (text: string) => ImportedRoutes

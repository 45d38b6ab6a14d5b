/** Routes that a user may correct, because the vendor has not published them. */
import type { Vendor } from '../../lib/vocabulary/vendor'

/** One whose request the user spells out has no route of its own. */
export const editableRoutes = (vendor: Vendor): { operation: string; method: string; path: string }[] =>
  Object.entries(vendor.operations)
    .filter(([, operation]) => operation.unverified !== undefined && !operation.routePublished && operation.routeOf === undefined && !('raw' in operation))
    .map(([id, { route }]) => {
      const [method = '', path = ''] = route.split(' ')
      return { operation: id, method, path }
    })

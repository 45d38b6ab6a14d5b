/** Routes that a user may correct in the account, because the vendor has not published them. */
import type { Operation } from '../../lib/vocabulary/operation'
import type { Vendor } from '../../lib/vocabulary/vendor'

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
    .map(([id, operation]) => {
      const [method = '', path = ''] = operation.route.split(' ')
      return { operation: id, method, path, file: sendsFile(operation) }
    })

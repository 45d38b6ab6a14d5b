/** The operations of a verb in the order in which form and help show them. */
import { carriesReadings, type Operation, type Verb } from '../../../lib/vocabulary/operation'
import { operationsOf as operationsOfVerb, type Vendor } from '../../../lib/vocabulary/vendor'

/** What is preferred, then measurements, what cannot be undone late, and any request, the last resort, at the end. */
function rankOf(operation: Operation): number {
  if (operation.preferred) return -1
  if ('raw' in operation) return 3
  if (operation.destructive !== undefined) return 2
  return carriesReadings(operation) ? 0 : 1
}

/** Those of a verb by their ids in flows, in the order of the form. */
export const operationsOf = (vendor: Vendor, verb: Verb): [id: string, operation: Operation][] =>
  Object.entries(operationsOfVerb(vendor, verb)).sort(
    ([, first], [, second]) => rankOf(first) - rankOf(second) || first.title.localeCompare(second.title, 'en'),
  )

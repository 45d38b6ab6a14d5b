/** What form and help say of a node type: its properties with their defaults, and its operations in order. */
import { carriesReadings, type Operation, type Verb } from '../../../lib/vocabulary/operation'
import { operationsOf as operationsOfVerb, type Vendor } from '../../../lib/vocabulary/vendor'
import { accountDefaults, accountProperties } from '../../accounts/properties'
import { actionDefaults, actionProperties } from '../../actions/properties'
import { eventDefaults, eventProperties } from '../../events/properties'
import type { Config } from '../../runtime/migrations/migrate'
import { propertyFields, type NodeProperties, type NodeProperty } from '../../runtime/node-property'
import { knownVendors, type NodeSet } from '../../runtime/node-types'
import { storeDefaults, storeProperties } from '../../stores/properties'

export function defaultsOf(set: NodeSet, vendors: readonly Vendor[] = knownVendors): Config {
  if (set.kind === 'action') return actionDefaults(set.verb, vendors)
  if (set.kind === 'event') return eventDefaults(vendors)
  return set.kind === 'account' ? accountDefaults(set.vendor) : storeDefaults
}

function declaredOf(set: NodeSet): NodeProperties {
  if (set.kind === 'action') return actionProperties[set.verb]
  if (set.kind === 'event') return eventProperties
  return set.kind === 'account' ? accountProperties : storeProperties
}

export const propertiesOf = (set: NodeSet): Readonly<Record<string, NodeProperty>> => propertyFields(declaredOf(set))

/**
 * In the order of use: what is preferred, the newest values, other measurements, other operations. What deletes comes
 * late, and any request, the last resort, before what deletes many things at once.
 */
function rankOf(operation: Operation): number {
  if (operation.preferred) return 0
  if (operation.latest) return 1
  if (operation.deletesMany) return 6
  if ('raw' in operation) return 5
  if (operation.destructive !== undefined) return 4
  return carriesReadings(operation) ? 2 : 3
}

/** Those of a verb by their ids in flows, in the order of the form. */
export const operationsOf = (vendor: Vendor, verb: Verb): [id: string, operation: Operation][] =>
  Object.entries(operationsOfVerb(vendor, verb)).sort(
    ([, first], [, second]) => rankOf(first) - rankOf(second) || first.title.localeCompare(second.title, 'en'),
  )

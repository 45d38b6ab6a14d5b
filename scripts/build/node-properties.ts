/** The properties of each node set: their defaults, and the fields that they are declared as. */
import type { Vendor } from '../../src/lib/vocabulary/vendor'
import { accountDefaults, accountProperties } from '../../src/nodes/accounts/properties'
import { actionDefaults, actionProperties } from '../../src/nodes/actions/properties'
import { eventDefaults, eventProperties } from '../../src/nodes/events/properties'
import type { Config } from '../../src/nodes/runtime/migrations/migrate'
import { propertyFields, type NodeProperties, type NodeProperty } from '../../src/nodes/runtime/node-property'
import { knownVendors, type NodeSet } from '../../src/nodes/runtime/node-types'
import { storeDefaults, storeProperties } from '../../src/nodes/stores/properties'

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

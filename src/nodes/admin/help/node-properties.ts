/** The properties of each node set: their defaults, and the fields that they are declared as. */
import type { Vendor } from '../../../lib/vocabulary/vendor'
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

/** The node sets of the package, derived from the vendors: an operation with a new verb adds its node. */
import type { Verb } from '../../lib/vocabulary/operation'
import { operationsOf, type Vendor } from '../../lib/vocabulary/vendor'
import { vendors } from '../../lib/vendors'

/** In the order of the palette. */
const VERBS: readonly Verb[] = ['get-data', 'send-reading', 'send-command', 'set-alarm', 'register-device']

export interface ActionSet {
  kind: 'action'
  type: string
  verb: Verb
}

export interface AccountSet {
  kind: 'account'
  type: string
  vendor: Vendor
}

export interface StoreSet {
  kind: 'store'
  type: string
}

export const STORE_TYPE = 'sensor-cloud-store'

export interface EventSet {
  kind: 'event'
  type: string
}

export type NodeSet = ActionSet | AccountSet | StoreSet | EventSet

export const EVENT_TYPE = 'sensor-cloud-on-event'

export const knownVendors: readonly Vendor[] = Object.values<Vendor>(vendors)

/** An own property of a record; names from flows may be such as `__proto__`. */
export const ownEntry = <T>(record: Readonly<Record<string, T>>, name: string): T | undefined => (Object.hasOwn(record, name) ? record[name] : undefined)

/** The vendor that a flow names; undefined where there is none of that id. */
export const findVendor = (id: unknown): Vendor | undefined => (typeof id === 'string' ? ownEntry<Vendor>(vendors, id) : undefined)

export const actionType = (verb: Verb): string => `sensor-cloud-${verb}`

/** Names of the secret params of a verb's operations. The node of the verb has a credential of each name. */
export function secretParams(verb: Verb, known: readonly Vendor[] = knownVendors): string[] {
  const operations = known.flatMap((vendor) => Object.values(operationsOf(vendor, verb)))
  const names = operations.flatMap(({ fields }) => Object.entries(fields).flatMap(([name, { secret }]) => (secret ? [name] : [])))
  return [...new Set(names)].sort()
}

/**
 * One set for each verb that some vendor has operations for, one for events where a vendor has events,
 * one for each vendor's account, and one for stores.
 */
export function nodeSets(known: readonly Vendor[] = knownVendors): NodeSet[] {
  const verbs = new Set(known.flatMap((vendor) => Object.values(vendor.operations).map((operation) => operation.verb)))
  return [
    ...VERBS.filter((verb) => verbs.has(verb)).map((verb): ActionSet => ({ kind: 'action', type: actionType(verb), verb })),
    ...(known.some(({ events }) => events) ? [{ kind: 'event', type: EVENT_TYPE } as const] : []),
    ...known.map((vendor): AccountSet => ({ kind: 'account', type: vendor.accountType, vendor })),
    { kind: 'store', type: STORE_TYPE },
  ]
}

/** What the forms must know, taken from vendors and operations. */
import { carriesReadings, type Builder, type Field, type Fields, type Operation, type Verb } from '../../src/lib/vocabulary/operation'
import { accountProperty, isAddress, preferredOperation, type Vendor } from '../../src/lib/vocabulary/vendor'
import { editableRoutes } from '../../src/lib/http/route'
import type {
  AccountDescriptor,
  ActionDescriptor,
  BuilderDescriptor,
  CallbackDescriptor,
  EventDescriptor,
  FieldDescriptor,
  FieldDescriptors,
  OperationDescriptor,
  OperationTrait,
  PropertyDescriptors,
  PollDescriptor,
  VendorOfForm,
} from '../../src/nodes/editor/descriptor'
import type { NodeProperty } from '../../src/nodes/runtime/node-property'
import { actionType, EVENT_TYPE, type NodeSet } from '../../src/nodes/runtime/node-types'
import { defaultsOf, operationsOf, propertiesOf } from '../../src/nodes/admin/help/node-parts'

/** Someone who begins wants the newest values. */
const firstOperation = (vendor: Vendor, verb: Verb): string =>
  preferredOperation(vendor, verb) || (operationsOf(vendor, verb).find(([, { latest }]) => latest)?.[0] ?? '')

const describeBuilder = ({ id, constants, fields }: Builder): BuilderDescriptor => ({
  id,
  constants,
  fields: mapFields(fields, (field) => describeField(field)),
})

function describeField(field: Field, isAddress = false): FieldDescriptor {
  const { kind, required, choices, builders } = field
  const { pick, placeholder, suggestions, min, max, integer, pattern, fromPayload, secret, passText, shape } = field
  const rules = { pick, placeholder, suggestions, default: field.default, min, max, integer, pattern, fromPayload, secret, passText, shape }
  const given = Object.fromEntries(Object.entries(rules).filter(([, value]) => value !== undefined))
  return {
    kind,
    required,
    ...given,
    ...(choices ? { choices: choices.map((choice) => choice.value) } : {}),
    ...(builders ? { builders: builders.kinds.map(describeBuilder) } : {}),
    ...(isAddress ? { address: true } : {}),
  }
}

const mapFields = (fields: Fields, describe: (field: Field, name: string) => FieldDescriptor): FieldDescriptors =>
  Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, describe(field, name)]))

function traitsOf(operation: Operation): OperationTrait[] {
  const traits: Readonly<Record<OperationTrait, boolean>> = {
    readings: carriesReadings(operation),
    since: operation.since !== undefined,
    follows: 'follow' in operation,
    findsExisting: 'existing' in operation,
    mapped: operation.mapped !== undefined,
    deletesMany: operation.deletesMany === true,
  }
  return (Object.keys(traits) as OperationTrait[]).filter((name) => traits[name])
}

const describeOperation = (id: string, operation: Operation): OperationDescriptor => ({
  id,
  fields: mapFields(operation.fields, (field) => describeField(field)),
  unverified: operation.unverified !== undefined,
  destructive: operation.destructive !== undefined,
  traits: traitsOf(operation),
  ...(operation.docs === undefined ? {} : { docs: operation.docs }),
})

const vendorOfForm = (vendor: Vendor): VendorOfForm => ({
  id: vendor.id,
  accountType: vendor.accountType,
  accountProperty: accountProperty(vendor.id),
  asked: Object.entries(vendor.pickers ?? {}).flatMap(([name, picker]) => ('load' in picker ? [name] : [])),
})

const describeProperty = (property: NodeProperty): PropertyDescriptors[string] => {
  const { columns, onlyFor, needs } = property
  return {
    ...describeField(property),
    ...(onlyFor === undefined ? {} : { onlyFor }),
    ...(needs === undefined ? {} : { needs }),
    ...(columns ? { columns: Object.keys(columns) } : {}),
  }
}

/** The properties that a node set declares. */
const describeProperties = (set: NodeSet): PropertyDescriptors =>
  Object.fromEntries(Object.entries(propertiesOf(set)).map(([name, property]) => [name, describeProperty(property)]))

/** Every vendor has its account property, also one without operations of the verb: flow files hold them all. */
export function describeAction(verb: Verb, vendors: readonly Vendor[]): ActionDescriptor {
  const set = { kind: 'action', type: actionType(verb), verb } as const
  return {
    type: set.type,
    defaults: defaultsOf(set, vendors),
    properties: describeProperties(set),
    vendors: vendors.map((vendor) => ({
      ...vendorOfForm(vendor),
      preferred: preferredOperation(vendor, verb),
      first: firstOperation(vendor, verb),
      operations: operationsOf(vendor, verb).map(([id, operation]) => describeOperation(id, operation)),
    })),
  }
}

function describeEventsOf({ events }: Vendor): { events?: CallbackDescriptor | PollDescriptor } {
  if (!events) return {}
  const unverified = events.unverified !== undefined
  if (events.kind === 'callback') return { events: { kind: 'callback', unverified, choices: events.choices.map(({ value }) => value) } }
  const fields = mapFields(events.fields, (field) => describeField(field))
  return { events: { kind: 'poll', unverified, fields, interval: describeField(events.interval) } }
}

export function describeEvents(vendors: readonly Vendor[]): EventDescriptor {
  const set = { kind: 'event', type: EVENT_TYPE } as const
  return {
    defaults: defaultsOf(set, vendors),
    properties: describeProperties(set),
    vendors: vendors.map((vendor) => ({ ...vendorOfForm(vendor), ...describeEventsOf(vendor), ...(vendor.watch ? { watchPick: vendor.watch.pick } : {}) })),
  }
}

/** The settings of the vendor, with those of every account. */
export function describeAccount(vendor: Vendor): AccountDescriptor {
  const set = { kind: 'account', type: vendor.accountType, vendor } as const
  const settings = mapFields(vendor.settings, (field, name) => describeField(field, isAddress(vendor, name)))
  return {
    type: set.type,
    defaults: defaultsOf(set),
    vendor: vendor.id,
    docs: vendor.docs,
    settings: { ...settings, ...describeProperties(set) },
    credentials: Object.keys(vendor.credentials),
    address: vendor.address,
    routes: editableRoutes(vendor),
  }
}

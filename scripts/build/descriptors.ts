/** What the forms must know, taken from vendors and operations. */
import { carriesReadings, type Field, type Fields, type Operation, type Verb } from '../../src/lib/spec'
import { accountProperty, type Vendor } from '../../src/lib/vendor'
import type {
  AccountDescriptor,
  ActionDescriptor,
  FieldDescriptor,
  FieldDescriptors,
  OperationDescriptor,
  RouteDescriptor,
} from '../../src/nodes/editor/descriptor'
import { actionType } from '../../src/nodes/types'

/** The operation that takes any request: the last resort, so it stands last. */
const ANY_REQUEST = 'request'

export const operationsOf = (vendor: Vendor, verb: Verb): [id: string, operation: Operation][] =>
  Object.entries(vendor.operations)
    .filter(([, operation]) => operation.verb === verb)
    .sort(([first], [second]) => Number(first === ANY_REQUEST) - Number(second === ANY_REQUEST))

function describeField(field: Field, isAddress = false): FieldDescriptor {
  const { kind, required, choices, pick, placeholder, min, max, integer, pattern, patternHint, passText, shape } = field
  const rules = { pick, placeholder, default: field.default, min, max, integer, pattern, patternHint, passText, shape }
  const given = Object.fromEntries(Object.entries(rules).filter(([, value]) => value !== undefined))
  return {
    kind,
    required,
    ...given,
    ...(choices ? { choices: choices.map((choice) => choice.value) } : {}),
    ...(isAddress ? { address: true } : {}),
  }
}

const mapFields = (fields: Fields, describe: (field: Field, name: string) => FieldDescriptor): FieldDescriptors =>
  Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, describe(field, name)]))

const describeOperation = (id: string, operation: Operation): OperationDescriptor => ({
  id,
  fields: mapFields(operation.fields, (field) => describeField(field)),
  readings: carriesReadings(operation),
  unverified: operation.unverified !== undefined,
  ...(operation.docs === undefined ? {} : { docs: operation.docs }),
})

/** Every vendor has its account property, also one without operations of the verb: flow files hold them all. */
export const describeAction = (verb: Verb, vendors: readonly Vendor[]): ActionDescriptor => ({
  type: actionType(verb),
  vendors: vendors.map((vendor) => ({
    id: vendor.id,
    accountType: vendor.accountType,
    accountProperty: accountProperty(vendor.id),
    operations: operationsOf(vendor, verb).map(([id, operation]) => describeOperation(id, operation)),
  })),
})

/** A setting whose name says that it is a URL gets secrets sent to it, like the base URL. */
const isAddress = (vendor: Vendor, name: string): boolean => name === vendor.address || /url$/i.test(name)

/** Operations whose route is editable. One whose request the user spells out has no route of its own. */
export function editableRoutes(vendor: Vendor): RouteDescriptor[] {
  return Object.entries(vendor.operations)
    .filter(([, operation]) => operation.unverified !== undefined && operation.routeOf === undefined && !('raw' in operation))
    .map(([id, { route }]) => {
      const [method = '', path = ''] = route.split(' ')
      return { operation: id, method, path }
    })
}

export const describeAccount = (vendor: Vendor): AccountDescriptor => ({
  type: vendor.accountType,
  vendor: vendor.id,
  docs: vendor.docs,
  settings: mapFields(vendor.settings, (field, name) => describeField(field, isAddress(vendor, name))),
  credentials: Object.keys(vendor.credentials),
  address: vendor.address,
  routes: editableRoutes(vendor),
})

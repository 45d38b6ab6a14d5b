/** What makes an action node complete, and what it is called. Knows nothing of the page. */
import { textOf } from '../../../lib/base/foreign'
import { isOutboxSetting, type OutboxSetting } from '../outbox-settings'
import type { ActionDescriptor, FieldDescriptors, OperationDescriptor, VendorDescriptor, VendorOfForm } from '../../editor/descriptor'
import type { Config } from '../../runtime/migrations/migrate'
import { isReference } from '../../runtime/environment-reference'
import { fieldWithTexts, paramProblem, readStored, type CanEvaluate } from '../../editor/params/params'
import type { Translate } from '../../editor/platform/red'

/** What the form or a flow file says. */
export interface ActionValues {
  vendor: string
  operation: string
  params: unknown
}

export const findVendor = (descriptor: ActionDescriptor, id: string): VendorDescriptor | undefined =>
  descriptor.vendors.find((vendor) => vendor.id === id)

export const findOperation = (vendor: VendorDescriptor | undefined, id: string): OperationDescriptor | undefined =>
  vendor?.operations.find((operation) => operation.id === id)

/** The vendor, where there is but one to choose. */
export function soleVendor({ vendors }: ActionDescriptor): string {
  const [sole, ...others] = vendors.filter(({ operations }) => operations.length > 0)
  return sole !== undefined && others.length === 0 ? sole.id : ''
}

/** The operation that a vendor is shown with at first: its only one, or the one it prefers. */
export const beginWith = (vendor: VendorDescriptor | undefined): string =>
  vendor?.operations.length === 1 ? (vendor.operations[0]?.id ?? '') : (vendor?.preferred ?? '')

/** The properties of a node; without an operation it does what its vendor prefers. */
export function valuesOf(descriptor: ActionDescriptor, { vendor, operation, params }: Config): ActionValues {
  const id = textOf(vendor)
  return { vendor: id, operation: textOf(operation) || (findVendor(descriptor, id)?.preferred ?? ''), params }
}

export const operationKey = (vendor: string, operation: string): string => `operation.${vendor}.${operation}`

/** Each rule gives the sentence that says what is wrong, or undefined. */
export function vendorProblem(descriptor: ActionDescriptor, value: unknown, translate: Translate): string | undefined {
  const id = textOf(value)
  if (id === '') return translate('form.error.vendor')
  return findVendor(descriptor, id)?.operations.length ? undefined : translate('form.error.unknownVendor', { value: id })
}

/** How the account that a node names is: `ready`, or the key of what is wrong. */
export type AccountState = 'ready' | 'unknownAccount' | 'disabledAccount' | 'incompleteAccount'

/** @param stateOf of the account of that id and type */
export function accountProblem(
  vendor: VendorOfForm | undefined,
  property: string,
  value: unknown,
  stateOf: (id: string, type: string) => AccountState,
  translate: Translate,
): string | undefined {
  if (vendor?.accountProperty !== property) return undefined
  const id = textOf(value)
  if (id === '' || id === '_ADD_') return translate('form.error.account')
  const state = isReference(id) ? 'ready' : stateOf(id, vendor.accountType)
  return state === 'ready' ? undefined : translate(`form.error.${state}`)
}

export function operationProblem(
  vendor: VendorDescriptor | undefined,
  value: unknown,
  translate: Translate,
): string | undefined {
  const id = textOf(value) || (vendor?.preferred ?? '')
  // Without a vendor there is nothing to choose from: its own rule speaks.
  if (!vendor) return undefined
  if (id === '') return translate('form.error.operation')
  return findOperation(vendor, id) ? undefined : translate('form.error.unknownOperation', { value: id })
}

/** One sentence for each param that is wrong. */
export function paramProblems(descriptor: ActionDescriptor, values: ActionValues, translate: Translate, canEvaluate: CanEvaluate = () => true): string[] {
  const operation = findOperation(findVendor(descriptor, values.vendor), values.operation)
  return operation ? fieldProblems(operation.fields, operationKey(values.vendor, operation.id), values.params, translate, canEvaluate) : []
}

/** @param key of the catalog under which the fields have their texts */
export function fieldProblems(fields: FieldDescriptors, key: string, stored: unknown, translate: Translate, canEvaluate: CanEvaluate = () => true): string[] {
  const params = readStored(stored)
  return Object.entries(fields).flatMap(([name, rules]) => {
    const field = fieldWithTexts(rules, `${key}.field.${name}`, translate)
    const problem = paramProblem(field, params[name], translate, canEvaluate)
    return problem === undefined ? [] : [translate('form.error.param', { label: field.label, problem })]
  })
}

/** Seconds above 0; an empty one means the default. */
export function secondsProblem(name: string, value: unknown, translate: Translate): string | undefined {
  if (value === undefined || value === null || value === '' || isReference(value)) return undefined
  const seconds = Number(value)
  return seconds > 0 && Number.isFinite(seconds) ? undefined : translate('form.error.seconds', { label: translate(`form.${name}`) })
}

/** A whole number of the outbox; an empty one means the default. */
export function outboxProblem(name: OutboxSetting, value: unknown, translate: Translate): string | undefined {
  if (value === undefined || value === null || value === '' || isReference(value) || isOutboxSetting(name, value)) return undefined
  return translate(`form.error.${name}`, { label: translate(`form.${name}`) })
}

/**
 * What a node is called on the canvas: its name, else whom it asks for what.
 * @param accountName of an account by its id; '' where it has none
 */
export function labelOf(
  descriptor: ActionDescriptor,
  node: Readonly<Record<string, unknown>>,
  translate: Translate,
  accountName: (id: string) => string = () => '',
): string {
  const { vendor: id, operation } = valuesOf(descriptor, node)
  const name = textOf(node.name)
  if (name !== '') return name
  const vendor = findVendor(descriptor, id)
  if (!vendor || !findOperation(vendor, operation)) return translate('palette.label')
  const account = accountName(textOf(node[vendor.accountProperty]))
  return `${account === '' ? translate(`vendor.${id}.title`) : account}: ${translate(`${operationKey(id, operation)}.title`)}`
}

/** Validates an action node, and makes its label. Does not use the page. */
import { textOf } from '../../../lib/base/foreign'
import type { ActionDescriptor, OperationDescriptor, VendorDescriptor } from '../../editor/descriptor'
import type { Config } from '../../runtime/migrations/migrate'
import { fieldProblems, type CanEvaluate } from '../../editor/params/params'
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

/** The operation that is chosen at first: the vendor's only one, or the one that most users want. */
export const beginWith = (vendor: VendorDescriptor | undefined): string =>
  vendor?.operations.length === 1 ? (vendor.operations[0]?.id ?? '') : (vendor?.first ?? '')

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

export function operationProblem(
  vendor: VendorDescriptor | undefined,
  value: unknown,
  translate: Translate,
): string | undefined {
  const id = textOf(value) || (vendor?.preferred ?? '')
  // A missing vendor has its own problem.
  if (!vendor) return undefined
  if (id === '') return translate('form.error.operation')
  return findOperation(vendor, id) ? undefined : translate('form.error.unknownOperation', { value: id })
}

/** A flow that was saved before there was a confirmation has none. It goes on without one until its dialog is saved. */
export const confirmationProblem = (operation: OperationDescriptor | undefined, value: unknown, translate: Translate): string | undefined =>
  value === false && operation?.traits.includes('deletesMany') ? translate('form.error.confirmed', { label: translate('property.confirmed.label') }) : undefined

/** One sentence for each param that is wrong. */
export function paramProblems(descriptor: ActionDescriptor, values: ActionValues, translate: Translate, canEvaluate: CanEvaluate = () => true): string[] {
  const operation = findOperation(findVendor(descriptor, values.vendor), values.operation)
  return operation ? fieldProblems(operation.fields, operationKey(values.vendor, operation.id), values.params, translate, canEvaluate) : []
}

/**
 * The label on the canvas: the node's name, else account and operation.
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

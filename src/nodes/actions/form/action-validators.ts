/** What the palette needs of an action node before its dialog opens: label and validators. */
import { confirmationProblem, findOperation, findVendor, labelOf, operationProblem, paramProblems, valuesOf, vendorProblem, type ActionValues } from './action-rules'
import { accountProblem } from '../../editor/account-problem'
import { stateOfAccount } from '../../editor/platform/account-select'
import type { ActionDescriptor, VendorDescriptor } from '../../editor/descriptor'
import { migratedValue, migrated } from '../../editor/platform/migrated'
import { isOfUse, propertyProblem } from '../../editor/params/property-rows'
import { hasCredential } from '../../editor/params/credential-drafts'
import type { Param } from '../../editor/params/params'
import { canEvaluate, textsOf, type EditorNode, validationResult, type ValidationResult } from '../../editor/platform/red'

export interface ActionValidators {
  label(node: EditorNode): string
  validateVendor(node: EditorNode, value: unknown): ValidationResult
  validateAccount(node: EditorNode, property: string, value: unknown): ValidationResult
  validateOperation(node: EditorNode, value: unknown): ValidationResult
  validateParams(node: EditorNode, value: unknown): ValidationResult
  validateProperty(node: EditorNode, name: string, value: unknown): ValidationResult
  validateConfirmed(node: EditorNode, value: unknown): ValidationResult
}

/** A credential is evaluated where it has a value, all else as the editor says. */
const evaluatorOf = (node: EditorNode) => (param: Param): boolean =>
  param.type === 'cred' ? hasCredential(node.credentials, param.value) : canEvaluate(param)

const accountName = (id: string): string => RED.nodes.node(id)?.name ?? ''

/** @param chosenIn what is chosen in the node's dialog, while it is open */
export function actionValidators(descriptor: ActionDescriptor, chosenIn: (node: EditorNode) => ActionValues | undefined = () => undefined): ActionValidators {
  const { defaults, properties } = descriptor
  /** Validators run while the dialog is open too; then it is what is chosen there that counts. */
  const valuesIn = (node: EditorNode): ActionValues => chosenIn(node) ?? valuesOf(descriptor, migrated(defaults, node))
  const vendorOf = (node: EditorNode): VendorDescriptor | undefined =>
    findVendor(descriptor, valuesIn(node).vendor)
  /** A value whose row is not shown is not checked. */
  const isChecked = (node: EditorNode, name: string): boolean => {
    const { vendor, operation } = valuesIn(node)
    const property = properties[name]
    const present = migrated(defaults, node)
    return property !== undefined && isOfUse(property, findOperation(findVendor(descriptor, vendor), operation)?.traits, (other) => present[other] !== false)
  }
  return {
    label: (node) => labelOf(descriptor, node, textsOf(node), accountName),
    validateVendor: (node, value) => validationResult(vendorProblem(descriptor, value, textsOf(node))),
    validateAccount: (node, property, value) =>
      validationResult(accountProblem(vendorOf(node), property, value, stateOfAccount, textsOf(node))),
    validateOperation: (node, value) => validationResult(operationProblem(vendorOf(node), value, textsOf(node))),
    validateParams: (node, value) =>
      validationResult(...paramProblems(descriptor, valuesOf(descriptor, migrated(defaults, { ...node, params: value })), textsOf(node), evaluatorOf(node))),
    validateProperty: (node, name, value) =>
      !isChecked(node, name) || validationResult(propertyProblem(properties, name, migratedValue(defaults, node, name, value), textsOf(node))),
    validateConfirmed: (node, value) => {
      const { vendor, operation } = valuesIn(node)
      return validationResult(confirmationProblem(findOperation(findVendor(descriptor, vendor), operation), value, textsOf(node)))
    },
  }
}

/** What the palette needs of an event node before its dialog opens: label and validators. */
import { accountProblem } from '../../editor/account-problem'
import { stateOfAccount } from '../../editor/platform/account-select'
import type { EventDescriptor, EventVendorDescriptor } from '../../editor/descriptor'
import { eventNodeLabel, eventParamProblems, eventPropertyProblem, findSource, sourceProblem } from './event-rules'
import { migratedValue } from '../../editor/platform/migrated'
import { canEvaluate, textsOf, type EditorNode, validationResult, type ValidationResult } from '../../editor/platform/red'

export interface EventValidators {
  label(node: EditorNode): string
  validateVendor(node: EditorNode, value: unknown): ValidationResult
  validateAccount(node: EditorNode, property: string, value: unknown): ValidationResult
  validateParams(node: EditorNode, value: unknown): ValidationResult
  validateProperty(node: EditorNode, name: string, value: unknown): ValidationResult
}

/** @param openIn what is chosen in the node's dialog, while it is open */
export function eventValidators(
  descriptor: EventDescriptor,
  openIn: (node: EditorNode) => { vendor: EventVendorDescriptor | undefined } | undefined = () => undefined,
): EventValidators {
  /** Validators run while the dialog is open too; then the vendor is the one chosen there. */
  const vendorOf = (node: EditorNode): EventVendorDescriptor | undefined => {
    const open = openIn(node)
    return open ? open.vendor : findSource(descriptor, node.vendor)
  }
  return {
    label: (node) => eventNodeLabel(descriptor, node, textsOf(node)),
    validateVendor: (node, value) => validationResult(sourceProblem(descriptor, value, textsOf(node))),
    validateAccount: (node, property, value) => validationResult(accountProblem(vendorOf(node), property, value, stateOfAccount, textsOf(node))),
    validateParams: (node, value) =>
      validationResult(...eventParamProblems(findSource(descriptor, node.vendor), migratedValue(descriptor.defaults, node, 'params', value), textsOf(node), canEvaluate)),
    validateProperty: (node, name, value) =>
      validationResult(eventPropertyProblem(descriptor, vendorOf(node), name, value, textsOf(node), (path) => isTaken(descriptor, node, path))),
  }
}

/** Whether an earlier node of the flows uses the path: a copy has the path of its original. */
export function isTaken(descriptor: EventDescriptor, node: EditorNode, path: string): boolean {
  const others: EditorNode[] = []
  RED.nodes.eachNode((other) => {
    if (other.id === node.id) return false
    if (other.type === node.type && other.d !== true && other.path === path) others.push(other)
    return true
  })
  return others.some(({ vendor }) => findSource(descriptor, vendor)?.events?.kind === 'callback')
}

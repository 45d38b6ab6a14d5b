/** What the palette needs of an event node before its dialog opens: label and validators. */
import { accountProblem } from '../../editor/account-problem'
import { stateOfAccount } from '../../editor/platform/account-select'
import type { EventDescriptor } from '../../editor/descriptor'
import { chosenSource, eventNodeLabel, eventParamProblems, eventPropertyProblem, findSource, sourceProblem, traitsOf, type ChosenSource } from './event-rules'
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
  openIn: (node: EditorNode) => ChosenSource | undefined = () => undefined,
): EventValidators {
  const stored = (node: EditorNode): ChosenSource => chosenSource(findSource(descriptor, node.vendor), node.source)
  /** Validators run while the dialog is open too; then what is chosen there counts. */
  const sourceOf = (node: EditorNode): ChosenSource => openIn(node) ?? stored(node)
  return {
    label: (node) => eventNodeLabel(descriptor, node, textsOf(node)),
    validateVendor: (node, value) => validationResult(sourceProblem(descriptor, value, textsOf(node))),
    validateAccount: (node, property, value) => validationResult(accountProblem(sourceOf(node).vendor, property, value, stateOfAccount, textsOf(node))),
    validateParams: (node, value) =>
      validationResult(...eventParamProblems(stored(node), migratedValue(descriptor.defaults, node, 'params', value), textsOf(node), canEvaluate)),
    validateProperty: (node, name, value) =>
      validationResult(eventPropertyProblem(descriptor, sourceOf(node), name, value, textsOf(node), (path) => isTaken(descriptor, node, path))),
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
  return others.some(({ source, vendor }) => traitsOf(chosenSource(findSource(descriptor, vendor), source)).includes('callback'))
}

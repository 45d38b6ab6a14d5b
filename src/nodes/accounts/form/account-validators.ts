/** What the palette needs of an account before its dialog opens: label and validators. */
import { credentialProblems, routeProblems, settingSentence } from './account-rules'
import type { AccountDescriptor } from '../../editor/descriptor'
import { migratedValue } from '../../editor/platform/migrated'
import { textsOf, type EditorNode, validationResult, type ValidationResult } from '../../editor/platform/red'

export interface AccountValidators {
  label(node: EditorNode): string
  validateSetting(node: EditorNode, name: string, value: unknown): ValidationResult
  validateRoutes(node: EditorNode, value: unknown): ValidationResult
  validateCredentials(node: EditorNode): ValidationResult
}

export function accountValidators(descriptor: AccountDescriptor): AccountValidators {
  const { defaults } = descriptor
  return {
    label: (node) => (node.name ? node.name : textsOf(node)('vendor.title')),
    validateSetting: (node, name, value) => validationResult(settingSentence(descriptor, name, migratedValue(defaults, node, name, value), textsOf(node))),
    validateRoutes: (node, value) => validationResult(...routeProblems(descriptor, migratedValue(defaults, node, 'routes', value), textsOf(node))),
    validateCredentials: (node) => validationResult(...credentialProblems(descriptor, node.credentials, textsOf(node), window.sensorClouds?.missing[node.id])),
  }
}

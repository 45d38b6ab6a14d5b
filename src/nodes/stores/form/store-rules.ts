/** Validates a store, and makes its label. Does not use the page. */
import { readAddress } from '../../../lib/store/redis/address'
import { isReference } from '../../runtime/shared-with-forms'
import { textsOf, type EditorNode, type Translate, validationResult, type ValidationResult } from '../../editor/platform/red'

/** The sentence that says what is wrong with the URL, or undefined; files have none. */
export function urlSentence(kind: unknown, value: unknown, translate: Translate): string | undefined {
  if (kind !== 'redis' || isReference(value)) return undefined
  const problem = readAddress(typeof value === 'string' ? value : '')
  if (typeof problem !== 'string') return undefined
  return translate('form.error.setting', { label: translate('property.url.label'), problem: translate(`address.${problem}`) })
}

export interface StoreValidators {
  label(node: EditorNode): string
  validateUrl(node: EditorNode, value: unknown): ValidationResult
}

/** What the palette needs of a store before its dialog opens. */
export const storeValidators: StoreValidators = {
  label: (node) => node.name || textsOf(node)(node.kind === 'redis' ? 'form.redis' : 'form.embedded'),
  validateUrl: (node, value) => validationResult(urlSentence(node.kind, value, textsOf(node))),
}

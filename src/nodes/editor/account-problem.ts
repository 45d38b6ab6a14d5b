/** Whether the account that a node names can be used. Knows nothing of the page. */
import { isReference } from '../runtime/shared-with-forms'
import type { VendorOfForm } from './descriptor'
import type { Translate } from './platform/red'

/** `ready`, or the key of what is wrong. */
export type AccountState = 'ready' | 'unknownAccount' | 'disabledAccount' | 'incompleteAccount'

/**
 * The sentence that says what is wrong with an account property; undefined for those of other vendors.
 * @param stateOf of the account of that id and type
 */
export function accountProblem(
  vendor: VendorOfForm | undefined,
  property: string,
  value: unknown,
  stateOf: (id: string, type: string) => AccountState,
  translate: Translate,
): string | undefined {
  if (vendor?.accountProperty !== property) return undefined
  const id = typeof value === 'string' ? value : ''
  if (id === '' || id === '_ADD_') return translate('form.error.account')
  const state = isReference(id) ? 'ready' : stateOf(id, vendor.accountType)
  return state === 'ready' ? undefined : translate(`form.error.${state}`)
}

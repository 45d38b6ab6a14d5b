/** Validates a store. Does not use the page. */
import { readAddress } from '../../../lib/store/redis/address'
import { isReference } from '../../runtime/shared-with-forms'
import type { Translate } from '../../editor/platform/red'

/** The sentence that says what is wrong with the URL, or undefined; files have none. */
export function urlSentence(kind: unknown, value: unknown, translate: Translate): string | undefined {
  if (kind !== 'redis' || isReference(value)) return undefined
  const problem = readAddress(typeof value === 'string' ? value : '')
  if (typeof problem !== 'string') return undefined
  return translate('form.error.setting', { label: translate('property.url.label'), problem: translate(`address.${problem}`) })
}

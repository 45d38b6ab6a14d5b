/** A device that belongs to an account already asks for its setup password: "Password Required" [S1]. */
import * as v from 'valibot'
import { sentence } from '../../../base/sentence'

export const PASSWORD_REQUIRED =
  sentence`param "setupPassword" is required: the device belongs to an account already, so give the setup password of the device`

const told = v.looseObject({ message: v.string() })

/** With which status the words come is not published. */
export function asksForPassword(body: unknown): boolean {
  const words = v.is(told, body) ? body.message : body
  return typeof words === 'string' && /password\s+required/i.test(words)
}

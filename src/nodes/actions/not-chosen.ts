/** What a node still needs before it can work: one error for action and event nodes. */
import { ApiError } from '../../lib/base/api-error'
import { sentence } from '../../lib/base/sentence'

/** Each is a sentence of its own, since languages differ in gender and case. */
const MISSING = {
  vendor: sentence`no vendor is chosen`,
  operation: sentence`no operation is chosen`,
  account: sentence`no account is chosen`,
} as const

const UNKNOWN = {
  vendor: (given: string) => sentence`there is no vendor "${given}"`,
  operation: (given: string) => sentence`there is no operation "${given}"`,
  account: (given: string) => sentence`there is no account "${given}"`,
} as const

/**
 * @param where what the sentence is about, such as vendor and verb
 * @param given the name that is unknown; empty where nothing was chosen
 */
export const notChosen = (where: string, what: keyof typeof MISSING, given: string): ApiError =>
  new ApiError('CONFIG', sentence`${where}: ${given === '' ? MISSING[what] : UNKNOWN[what](given)}; open the node and choose one`)

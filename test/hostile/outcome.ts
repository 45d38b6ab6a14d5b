/** What must hold of every message, whatever it brought and whatever was answered. */
import type { Outcome } from './protocol'
import { CODES } from './shape'

/** A sentence that a person can read at a glance, with what the vendor said. */
const LONGEST_SENTENCE = 1_500

/** What is wrong with what became of a message. */
export function wrongIn(outcome: Outcome, codes?: readonly string[]): string[] {
  const { caught, completed, leaked, logged, misshapen, sent } = outcome
  const wrong = [...misshapen]
  if (caught.length + completed + logged.length !== 1) wrong.push(`the node answered ${caught.length + completed + logged.length} times for one message`)
  if (caught.length > 0 && sent > 0) wrong.push('the node sent a message on and failed it too')
  for (const { code, message } of caught) {
    if (!CODES.has(code)) wrong.push(`the code ${String(code)} is none of the contract: ${message.slice(0, 200)}`)
    else if (codes && !codes.includes(code ?? '')) wrong.push(`the code is ${String(code)}, expected ${codes.join(' or ')}: ${message.slice(0, 200)}`)
    if (message.length > LONGEST_SENTENCE) wrong.push(`the error has ${message.length} characters or more`)
  }
  if (codes && caught.length === 0) wrong.push(`it succeeded, expected ${codes.join(' or ')}`)
  if (leaked.length > 0) wrong.push('a secret stands in an error, a response or the log')
  return wrong
}

/** Reads what a vendor sends: shapes as valibot schemas, failures with the path of what was wrong. */
import * as v from 'valibot'
import { sentence, SentenceError } from '../base/sentence'

/** The end of a sentence: where the answer is not what the vendor promises. */
export class WireError extends SentenceError {}

/**
 * A decoder of a schema.
 * @throws WireError naming the path, what came and what was expected
 */
export const wire =
  <B>(schema: v.GenericSchema<unknown, B>) =>
  (body: unknown): B => {
    const result = v.safeParse(schema, body, { abortEarly: true })
    if (result.success) return result.output
    const [issue] = result.issues
    const path = v.getDotPath(issue)
    throw new WireError(sentence`${path ?? sentence`the body`} is ${issue.received}, expected ${issue.expected ?? sentence`something else`}`)
  }

/** For operations whose answer has no promised shape: any JSON. */
export const anything = (body: unknown): unknown => body

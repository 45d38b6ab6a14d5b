/** Decodes what a vendor sends by valibot schemas. Failures name the path of what is wrong. */
import * as v from 'valibot'
import { cutText } from '../base/foreign'
import { sentence, SentenceError } from '../base/sentence'

/** The end of a sentence: what is unexpected in the vendor's answer. */
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
    throw new WireError(sentence`${path === null ? sentence`the body` : cutText(path, 100)} is ${cutText(issue.received, 100)}, expected ${issue.expected ?? sentence`something else`}`)
  }

/** The decoder of operations whose answer has no documented shape. */
export const anything = (body: unknown): unknown => body

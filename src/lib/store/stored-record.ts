/** Stored records are JSON that a schema describes. */
import * as v from 'valibot'

/** Reads a record of a schema; gives undefined when the text is something else. */
export const storedRecord =
  <T>(schema: v.GenericSchema<unknown, T>) =>
  (text: string): T | undefined => {
    const json = parsed(text)
    const result = v.safeParse(schema, json)
    return result.success ? result.output : undefined
  }

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

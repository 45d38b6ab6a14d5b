/** Checks and bounds what comes from outside: parsed JSON, stored properties, texts. Runs in the editor too. */

/** Whether a value is an object with names: neither null nor an array. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A text as it is; an empty one for anything else. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** A text, number or boolean as text; an empty one for anything else. */
export const scalarText = (value: unknown): string =>
  typeof value === 'number' || typeof value === 'boolean' ? String(value) : textOf(value)

/** Ends a text that was cut. What stands before it may be the beginning of a secret. */
export const CUT = '…'

/** The first characters of a text, marked as cut where there are more. */
export const cutText = (text: string, length: number): string => (text.length > length ? `${text.slice(0, length)}${CUT}` : text)

/** The text without any of these characters at its end. A pattern such as /x+$/ takes quadratic time. */
export function trimEndOf(text: string, characters: string): string {
  let end = text.length
  while (end > 0 && characters.includes(text.charAt(end - 1))) end -= 1
  return text.slice(0, end)
}

/** Adds many items to a list. `push(...items)` overflows the stack from some 100,000 items on. */
export function pushAll<T>(list: T[], items: Iterable<T>): void {
  for (const item of items) list.push(item)
}

/** Two pages as one answer: lists grow, objects take each other's keys, anything else is the newer one. */
export function joinAnswers(one: unknown, other: unknown): unknown {
  if (Array.isArray(one) && Array.isArray(other)) {
    for (const item of other as unknown[]) one.push(item)
    return one
  }
  if (!isRecord(one) || !isRecord(other)) return other
  for (const [key, newer] of Object.entries(other)) {
    const value = Object.hasOwn(one, key) ? joinAnswers(one[key], newer) : newer
    // An answer may have a key such as `__proto__`, which an assignment would take for something else.
    Object.defineProperty(one, key, { value, writable: true, enumerable: true, configurable: true })
  }
  return one
}

/** What a validator tells Node-RED: true, or the sentence that says what is wrong. */
export type Verdict = true | string

/**
 * The verdict on all that is wrong with a property.
 * Node-RED's outline shows sentences as html, and they quote values that an imported flow may have brought.
 */
export function verdict(...problems: readonly (string | undefined)[]): Verdict {
  const sentences = problems.filter((problem) => problem !== undefined)
  return sentences.length === 0 ? true : sentences.join('; ').replace(/</g, '‹').replace(/>/g, '›')
}

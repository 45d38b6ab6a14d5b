/** What a validator returns to Node-RED: true, or the sentence that says what is wrong. */
export type ValidationResult = true | string

/**
 * The result of all checks of a property.
 * Node-RED's outline shows sentences as html, and they quote values that an imported flow may have brought.
 */
export function validationResult(...problems: readonly (string | undefined)[]): ValidationResult {
  const sentences = problems.filter((problem) => problem !== undefined)
  return sentences.length === 0 ? true : sentences.join('; ').replace(/</g, '‹').replace(/>/g, '›')
}

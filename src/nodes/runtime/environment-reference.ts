/** References to environment variables, which Node-RED replaces before a node starts. Used by form and runtime. */

/** Node-RED's own rule: the whole value, without a blank around it. */
const REFERENCE = /^\$(?:\{\S+\}|\(\S+\))$/

export const isReference = (value: unknown): value is string => typeof value === 'string' && REFERENCE.test(value)

/** The name in `${NAME}`, or in the older form `$(NAME)`. */
export const variableName = (reference: string): string => reference.slice(2, -1)

/** Values that Node-RED replaces by an environment variable before a node starts. Used by form and runtime. */

/** As its runtime tells them: the whole value, without a blank around it. */
const REFERENCE = /^\$(?:\{\S+\}|\(\S+\))$/

export const isReference = (value: unknown): value is string => typeof value === 'string' && REFERENCE.test(value)

/** Of `${NAME}`, or of `$(NAME)` as it once was written. */
export const nameOf = (reference: string): string => reference.slice(2, -1)

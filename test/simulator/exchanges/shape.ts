/**
 * A body by example: a text, number or boolean stands for any of its type, `[sample]` for a list of at least one,
 * an object for exactly its keys; null for null. The functions below say more.
 */
export type Shape = string | number | boolean | null | readonly Shape[] | { readonly [key: string]: Shape } | Check

/** What is wrong with the value at the path; nothing when it fits. */
export type Check = (value: unknown, path: string) => string[]

export function mismatches(shape: Shape, value: unknown, path = 'body'): string[] {
  if (typeof shape === 'function') return shape(value, path)
  if (shape === null) return value === null ? [] : [`${path}: null expected, ${JSON.stringify(value)} found`]
  if (isList(shape)) return listMismatches(shape, value, path)
  if (typeof shape === 'object') return objectMismatches(shape, value, path, false)
  return typeof value === typeof shape ? [] : [`${path}: ${typeof shape} expected, ${JSON.stringify(value)} found`]
}

function isList(shape: Shape): shape is readonly Shape[] {
  return Array.isArray(shape)
}

function listMismatches(shape: readonly Shape[], value: unknown, path: string): string[] {
  if (!Array.isArray(value) || value.length === 0) return [`${path}: a list with at least one item expected`]
  return value.flatMap((item: unknown, index) => mismatches(shape[0] ?? null, item, `${path}[${index}]`))
}

function objectMismatches(shape: { readonly [key: string]: Shape }, value: unknown, path: string, open: boolean): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${path}: an object expected, ${JSON.stringify(value)} found`]
  const entries = new Map(Object.entries(value as Record<string, unknown>))
  const extra = open ? [] : [...entries.keys()].filter((key) => !(key in shape)).map((key) => `${path}.${key}: not expected`)
  const inner = Object.entries(shape).flatMap(([key, expected]) => (
    entries.has(key) ? mismatches(expected, entries.get(key), `${path}.${key}`) : [`${path}.${key}: missing`]))
  return [...extra, ...inner]
}

/** Exactly this value, compared as JSON. */
export function exactly(expected: unknown): Check {
  return (value, path) => JSON.stringify(value) === JSON.stringify(expected)
    ? [] : [`${path}: ${JSON.stringify(expected)} expected, ${JSON.stringify(value)} found`]
}

/** At least these keys. */
export function atLeast(shape: { readonly [key: string]: Shape }): Check {
  return (value, path) => objectMismatches(shape, value, path, true)
}

export function text(pattern: RegExp): Check {
  return (value, path) => typeof value === 'string' && pattern.test(value) ? [] : [`${path}: ${pattern.source} expected, ${JSON.stringify(value)} found`]
}

export function either(...shapes: Shape[]): Check {
  return (value, path) => {
    const tried = shapes.map((shape) => mismatches(shape, value, path))
    return tried.some((problems) => problems.length === 0) ? [] : tried.flat()
  }
}

/** An object with at least one key, all of which fit the pattern, all values the sample. */
export function keyedBy(pattern: RegExp, sample: Shape): Check {
  return (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${path}: an object expected`]
    const entries = Object.entries(value as Record<string, unknown>)
    if (entries.length === 0) return [`${path}: at least one key expected`]
    return entries.flatMap(([key, inner]) => [
      ...(pattern.test(key) ? [] : [`${path}: key ${key} does not fit ${pattern.source}`]),
      ...mismatches(sample, inner, `${path}.${key}`),
    ])
  }
}

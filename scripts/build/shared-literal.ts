/** Writes data as a script in which equal parts stand once: the fields of operations are much alike. */

/** Shorter parts cost less than their names. */
const SHORTEST = 24

const parts = (value: unknown): unknown[] => (typeof value === 'object' && value !== null ? Object.values(value) : [])

function count(value: unknown, counts: Map<string, number>): void {
  const text = JSON.stringify(value)
  if (typeof value !== 'object' || text.length < SHORTEST) return
  counts.set(text, (counts.get(text) ?? 0) + 1)
  // What is in an equal part is written with it.
  if (counts.get(text) === 1) for (const part of parts(value)) count(part, counts)
}

/** @returns an expression; nobody may change its value, since equal parts are the same object */
export function sharedLiteral(data: object): string {
  const counts = new Map<string, number>()
  count(data, counts)
  const names = new Map<string, string>()
  const declarations: string[] = []
  const written = (value: unknown): string => {
    if (typeof value !== 'object' || value === null) return JSON.stringify(value)
    const text = JSON.stringify(value)
    const known = names.get(text)
    if (known !== undefined) return known
    const expression = Array.isArray(value)
      ? `[${value.map(written).join(',')}]`
      : `{${Object.entries(value).filter(([, part]) => part !== undefined).map(([key, part]) => `${JSON.stringify(key)}:${written(part)}`).join(',')}}`
    if ((counts.get(text) ?? 0) < 2) return expression
    const name = `part${names.size}`
    names.set(text, name)
    declarations.push(`${name} = ${expression}`)
    return name
  }
  const whole = written(data)
  return declarations.length === 0 ? whole : `(() => { const ${declarations.join(', ')}; return ${whole} })()`
}

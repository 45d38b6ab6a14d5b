/** Whether a range of `engines` takes a version of Node.js: the forms that packages really use. */

type Version = readonly [major: number, minor: number, patch: number]

const COMPARATOR = /^(>=|<=|>|<|=|\^|~)?v?(\d+|[x*])(?:\.(\d+|[x*]))?(?:\.(\d+|[x*]))?$/

const compare = (one: Version, other: Version): number => one[0] - other[0] || one[1] - other[1] || one[2] - other[2]

/** @throws Error for a form that it does not know */
export function accepts(range: string, version: string): boolean {
  const wanted = version.split('.').map(Number) as unknown as Version
  return range.split('||').some((part) => {
    const comparators = part.trim().replace(/(>=|<=|>|<|=|\^|~)\s+/g, '$1').split(/\s+/).filter((text) => text !== '')
    return comparators.every((text) => holds(text, wanted))
  })
}

function holds(text: string, version: Version): boolean {
  if (text === '*') return true
  const [whole, sign = '', ...parts] = COMPARATOR.exec(text) ?? []
  if (whole === undefined) throw new Error(`cannot read the range "${text}"`)
  const known = parts.map(Number).filter((part) => Number.isInteger(part))
  const [major = 0, minor = 0, patch = 0] = known
  const low: Version = [major, minor, patch]
  const order = compare(version, low)
  if (sign === '>=') return order >= 0
  if (sign === '>') return order > 0
  if (sign === '<') return order < 0
  if (sign === '<=') return order <= 0
  return order >= 0 && compare(version, above(low, known.length, sign)) < 0
}

/** The first version beyond what a caret, a tilde or a partial version takes in. */
function above([major, minor, patch]: Version, given: number, sign: string): Version {
  if (given < 2 || (sign === '^' && major > 0)) return [major + 1, 0, 0]
  if (given === 2 || sign === '~' || (sign === '^' && minor > 0)) return [major, minor + 1, 0]
  return [major, minor, patch + 1]
}

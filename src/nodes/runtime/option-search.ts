/** Searches the options of a picker. Used by form and runtime. */
import type { PickOption } from '../../lib/vocabulary/vendor'

/** Options in whose label, detail or value every word of the search stands. */
export function matchingOptions(options: readonly PickOption[], search: string): PickOption[] {
  const words = search.toLowerCase().split(/[\s,]+/).filter(Boolean)
  return options.filter(({ value, label, detail = '' }) => {
    const text = `${label} ${detail} ${value}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
}

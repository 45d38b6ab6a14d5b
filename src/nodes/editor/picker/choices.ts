/** What a picker offers and what it makes of a choice. Knows nothing of the page. */
import type { PickOption } from '../../../lib/vocabulary/vendor'
import { isEmpty, type Param } from '../params/params'

/** Options in whose label, detail or value every word of the search stands. */
export function matching(options: readonly PickOption[], search: string): PickOption[] {
  const words = search.toLowerCase().split(/[\s,]+/).filter(Boolean)
  return options.filter(({ value, label, detail = '' }) => {
    const text = `${label} ${detail} ${value}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
}

/** What tells an option from the others beside its label. */
export const detailOf = ({ value, label, detail }: PickOption): string => detail ?? (label === value ? '' : value)

/** The values that a param has as a literal; what is only known when a message comes counts as none. */
export function chosenOf(param: Param, several: boolean): string[] {
  if (isEmpty(param)) return []
  if (param.type === 'str' && !several) return [param.value.trim()]
  if (param.type === 'str') return param.value.split(',').map((item) => item.trim()).filter(Boolean)
  return param.type === 'json' ? itemsOf(param.value) : []
}

function itemsOf(json: string): string[] {
  try {
    const items: unknown = JSON.parse(json)
    return Array.isArray(items) ? items.map(String) : []
  } catch {
    return []
  }
}

/** The param once a value has been chosen: a list takes it in or leaves it out, anything else is replaced. */
export function withChoice(param: Param, value: string, several: boolean): Param {
  if (!several) return { type: 'str', value }
  const chosen = chosenOf(param, true)
  const next = chosen.includes(value) ? chosen.filter((item) => item !== value) : [...chosen, value]
  return { type: 'str', value: next.join(', ') }
}

/** The choices of a picker as values of a param. Knows nothing of the page. */
import type { PickOption } from '../../../lib/vocabulary/vendor'
import { isEmpty, type Param } from '../params/params'

/** The text beside an option's label: it tells options of the same label apart. */
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

/** Under a param with a picker: what people call the values that are chosen, or how to choose one. */
import type { PickOption } from '../../../lib/vocabulary/vendor'
import { isEmpty, type Param } from '../params/params'
import { element, show } from '../platform/dom'
import type { Translate } from '../platform/red'
import { chosenOf } from './choices'
import { addPicker, type PickerOptions } from './picker'

/** Names that one line each is given to. */
const MOST_NAMES = 8

/** Names of values, by value. */
export type Names = Map<string, string>

/** Undefined where the vendor knows no other name than the value. */
const nameOf = ({ name, label, value }: PickOption): string | undefined => name ?? (label === value ? undefined : label)

export function rememberNames(names: Names, options: readonly PickOption[]): void {
  for (const option of options) {
    const name = nameOf(option)
    if (name !== undefined) names.set(option.value, name)
  }
}

/** The text is read by a screen reader as part of the input's description. */
class ChosenNames {
  readonly element: HTMLElement
  readonly #several: boolean
  readonly #translate: Translate

  constructor(id: string, several: boolean, translate: Translate) {
    this.element = element('div', { class: 'sensor-clouds-help sensor-clouds-chosen', id: `${id}-chosen` })
    this.#several = several
    this.#translate = translate
  }

  update(param: Param, names: Names): void {
    const lines = isEmpty(param) && param.type === 'str' ? [this.#translate('form.picker.hint')] : this.#namesOf(param, names)
    this.element.replaceChildren(...lines.map((line) => element('div', {}, line)))
    show(this.element, lines.length > 0)
  }

  #namesOf(param: Param, names: Names): string[] {
    const found = chosenOf(param, this.#several).flatMap((value) => names.get(value) ?? [])
    return found.length > MOST_NAMES ? [...found.slice(0, MOST_NAMES), '…'] : found
  }
}

/**
 * Adds a picker, and below the input the names of what is chosen.
 * @returns `close` closes the list; both show the names that the account of the dialog has
 */
export function addNamedPicker(row: HTMLElement, input: Element | null, options: PickerOptions, names: () => Names): { close(): void; update(): void } {
  const { current, id, several, translate } = options
  const chosen = new ChosenNames(id, several, translate)
  const update = (): void => chosen.update(current(), names())
  row.querySelector(`#${id}-help`)?.before(chosen.element)
  // The list keeps what is typed into it to itself.
  row.addEventListener('input', update)
  update()
  const closeList = addPicker(row, input, { ...options, loaded: update })
  const close = (): void => {
    closeList()
    update()
  }
  return { close, update }
}

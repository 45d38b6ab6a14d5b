/** The rows of a node's own properties: which are shown, and their validation results. */
import type { FieldDescriptors, PropertyDescriptor, PropertyDescriptors } from '../descriptor'
import { isTyped } from '../markup/field-row'
import { byId, show, watch } from '../platform/dom'
import { wrap, type Translate } from '../platform/red'
import { addNamedPicker, type Names } from '../picker/chosen-names'
import { addPicker, type AskOptions, type PickerOptions } from '../picker/picker'
import { fieldWithTexts, placeholderOf, settingProblem } from './params'

/** The sentence that says what is wrong with a value, or undefined. */
export function propertyProblem(properties: PropertyDescriptors, name: string, value: unknown, translate: Translate): string | undefined {
  const property = properties[name]
  if (!property) return undefined
  const field = fieldWithTexts(property, `property.${name}`, translate)
  const problem = settingProblem(field, value ?? '', translate)
  return problem === undefined ? undefined : translate('form.error.setting', { label: field.label, problem })
}

/** Says of empty numbers what applies then: the template cannot put a value into a translated text. */
export function showPlaceholders(prefix: string, fields: FieldDescriptors, translate: Translate): void {
  for (const [name, field] of Object.entries(fields)) {
    const input = byId(`${prefix}${name}`)
    if (input instanceof HTMLInputElement && field.kind === 'number') input.placeholder = placeholderOf(field, translate)
  }
}

/**
 * Whether a property is of use, so that its row is shown and its value checked.
 * @param traits of the chosen operation or source; undefined where none is chosen
 * @param isTicked whether another property of the node is ticked
 */
export function isOfUse({ needs, onlyFor }: PropertyDescriptor, traits: readonly string[] | undefined, isTicked: (name: string) => boolean): boolean {
  if (traits === undefined || (onlyFor !== undefined && !traits.includes(onlyFor))) return false
  return needs === undefined || isTicked(needs)
}

const PREFIX = 'node-input-'

const isTickedInForm = (name: string): boolean => {
  const box = byId(`${PREFIX}${name}`)
  return box instanceof HTMLInputElement && box.checked
}

export function showProperties(properties: PropertyDescriptors, traits: readonly string[] | undefined): void {
  for (const [name, property] of Object.entries(properties)) {
    const row = byId(`sensor-clouds-row-${name}`)
    if (row) show(row, isOfUse(property, traits, isTickedInForm))
  }
}

/** Shows what is wrong while one types, and rows as others are ticked. */
export function prepareProperties(properties: PropertyDescriptors, translate: Translate, traits: () => readonly string[] | undefined): void {
  showPlaceholders(PREFIX, properties, translate)
  for (const [name, property] of Object.entries(properties)) {
    if (isTyped(property)) watch(`${PREFIX}${name}`, (value) => propertyProblem(properties, name, value, translate))
    const box = byId(`${PREFIX}${name}`)
    if (property.kind === 'list' && property.suggestions && box instanceof HTMLInputElement) addListPicker(box, { label: translate(`property.${name}.label`), translate, isFixed: true, ask: optionsOf(property.suggestions) })
    if (property.kind === 'boolean' && box) wrap(box).on('change', () => showProperties(properties, traits()))
  }
}

function optionsOf(items: readonly string[]): AskOptions {
  const options = items.map((value) => ({ value, label: value }))
  return () => Promise.resolve({ options, count: options.length })
}

type ListPickerOptions = Pick<PickerOptions, 'ask' | 'isFixed' | 'label' | 'translate'> & {
  /** Names of the items; without it, none are shown. */
  names?: () => Names
}

/**
 * Adds a picker to the row of a list. Other items can be typed.
 * @returns what closes the picker
 */
export function addListPicker(input: HTMLInputElement, { names, ...options }: ListPickerOptions): () => void {
  const row = input.closest('.form-row')
  if (!(row instanceof HTMLElement)) return () => undefined
  const picker: PickerOptions = {
    ...options,
    id: input.id,
    several: true,
    current: () => ({ type: 'str', value: input.value }),
    set: ({ value }) => {
      input.value = value
      wrap(input).trigger('change')
      input.dispatchEvent(new Event('input', { bubbles: true }))
    },
  }
  if (!names) return addPicker(row, input, picker)
  input.setAttribute('aria-describedby', `${input.getAttribute('aria-describedby') ?? ''} ${input.id}-chosen`)
  return addNamedPicker(row, input, picker, names).close
}

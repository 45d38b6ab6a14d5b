/** One param of an operation in the form: label, typedInput, help and validation result. */
import type { Field } from '../../../lib/vocabulary/operation'
import { addBuilder } from './item-builder'
import { element, show, showProblem, warning } from '../platform/dom'
import { paramProblem, type Param } from './params'
import { addPicker, type AskOptions } from '../picker/picker'
import { isReference } from '../../runtime/shared-with-forms'
import { canEvaluate, wrap, type Translate } from '../platform/red'
import { defaultType, typesOf } from './typed-input'

/** Room for the labels beside the inputs; the style sheet has the other half. */
export const INPUT_WIDTH = 'width: calc(100% - 130px)'

/** Types whose value stands in the flow as it was typed. */
const LITERAL_TYPES = new Set(['str', 'num', 'bool', 'json', 'bin', 're', 'jsonata'])

export interface RowOptions {
  name: string
  field: Field
  param: Param | undefined
  translate: Translate
  /** Types beside the literals; default: all. */
  evaluated?: readonly string[]
  changed: (param: Param) => void
  /** Where the vendor can tell what to choose from. */
  ask?: AskOptions | undefined
}

/**
 * Adds the row to `container`: a typedInput must be in the page when it is made.
 * @returns what closes its list of choices
 */
export function addParamRow(container: HTMLElement, options: RowOptions): () => void {
  const { name, field, param, translate } = options
  const id = `sensor-clouds-param-${name}`
  const label = element('label', { id: `${id}-label`, for: `${id}-input` }, field.label)
  if (field.required && field.default === undefined)
    label.append(element('span', { class: 'sensor-clouds-required', title: translate('form.required'), 'aria-hidden': 'true' }, '*'))
  const type = param?.type ?? defaultType(field)
  const placeholder = field.placeholder ?? (field.default === undefined ? '' : String(field.default))
  const input = element('input', { type: 'text', id, style: INPUT_WIDTH, placeholder, value: param?.value ?? '' })
  const help = element('div', { class: 'sensor-clouds-help', id: `${id}-help` }, field.help ?? '')
  const problem = element('div', { class: 'sensor-clouds-problem', id: `${id}-problem`, 'aria-live': 'polite' })
  show(help, help.textContent !== '')
  const readable = warning(translate('form.readableSecret'))
  const row = element('div', { class: 'form-row sensor-clouds-param' }, label, ' ', input, help, problem, readable)
  container.append(row)

  const problemOf = (given: Param): string | undefined => paramProblem(field, given, translate, canEvaluate)
  const types = typesOf(field, param, translate, (given) => problemOf(given) === undefined, options.evaluated)
  const typed = wrap(input)
  typed.typedInput({ default: type, types })
  const current = (): Param => ({ type: typed.typedInput('type'), value: typed.typedInput('value') })

  /** An empty row that nobody touched shows no sentence; its border says enough. */
  const check = (touched: boolean): void => {
    const given = current()
    const sentence = problemOf(given)
    const shown = sentence !== undefined && (touched || given.value !== '')
    showProblem(problem, shown ? translate('form.error.setting', { label: field.label, problem: sentence }) : undefined)
    nameParts(input, options, given.type, types, sentence !== undefined)
    show(readable, isReadableSecret(field, given))
  }
  check(false)
  const onChange = (): void => {
    options.changed(current())
    check(true)
  }
  typed.on('change', onChange)
  typed.on('keyup', onChange)
  const set = (given: Param): void => {
    typed.typedInput('type', given.type)
    typed.typedInput('value', given.value)
    onChange()
  }
  const { builders } = field
  if (builders) addBuilder(row, { id, field, builders, translate, current, set })
  // What is pasted or dropped with the mouse has no key.
  input.parentElement?.querySelector('.red-ui-typedInput-input')?.addEventListener('input', onChange)
  if (!options.ask) return () => undefined
  return addPicker(row, containerOf(input), { id, label: field.label, several: field.kind === 'list', ask: options.ask, translate, current, set })
}

const containerOf = (input: HTMLElement): Element | null => input.parentElement?.querySelector('.red-ui-typedInput-container') ?? null

/** Whether the flow file would hold a secret that everyone can read. */
const isReadableSecret = ({ secret }: Field, { type, value }: Param): boolean => secret === true && value !== '' && LITERAL_TYPES.has(type) && !isReference(value)

/** The typedInput makes inputs and buttons of its own, which have no label. */
function nameParts(
  input: HTMLInputElement,
  { field, translate }: RowOptions,
  type: string,
  types: ReturnType<typeof typesOf>,
  wrong: boolean,
): void {
  const container = containerOf(input)
  if (!container) return
  const { id } = input
  const name = (selector: string, attributes: Readonly<Record<string, string>>): void => {
    const part = container.querySelector(selector)
    for (const [attribute, value] of Object.entries(attributes)) part?.setAttribute(attribute, value)
  }
  const state = {
    'aria-describedby': `${id}-help ${id}-problem`,
    'aria-invalid': String(wrong),
    'aria-required': String(field.required && field.default === undefined),
  }
  // A path or an expression is no secret; a typed value is.
  if (field.secret) name('.red-ui-typedInput-input', type === 'str' ? { type: 'password', autocomplete: 'new-password' } : { type: 'text' })
  name('.red-ui-typedInput-input', { id: `${id}-input`, 'aria-label': field.label, ...state })
  name('.red-ui-typedInput-option-label', { id: `${id}-option` })
  name('.red-ui-typedInput-option-trigger', { 'aria-labelledby': `${id}-label ${id}-option`, 'aria-describedby': state['aria-describedby'] })
  name('.red-ui-typedInput-option-expand', { 'aria-label': `${field.label} …` })
  const chosen = types.find((entry) => typeof entry !== 'string' && entry.value === type)
  const typeName = typeof chosen === 'object' ? chosen.label : type
  name('.red-ui-typedInput-type-select', { 'aria-label': translate('form.typeOf', { label: field.label, type: typeName }) })
}

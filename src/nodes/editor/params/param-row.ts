/** One param of an operation in the form: label, typedInput, help and validation result. */
import type { Field } from '../../../lib/vocabulary/operation'
import { addBuilder } from './item-builder'
import { element, show, showProblem, warning } from '../platform/dom'
import { isStoredPassword } from '../../runtime/shared-with-forms'
import type { CredentialDraft } from './credential-drafts'
import { isTypedText, paramProblem, placeholderOf, type Param } from './params'
import { addNamedPicker } from '../picker/chosen-names'
import type { PickSource } from '../picker/load-options'
import type { PickerOptions } from '../picker/picker'
import { isReference } from '../../runtime/shared-with-forms'
import { canEvaluate, wrap, type Translate } from '../platform/red'
import { secretEye } from '../platform/secret-eye'
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
  /** Of a secret that the node can keep as a credential. */
  credential?: CredentialDraft | undefined
  /** Where the vendor can tell what to choose from. */
  picks?: PickSource | undefined
}

/**
 * Adds the row to `container`: a typedInput must be in the page when it is made.
 * @returns what closes its list of choices
 */
export function addParamRow(container: HTMLElement, options: RowOptions): () => void {
  const { name, field, param, translate, credential } = options
  const id = `sensor-clouds-param-${name}`
  const label = labelOf(id, field, translate)
  const keepsCredential = credential !== undefined
  const type = param?.type ?? defaultType(field, keepsCredential)
  const placeholder = placeholderOf(field, translate)
  const input = element('input', { type: 'text', id, style: INPUT_WIDTH, placeholder, value: shownValue(param, credential) })
  const help = element('div', { class: 'sensor-clouds-help', id: `${id}-help` }, field.help ?? '')
  const problem = element('div', { class: 'sensor-clouds-problem', id: `${id}-problem`, 'aria-live': 'polite' })
  show(help, help.textContent !== '')
  const readable = warning(translate('form.readableSecret'))
  const moved = warning(translate('form.movedSecret'))
  const row = element('div', { class: 'form-row sensor-clouds-param' }, label, ' ', input, help, problem, readable, ...(credential?.moved ? [moved] : []))
  container.append(row)

  const problemOf = (given: Param): string | undefined => paramProblem(field, literalOf(given), translate, canEvaluate)
  const types = typesOf(field, param, translate, (given) => problemOf(given) === undefined, options.evaluated, keepsCredential)
  const typed = wrap(input)
  typed.typedInput({ default: type, types })
  const current = (): Param => ({ type: typed.typedInput('type'), value: typed.typedInput('value') })
  const keepApart = credential && keepSecretApart(typed, credential, type)

  const secretText = (): string => (isHidden(current().type) ? current().value : '')
  const eye = field.secret ? secretEye(field.label, translate, secretText, () => check(true)) : undefined
  if (eye) {
    containerOf(input)?.after(eye.button)
    row.classList.add('sensor-clouds-picked')
  }

  /** An empty row that nobody touched shows no sentence; its border says enough. */
  const check = (touched: boolean): void => {
    const given = current()
    const sentence = problemOf(given)
    const shown = sentence !== undefined && (touched || given.value !== '')
    showProblem(problem, shown ? translate('form.error.setting', { label: field.label, problem: sentence }) : undefined)
    eye?.update()
    nameParts(input, options, { type: given.type, types, wrong: sentence !== undefined, isOpen: eye?.isOpen ?? false })
    show(readable, isReadableSecret(field, given))
    show(moved, given.type === 'cred')
  }
  check(false)
  const onChange = (): void => {
    keepApart?.()
    options.changed(savedParam(name, current(), credential))
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
  const shown = input.parentElement?.querySelector('.red-ui-typedInput-input')
  shown?.addEventListener('input', onChange)
  // What is typed replaces the sign of a stored password as a whole.
  shown?.addEventListener('focus', () => shown instanceof HTMLInputElement && isStoredPassword(shown.value) && shown.select())
  const { picks } = options
  return picks ? addPicks(row, containerOf(input), { id, label: field.label, several: field.kind === 'list', ask: picks.ask, translate, current, set }, picks, typed) : () => undefined
}

/**
 * The picker, and below the input the names of what is chosen.
 * @returns what closes the list, and shows the names that the account of the dialog has
 */
function addPicks(row: HTMLElement, container: Element | null, options: PickerOptions, { ask, names, isFree }: PickSource, typed: ReturnType<typeof wrap>): () => void {
  const { close, update } = addNamedPicker(row, container, options, names)
  typed.on('change', update)
  // A failure leaves the value without a name.
  if (isFree && options.current().value !== '') void ask({}).then(update, () => undefined)
  return close
}

function labelOf(id: string, field: Field, translate: Translate): HTMLElement {
  const label = element('label', { id: `${id}-label`, for: `${id}-input` }, field.label)
  if (field.required && field.default === undefined)
    label.append(element('span', { class: 'sensor-clouds-required', title: translate('form.required'), 'aria-hidden': 'true' }, '*'))
  return label
}

const shownValue = (param: Param | undefined, credential: CredentialDraft | undefined): string =>
  param?.type === 'cred' && credential ? credential.value() : (param?.value ?? '')

/** The value that the field checks: of a credential the text that stands in the input. */
const literalOf = ({ type, value }: Param): Param =>
  type === 'cred' && !isStoredPassword(value) ? { type: 'str', value } : { type, value }

/** The param as the flow holds it: of a credential only the name. */
function savedParam(name: string, { type, value }: Param, credential: CredentialDraft | undefined): Param {
  if (type !== 'cred' || !credential) return { type, value }
  credential.set(value)
  return { type, value: value === '' ? '' : name }
}

/**
 * The typedInput keeps its text when another type is chosen. A secret must not become a path that the flow holds.
 * @param begin the type that is shown first
 * @returns what must be called whenever the input has changed
 */
function keepSecretApart(typed: ReturnType<typeof wrap>, credential: CredentialDraft, begin: string): () => void {
  let before = begin
  return () => {
    const given: Param = { type: typed.typedInput('type'), value: typed.typedInput('value') }
    const from = before
    if (given.type === from) return
    before = given.type
    if (given.type === 'cred') typed.typedInput('value', isTypedText({ ...given, type: from }) ? given.value : credential.value())
    else if (from === 'cred') typed.typedInput('value', '')
  }
}

const containerOf = (input: HTMLElement): Element | null => input.parentElement?.querySelector('.red-ui-typedInput-container') ?? null

/** Whether the flow file would hold a secret that everyone can read. */
const isReadableSecret = ({ secret }: Field, { type, value }: Param): boolean => secret === true && value !== '' && LITERAL_TYPES.has(type) && !isReference(value)

/** A path or an expression is no secret; a typed value is. */
const isHidden = (type: string): boolean => type === 'str' || type === 'cred'

/** The typedInput makes inputs and buttons of its own, which have no label. */
function nameParts(
  input: HTMLInputElement,
  { field, picks, translate }: RowOptions,
  { type, types, wrong, isOpen }: { type: string; types: ReturnType<typeof typesOf>; wrong: boolean; isOpen: boolean },
): void {
  const container = containerOf(input)
  if (!container) return
  const { id } = input
  const name = (selector: string, attributes: Readonly<Record<string, string>>): void => {
    const part = container.querySelector(selector)
    for (const [attribute, value] of Object.entries(attributes)) part?.setAttribute(attribute, value)
  }
  const state = {
    'aria-describedby': `${id}-help ${id}-problem${picks ? ` ${id}-chosen` : ''}`,
    'aria-invalid': String(wrong),
    'aria-required': String(field.required && field.default === undefined),
  }
  if (field.secret) name('.red-ui-typedInput-input', isHidden(type) && !isOpen ? { type: 'password', autocomplete: 'new-password' } : { type: 'text' })
  name('.red-ui-typedInput-input', { id: `${id}-input`, 'aria-label': field.label, ...state })
  name('.red-ui-typedInput-option-label', { id: `${id}-option` })
  name('.red-ui-typedInput-option-trigger', { 'aria-labelledby': `${id}-label ${id}-option`, 'aria-describedby': state['aria-describedby'] })
  name('.red-ui-typedInput-option-expand', { 'aria-label': `${field.label} …` })
  const chosen = types.find((entry) => typeof entry !== 'string' && entry.value === type)
  const typeName = typeof chosen === 'object' ? chosen.label : type
  name('.red-ui-typedInput-type-select', { 'aria-label': translate('form.typeOf', { label: field.label, type: typeName }) })
}

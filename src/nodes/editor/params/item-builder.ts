/** Builds items of a JSON field from inputs of their own, and adds them to it. */
import { readField } from '../../../lib/vocabulary/validation'
import type { Builder, Field, Fields } from '../../../lib/vocabulary/operation'
import { element, fillSelect, show, showProblem } from '../platform/dom'
import { problemOf, type Param } from './params'
import type { Translate } from '../platform/red'

export interface BuilderOptions {
  /** Start of the ids. */
  id: string
  field: Field
  builders: NonNullable<Field['builders']>
  translate: Translate
  current: () => Param
  set: (param: Param) => void
}

type Input = HTMLInputElement | HTMLSelectElement

interface InputRow {
  name: string
  field: Field
  input: Input
  problem: HTMLElement
}

/**
 * The item that the inputs make; those left empty are not in it.
 * @param fail called for each input that is wrong
 * @returns undefined when one is wrong
 */
export function buildItem(
  { constants, fields }: Builder,
  values: Readonly<Record<string, string>>,
  translate: Translate,
  fail: (name: string, problem: string) => void,
): Record<string, unknown> | undefined {
  const item: Record<string, unknown> = { ...constants }
  let right = true
  for (const [name, field] of Object.entries(fields)) {
    const problem = inputProblem(field, values[name], translate)
    if (problem === undefined) {
      const value = readField(field, values[name])
      if (value !== undefined) item[name] = value
    } else {
      fail(name, problem)
      right = false
    }
  }
  return right ? item : undefined
}

/**
 * The param with the item at its end; what was one object becomes the first of a list.
 * @returns undefined when the literal is no JSON, which must not be thrown away
 */
export function withItem(param: Param, item: unknown): Param | undefined {
  const items = itemsOf(param)
  return items && { type: 'json', value: JSON.stringify([...items, item]) }
}

function itemsOf({ type, value }: Param): unknown[] | undefined {
  // What comes from a message cannot be added to.
  if (type !== 'json' || value.trim() === '') return []
  try {
    const parsed: unknown = JSON.parse(value)
    return Array.isArray(parsed) ? (parsed as unknown[]) : [parsed]
  } catch {
    return undefined
  }
}

export function addBuilder(container: HTMLElement, options: BuilderOptions): void {
  const { id, builders, translate } = options
  const select = element('select', { id: `${id}-builder` })
  const choices = builders.kinds.map((kind) => ({ value: kind.id, label: kind.label }))
  fillSelect(select, [{ value: '', label: translate('form.builder.choose') }, ...choices], '')
  const inputs = element('div', { class: 'sensor-clouds-builder-inputs' })
  const report = element('div', { class: 'sensor-clouds-help', role: 'status' })
  const panel = element(
    'div',
    { class: 'sensor-clouds-panel sensor-clouds-builder', role: 'group', 'aria-label': builders.title },
    element('label', { for: select.id }, builders.title),
    ' ',
    select,
    inputs,
    report,
  )
  container.append(panel)
  select.addEventListener('change', () => {
    report.textContent = ''
    const chosen = builders.kinds.find((kind) => kind.id === select.value)
    inputs.replaceChildren()
    if (chosen) showInputs(inputs, chosen, report, options)
  })
}

function showInputs(container: HTMLElement, builder: Builder, report: HTMLElement, options: BuilderOptions): void {
  const { id, translate } = options
  if (builder.help) container.append(element('div', { class: 'sensor-clouds-help' }, builder.help))
  const rows = addInputs(container, builder.fields, id, translate)
  const add = element('button', { type: 'button', class: 'red-ui-button' }, translate('form.builder.add'))
  container.append(element('div', { class: 'sensor-clouds-buttons' }, add))
  add.addEventListener('click', () => {
    for (const { input, problem } of rows) mark(input, problem, undefined)
    const values = Object.fromEntries(rows.map(({ name, input }) => [name, input.value.trim()]))
    const item = buildItem(builder, values, translate, (name, sentence) => {
      const row = rows.find((one) => one.name === name)
      if (row) mark(row.input, row.problem, sentence)
    })
    if (!item) {
      rows.find(({ input }) => input.getAttribute('aria-invalid') === 'true')?.input.focus()
      return
    }
    const param = withItem(options.current(), item)
    if (param) options.set(param)
    report.textContent = param
      ? translate('form.builder.added', { label: builder.label })
      : translate('form.builder.notJson', { label: options.field.label })
  })
}

function addInputs(container: HTMLElement, fields: Fields, prefix: string, translate: Translate): InputRow[] {
  return Object.entries(fields).map(([name, field]) => {
    const id = `${prefix}-builder-${name}`
    const problem = element('div', { class: 'sensor-clouds-problem', id: `${id}-problem`, 'aria-live': 'polite' })
    const help = element('div', { class: 'sensor-clouds-help', id: `${id}-help` }, field.help ?? '')
    const input = inputFor(field, id, translate)
    input.setAttribute('aria-describedby', `${help.id} ${problem.id}`)
    show(help, help.textContent !== '')
    show(problem, false)
    container.append(element('div', { class: 'form-row' }, element('label', { for: id }, field.label), ' ', input, help, problem))
    // While typing: a sentence that comes or goes when the input is left would move the button away from the click.
    input.addEventListener('input', () => mark(input, problem, inputProblem(field, input.value.trim(), translate)))
    return { name, field, input, problem }
  })
}

function inputProblem(field: Field, value: string | undefined, translate: Translate): string | undefined {
  const problem = problemOf(() => readField(field, value), translate)
  return problem === undefined ? undefined : translate('form.error.setting', { label: field.label, problem })
}

function inputFor(field: Field, id: string, translate: Translate): Input {
  if (field.kind !== 'choice' && field.kind !== 'boolean') {
    const { min, max, kind, placeholder } = field
    const range = [min, max].filter((bound) => bound !== undefined).join('…')
    return element('input', { type: 'text', id, placeholder: placeholder ?? range, ...(kind === 'number' ? { inputmode: 'numeric' } : {}) })
  }
  const choices = field.choices ?? ['true', 'false'].map((value) => ({ value, label: value }))
  const select = element('select', { id })
  fillSelect(select, [{ value: '', label: translate(field.required ? 'form.choose' : 'form.notSent') }, ...choices], '')
  return select
}

function mark(input: Input, problem: HTMLElement, sentence: string | undefined): void {
  input.classList.toggle('input-error', sentence !== undefined)
  input.setAttribute('aria-invalid', String(sentence !== undefined))
  showProblem(problem, sentence)
}

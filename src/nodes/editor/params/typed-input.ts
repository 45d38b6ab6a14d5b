/** Which typedInput types a field offers. Literals are checked by the field's own rules. */
import type { Field, Kind } from '../../../lib/vocabulary/operation'
import type { Param } from './params'
import type { Translate, TypedInputType } from '../platform/red'

/** Literal types of each kind, first the one that a new param has; the rest is the same for all. */
const LITERALS: Readonly<Record<Kind, readonly string[]>> = {
  text: ['str'],
  number: ['num'],
  boolean: ['bool'],
  time: ['str', 'num', 'date'],
  list: ['str', 'json'],
  json: ['json'],
  choice: ['str'],
  file: ['str'],
}

const ICONS: Readonly<Record<string, string>> = {
  str: 'red/images/typedInput/az.svg',
  num: 'red/images/typedInput/09.svg',
  bool: 'red/images/typedInput/bool.svg',
  json: 'red/images/typedInput/json.svg',
  cred: 'fa fa-lock',
}

/** Of a node that no message comes to. */
export const WITHOUT_MESSAGE = ['flow', 'global', 'env', 'jsonata'] as const
const EVALUATED = ['msg', ...WITHOUT_MESSAGE] as const
/** All that a flow file may hold: what a field does not offer is still shown when a flow has it. */
const KNOWN = new Set(['str', 'num', 'bool', 'json', 'date', ...EVALUATED])

/** @returns the value in the type's own list, so that a flow's value is never replaced by the first option */
const withValue = (options: readonly { value: string; label: string }[], value: string) =>
  options.some((option) => option.value === value) ? options : [...options, { value, label: value }]

/**
 * @param check whether a literal value is right
 * @param evaluated types beside the literals
 * @param keepsCredential whether the node can keep the value as a credential
 */
export function typesOf(
  field: Field,
  param: Param | undefined,
  translate: Translate,
  check: (param: Param) => boolean,
  evaluated: readonly string[] = EVALUATED,
  keepsCredential = false,
): (string | TypedInputType)[] {
  const offered = LITERALS[field.kind]
  const given = param && !offered.includes(param.type) && KNOWN.has(param.type) ? [param.type] : []
  const names = [...new Set([...(keepsCredential ? ['cred'] : []), ...offered, ...evaluated, ...given])]
  return names.map((name) => typeOf(name, field, param, translate, check))
}

export const defaultType = (field: Field, keepsCredential = false): string => (keepsCredential ? 'cred' : (LITERALS[field.kind][0] ?? 'str'))

function typeOf(
  name: string,
  field: Field,
  param: Param | undefined,
  translate: Translate,
  check: (param: Param) => boolean,
): string | TypedInputType {
  const icon = ICONS[name]
  if (icon === undefined) return name
  const type: TypedInputType = {
    value: name,
    label: translate(`form.literal.${labelOf(name, field)}`),
    icon,
    validate: (value) => check({ type: name, value }),
  }
  const current = param?.type === name ? param.value : ''
  if (name === 'bool') type.options = withValue([emptyOption(field, translate), ...booleans(translate)], current)
  if (name === 'str' && field.kind === 'choice') {
    type.icon = 'fa fa-list-ul'
    type.options = withValue([emptyOption(field, translate), ...(field.choices ?? [])], current)
  }
  // The buttons of Node-RED's own credential type have no name for a screen reader, and tell of no change.
  if (name === 'cred') type.inputType = 'password'
  if (name === 'json') type.expand = expandJson
  if (name === 'str' && field.suggestions) type.autoComplete = matching(field.suggestions)
  return type
}

/** The editor asks for matches as one types, also of nothing. */
const matching =
  (suggestions: readonly string[]) =>
  (text: string): { value: string; label: string }[] =>
    suggestions.filter((value) => value.includes(text)).map((value) => ({ value, label: value }))

function labelOf(name: string, field: Field): string {
  if (name === 'num') return 'number'
  if (name === 'bool') return 'boolean'
  if (name === 'json') return 'json'
  if (name === 'cred') return 'credential'
  return field.kind === 'number' || field.kind === 'boolean' || field.kind === 'json' ? 'text' : field.kind
}

const booleans = (translate: Translate) => [
  { value: 'true', label: translate('form.yes') },
  { value: 'false', label: translate('form.no') },
]

/** What happens when nothing is chosen. */
function emptyOption(field: Field, translate: Translate): { value: string; label: string } {
  if (field.default !== undefined) {
    const preset = String(field.default)
    const label = field.choices?.find((choice) => choice.value === preset)?.label ?? preset
    return { value: '', label: translate('form.default', { value: label }) }
  }
  return { value: '', label: translate(field.required ? 'form.choose' : 'form.notSent') }
}

/** Opens the editor's own JSON dialog. */
function expandJson(this: { value: (value?: string) => string }): void {
  RED.editor.editJSON({
    value: reformat(this.value(), 4),
    focus: true,
    complete: (text) => this.value(reformat(text)),
  })
}

function reformat(text: string, indent?: number): string {
  try {
    return JSON.stringify(JSON.parse(text), null, indent)
  } catch {
    return text
  }
}

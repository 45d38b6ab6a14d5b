/** The params of an operation as the form holds and saves them. Knows nothing of the page. */
import { isRecord } from '../../../lib/base/foreign'
import { AddressError } from '../../../lib/http/base-url'
import { FieldError, isAbsent, readField } from '../../../lib/vocabulary/validation'
import { sentence } from '../../../lib/base/sentence'
import type { Field } from '../../../lib/vocabulary/operation'
import { isReference } from '../../runtime/shared-with-forms'
import { choiceKey, type BuilderDescriptor, type FieldDescriptor, type FieldDescriptors } from '../descriptor'
import { optionalText, translateSentence, type Translate } from '../platform/red'

export interface Param {
  type: string
  value: string
}

export type ParamsByName = Readonly<Record<string, Param>>

/** Types whose value is only known when a message comes. */
const EVALUATED = new Set(['msg', 'flow', 'global', 'env', 'jsonata', 'cred'])

/** Whether the param is as good as absent. A date without a value is the time of the message. */
export const isEmpty = (param: Param | undefined): boolean =>
  param === undefined || (param.value === '' && param.type !== 'date')

/** What a flow file holds, brought into the form's shape: hand-written flows leave out a type or hold JSON as it is. */
export function readStored(stored: unknown): Record<string, Param> {
  const params: Record<string, Param> = {}
  if (!isRecord(stored)) return params
  for (const [name, entry] of Object.entries(stored)) {
    const param = readParam(entry)
    if (param) params[name] = param
  }
  return params
}

function readParam(entry: unknown): Param | undefined {
  if (!isRecord(entry)) return undefined
  const { type = 'str', value } = entry
  if (value === undefined || value === null) return undefined
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  // A moment as a literal is the same as its text, which the form can show.
  if (type === 'date' && text !== '' && text !== 'iso' && text !== 'object') return { type: 'str', value: text }
  return { type: String(type), value: text }
}

/** Types of a literal that a credential can hold as its text. */
const TEXTS = new Set(['str', 'num'])

/** Whether a secret stands in the flow as it was typed, and can be a credential instead. A reference to a variable is no secret. */
export const isTypedText = (param: Param | undefined): param is Param =>
  param !== undefined && TEXTS.has(param.type) && param.value !== '' && !isReference(param.value)

/** Only the params of the operation, and only those that are given, in the order of its fields. */
export function gatherParams(fields: FieldDescriptors, drafts: ParamsByName): Record<string, Param> {
  const params: Record<string, Param> = {}
  for (const name of Object.keys(fields)) {
    const draft = drafts[name]
    if (draft && !isEmpty(draft)) params[name] = { type: draft.type, value: draft.value }
  }
  return params
}

/** Whether a flow already holds these params, in whatever order and form. */
export function sameParams(stored: unknown, params: ParamsByName): boolean {
  const before = readStored(stored)
  const names = Object.keys(before)
  return (
    names.length === Object.keys(params).length &&
    names.every((name) => before[name]?.type === params[name]?.type && before[name]?.value === params[name]?.value)
  )
}

/** The field with its texts from the catalog at `key`. */
export function fieldWithTexts(field: FieldDescriptor, key: string, translate: Translate): Field {
  const { choices, builders, ...rules } = field
  const help = optionalText(translate, `${key}.help`)
  const patternHint = optionalText(translate, `${key}.patternHint`)
  return {
    ...rules,
    in: 'none',
    label: translate(`${key}.label`),
    ...(help ? { help } : {}),
    ...(patternHint ? { patternHint } : {}),
    ...(builders ? { builders: buildersWithTexts(builders, key, translate) } : {}),
    ...(choices ? { choices: choices.map((value) => ({ value, label: translate(`${key}.choice.${choiceKey(value)}`) })) } : {}),
  }
}

/** What an empty input says. An example must not look like a value that was given. */
export function placeholderOf({ default: given, placeholder }: Pick<Field, 'default' | 'placeholder'>, translate: Translate): string {
  if (given !== undefined) return translate('form.defaultIs', { value: String(given) })
  return placeholder === undefined ? '' : translate('form.example', { value: placeholder })
}

const buildersWithTexts = (builders: readonly BuilderDescriptor[], key: string, translate: Translate): NonNullable<Field['builders']> => ({
  title: translate(`${key}.builders`),
  kinds: builders.map(({ id, constants, fields }) => {
    const texts = `${key}.builder.${id}`
    const help = optionalText(translate, `${texts}.help`)
    return {
      id,
      constants,
      label: translate(`${texts}.label`),
      ...(help ? { help } : {}),
      fields: Object.fromEntries(
        Object.entries(fields).map(([name, rules]) => [name, fieldWithTexts(rules, `${texts}.field.${name}`, translate)]),
      ),
    }
  }),
})

/** Whether Node-RED can make something of a path or an expression, whatever comes of it. A credential must have a value. */
export type CanEvaluate = (param: Param) => boolean

/**
 * The end of a sentence that begins with the field's label; undefined when the param is right.
 * @param canEvaluate asked of what is no literal
 */
export function paramProblem(field: Field, param: Param | undefined, translate: Translate, canEvaluate: CanEvaluate = () => true): string | undefined {
  const emptyText = translate('form.error.empty')
  if (param === undefined && field.fromPayload) return undefined
  if (param && EVALUATED.has(param.type)) {
    if (param.value.trim() === '') return isMissing(field, undefined) ? emptyText : undefined
    return canEvaluate(param) ? undefined : translate(param.type === 'cred' ? 'form.error.credential' : 'form.error.expression')
  }
  if (param && (isReference(param.value) || param.type === 'date')) return undefined
  if (isMissing(field, param?.value)) return emptyText
  return problemOf(() => readField(field, literalOf(field, param)), translate)
}

/** The runtime's sentence about a missing value repeats the help, which stands beside the input here. */
const isMissing = (field: Field, value: unknown): boolean => isAbsent(value) && field.required && field.default === undefined

/**
 * One sentence for each param that is wrong.
 * @param key of the catalog, under which the fields have their texts
 */
export function fieldProblems(fields: FieldDescriptors, key: string, stored: unknown, translate: Translate, canEvaluate: CanEvaluate = () => true): string[] {
  const params = readStored(stored)
  return Object.entries(fields).flatMap(([name, rules]) => {
    const field = fieldWithTexts(rules, `${key}.field.${name}`, translate)
    const problem = paramProblem(field, params[name], translate, canEvaluate)
    return problem === undefined ? [] : [translate('form.error.setting', { label: field.label, problem })]
  })
}

/** The value that the runtime would give the field. */
function literalOf(field: Field, param: Param | undefined): unknown {
  if (!param || param.value === '') return undefined
  switch (param.type) {
    case 'num':
      return Number.isNaN(Number(param.value)) ? param.value : Number(param.value)
    case 'json':
      return field.kind === 'json' && field.shape !== 'any' ? param.value : parsed(param.value)
    default:
      return param.value
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new FieldError(sentence`must be JSON`)
  }
}

/** The end of a sentence, where a reader of the runtime's refuses the value. */
export function problemOf(read: () => unknown, translate: Translate): string | undefined {
  try {
    read()
    return undefined
  } catch (error) {
    if (error instanceof FieldError || error instanceof AddressError) return translateSentence(translate, error.sentence)
    throw error
  }
}

/** The end of a sentence about a setting of an account, whose value is a plain text. */
export function settingProblem(field: Field, value: unknown, translate: Translate, checkAddress?: (text: string) => unknown): string | undefined {
  if (isReference(value)) return undefined
  if (isMissing(field, value)) return translate('form.error.empty')
  const problem = problemOf(() => readField(field, value), translate)
  if (problem !== undefined || !checkAddress) return problem
  const text = typeof value === 'string' && value !== '' ? value : field.default
  if (typeof text !== 'string') return undefined
  return problemOf(() => checkAddress(text), translate)
}

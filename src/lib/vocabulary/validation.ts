/**
 * Validates the value of a param by its field. The editor's form and the runtime share these rules, so this file uses
 * nothing of Node.js.
 */
import * as v from 'valibot'
import { cutText, isRecord } from '../base/foreign'
import { ApiError, LONGEST_SUMMARY, type Deviation } from '../base/api-error'
import { sentence, SentenceError, formText, sentenceOf, verbatim, type Sentence, type Words } from '../base/sentence'
import type { Field, Fields } from './field'
import { readTime, timeAgo, TimeError } from '../base/time'

/** The end of a sentence that begins with the field's label: `must be …`; or a whole one that names its fields itself. */
export class FieldError extends SentenceError {
  /** The same in fewer words, for the status of a node. */
  readonly #brief: Sentence | undefined

  constructor(said: Sentence, brief?: Sentence) {
    super(said)
    this.#brief = brief
  }

  /** The end of a short sentence; undefined where it needs more words than a status has room for. */
  get summary(): Sentence | undefined {
    return this.#brief ?? (this.message.length > LONGEST_SUMMARY ? undefined : this.sentence)
  }
}

type LabelOf = (param: string) => Sentence

/** A mistake that an operation finds in its params: a whole sentence, in which they stand with their labels. */
export class ParamError extends FieldError {
  readonly #said: (label: LabelOf) => Sentence
  readonly #short: ((label: LabelOf) => Sentence) | undefined

  constructor(said: (label: LabelOf) => Sentence, brief?: (label: LabelOf) => Sentence) {
    super(said(verbatim), brief?.(verbatim))
    this.#said = said
    this.#short = brief
  }

  withLabels(fields: Fields): FieldError {
    const label: LabelOf = (param) => formText(fields[param]?.label ?? param)
    return new FieldError(this.#said(label), this.#short?.(label))
  }
}

/** The whole error of an input, which begins with its label. */
export function labelled(label: string, error: FieldError): ApiError {
  const name = formText(label)
  const { sentence: end, summary } = error
  return new ApiError('INVALID', sentence`"${name}" ${end}`, { summary: summary ? sentence`"${name}" ${summary}` : sentence`check "${name}"` })
}

/** Whether a value counts as not given. */
export const isAbsent = (value: unknown): value is undefined | null | '' =>
  value === undefined || value === null || value === ''

/**
 * The typed value of a param.
 * @throws FieldError saying what is wrong, also when a required one is absent
 */
export function readField(field: Field, value: unknown): unknown {
  const given = isAbsent(value) ? field.default : value
  if (isAbsent(given)) {
    if (field.required) throw new FieldError(field.help ? sentence`is required: ${formText(field.help).finished(firstSentence)}` : sentence`is required: give ${formText(field.label)}`, sentence`is missing`)
    return undefined
  }
  const read = readers[field.kind](field, given)
  return field.read ? field.read(read) : read
}

/** Reads all params of an operation; absent optional ones are left out. */
export function readFields(
  fields: Fields,
  values: Readonly<Record<string, unknown>>,
  fail: (name: string, error: FieldError) => never,
): Record<string, unknown> {
  const params: Record<string, unknown> = {}
  for (const [name, field] of Object.entries(fields)) {
    try {
      const value = readField(field, values[name])
      if (value !== undefined) params[name] = value
    } catch (error) {
      if (error instanceof FieldError) fail(name, error)
      throw error
    }
  }
  checkPeriod(fields, params, fail)
  return params
}

/** Wherever an operation has both, `from` begins and `to` ends its period. */
function checkPeriod({ from, to }: Fields, params: Readonly<Record<string, unknown>>, fail: (name: string, error: FieldError) => never): void {
  if (from?.kind !== 'time' || to?.kind !== 'time' || typeof params.from !== 'number' || typeof params.to !== 'number') return
  if (params.from > params.to) fail('from', new FieldError(sentence`is later than "${formText(to.label)}"; exchange them`, sentence`is later than "${formText(to.label)}"`))
}

type Reader = (field: Field, value: unknown) => unknown

const readers: Record<Field['kind'], Reader> = {
  text: readText,
  number: readNumber,
  boolean: readBoolean,
  time: readMoment,
  list: readList,
  json: readJson,
  choice: readChoice,
  file: readFile,
}

/** Characters of a text param. It stands in an address or in a small body; encoding millions would block everything else. */
const LONGEST_TEXT = 1_000_000

function readText(field: Field, value: unknown): string {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'bigint')
    throw new FieldError(sentence`must be text, not ${describe(value)}`)
  if (typeof value === 'string' && value.length > LONGEST_TEXT) throw new FieldError(sentence`must have at most ${LONGEST_TEXT} characters, not ${value.length}`)
  const text = field.secret ? String(value) : String(value).trim()
  if (text.trim() === '') throw new FieldError(sentence`must not be blank`)
  matchPattern(field, text)
  return text
}

const compiled = new Map<string, RegExp>()

/** Whether all of a text matches a field's pattern. */
function matches(pattern: string, text: string): boolean {
  let expression = compiled.get(pattern)
  if (!expression) compiled.set(pattern, (expression = new RegExp(`^(?:${pattern})$`)))
  return expression.test(text)
}

function matchPattern(field: Field, text: string): void {
  if (field.pattern === undefined || matches(field.pattern, text)) return
  const wanted = wantedText(field)
  throw new FieldError(field.secret ? sentence`must be ${wanted}` : sentence`must be ${wanted}, not "${shorten(text)}"`)
}

const wantedText = ({ pattern = '', patternHint }: Field): Sentence =>
  patternHint === undefined ? sentence`text that matches ${pattern}` : formText(patternHint)

/** As most of Europe writes 8.5. A comma for thousands, as in `1,000.5`, does not match. */
const DECIMAL_COMMA = /^\s*[+-]?\d+,\d+\s*$/

function readNumber(field: Field, value: unknown): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  if (typeof value === 'string' && DECIMAL_COMMA.test(value))
    throw new FieldError(sentence`must have a decimal point: write ${value.trim().replace(',', '.')}, not ${describe(value.trim())}`)
  if (typeof number !== 'number' || !Number.isFinite(number))
    throw new FieldError(sentence`must be a number, not ${describe(value)}`)
  if (field.integer && !Number.isInteger(number)) throw new FieldError(sentence`must be a whole number, not ${number}`)
  const { min = -Infinity, max = Infinity } = field
  if (number < min || number > max) throw new FieldError(sentence`must be ${rangeText(min, max)}, not ${number}`)
  return number
}

const rangeText = (min: number, max: number): Sentence =>
  max === Infinity ? sentence`at least ${min}` : min === -Infinity ? sentence`at most ${max}` : sentence`from ${min} to ${max}`

function readBoolean(_field: Field, value: unknown): boolean {
  if (typeof value === 'boolean') return value
  if (value === 1 || value === 'true' || value === '1') return true
  if (value === 0 || value === 'false' || value === '0') return false
  throw new FieldError(sentence`must be true or false, not ${describe(value)}`)
}

function readMoment(field: Field, value: unknown): number | string {
  try {
    const ago = typeof value === 'string' ? timeAgo(value) : undefined
    if (ago !== undefined) return ago
    return field.passText && typeof value === 'string' ? value.trim() : readTime(value)
  } catch (error) {
    throw error instanceof TimeError ? new FieldError(sentenceOf(error), sentence`is not a valid time`) : error
  }
}

function readList(field: Field, value: unknown): string[] {
  const items = Array.isArray(value) ? value : typeof value === 'string' ? value.split(',') : [value]
  const texts = items.map((item: unknown) => {
    if (typeof item !== 'string' && typeof item !== 'number')
      throw new FieldError(sentence`must be a list or a comma-separated text, but one item is ${describe(item)}`)
    return String(item).trim()
  })
  const list = [...new Set(texts.filter((text) => text !== ''))]
  if (list.length === 0) throw new FieldError(sentence`is an empty list; give at least one item`, sentence`is empty`)
  for (const item of list)
    if (field.pattern !== undefined && !matches(field.pattern, item))
      throw new FieldError(sentence`has "${shorten(item)}", but each item must be ${wantedText(field)}`)
  return list
}

function readJson(field: Field, value: unknown): unknown {
  const parsed = typeof value === 'string' && field.shape !== 'any' ? parseJson(value) : value
  if (field.shape === 'array' && !Array.isArray(parsed)) throw new FieldError(sentence`must be an array, not ${describe(parsed)}`)
  if (field.shape === 'object' && !isRecord(parsed)) throw new FieldError(sentence`must be an object, not ${describe(parsed)}`)
  return parsed
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new FieldError(sentence`must be JSON, not "${shorten(text)}"`)
  }
}

function readChoice(field: Field, value: unknown): string {
  const choices = field.choices ?? []
  const found = choices.find((choice) => choice.value === String(value))
  if (!found) {
    const values = choices.map((choice) => choice.value).join(', ')
    throw new FieldError(sentence`must be one of ${values}, not ${describe(value)}`)
  }
  return found.value
}

function readFile(_field: Field, value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value
  if (typeof value === 'string') return new TextEncoder().encode(value)
  throw new FieldError(sentence`must be a Buffer or text, not ${describe(value)}`)
}

/** Without its full stop. It keeps its capital: in some languages the first word has one wherever it stands. */
const firstSentence = (text: string): string => (text.split(/(?<=[.!])\s|(?<=。)/)[0] ?? text).replace(/[.。]$/, '')

const shorten = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}…` : text)

/** Names a value in a sentence, without ever printing a large one. */
export function describe(value: unknown): Words {
  if (value === null) return 'null'
  if (Array.isArray(value)) return sentence`an array of ${value.length}`
  if (typeof value === 'string') return `"${shorten(value)}"`
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (typeof value === 'object') return sentence`an object`
  return typeof value === 'undefined' ? 'undefined' : sentence`a value of type ${typeof value}`
}

/** The end of a sentence: what is unexpected in the vendor's answer. */
export class WireError extends SentenceError {
  readonly #deviation: Deviation | undefined

  constructor(said: Sentence, deviation?: Deviation) {
    super(said)
    this.#deviation = deviation
  }

  get deviation(): Deviation | undefined {
    return this.#deviation
  }
}

const schemas = new WeakMap<object, v.GenericSchema>()

/** The schema of a decoder that `wire` has made; undefined for any other function. */
export const schemaOf = (decoder: object): v.GenericSchema | undefined => schemas.get(decoder)

/**
 * A decoder of a schema.
 * @throws WireError naming the path, what came and what was expected
 */
export function wire<B>(schema: v.GenericSchema<unknown, B>): (body: unknown) => B {
  const decoder = (body: unknown): B => {
    const result = v.safeParse(schema, body, { abortEarly: true })
    if (result.success) return result.output
    const [issue] = result.issues
    const { expected, input: found, received } = issue
    const path = v.getDotPath(issue)
    const keys = issue.path?.map(({ key, type }) => (type === 'array' ? '[]' : String(key))) ?? []
    throw new WireError(
      sentence`${path === null ? sentence`the body` : cutText(placeText(path), 100)} is ${cutText(received, 100)}, expected ${expected ?? sentence`something else`}`,
      { path: keys, found, expected: expected ?? '' },
    )
  }
  schemas.set(decoder, schema)
  return decoder
}

/** A path in a response for people, who count from 1: `0.tsmTs` is `#1.tsmTs`. */
const placeText = (path: string): string => path.replace(/(?<=^|\.)\d+(?=\.|$)/g, (index) => `#${Number(index) + 1}`)

/** The decoder of operations whose answer has no documented shape. */
export const anything = (body: unknown): unknown => body

/** Sentences in the language of Node-RED's runtime. */
import type { NodeAPI } from 'node-red'
import { ApiError } from '../../lib/base/api-error'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ENGLISH, readTexts, ROOT, type TextsOfLanguage } from './text-store'
import { SentenceError, sentenceOf, type Sentence } from '../../lib/base/sentence'
import { name as PACKAGE } from '../../../package.json'

export { PACKAGE }

/** The plugin whose catalog all node types share, as Node-RED names it. It has only html and texts. */
export const PLUGIN = `${PACKAGE}/editor`

/** A key of the shared catalog. */
export const sharedText = (key: string): string => `${PLUGIN}:${key}`

/** All texts of a language in the built package, by keys that are the same in all languages. */
const textsOf = (language: string, texts: TextsOfLanguage | undefined): Map<string, string> =>
  new Map(leavesOf([paletteTexts(language), texts]))

/** The catalog that Node-RED reads itself. */
function paletteTexts(language: string): unknown {
  try {
    return JSON.parse(readFileSync(join(ROOT, 'dist', 'nodes', 'locales', language, 'editor.json'), 'utf8'))
  } catch {
    return undefined
  }
}

/** From English to the language. */
type Translations = Readonly<Record<string, string>>

const known = new Map<string, Translations>()

/** The package's translations of a language, read once; empty for a language that it does not have, and for English. */
export function translationsOf(language: string): Translations {
  const translations = known.get(language) ?? read(language)
  known.set(language, translations)
  return translations
}

function read(language: string): Translations {
  if (language === ENGLISH || !/^[a-z]+(-[a-z]+)*$/i.test(language)) return {}
  const texts = readTexts(language, ENGLISH)
  const own = textsOf(language, texts.get(language))
  return Object.fromEntries([...textsOf(ENGLISH, texts.get(ENGLISH))].map(([key, text]) => [text, own.get(key) ?? '']))
}

const leavesOf = (value: unknown, key = ''): [key: string, text: string][] =>
  typeof value === 'string' ? [[key, value]] : Object.entries(value ?? {}).flatMap(([name, part]) => leavesOf(part, `${key}.${name}`))

/** A sentence in the runtime's language; English where a translation is missing. */
export function localize(RED: Pick<NodeAPI, '_'>, message: Sentence): string {
  // Each catalog names its own language, so that sentences are in the same language as statuses.
  const translations = translationsOf(RED._(sharedText('language')))
  return message.in((template) => (Object.hasOwn(translations, template) ? translations[template] || undefined : undefined))
}

/** An error's message in the runtime's language. */
export const localizeError = (RED: Pick<NodeAPI, '_'>, error: unknown): string => localize(RED, sentenceOf(error))

/** The error itself with its message in the runtime's language; code, stack and other properties stay. Never throws. */
export function localizedError(RED: Pick<NodeAPI, '_'>, error: unknown): Error {
  if (!(error instanceof Error)) return new Error(textOf(error))
  if (error instanceof SentenceError) error.message = localizeError(RED, error)
  return error
}

/** A flow may throw anything, also what has no text, such as `Object.create(null)`. */
function textOf(thrown: unknown): string {
  try {
    return String(thrown)
  } catch {
    return 'unknown error'
  }
}

export interface Failure {
  code: string
  /** One sentence: what is wrong, what to do. */
  message: string
}

/** @throws the error itself where it is a fault of this package and no failure of the account */
export function failureOf(RED: NodeAPI, error: unknown): Failure {
  if (!(error instanceof ApiError)) throw error
  return { code: error.code, message: localize(RED, error.sentence) }
}

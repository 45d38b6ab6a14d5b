/** Says sentences in the language that Node-RED runs in. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { NodeAPI } from 'node-red'
import { SentenceError, sentenceOf, type Sentence } from '../../lib/base/sentence'

/** Of the built package, one file for each language: `{ "English template": "translation" }`. */
const FOLDER = join(__dirname, '..', '..', '..', 'dist', 'locales')

type Translations = Readonly<Record<string, string>>

const known = new Map<string, Translations>()

/** What the package has for a language, read once; nothing for a language that it does not have, such as English. */
export function translationsOf(language: string): Translations {
  const translations = known.get(language) ?? read(language)
  known.set(language, translations)
  return translations
}

function read(language: string): Translations {
  if (!/^[a-z]+(-[a-z]+)*$/i.test(language)) return {}
  try {
    return JSON.parse(readFileSync(join(FOLDER, `${language}.json`), 'utf8')) as Translations
  } catch {
    return {}
  }
}

/** What is said in the runtime's language; what has no translation is said in English. */
export function say(RED: Pick<NodeAPI, '_'>, said: Sentence): string {
  // Each catalog names its own language, so that sentences speak the same one as statuses, however Node-RED has chosen it.
  const translations = translationsOf(RED._('language'))
  return said.in((template) => (Object.hasOwn(translations, template) ? translations[template] || undefined : undefined))
}

/** What an error says in the runtime's language. */
export const sayError = (RED: Pick<NodeAPI, '_'>, error: unknown): string => say(RED, sentenceOf(error))

/** The error itself, with its message in the runtime's language: code, stack and what else it holds stay. */
export function spoken(RED: Pick<NodeAPI, '_'>, error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error))
  if (error instanceof SentenceError) error.message = sayError(RED, error)
  return error
}

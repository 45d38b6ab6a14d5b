/** Translations by people: `locales/<language>/texts.json` gives for each English text its translation. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { TRANSLATIONS } from './paths'

/** Gives the text of a language for an English one. */
export type Translate = (english: string) => string

/** From English to the language; '' where a translation is missing. */
export type Translations = Readonly<Record<string, string>>

export const english: Translate = (text) => text

/** What is not translated stays English. */
export const translatorOf =
  (translations: Translations): Translate =>
  (text) =>
    translations[text] || text

/** The languages by their codes, such as `de` or `zh-CN`: each has a folder. */
export const languages = (folder: string = TRANSLATIONS): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => entry.name)
        .sort()
    : []

export const translationsPath = (language: string, folder: string = TRANSLATIONS): string => join(folder, language, 'texts.json')

/** Empty where there is no file yet. @throws SyntaxError when it is no JSON */
export function readTranslations(language: string, folder: string = TRANSLATIONS): Translations {
  const path = translationsPath(language, folder)
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Translations) : {}
}

/** A text with values in its places `__name__`, as Node-RED's catalogs have them; one without a value stays. */
export const fill = (template: string, values: Readonly<Record<string, string>>): string =>
  template.replace(/__(\w+?)__/g, (place, name: string) => values[name] ?? place)

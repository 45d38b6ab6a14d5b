/** Translations by people: `locales/<language>/texts.json` gives for each English text its translation. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Translate } from '../../src/nodes/admin/help/help-text'
import { TRANSLATIONS } from './paths'

export { english, fill, type Translate } from '../../src/nodes/admin/help/help-text'

/** From English to the language; '' where a translation is missing. */
export type Translations = Readonly<Record<string, string>>

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

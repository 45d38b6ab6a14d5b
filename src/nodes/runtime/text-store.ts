/**
 * The texts of all languages that Node-RED does not read itself. They stand in one compressed file, since the same
 * words and keys are in all of them. Nothing is read before a text is needed that is not English, or a dialog opens.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'

export const ENGLISH = 'en-US'

/** The catalog that the first dialog loads. */
export interface DialogTexts {
  readonly [key: string]: string | DialogTexts
}

export interface TextsOfLanguage {
  language: string
  dialogs: DialogTexts
  /** Each language has the same texts in the same order. */
  others: readonly string[]
}

/**
 * The text of the file. The first line is a catalog of empty texts, so that the keys stand once for all languages. Each
 * other line is a list: a language, the texts of the catalog in its order, the other texts.
 */
export function linesOf(languages: readonly TextsOfLanguage[]): string {
  const empty = filled(languages[0]?.dialogs ?? {}, () => '')
  const lists = languages.map(({ language, dialogs, others }) => {
    const texts: string[] = []
    filled(dialogs, (text) => (texts.push(text), text))
    return [language, ...texts, ...others]
  })
  return [empty, ...lists].map((line) => JSON.stringify(line)).join('\n')
}

/** A catalog with other texts in the same places. */
const filled = (catalog: DialogTexts, textAt: (text: string) => string): DialogTexts =>
  Object.fromEntries(Object.entries(catalog).map(([key, entry]) => [key, typeof entry === 'string' ? textAt(entry) : filled(entry, textAt)]))

/** From the package's root, in the built package and among the sources. */
export const TEXT_STORE = join('dist', 'texts.br')

/** Of the package. */
export const ROOT = join(__dirname, '..', '..', '..')

const beginOf = (language: string): string => `[${JSON.stringify(language)},`

/** By language, without those that the package does not have. The file is not kept in memory. */
export function readTexts(...languages: readonly string[]): Map<string, TextsOfLanguage> {
  const [empty = '{}', ...lines] = storedLines()
  return new Map(languages.flatMap((language) => {
    const line = lines.find((one) => one.startsWith(beginOf(language)))
    if (line === undefined) return []
    const [, ...texts] = JSON.parse(line) as string[]
    let used = 0
    const dialogs = filled(JSON.parse(empty) as DialogTexts, () => texts[used++] ?? '')
    return [[language, { language, dialogs, others: texts.slice(used) }]]
  }))
}

function storedLines(): string[] {
  try {
    return brotliDecompressSync(readFileSync(join(ROOT, TEXT_STORE))).toString().split('\n')
  } catch {
    // Sources that have not been built have English only.
    return []
  }
}

const dialogs = new Map<string, object>()

/** What the dialogs show; English in a language that the package does not have. */
export function dialogTexts(language: string): object {
  const found = dialogs.get(language) ?? readTexts(language).get(language)?.dialogs
  if (!found) return language === ENGLISH ? {} : dialogTexts(ENGLISH)
  dialogs.set(language, found)
  return found
}

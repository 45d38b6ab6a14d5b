/**
 * The texts of all languages that Node-RED does not read itself. They stand in one compressed file, since the same
 * words and keys are in all of them. Nothing is read before a text is needed that is not English, or a dialog opens.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'

export const ENGLISH = 'en-US'

/** Each line of the file is the JSON of one language, so that only that of the wanted one is parsed. */
export interface TextsOfLanguage {
  /** First in its line. */
  language: string
  /** The catalog that the first dialog loads. */
  dialogs: object
  /** Each language has the same texts in the same order. */
  others: readonly string[]
}

/** From the package's root, in the built package and among the sources. */
export const TEXT_STORE = join('dist', 'texts.br')

/** Of the package. */
export const ROOT = join(__dirname, '..', '..', '..')

const beginOf = (language: string): string => `{"language":${JSON.stringify(language)},`

/** By language, without those that the package does not have. The file is not kept in memory. */
export function readTexts(...languages: readonly string[]): Map<string, TextsOfLanguage> {
  const lines = storedLines()
  return new Map(languages.flatMap((language) => {
    const line = lines.find((one) => one.startsWith(beginOf(language)))
    return line === undefined ? [] : [[language, JSON.parse(line) as TextsOfLanguage]]
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

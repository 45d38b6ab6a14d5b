/**
 * `npm run texts`: gives each `locales/<language>/texts.json` the English texts that it lacks, without a translation, and
 * takes out those that are gone. With the code of a language only that one, which may be new; with `--template` prints
 * all English texts as an empty file of a language.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { englishTexts } from './build/english-texts'
import { languages, readTranslations, translationsPath, type Translations } from './build/translation'

/** As a language's file: in the order of the alphabet, so that a text that moves in the code stays where it is. */
export const arranged = (texts: readonly string[], translations: Translations): string =>
  `${JSON.stringify(Object.fromEntries([...texts].sort().map((text) => [text, translations[text] ?? ''])), null, 2)}\n`

function main(words: readonly string[]): void {
  const texts = englishTexts()
  if (words.includes('--template')) {
    process.stdout.write(arranged(texts, {}))
    return
  }
  for (const language of words.length > 0 ? words : languages()) {
    const translations = readTranslations(language)
    const path = translationsPath(language)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, arranged(texts, translations))
    console.log(`${language}: ${texts.filter((text) => !translations[text]).length} of ${texts.length} texts are not translated`)
  }
}

if (require.main === module) main(process.argv.slice(2))

/** Whether translations leave as it is what is no language, and what they lack. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { knownVendors } from '../../src/nodes/runtime/node-types'
import { englishTexts } from '../build/english-texts'
import { languages, readTranslations, translationsPath, type Translations } from '../build/translation'
import { arranged } from '../texts'

/** Names that are the same in every language. */
const NAMES: readonly string[] = [
  ...knownVendors.map(({ title }) => title),
  ...['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'JSON', 'TLS', 'URL'],
  ...['true', 'false', 'ok'],
  // Properties of a vendor's messages, and a kind of sensor.
  ...['tsmId', 'tsmEv', 'transactionId', 'PIR'],
]

/** What must stand in the translation just as often. */
const KEPT: Readonly<Record<string, RegExp>> = {
  'the places __name__': /__\w+?__/g,
  'the code': /<code>.*?<\/code>/g,
  'the tags': /<[a-z/][^<>]*>/g,
  'the properties of a message': /\bmsg(?:\.\w+)+/g,
  'the codes of errors': /\b[A-Z]+_[A-Z_]+\b/g,
  'the addresses': /\b[a-z]+:\/\/[\w:.@/-]*/g,
}

/** How a text ends, and what else that may be in scripts with wide marks. */
const ENDS: readonly RegExp[] = [/[.。]$/, /…$/, /[:：]$/, /[?？]$/]

/** What is said without the places, tags and marks around. */
const wordsOf = (text: string): string => text.replace(/__\w+?__|<[^>]*>/g, '').replace(/[^\p{L}]/gu, '')

/** What is wrong with one translation, as the end of a sentence about it. */
function faults(text: string, translation: string, same: readonly string[]): string[] {
  const found = Object.entries(KEPT).flatMap(([what, pattern]) =>
    allOf(text, pattern) === allOf(translation, pattern) ? [] : [`has other words for ${what}`],
  )
  if (translation.trim() !== translation) found.push('has blanks around it')
  // Where a text ends without a mark, a translation may end in an abbreviation.
  if (ENDS.some((end) => end.test(text) && !end.test(translation))) found.push('ends in another way')
  // A text of one or two letters is a unit.
  const isSame = translation === text && wordsOf(text).length > 2
  if (isSame && !NAMES.includes(text) && !same.includes(text)) found.push('is still English')
  return found
}

const allOf = (text: string, pattern: RegExp): string => JSON.stringify([...text.matchAll(pattern)].map(([part]) => part).sort())

/**
 * @param texts all English texts
 * @param same those that the language says in the same words
 * @returns a line for each fault
 */
export function faultsOf(texts: readonly string[], translations: Translations, same: readonly string[] = []): string[] {
  return [
    ...texts.flatMap((text) => (translations[text] ? faults(text, translations[text], same).map((fault) => `"${text}" ${fault}`) : [])),
    ...same.flatMap((text) => (!translations[text] || translations[text] === text ? [] : [`"${text}" is not said in the same words`])),
  ]
}

/** Texts that a language says in the same words as English, from `same.json` beside its translations. */
function readSame(language: string): string[] {
  const path = join(dirname(translationsPath(language)), 'same.json')
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as string[]) : []
}

/** Texts without a translation, and translations of texts that are gone. */
export function gapsOf(texts: readonly string[], translations: Translations): { missing: string[]; obsolete: string[] } {
  const expected = new Set(texts)
  return {
    missing: texts.filter((text) => !translations[text]),
    obsolete: Object.keys(translations).filter((text) => !expected.has(text)),
  }
}

export interface TranslationReport {
  /** What is wrong, a line each. */
  faults: string[]
  /** What is not done yet, a line for each language; it keeps nobody from changing English. */
  gaps: string[]
}

/** Of every language. */
export function checkTranslations(): TranslationReport {
  const texts = englishTexts()
  const report: TranslationReport = { faults: [], gaps: [] }
  for (const language of languages()) {
    const translations = readTranslations(language)
    report.faults.push(...faultsOf(texts, translations, readSame(language)).map((fault) => `locales/${language}: ${fault}`))
    const { missing, obsolete } = gapsOf(texts, translations)
    if (missing.length + obsolete.length > 0)
      report.gaps.push(`locales/${language}: ${missing.length} texts lack a translation, ${obsolete.length} translations have no text any more; run npm run texts`)
    else if (readFileSync(translationsPath(language), 'utf8') !== arranged(texts, translations))
      report.faults.push(`locales/${language}: not in the order and form in which npm run texts writes it`)
  }
  return report
}

/** What a text looks like, in words that hold nothing of the text itself. */
import { parseIso } from '../base/time'
import { knownUnits } from '../vocabulary/reading'

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const MAIL = /^[^\s@]+@[^\s@]+$/
const URL_TEXT = /^[a-z][a-z+.-]*:\/\//i
const ADDRESS = /^\d{1,3}(\.\d{1,3}){3}$/
const DIGITS = /^\d+$/
const NUMBER = /^[+-]?\d+(\.\d+)?$/
const LETTERS = /^[a-z]+$/i
const LETTERS_AND_DIGITS = /^[a-z\d]+$/i
/** A name or an id without blanks. */
const IDENTIFIER = /^[\w.:-]+$/

/** In the order in which they are tried. */
const FORMS: readonly (readonly [form: string, matches: (text: string) => boolean])[] = [
  ['empty text', (text) => text === ''],
  ['digits', (text) => DIGITS.test(text)],
  ['number', (text) => NUMBER.test(text)],
  ['uuid', (text) => UUID.test(text)],
  ['mail address', (text) => MAIL.test(text)],
  ['url', (text) => URL_TEXT.test(text)],
  ['ip address', (text) => ADDRESS.test(text)],
  ['letters', (text) => LETTERS.test(text)],
  ['letters and digits', (text) => LETTERS_AND_DIGITS.test(text)],
  ['identifier', (text) => IDENTIFIER.test(text)],
]

const CLOCK = /^\d\d:\d\d(:\d\d)?([.,]\d+)?/

/** `time YYYY-MM-DDThh:mm:ss+HHMM` of a text in ISO 8601; undefined for any other. */
function timeForm(text: string): string | undefined {
  if (parseIso(text) === undefined) return undefined
  const [day = '', clock = ''] = text.trim().split(/[T ]/i, 2)
  const [whole = '', seconds, fraction] = CLOCK.exec(clock) ?? []
  if (whole === '') return 'time YYYY-MM-DD'
  const zone = text.trim().slice(day.length + 1 + whole.length).replace(/\d\d/, 'HH').replace(/\d\d/, 'MM')
  return `time YYYY-MM-DD${text.trim().charAt(day.length)}hh:mm${seconds === undefined ? '' : ':ss'}${fraction === undefined ? '' : '.f'}${zone}`
}

/** The form of a text; `text` where it is none of those that are known. */
export function formOf(text: string): string {
  if (knownUnits.has(text)) return `unit ${text}`
  return timeForm(text) ?? FORMS.find(([, matches]) => matches(text))?.[0] ?? 'text'
}

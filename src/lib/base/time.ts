/** Reads times into epoch milliseconds UTC, and writes them in each vendor's form, and for people. */
import { cutText } from './foreign'
import { sentence, SentenceError } from './sentence'

/** From 1973 on as Unix seconds. As epoch milliseconds such numbers would be dates of early 1970, so they are a mistake. */
const SECONDS_FROM = 1e8
const SECONDS_TO = 1e10
/** The range that a Date can hold (ECMA-262, 21.4.1.1). */
const LARGEST = 8.64e15

const DIGITS = /^-?\d+(\.\d+)?$/
const ISO =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?)\s*(Z|[+-]\d{2}(?::?\d{2})?)?)?$/i

/** The end of a sentence: what the time must be. */
export class TimeError extends SentenceError {}

/**
 * Epoch milliseconds of a text in ISO 8601; undefined for any other text. A text without zone is UTC, as the vendors mean
 * it; Date.parse alone would take it for local time. `+0000` without a colon is accepted.
 */
export function parseIso(value: string): number | undefined {
  const match = ISO.exec(value.trim())
  if (!match) return undefined
  const [, day, clock = '00:00', zone = 'Z'] = match
  const offset = /^z$/i.test(zone) ? 'Z' : zone.length === 3 ? `${zone}:00` : zone.replace(/^(...):?(..)$/, '$1:$2')
  const epoch = Date.parse(`${day ?? ''}T${clock.replace(',', '.')}${offset}`)
  return Number.isNaN(epoch) ? undefined : epoch
}

const AGO = /^-\s*(\d+(?:\.\d+)?)\s*(min|h|d)$/i
const UNITS: Readonly<Record<string, number>> = { min: 60_000, h: 3_600_000, d: 86_400_000 }

/**
 * Epoch milliseconds of a time ago such as -24h, -90min or -7d; undefined for any other text.
 * @throws TimeError when it is too long ago
 */
export function timeAgo(value: string, now: number = Date.now()): number | undefined {
  const [, count, unit = ''] = AGO.exec(value.trim()) ?? []
  return count === undefined ? undefined : inRange(Math.round(now - Number(count) * (UNITS[unit.toLowerCase()] ?? NaN)))
}

/**
 * Epoch milliseconds of what a user gives as a time: a Date, epoch milliseconds (number or digits), or ISO 8601.
 * @throws TimeError
 */
export function readTime(value: unknown): number {
  if (value instanceof Date) return inRange(value.getTime())
  if (typeof value === 'number') return inRange(value)
  if (typeof value === 'string') {
    const text = value.trim()
    if (DIGITS.test(text)) return inRange(Number(text))
    const epoch = parseIso(text)
    if (epoch !== undefined) return epoch
  }
  const iso = typeof value === 'string' ? yearFirst(value.trim()) : undefined
  if (iso !== undefined) throw new TimeError(sentence`must have the year first: write ${iso}, not "${String(value).trim()}"`)
  if (typeof value === 'string') throw new TimeError(sentence`must be a time such as 2025-12-31, 2025-12-31T14:00 or -24h, not "${cutText(value.trim(), 40)}"`)
  throw new TimeError(sentence`must be a time such as 2025-12-31, 2025-12-31T14:00 or -24h, or a Date, or epoch milliseconds`)
}

/** As most of Europe writes 2025-12-31, with or without a time. */
const DAY_FIRST = /^(\d{1,2})\.(\d{1,2})\.(\d{4})(?:,? (\d{2}:\d{2}(?::\d{2})?))?$/

/** A day-first date in ISO 8601; undefined where it is none. */
function yearFirst(text: string): string | undefined {
  const [, day = '', month = '', year = '', clock] = DAY_FIRST.exec(text) ?? []
  const iso = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}${clock === undefined ? '' : `T${clock}`}`
  return parseIso(iso) === undefined ? undefined : iso
}

function inRange(epoch: number): number {
  if (!Number.isFinite(epoch) || Math.abs(epoch) > LARGEST) throw new TimeError(sentence`is not a valid time`)
  if (epoch >= SECONDS_FROM && epoch <= SECONDS_TO)
    throw new TimeError(sentence`looks like seconds (${epoch}); give milliseconds, which is the number times 1000`)
  return epoch
}

/** Whole Unix seconds, as Thingsee and Senquip v1 take them. */
export const unixSeconds = (epoch: number): number => Math.floor(epoch / 1000)

/** `2026-01-31T12:00:00Z`, the form in which a Sensorist client was seen to send times [R4]. */
export const isoSeconds = (epoch: number): string => new Date(epoch).toISOString().replace(/\.\d+Z$/, 'Z')

/** Larger numbers are milliseconds: as Unix seconds this is the year 5138, as milliseconds 1973. */
const MILLISECONDS_FROM = 1e11

/**
 * Epoch milliseconds of a time as vendors send it: Unix seconds with or without a fraction, milliseconds, both also as
 * text, or ISO 8601. Gives undefined for anything else, and for what no Date can hold.
 */
export function momentOf(value: unknown): number | undefined {
  if (typeof value === 'string') return DIGITS.test(value.trim()) ? momentOf(Number(value)) : parseIso(value)
  if (typeof value !== 'number') return undefined
  // Rounded, because most decimal fractions of a second have no exact binary form.
  const epoch = Math.round(Math.abs(value) < MILLISECONDS_FROM ? value * 1000 : value)
  return Math.abs(epoch) <= LARGEST ? epoch : undefined
}

const twoDigits = (number: number): string => String(number).padStart(2, '0')

/** `HH:MM` in the time zone of this process. */
const clockTime = (date: Date): string => `${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}`

/**
 * A time for people: `14:41` today, else `2026-11-22 14:41`. It is in the time zone of this process, and the same in all
 * languages and versions of Node.js, which Intl is not.
 * @param now epoch ms, which says what today is
 */
export function localTime(epoch: number, now = Date.now()): string {
  const [date, today] = [new Date(epoch), new Date(now)]
  if (date.toDateString() === today.toDateString()) return clockTime(date)
  return `${date.getFullYear()}-${twoDigits(date.getMonth() + 1)}-${twoDigits(date.getDate())} ${clockTime(date)}`
}

/** Ms until the next day begins in the time zone of this process. */
export function untilMidnight(now: number): number {
  const midnight = new Date(now)
  midnight.setHours(24, 0, 0, 0)
  return midnight.getTime() - now
}

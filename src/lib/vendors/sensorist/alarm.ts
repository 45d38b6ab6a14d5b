/** Recognises an alarm among those that exist. Names of their fields are not published, so the likely ones are tried. */
import { isRecord } from '../../base/foreign'

export interface Alarm {
  dataSource: string
  value: number
  direction: string
  /** Minutes. */
  delay?: number
}

type Row = Readonly<Record<string, unknown>>

/** The value under the first name that is there; of an object, its id. */
function under(row: Row, ...names: readonly string[]): unknown {
  const value = names.map((name) => row[name]).find((found) => found !== undefined && found !== null)
  return isRecord(value) ? value.id : value
}

const wordOf = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' ? String(value).trim().toLowerCase() : undefined

const numberOf = (value: unknown): number | undefined => {
  const text = wordOf(value)
  return text === undefined || text === '' ? undefined : Number(text)
}

/** Whether a row is an alarm of this source, value, direction and delay; an alarm without delay waits 0 minutes. */
function isSame(row: unknown, { dataSource, value, direction, delay = 0 }: Alarm): boolean {
  if (!isRecord(row)) return false
  return (
    wordOf(under(row, 'data_source', 'data_source_id', 'dataSource', 'dataSourceId', 'source')) === dataSource &&
    numberOf(under(row, 'value', 'threshold')) === value &&
    wordOf(under(row, 'direction')) === direction &&
    (numberOf(under(row, 'delay', 'delay_minutes')) ?? 0) === delay
  )
}

/** The alarm of the list that equals the wanted one; undefined when none does. */
export const sameAlarm = (alarms: unknown, wanted: Alarm): unknown =>
  Array.isArray(alarms) ? alarms.find((row) => isSame(row, wanted)) : undefined

/** The devices of a Senquip account as pickers and the test of a connection take them from either version's list. */
import { isRecord } from '../../base/foreign'
import { sentence, type Sentence } from '../../base/sentence'
import type { PickOption } from '../../vocabulary/vendor'

/** The vendor publishes no row of its lists; these are the keys of its messages and bodies [S1, S1a]. */
const IDS = ['deviceid', 'deviceId', 'device_id', 'id'] as const
const NAMES = ['name', 'deviceName', 'device_name'] as const

const textAt = (row: Readonly<Record<string, unknown>>, keys: readonly string[]): string | undefined =>
  keys.map((key) => row[key]).find((value): value is string => typeof value === 'string' && value !== '')

/** Rows without an id are left out: nothing could be asked about them. */
export const deviceOptions = (list: unknown): PickOption[] =>
  (Array.isArray(list) ? (list as unknown[]) : []).flatMap((row) => {
    const id = typeof row === 'string' ? row : isRecord(row) ? textAt(row, IDS) : undefined
    if (id === undefined) return []
    return [{ value: id, label: (isRecord(row) ? textAt(row, NAMES) : undefined) ?? id }]
  })

/** A list of another shape than was seen is an answer all the same. */
export const saysDevices = (list: unknown): Sentence =>
  Array.isArray(list) ? sentence`devices: ${list.length}` : sentence`the list of devices`

/** The devices of a Senquip account, from the list of either version: for pickers and the test of an account. */
import { sentence, type Sentence } from '../../base/sentence'
import type { SingleOperation } from '../../vocabulary/operation'
import { probe, type PickOption, type Picker } from '../../vocabulary/vendor'

type Row = Readonly<Record<string, unknown>>
type ListOfDevices = SingleOperation<Record<string, never>>

/** The vendor publishes no row of its lists; these are the keys of its messages and bodies [S1, S1a]. */
const IDS = ['deviceid', 'deviceId', 'device_id', 'id'] as const
const NAMES = ['name', 'deviceName', 'device_name'] as const

const isRow = (row: unknown): row is Row => typeof row === 'object' && row !== null && !Array.isArray(row)

/** The array of an answer that is one or holds exactly one, as a list of devices is likely to; else the answer itself. */
export function listIn(body: unknown): unknown {
  if (!isRow(body)) return body
  const arrays = Object.values(body).filter((value) => Array.isArray(value))
  return arrays.length === 1 ? arrays[0] : body
}

const textAt = (row: Row, keys: readonly string[]): string | undefined =>
  keys.map((key) => row[key]).find((value): value is string => typeof value === 'string' && value !== '')

/** Rows without an id are left out: nothing could be asked about them. */
const deviceOptions = (list: unknown): PickOption[] =>
  (Array.isArray(list) ? (list as unknown[]) : []).flatMap((row) => {
    const id = typeof row === 'string' ? row : isRow(row) ? textAt(row, IDS) : undefined
    if (id === undefined) return []
    return [{ value: id, label: (isRow(row) ? textAt(row, NAMES) : undefined) ?? id }]
  })

/** A list of another shape proves as well that the account works. */
const deviceCount = (list: unknown): Sentence =>
  Array.isArray(list) ? sentence`devices: ${list.length}` : sentence`the list of devices`

/** A read of the list shows that the account works. */
export const connectionTest = (listDevices: ListOfDevices) => probe({ operation: listDevices, params: {}, says: deviceCount })

export const devicePickers = (listDevices: ListOfDevices) =>
  ({ devices: { load: async (read) => deviceOptions(await read(listDevices, {})) } }) as const satisfies Record<string, Picker>

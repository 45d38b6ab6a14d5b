/** The devices of a Senquip account, from the list of either version: for pickers and the test of an account. */
import { isRecord } from '../../base/foreign'
import { sentence, type Sentence } from '../../base/sentence'
import { sequence, type GivenName, type SingleOperation } from '../../vocabulary/operation'
import { probe, type PickOption, type Picker, type WatchedPlace, type WatchPlan } from '../../vocabulary/vendor'

type Row = Readonly<Record<string, unknown>>
type ListOfDevices = SingleOperation<Record<string, never>>

/** The vendor publishes no row of its lists; these are the keys of its messages and bodies [S1, S1a]. */
const IDS = ['deviceid', 'deviceId', 'device_id', 'id'] as const
const NAMES = ['name', 'deviceName', 'device_name'] as const

/** The array of an answer that is one or holds exactly one, as a list of devices is likely to; else the answer itself. */
export function listIn(body: unknown): unknown {
  if (!isRecord(body)) return body
  const arrays = Object.values(body).filter((value) => Array.isArray(value))
  return arrays.length === 1 ? arrays[0] : body
}

const textAt = (row: Row, keys: readonly string[]): string | undefined =>
  keys.map((key) => row[key]).find((value): value is string => typeof value === 'string' && value !== '')

/** Rows without an id are left out: nothing could be asked about them. The label of a row without a name is its id. */
const deviceOptions = (list: unknown): PickOption[] =>
  (Array.isArray(list) ? (list as unknown[]) : []).flatMap((row) => {
    const id = typeof row === 'string' ? row : isRecord(row) ? textAt(row, IDS) : undefined
    if (id === undefined) return []
    return [{ value: id, label: (isRecord(row) ? textAt(row, NAMES) : undefined) ?? id }]
  })

/** The names in a list of devices. */
export const deviceNames = (list: unknown): GivenName[] =>
  deviceOptions(list).map(({ value, label }) => ({ device: value, name: label === value ? undefined : label }))

/** A list of another shape proves as well that the account works. */
const deviceCount = (list: unknown): Sentence =>
  Array.isArray(list) ? sentence`devices: ${list.length}` : sentence`the list of devices`

/** A read of the list shows that the account works. */
export const connectionTest = (listDevices: ListOfDevices) => probe({ operation: listDevices, params: {}, says: deviceCount })

export const devicePickers = (listDevices: ListOfDevices) =>
  ({ devices: { load: async (read) => deviceOptions(await read(listDevices, {})) } }) as const satisfies Record<string, Picker>

/** Devices are watched by their latest datapoint. */
export const watchedDevices = (listDevices: ListOfDevices, read: WatchPlan['read']): WatchPlan => ({
  pick: 'devices',
  list: sequence({
    verb: 'get-data',
    title: 'Devices',
    route: 'GET /',
    measurements: false,
    fields: {},
    async *run(caller) {
      const places: WatchedPlace[] = deviceOptions(await caller.call(listDevices, {})).map(({ value }) => ({ device: value, sensor: null }))
      yield { data: places }
    },
  }),
  read,
  params: (deviceId) => ({ deviceId }),
})

/** What the form offers, and what shows that an account works. */
import { deviceOptions } from '../../senquip-devices'
import { counted, probe, type Picker } from '../../vendor'
import listDevices from './operations/list-devices'

export const connection = probe({
  operation: listDevices,
  params: {},
  says: (list) => (Array.isArray(list) ? counted(list.length, 'device') : 'the list of devices'),
})

export const pickers = {
  devices: { load: async (read) => deviceOptions(await read(listDevices, {})) },
} as const satisfies Record<string, Picker>

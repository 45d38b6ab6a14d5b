/** What the form offers, and what shows that an account works. */
import { deviceOptions, saysDevices } from '../../senquip-devices'
import { probe, type Picker } from '../../vendor'
import listDevices from './operations/list-devices'

export const connection = probe({
  operation: listDevices,
  params: {},
  says: saysDevices,
})

export const pickers = {
  devices: { load: async (read) => deviceOptions(await read(listDevices, {})) },
} as const satisfies Record<string, Picker>

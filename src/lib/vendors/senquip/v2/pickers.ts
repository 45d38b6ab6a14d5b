/** What the form offers, and what shows that an account works. */
import { deviceOptions, saysDevices } from '../device-lists'
import { probe, type Picker } from '../../../vocabulary/vendor'
import listDevices from './operations/list-devices'

export const connection = probe({
  operation: listDevices,
  params: {},
  says: saysDevices,
})

export const pickers = {
  devices: { load: async (call) => deviceOptions(await call(listDevices, {})) },
} as const satisfies Record<string, Picker>

/** What the form offers, and what shows that an account works. */
import { deviceOptions } from '../../senquip-devices'
import { counted, probe, type Picker } from '../../vendor'
import deviceSummary from './operations/device-summary'

export const connection = probe({
  operation: deviceSummary,
  params: {},
  says: (list) => (Array.isArray(list) ? counted(list.length, 'device') : 'the list of devices'),
})

export const pickers = {
  devices: { load: async (read) => deviceOptions(await read(deviceSummary, {})) },
} as const satisfies Record<string, Picker>

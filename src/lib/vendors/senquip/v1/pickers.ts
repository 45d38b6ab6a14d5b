/** What the form offers, and what shows that an account works. */
import { deviceOptions, saysDevices } from '../device-lists'
import { probe, type Picker } from '../../../vocabulary/vendor'
import deviceSummary from './operations/device-summary'

export const connection = probe({
  operation: deviceSummary,
  params: {},
  says: saysDevices,
})

export const pickers = {
  devices: { load: async (call) => deviceOptions(await call(deviceSummary, {})) },
} as const satisfies Record<string, Picker>

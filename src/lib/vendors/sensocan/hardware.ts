/** What SensoCAN takes of a device, for docs/devices.md [N1, N3]. */
import type { Hardware } from '../../vocabulary/hardware'
import { DOCS } from './readings'

export const hardware: Hardware = {
  title: 'SensoCAN',
  remarks: [
    'SensoCAN names no hardware in the texts that this package is built from. A device is what you create under *Management*, *Devices*; its sensors have a name, a slug, a type such as temperature, humidity or GPS, and a unit (N3).',
    'Each sensor takes numbers with a time, and each request the battery voltage of the device in volts, 0 to 100 (N1). Nothing can be read back: the API has no such call.',
  ],
  products: [],
  messages: [],
  sources: {
    N1: { title: 'SensoCAN HTTP API', address: DOCS },
    N3: { title: 'Management of devices', address: 'https://docs.sensocan.com/user-guide/management/devices' },
  },
}

/** The commands that the form helps to write, with the ranges that the runtime checks. */
import { number, type Builder } from '../../vocabulary/operation'
import { COMMAND_KINDS } from './command-kinds'

/** Numbers of modes differ between the vendor's documents, so none is refused. */
const mode = (label: string, help: string) => number({ in: 'none', label, help, required: false, integer: true })

const ENVIRONMENT = {
  accelerometerMode: mode('Accelerometer mode', 'Give the mode as the documentation of the device numbers it'),
  weatherMode: mode('Weather mode', 'Give the mode of temperature, humidity, pressure and light'),
  hallMode: mode('Hall mode', 'Give the mode of the magnet switch'),
  leakageMode: mode('Leakage mode', 'Give the mode of the leakage sensor'),
} as const

interface Offer {
  tsmId: number
  label: string
  help: string
}

const OFFERS: readonly Offer[] = [
  { tsmId: 1500, label: 'Interval', help: 'How often the thing measures and reports.' },
  { tsmId: 1501, label: 'Wirepas role', help: 'What the thing is in the radio network.' },
  { tsmId: 12200, label: 'Environment', help: 'What of its surroundings the thing reports.' },
  { tsmId: 13200, label: 'PIR', help: 'How the thing detects movement.' },
  { tsmId: 17110, label: 'Distance profile', help: 'How the thing measures distances.' },
]

const builderOf = ({ tsmId, label, help }: Offer): Builder => ({
  id: String(tsmId),
  label: `${label} (${tsmId})`,
  help,
  constants: { tsmId },
  fields: { ...(tsmId === 12200 ? ENVIRONMENT : {}), ...COMMAND_KINDS[tsmId]?.fields },
})

export const commandBuilders = { title: 'Build a command', kinds: OFFERS.map(builderOf) }

/** The commands that Thingsee devices take, by tsmId, with the ranges of their properties [H2]. */
import { number, type Fields } from '../../vocabulary/operation'

export interface CommandKind {
  name: string
  /** tsmEv with which it is sent, where it is no configuration. */
  event?: number
  /** Properties whose range is known; all others travel as they are given. */
  fields: Fields
}

const optional = { in: 'none', required: false, integer: true } as const

const from = (min: number, max: number, label: string, help: string) => number({ ...optional, min, max, label, help })
const seconds = (label: string) => number({ ...optional, min: 1, label, help: 'Give whole seconds' })

/** The ids that the vendor's text allows [H0]; its own clients send others too [H4]. */
export const DOCUMENTED: readonly number[] = [1500, 1501, 12200, 13200]

export const COMMAND_KINDS: Readonly<Record<number, CommandKind>> = {
  1101: { name: 'info request', event: 32, fields: {} },
  1300: { name: 'gateway firmware update', event: 25, fields: {} },
  1401: { name: 'enable diagnostics', event: 27, fields: {} },
  1402: { name: 'remote command', event: 35, fields: {} },
  1404: { name: 'reset', event: 23, fields: {} },
  1500: {
    name: 'interval',
    fields: { measurementInterval: seconds('Measurement interval'), reportInterval: seconds('Report interval') },
  },
  1501: {
    name: 'Wirepas role',
    fields: {
      nodeRole: from(0, 1, 'Node role', 'Give 0 for a head node, 1 for a sub node'),
      autoRole: from(0, 1, 'Automatic role', 'Give 1 to let the device choose, else 0'),
      lowLatency: from(0, 1, 'Low latency', 'Give 1 for low latency, else 0'),
    },
  },
  1502: { name: 'access cycle', fields: { nodeAccessCycle: from(0, 3, 'Access cycle', 'Give the access cycle') } },
  1503: { name: 'battery profile', fields: { profileId: from(0, 3, 'Profile', 'Give the battery profile') } },
  1504: { name: 'storage mode', fields: { enabled: from(0, 1, 'Storage mode', 'Give 1 to store the device away, else 0') } },
  1505: { name: 'LED', fields: { profileId: from(0, 1, 'Profile', 'Give the LED profile') } },
  1600: { name: 'ping', event: 35, fields: {} },
  11211: { name: 'heartbeat summary request', event: 32, fields: {} },
  11310: { name: 'raw packet', event: 35, fields: {} },
  // What its modes mean differs between the vendor's documents, so none is refused.
  12200: { name: 'environment', fields: {} },
  13200: {
    name: 'PIR',
    fields: {
      threshold: from(60, 1100, 'Threshold', 'Give how strong a movement must be; the device begins with 150'),
      enableLed: from(0, 1, 'LED', 'Give 1 to light the LED at each movement, else 0'),
      mode: from(0, 2, 'Mode', 'Give 0 for counts, 1 for occupancy, 2 for events'),
      passiveReportInterval: from(0, 86_400, 'Passive report interval', 'Give the seconds between reports without movement'),
    },
  },
  16200: { name: 'accelerometer', fields: { accelerometerMode: from(0, 2, 'Accelerometer mode', 'Give the mode') } },
  17110: { name: 'distance profile', fields: { profileId: from(0, 3, 'Profile', 'Give the distance profile') } },
  17220: {
    name: 'distance',
    fields: {
      mode: from(0, 1, 'Mode', 'Give the mode'),
      peopleCountingOrientation: from(0, 3, 'People counting orientation', 'Give the orientation of the device'),
    },
  },
}

/** tsmEv of a request to change a configuration; 31 answers it [H2]. */
const CONFIGURATION = 30
/** By the tsmEv of a request that of its answer [H2, H3]. */
const ANSWERS: Readonly<Record<number, number>> = { 19: 20, 32: 33, 35: 36 }
const CONFIGURED = 31

/** tsmEv with which a command of this kind is sent. */
export const eventOf = (tsmId: number): number => COMMAND_KINDS[tsmId]?.event ?? CONFIGURATION

/** tsmEv of the message that answers a command. */
export const answerEventOf = (tsmEv: number): number => ANSWERS[tsmEv] ?? CONFIGURED

const TRANSACTIONS = 2_147_483_647

/** What every command has. */
export const HEADER = {
  tsmId: number({ in: 'none', label: 'tsmId', help: 'Give the kind of command, such as 1500 for intervals', integer: true, min: 1000 }),
  tsmEv: number({ in: 'none', label: 'tsmEv', default: CONFIGURATION, integer: true, min: 0 }),
  transactionId: number({ ...optional, label: 'transactionId', min: 0, max: TRANSACTIONS }),
} as const

/** Exclusive end of what can be drawn for a transactionId. */
export const TRANSACTION_END = TRANSACTIONS + 1

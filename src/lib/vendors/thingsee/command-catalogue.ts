/** The commands that Thingsee devices take: properties with their ranges, and the messages that answer them [H2]. */
import { number, type Builder, type Fields } from '../../vocabulary/operation'

/** A message by which a device answers a command. */
export interface Answer {
  /** Absent where it may be any. */
  tsmId?: number
  /** Absent where the vendor does not say. */
  tsmEv?: number
  /** Whether it has the command's transactionId. Without one, its time tells that it belongs to the command. */
  hasTransaction: boolean
}

export interface CommandKind {
  name: string
  /** tsmEv with which it is sent, where it is no configuration. */
  event?: number
  /** Properties whose range is known; all others travel as they are given. */
  fields: Fields
  /** Any of these answers it, where the general rule does not hold. */
  answers?: (command: Readonly<Record<string, unknown>>) => readonly Answer[]
}

const optional = { in: 'none', required: false, integer: true } as const

const from = (min: number, max: number, label: string, help: string) => number({ ...optional, min, max, label, help })
const seconds = (label: string) => number({ ...optional, min: 1, label: `${label} (s)`, help: 'Give whole seconds' })

/** The ids that the vendor's text allows [H0]; its own clients send others too [H4]. */
export const DOCUMENTED: readonly number[] = [1500, 1501, 12200, 13200]

/** tsmEv of requests and of the messages that answer them [H2, H3]. */
const EVENT = {
  assistance: 19,
  reset: 23,
  firmwareUpdate: 25,
  diagnostics: 27,
  requestedDiagnostics: 28,
  configuration: 30,
  information: 32,
  informationResponse: 33,
  command: 35,
} as const

export const COMMAND_KINDS: Readonly<Record<number, CommandKind>> = {
  1101: {
    name: 'info request',
    event: EVENT.information,
    fields: { requestTsmId: number({ in: 'none', label: 'requestTsmId', help: 'Give the tsmId of the message that you want', integer: true, min: 1000 }) },
    // The message that was asked for; or 1102, that the device has none, whose tsmEv is not published.
    answers: ({ requestTsmId }) => [
      { tsmId: Number(requestTsmId), tsmEv: EVENT.informationResponse, hasTransaction: false },
      { tsmId: 1102, hasTransaction: false },
    ],
  },
  1300: {
    name: 'gateway firmware update',
    event: EVENT.firmwareUpdate,
    fields: {},
    answers: () => [{ tsmId: 1301, hasTransaction: false }],
  },
  1401: { name: 'enable diagnostics', event: EVENT.diagnostics, fields: {} },
  1402: { name: 'remote command', event: EVENT.command, fields: {} },
  1404: { name: 'reset', event: EVENT.reset, fields: {} },
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
  1600: { name: 'ping', event: EVENT.command, fields: {} },
  3300: {
    name: 'edge core statistics',
    event: EVENT.diagnostics,
    fields: {},
    answers: () => [{ tsmId: 3300, tsmEv: EVENT.requestedDiagnostics, hasTransaction: true }],
  },
  11211: {
    name: 'heartbeat summary request',
    event: EVENT.information,
    fields: {},
    answers: () => [{ tsmId: 11200, tsmEv: EVENT.informationResponse, hasTransaction: false }],
  },
  11310: { name: 'raw packet', event: EVENT.command, fields: {} },
  // What its modes mean differs between the vendor's documents, so none is refused.
  12200: { name: 'environment', fields: {} },
  13200: {
    name: 'PIR',
    fields: {
      threshold: from(60, 1100, 'Threshold', 'Give how strong a movement must be; the device begins with 150'),
      enableLed: from(0, 1, 'LED', 'Give 1 to light the LED at each movement, else 0'),
      mode: from(0, 2, 'Mode', 'Give 0 for counts, 1 for occupancy, 2 for events'),
      passiveReportInterval: from(0, 86_400, 'Passive report interval (s)', 'Give the time between reports without movement'),
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

/** tsmEv with which a command of this kind is sent. */
export const eventOf = (tsmId: number): number => COMMAND_KINDS[tsmId]?.event ?? EVENT.configuration

/** The answers that the vendor describes for a command, any of which ends it; none for a reset, for instance. */
export function answersOf(command: Readonly<Record<string, unknown>> & { tsmId: number; tsmEv: number }): readonly Answer[] {
  const { tsmId, tsmEv } = command
  const special = COMMAND_KINDS[tsmId]?.answers
  if (special && tsmEv === eventOf(tsmId)) return special(command)
  switch (tsmEv) {
    case EVENT.assistance:
    case EVENT.configuration:
    case EVENT.command:
      return [{ tsmId, tsmEv: tsmEv + 1, hasTransaction: true }]
    case EVENT.information:
      // Firmware information; in which message is not published.
      return [{ tsmEv: EVENT.informationResponse, hasTransaction: true }]
    default:
      return []
  }
}

const TRANSACTIONS = 2_147_483_647

/** What every command has. */
export const HEADER = {
  tsmId: number({ in: 'none', label: 'tsmId', help: 'Give the kind of command, such as 1500 for intervals', integer: true, min: 1000 }),
  tsmEv: number({ in: 'none', label: 'tsmEv', default: EVENT.configuration, integer: true, min: 0 }),
  transactionId: number({ ...optional, label: 'transactionId', min: 0, max: TRANSACTIONS }),
} as const

/** Exclusive end of the numbers from which a transactionId is chosen. */
export const TRANSACTION_END = TRANSACTIONS + 1

/** Numbers of modes differ between the vendor's documents, so none is refused. */
const mode = (label: string, help: string) => number({ in: 'none', label, help, required: false, integer: true })

const ENVIRONMENT = {
  accelerometerMode: mode('Accelerometer mode', 'Give the number of the mode, from the documentation of the device'),
  weatherMode: mode('Weather mode', 'Give the mode of temperature, humidity, pressure and light'),
  hallMode: mode('Hall mode', 'Give the mode of the magnet switch'),
  leakageMode: mode('Leakage mode', 'Give the mode of the leakage sensor'),
} as const

const builder = (tsmId: number, label: string, help: string): Builder => ({
  id: String(tsmId),
  label: `${label} (${tsmId})`,
  help,
  constants: { tsmId },
  fields: { ...(tsmId === 12200 ? ENVIRONMENT : {}), ...COMMAND_KINDS[tsmId]?.fields },
})

/** The commands that the form helps to write. */
export const commandBuilders = {
  title: 'Build a command',
  kinds: [
    builder(1500, 'Interval', 'How often the thing measures and reports.'),
    builder(1501, 'Wirepas role', 'The role of the thing in the radio network.'),
    builder(12200, 'Environment', 'Which environment values the thing reports.'),
    builder(13200, 'PIR', 'How the thing detects movement.'),
    builder(17110, 'Distance profile', 'How the thing measures distances.'),
  ],
}

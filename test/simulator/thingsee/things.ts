import type { StampedMessage, ThingModel } from './catalogue'

export const INSTALLATION_STATUSES = ['new', 'installed', 'uninstalled', 'quarantine', 'retired'] as const

export type InstallationStatus = typeof INSTALLATION_STATUSES[number]

export interface ThingAlert {
  /** seen: "gateway connection lost", "heartbeat missed" [H0] */
  type: string
  /** epoch ms; null = since ever, written as 1970-01-01T00:00:00 [H0] */
  from: number | null
  /** epoch ms; null = still active */
  to: number | null
}

export interface ThingCommand {
  tuid: string
  /** Unix seconds */
  timestamp: number
  responsible: string
  command: Record<string, unknown>
}

export interface ThingInstallation {
  tuid: string
  installation_status: InstallationStatus
  /** Unix seconds */
  timestamp: number
  responsible: string
}

export interface Thing {
  tuid: string
  model: ThingModel
  /** all nullable in Haltian's own client [H4] */
  batteryLevel: number | null
  location: { lat: number; lon: number } | null
  gatewayTuid: string | null
  version: string | null
  groupId: string
  /** false = only `messages` */
  generated: boolean
  /** arranged by a test and answers to commands */
  messages: StampedMessage[]
  /** false = never answers a command */
  answers: boolean
  commands: ThingCommand[]
  /** newest first */
  installations: ThingInstallation[]
  alerts: ThingAlert[]
}

/** `tuid` = 6 characters of the model and 11 of the serial [H2]. */
export function thingOf(tuid: string, model: ThingModel, groupId: string, gatewayTuid: string | null): Thing {
  return {
    tuid, model, groupId, gatewayTuid,
    batteryLevel: model === 'gateway' ? null : 86,
    location: model === 'angle' ? null : { lat: 65.01, lon: 25.52 },
    version: model === 'beam' ? null : '2019.11.15.2_ts_pod3wp34',
    generated: true, messages: [], answers: true, commands: [], installations: [], alerts: [],
  }
}

export const GATEWAYS = ['TSGW05SIM00000009', 'TSGW05SIM00000010'] as const

const OFFICE = 'prfi00simoffice'
const PLANT = 'prfi00simplant'

const seeds: [string, ThingModel, string][] = [
  ['TSPD04SIM00000001', 'environment', OFFICE],
  ['TSPR04SIM00000002', 'presence', OFFICE],
  ['TSAP01SIM00000003', 'count', OFFICE],
  ['TSTF02SIM00000004', 'distance', PLANT],
  ['TSAR02SIM00000005', 'air', OFFICE],
  ['TSAN01SIM00000006', 'angle', PLANT],
  ['TSLK01SIM00000007', 'leakage', PLANT],
  ['TSRU02SIM00000008', 'rugged', PLANT],
  ['TSTF04SIM00000011', 'beam', PLANT],
  ['TSPR02SIM00000012', 'occupancy', OFFICE],
]

export function seededGroups(): Map<string, string | null> {
  // The description may be absent [H4].
  return new Map([[OFFICE, 'Office, second floor'], [PLANT, 'Plant room'], ['dmfi00simempty', null]])
}

export function seededThings(startedAt: number): Thing[] {
  const things = seeds.map(([tuid, model, group]) => thingOf(tuid, model, group, group === OFFICE ? GATEWAYS[0] : GATEWAYS[1]))
  things.push(thingOf(GATEWAYS[0], 'gateway', OFFICE, null), thingOf(GATEWAYS[1], 'gateway', PLANT, null))
  for (const thing of things) {
    const timestamp = Math.floor(startedAt / 1000) - 80 * 86_400
    thing.installations.push({ tuid: thing.tuid, installation_status: 'installed', timestamp, responsible: 'simulator' })
  }
  const hour = 3_600_000
  alertsOf(things, 'TSLK01SIM00000007').push(
    { type: 'heartbeat missed', from: null, to: startedAt - 200 * hour },
    { type: 'heartbeat missed', from: startedAt - 3 * hour, to: null },
  )
  alertsOf(things, GATEWAYS[1]).push(
    { type: 'gateway connection lost', from: startedAt - 30 * hour, to: startedAt - 29 * hour },
    { type: 'gateway connection lost', from: startedAt - hour, to: null },
  )
  // tsmTs can be absent with tsmEv 18, network disconnected [H4].
  const leakage = things.find(({ tuid }) => tuid === 'TSLK01SIM00000007')
  leakage?.messages.push({ at: startedAt - 3 * hour, message: { tsmId: 1000, tsmEv: 18, tsmTuid: 'TSLK01SIM00000007', tsmGw: GATEWAYS[1] } })
  return things
}

function alertsOf(things: Thing[], tuid: string): ThingAlert[] {
  return things.find((thing) => thing.tuid === tuid)?.alerts ?? []
}

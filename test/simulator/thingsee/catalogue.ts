import { counter, hash, moments, momentBefore, rhythmOf, round, signal } from '../signal'

/** Message kinds and property names: catalogue 4.4 [H2, H3, H4, H6, H7]. */
export type ThingModel = 'environment' | 'presence' | 'occupancy' | 'count' | 'distance' | 'beam' | 'air' | 'angle' | 'leakage' | 'rugged' | 'gateway'

export type ThingseeMessage = Record<string, unknown>

interface Emitter {
  tsmId: number
  /** 10 timed, 9 threshold, 7 state change, 17 network up [H2] */
  tsmEv: number
  /** sent at every so many-th measurement */
  every: number
  properties: (tuid: string, at: number) => ThingseeMessage
}

const emitter = (tsmId: number, tsmEv: number, every: number, properties: Emitter['properties']): Emitter => ({ tsmId, tsmEv, every, properties })

const battery = emitter(1110, 10, 12, (tuid, at) => ({ batl: signal(tuid, 'batteryPercent', at), chrg: 0 }))
const orientation = emitter(1111, 10, 24, (tuid, at) => ({ accx: 307 + hash(`${tuid}${at}`) % 5, accy: 37, accz: 950 })) // milli-g [H9]
const firmware = emitter(1100, 11, 96, () => ({ swVersion: '2019.11.15.2_ts_pod3wp34' }))
const pascal = (tuid: string, at: number): number => round(signal(tuid, 'pressureHectopascal', at) * 100, 1)

const environment = emitter(12100, 10, 1, (tuid, at) => ({
  temp: signal(tuid, 'temperature', at),
  humd: signal(tuid, 'humidity', at),
  airp: pascal(tuid, at),
  lght: signal(tuid, 'light', at),
}))

/** A threshold message carries only what changed [H7]. */
const threshold = emitter(12100, 9, 7, (tuid, at) => ({ temp: round(signal(tuid, 'temperature', at) + 0.8, 2) }))

const slots = (tuid: string, at: number): string => (hash(`${tuid}/${at}`) % 20 === 0 ? '1101' : '1111')

const emitters: Record<ThingModel, Emitter[]> = {
  environment: [
    environment, threshold, battery, orientation, firmware,
    emitter(12101, 7, 5, (tuid, at) => ({ hall: hash(`${tuid}/hall/${at}`) % 2, hallCount: counter(tuid, 'hall', at, 6) })),
  ],
  presence: [
    emitter(13100, 10, 1, (tuid, at) => ({ moveCount: hash(`${tuid}/${at}`) % 24 })),
    emitter(13102, 10, 4, (tuid, at) => ({ count: hash(`${tuid}/stay/${at}`) % 9, duration: 3600 })),
    battery,
  ],
  occupancy: [emitter(2100, 7, 1, (tuid, at) => ({ state: signal(tuid, 'people', at) > 5 ? 1 : 0 })), battery],
  count: [
    emitter(13103, 10, 1, (tuid, at) => {
      const totalIn = counter(tuid, 'in', at, 18)
      const inside = signal(tuid, 'people', at)
      return { in: hash(`${tuid}/in/${at}`) % 6, out: hash(`${tuid}/out/${at}`) % 6, totalIn, totalOut: Math.max(0, totalIn - inside), amountIn: inside }
    }),
    battery,
  ],
  distance: [
    emitter(17200, 10, 1, (tuid, at) => ({ dist: signal(tuid, 'distance', at), status: 0, ambientRate: 9, numberOfSPADs: 64, signalPerSPAD: 12 })),
    battery,
  ],
  beam: [emitter(17100, 10, 1, (tuid, at) => ({ dist: signal(tuid, 'distance', at) })), battery],
  air: [
    emitter(24100, 10, 1, (tuid, at) => ({ carbonDioxide: signal(tuid, 'carbonDioxide', at), status: 0 })),
    emitter(24101, 10, 1, (tuid, at) => ({ tvoc: signal(tuid, 'tvoc', at) })),
    environment, battery,
  ],
  angle: [emitter(18100, 10, 1, (tuid, at) => ({ angle: signal(tuid, 'angle', at) })), battery],
  leakage: [emitter(12102, 10, 1, (tuid, at) => ({ resistance: signal(tuid, 'resistance', at) })), environment, battery],
  rugged: [
    emitter(16100, 10, 1, (tuid, at) => ({ activityLevel: signal(tuid, 'activity', at), energyLevel: hash(`${tuid}/${at}`) % 400, histogram0: hash(`${at}/${tuid}`) % 50, histogram1: 3, histogram2: 0 })),
    emitter(1113, 10, 2, (tuid, at) => ({ temp: signal(tuid, 'temperature', at) })),
    battery, orientation,
  ],
  gateway: [
    emitter(11200, 10, 1, (tuid, at) => ({ slotInterval: 300, slotBitCount: 4, heartbeats: [{ tuid: 'TSPD04SIM00000001', slotBits: slots(tuid, at) }] })),
    emitter(1210, 10, 4, () => ({ lat: 65.01, lon: 25.52, lacr: 1200 })),
    emitter(1211, 10, 8, (tuid, at) => ({ cellRsrp: signal(tuid, 'signalDecibel', at) - 30, cellRsrq: -11, cellId: 4711, cellRat: 'LTE' })),
    emitter(1112, 10, 4, (tuid, at) => ({ uptime: counter(tuid, 'uptime', at, 3600) })),
    emitter(1000, 17, 96, () => ({})),
  ],
}

/** Only the RUGGED thing stamps fractions of a second: tsmTs "may have decimals" [H2, H3]. */
function stamp(model: ThingModel, at: number): number {
  return model === 'rugged' ? at / 1000 + 0.25 : at / 1000
}

export interface StampedMessage {
  /** epoch ms that from, to and the order go by, also for a message without tsmTs */
  at: number
  message: ThingseeMessage
}

export interface MessageSource {
  tuid: string
  model: ThingModel
  gatewayTuid: string | null
  failures: boolean
}

/** Of failed measurements: what they carry is no measurement [H2]. */
const FAILED: Record<number, ThingseeMessage> = {
  17200: { dist: 65_535, status: 4 },
  24100: { carbonDioxide: 0, status: -1 },
}

/** What a thing of this model would measure now; null where it has no such message. */
export function propertiesOf(model: ThingModel, tsmId: number, tuid: string, at: number): ThingseeMessage | null {
  return emitters[model].find((known) => known.tsmId === tsmId)?.properties(tuid, at) ?? null
}

function stampedMessage(source: MessageSource, { tsmId, tsmEv, properties }: Emitter, moment: number): StampedMessage {
  const tsmTs = stamp(source.model, moment)
  const gateway = source.gatewayTuid === null ? {} : { tsmGw: source.gatewayTuid }
  const failed = source.failures && hash(`${source.tuid}/failed/${moment}`) % 20 === 0 ? FAILED[tsmId] : {}
  return { at: tsmTs * 1000, message: { tsmId, tsmEv, tsmTs, tsmTuid: source.tuid, ...gateway, ...properties(source.tuid, moment), ...failed } }
}

/** The newest `limit` generated messages in [from, to] that pass the filter, newest first. */
export function generatedMessages(
  source: MessageSource, range: { from: number; to: number; limit: number }, interval: number, passes: (message: ThingseeMessage) => boolean,
): StampedMessage[] {
  const rhythm = rhythmOf(source.tuid, interval)
  const found: StampedMessage[] = []
  const wanted = emitters[source.model].filter(({ tsmId, tsmEv }) => passes({ tsmId, tsmEv }))
  if (wanted.length === 0) return found
  for (let moment = momentBefore(rhythm, range.to); moment >= range.from - 1000 && found.length < range.limit; moment -= interval) {
    const step = Math.round((moment - rhythm.phase) / interval)
    const due = wanted.filter(({ every }) => step % every === 0).map((emitter) => stampedMessage(source, emitter, moment))
    found.push(...due.filter(({ at }) => at >= range.from && at <= range.to))
  }
  return found
}

/** Epoch ms of the thing's last generated message; null before the first. */
export function lastGeneratedAt(tuid: string, interval: number, now: number): number | null {
  return moments(rhythmOf(tuid, interval), now - interval + 1, now).at(-1) ?? null
}

import { hash, moments, momentBefore, rhythmOf, round, signal, counter } from '../signal'

/** What is wired to a device; decides which keys its messages carry [S1a key list]. */
export type SenquipModel = 'quad' | 'orb' | 'pump'

export type SenquipPlan = 'hosted' | 'trial' | 'none'

export type SenquipMessage = Record<string, unknown>

export interface SenquipDevice {
  deviceId: string
  name: string
  model: SenquipModel
  plan: SenquipPlan
  groupId: string
  groupName: string
  /** false = only `messages` */
  generated: boolean
  /** arranged by a test, merged with the generated ones by `ts` */
  messages: SenquipMessage[]
  /** every accepted config, merged; the parts in their order are in `queued` */
  config: Record<string, unknown>
  queued: Record<string, unknown>[]
  files: Map<string, Buffer>
}

export function senquipDevice(deviceId: string, name: string, model: SenquipModel, plan: SenquipPlan): SenquipDevice {
  return {
    deviceId, name, model, plan, groupId: '1001', groupName: 'Workshop', generated: true, messages: [],
    config: {}, queued: [], files: new Map(),
  }
}

const two = (number: number): string => String(number).padStart(2, '0')

/**
 * 15 devices of which 9 are Hosted: the vendor's own limit example [S1].
 * JDA54E19F is the documentation's example id; the rest are invented.
 */
export function seededDevices(): SenquipDevice[] {
  const models: SenquipModel[] = ['quad', 'orb', 'pump']
  const hosted = Array.from({ length: 8 }, (_, index) => (
    senquipDevice(`SIMHOST${two(index + 2)}`, `Machine ${index + 2}`, models[(index + 1) % 3] ?? 'quad', 'hosted')))
  const plain = Array.from({ length: 5 }, (_, index) => (
    senquipDevice(`SIMPLAIN${index + 1}`, `Spare ${index + 1}`, models[index % 3] ?? 'quad', 'none')))
  return [
    senquipDevice('JDA54E19F', 'Cold room', 'quad', 'hosted'),
    ...hosted,
    senquipDevice('SIMTRIAL1', 'On trial', 'orb', 'trial'),
    ...plain,
  ]
}

function common(device: string, at: number): SenquipMessage {
  return {
    deviceid: device,
    ts: round(at / 1000, 1),
    time: Math.round(at / 1000),
    vsys: signal(device, 'systemVolt', at),
    vin: signal(device, 'supplyVolt', at),
    vbat: 0,
    vreg: 8.98,
    ambient: signal(device, 'temperature', at),
    light: hash(`${device}/light/${at}`) % 97 === 0 ? 1 : 0,
    pitch: signal(device, 'tilt', at),
    roll: signal(`${device}b`, 'tilt', at),
    angle: round(Math.abs(signal(`${device}c`, 'tilt', at)), 1),
    motion: signal(device, 'vibration', at),
    pressure: round(signal(device, 'pressureHectopascal', at) / 10, 2),
    wifi_ip: '192.0.2.17',
    wifi_rssi: signal(device, 'signalDecibel', at),
    state: 0,
    movement_hrs: round(counter(device, 'movement', at, 3) / 10, 1),
  }
}

/** A 29-bit CAN identifier in decimal and eight data bytes in hexadecimal [S1a]. */
function frames(device: string, at: number): { id: number; data: string }[] {
  const bytes = (seed: string): string => hash(seed).toString(16).toUpperCase().padStart(8, '0')
  return [419371762, 419358976].map((id) => ({ id, data: bytes(`${device}/${id}/${at}`) + bytes(`${id}/${at}/${device}`) }))
}

const special: Record<SenquipModel, (device: string, at: number) => SenquipMessage> = {
  quad: (device, at) => ({
    accel_x: round(signal(device, 'tilt', at) / 50, 2),
    accel_y: round(signal(`${device}b`, 'tilt', at) / 50, 2),
    accel_z: -1.01,
    analog1: signal(device, 'analogVolt', at),
    current1: signal(device, 'loopCurrent', at),
    can1: frames(device, at),
    cp21: signal(device, 'humidity', at),
  }),
  orb: (device, at) => ({
    gps_lat: round(-32.92 + signal(device, 'tilt', at) / 100, 6),
    gps_lon: round(151.78 + signal(`${device}b`, 'tilt', at) / 100, 6),
    gps_speed: signal(device, 'speed', at),
    tc1: signal(device, 'thermocouple', at),
    cp1: hash(`${device}/${at}`) % 5 === 0 ? 'idle' : 'working',
  }),
  pump: (device, at) => ({
    digital1: hash(`${device}/digital/${at}`) % 2,
    freq1: round(signal(device, 'speed', at) + 20, 1),
    duty1: signal(device, 'activity', at),
    pulse1: counter(device, 'pulse', at, 360),
    pulse_delta1: hash(`${device}/delta/${at}`) % 120,
    mod1: signal(device, 'thermocouple', at),
    mod2: signal(device, 'loopCurrent', at),
    capture1: `$PUMP,${two(hash(`${device}/${at}`) % 100)},OK`,
  }),
}

/** About one message in nine carries an event; `msg` may be null [S1c]. */
function events(device: string, at: number): SenquipMessage {
  const dice = hash(`${device}/event/${at}`) % 9
  if (dice > 1) return {}
  return { events: [dice === 0 ? { topic: 'pitch', msg: 'Low', lv: 30 } : { topic: 'mjs', msg: null, lv: 20 }] }
}

function generatedMessage(device: SenquipDevice, at: number): SenquipMessage {
  return { ...common(device.deviceId, at), ...special[device.model](device.deviceId, at), ...events(device.deviceId, at) }
}

export interface SenquipRange {
  /** how many of the newest; null = all in the range */
  datapoints: number | null
  /** epoch ms; null = open */
  from: number | null
  to: number | null
}

/** U: the most messages in one answer. */
const MOST = 10_000

/** U: how far back the cloud keeps data. 90 days before the simulator's start. */
export const HISTORY = 90 * 86_400_000

function secondsOf(message: SenquipMessage): number {
  return typeof message['ts'] === 'number' ? message['ts'] : 0
}

/** The newest `datapoints` messages in the range, oldest first. */
export function messagesOf(device: SenquipDevice, range: SenquipRange, now: number, startedAt: number, interval: number): SenquipMessage[] {
  const from = Math.max(range.from ?? 0, startedAt - HISTORY)
  const to = Math.min(range.to ?? now, now)
  const arranged = device.messages.filter((message) => secondsOf(message) * 1000 >= (range.from ?? 0) && secondsOf(message) * 1000 <= to)
  const generated = device.generated ? generatedIn(device, from, to, range.datapoints, interval) : []
  const all = [...generated, ...arranged].sort((left, right) => secondsOf(left) - secondsOf(right))
  return range.datapoints === null ? all : all.slice(Math.max(0, all.length - range.datapoints))
}

function generatedIn(device: SenquipDevice, from: number, to: number, newest: number | null, interval: number): SenquipMessage[] {
  const rhythm = rhythmOf(device.deviceId, interval)
  // Only the messages that are asked for are made: a chart's poll must not build 90 days.
  const start = Math.max(from, momentBefore(rhythm, to) - ((newest ?? MOST) - 1) * interval)
  return moments(rhythm, start, to).map((at) => generatedMessage(device, at))
}

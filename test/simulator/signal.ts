/**
 * Lifelike values as a pure function of device, quantity and time: a daily wave, two slow drifts and a little noise.
 * The same arguments always give the same value, so a test is repeatable and pages never disagree.
 */
export interface Curve {
  mean: number
  /** half of the daily swing */
  swing: number
  /** size of the drift that is not daily */
  noise: number
  decimals: number
  /** UTC hour of the daily maximum */
  peakHour: number
  low: number
  high: number
}

const HOUR = 3_600_000
const MINUTE = 60_000

const curve = (mean: number, swing: number, noise: number, decimals: number, peakHour: number, low = -Infinity, high = Infinity): Curve => (
  { mean, swing, noise, decimals, peakHour, low, high })

export const curves = {
  temperature: curve(20.5, 2.5, 0.6, 2, 14),
  humidity: curve(46, 8, 2, 1, 5, 0, 100),
  pressureHectopascal: curve(1012, 1.5, 2.5, 1, 10),
  light: curve(180, 200, 40, 0, 12, 0),
  carbonDioxide: curve(640, 220, 60, 0, 13, 400),
  tvoc: curve(120, 60, 25, 0, 13, 0),
  distance: curve(1450, 350, 60, 0, 9, 60, 4000),
  angle: curve(90, 12, 3, 1, 12, 0, 360),
  batteryPercent: curve(86, 0.4, 0.6, 0, 12, 0, 100),
  batteryVolt: curve(2.98, 0.01, 0.02, 2, 14, 0),
  supplyVolt: curve(12.6, 0.5, 0.15, 2, 12, 0),
  systemVolt: curve(4.08, 0.03, 0.02, 2, 12, 0),
  signalPercent: curve(78, 4, 6, 0, 3, 0, 100),
  signalDecibel: curve(-61, 4, 5, 0, 3, -120, 0),
  tilt: curve(0, 0.6, 0.5, 1, 12),
  vibration: curve(22, 14, 8, 0, 11, 0),
  activity: curve(12, 10, 6, 0, 11, 0, 100),
  loopCurrent: curve(11.8, 3.2, 0.5, 3, 15, 4, 20),
  analogVolt: curve(3.1, 0.9, 0.2, 3, 13, 0),
  thermocouple: curve(74, 9, 2, 1, 15),
  speed: curve(28, 34, 9, 1, 12, 0, 110),
  resistance: curve(900_000, 20_000, 15_000, 0, 6, 0),
  people: curve(6, 8, 2, 0, 12, 0, 40),
} satisfies Record<string, Curve>

export type Quantity = keyof typeof curves

/** Curves of single devices by `device/quantity`, in place of the common ones. The demo sets some; tests have none. */
export const ownCurves = new Map<string, Curve>()

/** FNV-1a, with a final mix so that neighbouring inputs differ in all bits. */
export function hash(text: string): number {
  let value = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193)
  }
  value = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d)
  value = Math.imul(value ^ (value >>> 12), 0x297a2d39)
  return (value ^ (value >>> 15)) >>> 0
}

/** Even in [-1, 1). */
function noise(seed: string): number {
  return hash(seed) / 0x80000000 - 1
}

/** Noise that moves smoothly between knots of the given width. */
function drift(seed: string, at: number, width: number): number {
  const knot = Math.floor(at / width)
  const part = at / width - knot
  const smooth = part * part * (3 - 2 * part)
  return noise(`${seed}:${knot}`) * (1 - smooth) + noise(`${seed}:${knot + 1}`) * smooth
}

export function round(value: number, decimals: number): number {
  return Number(value.toFixed(decimals))
}

/** @param at epoch ms */
export function signal(device: string, quantity: Quantity, at: number): number {
  const seed = `${device}/${quantity}`
  const shape = ownCurves.get(seed) ?? curves[quantity]
  const daily = Math.cos(((at / HOUR - shape.peakHour) % 24) / 24 * 2 * Math.PI)
  const value = shape.mean + 0.4 * shape.swing * noise(seed) + shape.swing * daily
    + shape.noise * (drift(`${seed}/slow`, at, 40 * MINUTE) + 0.5 * drift(`${seed}/fast`, at, 2 * MINUTE))
    + 0.1 * shape.noise * noise(`${seed}/${at}`)
  return round(Math.min(shape.high, Math.max(shape.low, value)), shape.decimals) + 0
}

/** A counter that only grows: about `perHour` each hour, unevenly. */
export function counter(device: string, quantity: string, at: number, perHour: number): number {
  const hours = at / HOUR - 490_000
  return Math.max(0, Math.floor(perHour * (hours + 0.4 * Math.sin(hours / 4 * Math.PI) + noise(`${device}/${quantity}`))))
}

/** When a device measures: every `interval` ms, shifted by `phase` ms, so that devices do not speak in chorus. */
export interface Rhythm {
  interval: number
  phase: number
}

export function rhythmOf(device: string, interval: number): Rhythm {
  const seconds = Math.max(1, Math.floor(interval / 1000))
  return { interval, phase: hash(device) % seconds * 1000 }
}

/** The last moment of the rhythm at or before `at`. */
export function momentBefore(rhythm: Rhythm, at: number): number {
  return Math.floor((at - rhythm.phase) / rhythm.interval) * rhythm.interval + rhythm.phase
}

/** The moments in [from, to], oldest first. */
export function moments(rhythm: Rhythm, from: number, to: number): number[] {
  const found: number[] = []
  const first = momentBefore(rhythm, from - 1) + rhythm.interval
  for (let at = first; at <= to; at += rhythm.interval) found.push(at)
  return found
}

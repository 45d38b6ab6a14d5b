/** Which readings are sent, and how their values are written. */
import type { Reading } from '../vocabulary/reading'

export interface Adjustments {
  /** Quantities, or the vendor's own names; undefined for all. */
  quantities?: readonly string[] | undefined
  /** Of numbers; undefined for values as they are. */
  decimals?: number | undefined
  temperature: '°C' | '°F'
}

/** Extremes that stand beside a value, in its unit. */
const EXTREMES = ['min', 'max'] as const

/** A function that leaves out readings, and changes the others, without changing the readings that it is given. */
export function adjuster({ decimals, quantities, temperature }: Adjustments): (readings: readonly Reading[]) => Reading[] {
  const wanted = quantities && new Set(quantities.map((name) => name.toLowerCase()))
  const isWanted = ({ channel, quantity }: Reading): boolean => !wanted || wanted.has(quantity.toLowerCase()) || wanted.has(channel.toLowerCase())
  const rounded = decimals === undefined ? (value: number): number => value : (value: number): number => round(value, decimals)
  const adjusted = (reading: Reading): Reading => {
    const toFahrenheit = temperature === '°F' && reading.unit === '°C'
    const change = (value: number): number => rounded(toFahrenheit ? fahrenheit(value) : value)
    return { ...withNumbers(reading, change), ...(toFahrenheit ? { unit: '°F' } : {}) }
  }
  return (readings) => readings.filter(isWanted).map(adjusted)
}

function withNumbers(reading: Reading, change: (value: number) => number): Reading {
  const { extra, value } = reading
  const extremes = EXTREMES.flatMap((name) => (typeof extra?.[name] === 'number' ? [[name, change(extra[name])] as const] : []))
  return {
    ...reading,
    value: typeof value === 'number' ? change(value) : value,
    ...(extremes.length > 0 ? { extra: { ...extra, ...Object.fromEntries(extremes) } } : {}),
  }
}

/** Without binary noise: 17.16 °C is 62.888 °F. Twelve digits are more than any sensor has. */
const fahrenheit = (celsius: number): number => Number((celsius * 1.8 + 32).toPrecision(12))

/** Largest integer that is written without an exponent. */
const LARGEST = 1e21

/** Rounds half away from zero as people do: 1.005 is 1.01, although its binary form is a little less. */
export function round(value: number, decimals: number): number {
  const digits = String(Math.abs(value))
  const shifted = Math.round(Number(`${digits}e${decimals}`))
  if (digits.includes('e') || shifted >= LARGEST) return Number(value.toFixed(decimals))
  const size = Number(`${shifted}e-${decimals}`)
  return value < 0 && size > 0 ? -size : size
}

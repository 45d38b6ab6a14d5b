/** One object: `{ <label or device>: { <quantity>: value } }`. */
import type { Reading } from '../vocabulary/reading'
import { seriesNamer, type Content, type Shape } from './shape'

type Values = Readonly<Record<string, Reading['value']>>

/** @param seriesBy properties of `extra` that tell readings of one channel apart */
export const objectShape = (seriesBy: readonly string[]): Shape => ({
  whole: (readings) => Object.fromEntries(placesOf(readings, seriesBy)),
  each: (readings) => placesOf(readings, seriesBy).map((place): Content => ({ payload: Object.fromEntries([place]) })),
})

interface Channel {
  reading: Reading
  /** The vendor's name, with what tells it apart from others of that name. */
  name: string
}

/** Each place with its values, in the order of the answer. */
function placesOf(readings: readonly Reading[], seriesBy: readonly string[]): [place: string, values: Values][] {
  const places = new Map<string, [Channel, ...Channel[]]>()
  for (const channel of newestChannels(readings, seriesBy)) {
    const { device, sensor } = channel.reading
    const id = JSON.stringify([device, sensor])
    const place = places.get(id)
    if (place) place.push(channel)
    else places.set(id, [channel])
  }
  const names = new Names()
  return [...places.values()].map((channels) => [names.take(...placeNames(channels[0].reading)), valuesOf(channels)])
}

/** The plain name first. Another place of that name also has its ids in its name. */
function placeNames({ device, label, sensor }: Reading): string[] {
  const ids = sensor === null ? device : `${device}, ${sensor}`
  return label === null ? [device, ids] : [label, `${label}, ${ids}`]
}

/** The first channel of a quantity has the name of the quantity, another one its own. */
function valuesOf(channels: readonly Channel[]): Values {
  const names = new Names()
  return Object.fromEntries(channels.map(({ name, reading: { quantity, value } }) => [names.take(quantity, name, `${quantity} ${name}`), value]))
}

/** The newest reading of each channel. Of two with one time, the later one of the answer. */
function newestChannels(readings: readonly Reading[], seriesBy: readonly string[]): Channel[] {
  const series = seriesNamer(seriesBy)(readings)
  const newest = new Map<string, Channel>()
  for (const [index, reading] of readings.entries()) {
    const { channel, device, sensor, timestamp } = reading
    const name = [channel, series[index] ?? ''].join(' ').trim()
    const id = JSON.stringify([device, sensor, name])
    const before = newest.get(id)
    if (!before || timestamp >= before.reading.timestamp) newest.set(id, { reading, name })
  }
  return [...newest.values()]
}

/** Names of which each is given once. */
class Names {
  readonly #taken = new Set<string>()

  /** The first of the candidates that is free, else the last one with a number. */
  take(...candidates: readonly string[]): string {
    const free = candidates.find((name) => !this.#taken.has(name)) ?? this.#numbered(candidates.at(-1) ?? '')
    this.#taken.add(free)
    return free
  }

  #numbered(name: string): string {
    let number = 2
    while (this.#taken.has(`${name} ${number}`)) number += 1
    return `${name} ${number}`
  }
}

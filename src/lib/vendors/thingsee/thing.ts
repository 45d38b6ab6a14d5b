/** The state of a thing as readings. */
import { momentOf } from '../../base/time'
import { readingsOf, type Measure, type Reading } from '../../vocabulary/reading'
import type { ThingState } from './wire'

const MEASURES: Readonly<Record<string, Measure>> = {
  battery_level: { quantity: 'battery', unit: '%' },
  lat: { quantity: 'latitude' },
  lon: { quantity: 'longitude' },
}

/**
 * One reading for each property that has a value; gateway and version are texts of their own names.
 * @param receivedAt epoch ms, the time of a thing that has not been heard of
 */
export function readingsOfThing({ timestamp, ...properties }: ThingState, tuid: string, receivedAt: number): Reading[] {
  const origin = { vendor: 'thingsee', device: tuid, timestamp: momentOf(timestamp) ?? receivedAt }
  return readingsOf(origin, Object.entries(properties), (name) => (Object.hasOwn(MEASURES, name) ? MEASURES[name] : undefined))
}

/** The products of Sensorist and the kinds of their data sources, for docs/devices.md [R2]. */
import type { DeviceMessage, Hardware } from '../../vocabulary/hardware'
import { SOURCES } from './index'
import { readingsOfRow } from './readings'

/** Kinds of data sources with the unit in which they were seen live [R2]. */
const KINDS: readonly (readonly [kind: string, unit: string, what: string])[] = [
  ['temp', '°C', 'temperature'],
  ['humi', '%', 'humidity'],
  ['batt', 'v', 'battery'],
  ['wireless', '%', 'radio signal'],
]

const messageOf = ([kind, unit, name]: (typeof KINDS)[number]): DeviceMessage => {
  const ids = { id: '', gateway: '', sensor: '', title: undefined, gatewayTitle: undefined, sensorTitle: undefined }
  return { name, source: 'R2', secondHand: true, readings: readingsOfRow({ ...ids, kind, unit }, { value: 1 }, 0) }
}

export const hardware: Hardware = {
  title: 'Sensorist',
  remarks: [
    'A gateway has sensors, and a sensor has a data source for each quantity. Sensorist publishes no list of kinds: these were seen in answers of the live cloud. Any other kind keeps its own name and its own unit.',
  ],
  products: [
    { name: 'Gateway B16', source: 'R2', secondHand: true },
    { name: 'Sensor S2.0', source: 'R2', secondHand: true },
  ],
  messages: KINDS.map(messageOf),
  sources: SOURCES,
}

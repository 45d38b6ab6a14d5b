/** The products of Senquip and the keys of their messages, for docs/devices.md [S1a, S1c, S1e]. */
import type { DeviceMessage, Hardware } from '../../vocabulary/hardware'
import { readingsOfDatapoints, SERIES_BY } from './readings'
import { S1a, S1c } from './sources'

const SOURCES = {
  S1a,
  S1c,
  S1e: { title: 'User guide of the QUAD; those of the QUAD-C2 and the ORB are on the same site', address: 'https://docs.senquip.com/quadug/chapters/scripting.html' },
} as const

/** Keys by what they tell, with a value each. Those with a number may come with other numbers, such as `analog1` to `analog5`. */
const SAMPLES: readonly (readonly [name: string, source: string, sample: Readonly<Record<string, unknown>>])[] = [
  ['power', 'S1a', { vsys: 4.09, vin: 12.11, vbat: 0 }],
  ['the device itself', 'S1a', { ambient: 25.83, pressure: 101.26, light: 1 }],
  ['movement', 'S1a', { pitch: -0.9, roll: -1.5, angle: 1.7, motion: 24 }],
  ['acceleration', 'S1a, S1c', { accel_x: 0.02, accel_y: -0.03, accel_z: -1.01 }],
  ['position', 'S1a', { gps_lat: 1, gps_lon: 1, gps_speed: 1 }],
  ['inputs', 'S1a', { analog1: 0, digital1: 0, current1: 0.16, tc1: 1, freq1: 1, duty1: 1, pulse1: 1, pulse_delta1: 1 }],
  ['Modbus', 'S1a', { mod1: 1 }],
  ['serial port', 'S1a', { capture1: 'text' }],
  ['CAN bus', 'S1a', { can1: [{ id: 419371762, data: '42C8590803FFD908' }] }],
  ['scripts', 'S1a', { cp1: 82.8 }],
  ['events', 'S1a', { events: [{ topic: 'pitch', msg: 'Low', lv: 30 }] }],
]

/** Seen in messages that a third party has published. */
const SEEN: typeof SAMPLES = [['state and network', 'S1c', { state: 0, movement_hrs: 0, wifi_ip: '192.0.2.1', wifi_rssi: -32 }]]

const messageOf = ([name, source, sample]: (typeof SAMPLES)[number]): DeviceMessage => ({
  name,
  source,
  readings: readingsOfDatapoints('senquip', [{ ts: 0, ...sample }], '', { receivedAt: 0 }),
})

export const hardware: Hardware = {
  title: 'Senquip',
  remarks: [
    'Both versions of the API give the same messages. Not every model has every key (S1a).',
    `A key with a number may come with others: \`analog1\` to \`analog5\`, \`mod1\` to \`mod10\`. The user of the device sets the unit of inputs, of Modbus and of scripts. Frames and events are told apart by their ${SERIES_BY.join(' or ')}.`,
    'The unit of `pressure` is [chosen in the account or taken from the value](accounts.md).',
  ],
  products: [
    { name: 'QUAD', source: 'S1e' },
    { name: 'QUAD-C2', source: 'S1e' },
    { name: 'ORB', source: 'S1e' },
  ],
  messages: [...SAMPLES.map(messageOf), ...SEEN.map((sample) => ({ ...messageOf(sample), secondHand: true }))],
  sources: SOURCES,
}

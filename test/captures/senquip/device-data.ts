import type { Capture } from '../capture'

const body = [
  {
    deviceid: 'BD6AEDJQ2', ts: 1608416763.9, time: 1608416764,
    vsys: 4.09, vin: 12.11, vbat: 0, vreg: 8.98, ambient: 25.83, light: 1,
    accel_x: 0.02, accel_y: -0.03, accel_z: -1.01, pitch: -0.9, roll: -1.5, angle: 1.7, motion: 24,
    analog1: 0.4, current1: 0.16, pressure: 101.26,
    wifi_ip: '192.168.1.178', wifi_rssi: -32, state: 0, movement_hrs: 0,
    can1: [{ id: 419371762, data: '42C8590803FFD908' }],
    cp21: 82.8,
    events: [{ topic: 'pitch', msg: 'Low', lv: 30 }, { topic: 'mjs', msg: null, lv: 20 }],
  },
]

/** Epoch ms of `ts`. */
const timestamp = 1608416763900

const row = (quantity: string, value: number | string, unit: string | null) => ({ device: 'BD6AEDJQ2', sensor: null, quantity, value, unit, timestamp })

const readings = [
  row('voltage', 4.09, 'V'),
  row('voltage', 12.11, 'V'),
  row('voltage', 0, 'V'),
  row('voltage', 8.98, 'V'),
  row('ambient', 25.83, '°C'),
  row('light', 1, null),
  row('acceleration', 0.02, 'g'),
  row('acceleration', -0.03, 'g'),
  row('acceleration', -1.01, 'g'),
  row('pitch', -0.9, '°'),
  row('roll', -1.5, '°'),
  row('angle', 1.7, '°'),
  row('motion', 24, 'mg'),
  row('analog1', 0.4, null),
  row('current1', 0.16, null),
  row('pressure', 1012.6, 'hPa'),
  row('wifi_ip', '192.168.1.178', null),
  row('wifi_rssi', -32, 'dBm'),
  row('state', 0, null),
  row('movement_hrs', 0, 'h'),
  row('can1', '42C8590803FFD908', null),
  row('cp21', 82.8, null),
  row('events', 'Low', null),
  row('events', 'mjs', null),
]

/** `time` is `ts` without its fraction, and only read where `ts` is missing. */
const ignored = ['0.time']

export const captures: readonly Capture[] = [
  { vendor: 'senquip', operation: 'device-data', params: { deviceId: 'BD6AEDJQ2' }, source: 'senquip.md, S1a and S1c', body, readings, ignored },
  { vendor: 'senquip-v1', operation: 'device-data', params: { deviceId: 'BD6AEDJQ2' }, source: 'senquip.md, S0, S1a and S1c', body, readings, ignored },
]

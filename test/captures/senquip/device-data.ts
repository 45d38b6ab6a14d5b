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

/** The other keys of the vendor's list, on one device; its pressure is in hPa, as the vendor's specifications have it. */
const inputs = {
  deviceid: 'JDA54E19F', ts: 1608416763.9,
  gps_lat: -32.92, gps_lon: 151.78, gps_speed: 61.5, tc1: 71.5, freq1: 50.2, duty1: 12.5, pulse1: 7001, pulse_delta1: 12,
  analog2: 1.25, digital1: 1, current2: 4.1, mod1: 22.5, capture1: '$PUMP,12,OK', pressure: 1013.2,
  can2: [{ id: 419358976, data: '0A' }, { id: 419371762, data: 'FF00' }], cp1: 'idle',
}

const inputReading = (quantity: string, value: number | string, unit: string | null, extra: object) => ({
  device: 'JDA54E19F', sensor: null, quantity, value, unit, timestamp, extra: { ...extra },
})

const inputReadings = [
  inputReading('latitude', -32.92, '°', { name: 'gps_lat' }),
  inputReading('longitude', 151.78, '°', { name: 'gps_lon' }),
  inputReading('speed', 61.5, 'km/h', { name: 'gps_speed' }),
  inputReading('temperature', 71.5, '°C', { name: 'tc1' }),
  inputReading('freq1', 50.2, 'Hz', { name: 'freq1' }),
  inputReading('duty1', 12.5, '%', { name: 'duty1' }),
  inputReading('pulse1', 7001, null, { name: 'pulse1' }),
  inputReading('pulse_delta1', 12, null, { name: 'pulse_delta1' }),
  inputReading('analog2', 1.25, null, { name: 'analog2' }),
  inputReading('digital1', 1, null, { name: 'digital1' }),
  inputReading('current2', 4.1, null, { name: 'current2' }),
  inputReading('mod1', 22.5, null, { name: 'mod1' }),
  inputReading('capture1', '$PUMP,12,OK', null, { name: 'capture1' }),
  inputReading('pressure', 1013.2, 'hPa', { name: 'pressure' }),
  inputReading('can2', '0A', null, { name: 'can2', id: 419358976 }),
  inputReading('can2', 'FF00', null, { name: 'can2', id: 419371762 }),
  inputReading('cp1', 'idle', null, { name: 'cp1' }),
]

const device = { operation: 'device-data', params: { deviceId: 'BD6AEDJQ2' } }

export const captures: readonly Capture[] = [
  { ...device, vendor: 'senquip', source: 'senquip.md, S1a and S1c', body, readings, ignored },
  { ...device, vendor: 'senquip-v1', source: 'senquip.md, S0, S1a and S1c', body, readings, ignored },
  { ...device, vendor: 'senquip', source: 'senquip.md, S1a and S1d; pressure S1c', body: [inputs], readings: inputReadings },
  {
    ...device, vendor: 'senquip', source: 'senquip.md, S1a; pressure as the account says', settings: { pressureUnit: 'kPa' },
    body: { data: [{ deviceid: 'JDA54E19F', ts: 1608416763.9, pressure: 201 }], apiRequestsRemaining: 49 },
    readings: [{ quantity: 'pressure', value: 2010, unit: 'hPa', timestamp }],
    // What is left of a month's requests is in msg.response.
    ignored: ['apiRequestsRemaining'],
  },
]

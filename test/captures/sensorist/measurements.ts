import type { Capture } from '../capture'

/** A data source of the live inventory. */
const source = (id: number, title: string, subtype: string | null, interval: number, type: object) => ({
  id, title, serial: 't5p0xxxx', interval, subtype, disconnected_date: null, devices: [], type,
})

/** The four kinds that were seen, with their units and capabilities. */
const gateways = {
  code: 200, max_age: 900, time: 0.09,
  gateways: [{
    id: 7325, serial: '10000000', title: 'Gateway', firmware: '2.43', type: { id: 10, name: 'B16' }, disconnected_date: null, master_id: null,
    ipv4: '203.0.113.10', local_ipv4: '192.168.1.10',
    devices: [{
      id: 57951, serial: 'aa00bb01', title: 'Sensor 2', firmware: '1.99', type: { id: 4, name: 'S2.0' }, disconnected_date: null, current_gateway_id: 7325,
      devices: [
        source(220200, 'Temperature', 'digital', 900, { id: 5, name: 'temp', precision: 1, capability: 72, unit: { id: 1, name: '°C' } }),
        source(220201, 'Humidity', 'digital', 900, { id: 4, name: 'humi', precision: 0, capability: 80, unit: { id: 2, name: '%' } }),
        source(220202, 'Battery', null, 10_800, { id: 1, name: 'batt', precision: 2, capability: 4, unit: { id: 3, name: 'v' } }),
        source(220203, 'Wireless', null, 1800, { id: 7, name: 'wireless', precision: 0, capability: 4, unit: { id: 6, name: '%' } }),
      ],
    }],
  }],
}

const envelope = (content: object): object => ({ code: 200, max_age: 900, time: 0.1, ...content })
/** Sensorist's envelope: its code, its cache time and its own duration. */
const ENVELOPE = ['code', 'max_age', 'time']

const ALL = '220200,220201,220202,220203'
const DATE = '2026-09-13T16:59:04+0000'
const LATER = '2026-09-13T17:14:04+0000'
const [AT, LATER_AT] = [Date.UTC(2026, 8, 13, 16, 59, 4), Date.UTC(2026, 8, 13, 17, 14, 4)]

const wireRow = (value: number | null, seq: number, more: object = {}) => ({ date: DATE, value, type: 1, seq, min: null, max: null, ...more })
const origin = { vendor: 'sensorist', device: '7325', sensor: '57951', label: 'Gateway, Sensor 2' }
const extraOf = (name: string, dataSource: string, title: string, more: object) => ({
  name, dataSource, title, sensorTitle: 'Sensor 2', gatewayTitle: 'Gateway', ...more,
})
const temperature = (value: number, timestamp: number, more: object) => ({
  ...origin, quantity: 'temperature', value, unit: '°C', timestamp, extra: extraOf('temp', '220200', 'Temperature', more),
})

const latest: Capture = {
  vendor: 'sensorist', operation: 'measurements-latest', params: { dataSources: ALL }, source: 'sensorist.md, R2 live',
  beside: { '/gateways': gateways },
  body: envelope({
    measurements: {
      220200: wireRow(20.34, 1789318746316133), 220201: wireRow(70.8, 1789318746316134), 220202: wireRow(2.83, 1789318746316135), 220203: wireRow(100, 1789318746316136),
    },
  }),
  readings: [
    temperature(20.34, AT, { type: 1, seq: 1789318746316133 }),
    { ...origin, quantity: 'humidity', value: 70.8, unit: '%', timestamp: AT, extra: extraOf('humi', '220201', 'Humidity', { type: 1, seq: 1789318746316134 }) },
    { ...origin, quantity: 'voltage', value: 2.83, unit: 'V', timestamp: AT, extra: extraOf('batt', '220202', 'Battery', { type: 1, seq: 1789318746316135 }) },
    { ...origin, quantity: 'signal', value: 100, unit: '%', timestamp: AT, extra: extraOf('wireless', '220203', 'Wireless', { type: 1, seq: 1789318746316136 }) },
  ],
  ignored: ENVELOPE,
}

const range: Capture = {
  vendor: 'sensorist', operation: 'measurements-range', params: { dataSources: '220200', interval: 15 }, source: 'sensorist.md, R0 4.3.1 and R4; value as average assumed',
  beside: { '/gateways': gateways },
  body: envelope({ measurements: { 220200: [wireRow(20.3, 1, { type: 10, min: 19.1, max: 21.2 }), { ...wireRow(20.9, 2, { type: 10, min: 20.1, max: 22.4 }), date: LATER }] } }),
  readings: [temperature(20.3, AT, { type: 10, seq: 1, min: 19.1, max: 21.2 }), temperature(20.9, LATER_AT, { type: 10, seq: 2, min: 20.1, max: 22.4 })],
  ignored: ENVELOPE,
}

const extremes = { min: { date: DATE, value: 18.2 }, max: { date: LATER, value: 23.7 } }

const minMax: Capture = {
  vendor: 'sensorist', operation: 'measurements-min-max', params: { dataSources: '220200' }, source: 'sensorist.md, R0 4.3.1; names assumed',
  beside: { '/gateways': gateways },
  body: envelope({ measurements: { 220200: extremes } }),
  readings: [temperature(18.2, AT, { statistic: 'min', row: extremes }), temperature(23.7, LATER_AT, { statistic: 'max', row: extremes })],
  ignored: ENVELOPE,
}

/** One row of a regular measurement, one of a button, in pages that have no further one. */
const raw: Capture = {
  vendor: 'sensorist', operation: 'measurements-raw', params: { dataSources: '220200,220202' }, source: 'sensorist.md, R0 4.3.1; rows by id assumed',
  beside: { '/gateways': gateways },
  body: envelope({ measurements: { 220200: [wireRow(20.34, 7), { ...wireRow(20.5, 8, { type: 5 }), date: LATER }], 220202: [wireRow(2.83, 9)] } }),
  readings: [
    temperature(20.34, AT, { type: 1, seq: 7 }),
    temperature(20.5, LATER_AT, { type: 5, seq: 8 }),
    { ...origin, quantity: 'voltage', value: 2.83, unit: 'V', timestamp: AT, extra: extraOf('batt', '220202', 'Battery', { type: 1, seq: 9 }) },
  ],
  ignored: ENVELOPE,
}

export const captures: readonly Capture[] = [latest, range, minMax, raw]

/**
 * The messages of Thingsee devices: their names, and the quantities of their properties [H2, H3, H4, H7]. A property
 * that is not listed keeps its own name and has no unit. A property gets a common quantity only if it has the same
 * meaning. The temperature inside a device, for example, keeps its own name.
 */
import type { Measure } from '../../vocabulary/reading'

export interface MessageKind {
  name: string
  /** By tsmEv, where the same tsmId means another kind of message. */
  names?: Readonly<Record<number, string>>
  /** By property, where it is not that of all messages: `state` and `reportInterval` mean something else in each. */
  measures?: Readonly<Record<string, Measure>>
  /** How the message says that its measurement failed. */
  failure?: Failure
}

export interface Failure {
  /** Properties that hold no measurement then. */
  measured: readonly string[]
  /** Whether this value of `status` says so. */
  isFailed(status: number): boolean
}

const seconds: Measure = { unit: 's' }
const milliseconds: Measure = { unit: 'ms' }
const percent: Measure = { unit: '%' }
const celsius: Measure = { unit: '°C' }
const pascal: Measure = { unit: 'Pa' }
const dBm: Measure = { unit: 'dBm' }
const dB: Measure = { unit: 'dB' }
const ppm: Measure = { unit: 'ppm' }
const millimetres: Measure = { unit: 'mm' }
const micrometres: Measure = { unit: 'µm' }
const milliG: Measure = { unit: 'mg' }
/** A count, a flag or a code: it has no unit. */
const plain: Measure = {}
/** 0 is nobody there, 1 is somebody there. Counts of people or events keep their own names. */
const occupied: Measure = { quantity: 'occupancy' }
/** Milli-g by the values of live messages, such as 307, 37, 950 [H9]; the vendor names no unit of the axes. */
const acceleration: Measure = { quantity: 'acceleration', unit: 'mg' }

/** Properties that mean the same in every message, also in one that is not listed here [H3]. */
export const PROPERTIES: Readonly<Record<string, Measure>> = {
  /** 0 off, 1 on. */
  pwr: plain,
  batl: { quantity: 'battery', unit: '%' },
  voltage: { quantity: 'voltage', unit: 'V' },
  uptime: seconds,
  duration: seconds,
  rssiDbm: dBm,
  temp: { quantity: 'temperature', unit: '°C' },
  // Not the temperature of now, which is what flows take a reading of that quantity for.
  tempMin: celsius,
  tempMax: celsius,
  humd: { quantity: 'humidity', unit: '%' },
  humdMin: percent,
  humdMax: percent,
  // One page of the vendor says hPa, but its sample is 101364.5 [H9].
  airp: { quantity: 'pressure', unit: 'Pa' },
  pressure: { quantity: 'pressure', unit: 'Pa' },
  lght: { quantity: 'illuminance', unit: 'lux' },
  accx: acceleration,
  accy: acceleration,
  accz: acceleration,
  gforce: acceleration,
  gforceMax: milliG,
  angle: { quantity: 'angle', unit: '°' },
  dist: { quantity: 'distance', unit: 'mm' },
  /** 0 no movement, 1 movement. */
  move: plain,
  /** Detections since the last report. */
  moveCount: { quantity: 'movement' },
  /** 0 open, 1 closed. */
  switch: plain,
  switchCount: plain,
  activityLevel: percent,
  carbonDioxide: { quantity: 'co2', unit: 'ppm' },
  // ppb by the vendor's specification [H2]; its own app prints ppm [H4].
  tvoc: { quantity: 'tvoc', unit: 'ppb' },
  measurementInterval: seconds,
  reportInterval: seconds,
  idleInterval: seconds,
  passiveReportInterval: seconds,
  measurementFrequency: { unit: 'Hz' },
  impactThresholdMin: milliG,
  impactThresholdMax: milliG,
  temperatureHysteresis: celsius,
  humidityHysteresis: percent,
  pressureHysteresis: pascal,
  lightHysteresis: { unit: 'lx' },
  resistanceHysteresis: { unit: 'ohm' },
  orientationHysteresis: { unit: '°' },
  carbonDioxideHysteresis: ppm,
}

const neighbour = { neighRadioPowerDbm: dBm }
/** Advertising, in milliseconds unlike the interval of 1500 [H2]. */
const beacon = { reportInterval: milliseconds, txPower: dBm }

/** Profile 1: all devices. */
const common: Readonly<Record<number, MessageKind>> = {
  // It has no properties: tsmEv alone says what it is about [H2, H4].
  1000: {
    name: 'header only',
    names: {
      17: 'network connection',
      18: 'network connection',
      27: 'diagnostics request',
      28: 'diagnostics',
      32: 'firmware information request',
      33: 'firmware information',
    },
  },
  1100: { name: 'system info' },
  1101: { name: 'info request' },
  1102: { name: 'info unavailable' },
  1110: { name: 'battery' },
  1111: { name: 'orientation' },
  1112: { name: 'uptime' },
  1113: { name: 'temperature' },
  1200: { name: 'mesh neighbour', measures: neighbour },
  1201: { name: 'mesh node identification', names: { 19: 'mesh node identification request' } },
  1202: { name: 'mesh neighbour', measures: neighbour },
  1203: { name: 'Bluetooth node identification', names: { 19: 'Bluetooth node identification request' } },
  1205: { name: 'sensor network identification' },
  1206: { name: 'beacon configuration', measures: beacon },
  1207: { name: 'beacon configuration', measures: beacon },
  1208: { name: 'beacon configuration', measures: beacon },
  1210: { name: 'cellular location', measures: { lat: { quantity: 'latitude' }, lon: { quantity: 'longitude' } } },
  1211: {
    name: 'cellular signal',
    measures: { cellRsrp: dBm, cellRsrq: dB, cellSinr: dB, cellRssi: dBm, cellRscp: dBm, cellEcn0: dB },
  },
  1212: { name: 'cellular identity' },
  // The unit of nodeVoltage is not published, so it keeps its own name.
  1220: { name: 'Wirepas node diagnostics' },
  1221: { name: 'Wirepas scratchpad sequence' },
  1222: { name: 'Wirepas traffic diagnostics' },
  1300: { name: 'gateway firmware update' },
  1301: { name: 'gateway firmware status' },
  1302: { name: 'Wirepas firmware update' },
  1303: { name: 'Wirepas firmware status' },
  1312: { name: 'firmware version' },
  1313: { name: 'hardware id' },
  1400: { name: 'diagnostics' },
  1401: { name: 'enable diagnostics', measures: { diagInterval: seconds } },
  1402: { name: 'remote command', names: { 36: 'remote command result' } },
  1403: { name: 'error' },
  1404: { name: 'reset' },
  1500: { name: 'interval configuration' },
  1501: { name: 'Wirepas role configuration' },
  1502: { name: 'access cycle configuration' },
  1503: { name: 'battery profile configuration' },
  1504: { name: 'storage mode configuration' },
  1505: { name: 'LED control' },
  1600: { name: 'ping', names: { 36: 'ping response' } },
}

/** Profiles 2 and 3: what is computed from measurements, and edge cores. */
const analytics: Readonly<Record<number, MessageKind>> = {
  2100: { name: 'occupancy', measures: { state: occupied } },
  2101: { name: 'jam' },
  3100: { name: 'edge core state' },
  3200: { name: 'edge core update', names: { 36: 'edge core update result' } },
  3300: { name: 'edge core statistics', names: { 27: 'edge core statistics request' } },
  3400: { name: 'edge core binary event' },
}

/** Profile 10: research devices [H7]. */
const research: Readonly<Record<number, MessageKind>> = {
  10100: { name: 'movement' },
  10110: { name: 'environment' },
  10111: { name: 'CO2', measures: { level: { quantity: 'co2', unit: 'ppm' } } },
  // `min` and `max` are the sizes of the particles that were counted.
  10112: { name: 'particles', measures: { level: ppm, min: micrometres, max: micrometres } },
  10113: { name: 'particle mass', measures: { level: { unit: 'µg/m³' }, min: micrometres, max: micrometres } },
  10114: { name: 'particle count', measures: { level: { unit: '1/m³' }, min: micrometres, max: micrometres } },
  10115: { name: 'particle size', measures: { level: micrometres } },
  10116: { name: 'TVOC', measures: { level: { quantity: 'tvoc', unit: 'ppb' } } },
}

/** In minutes, unlike the interval of 1500 [H2]. */
const minutes: Measure = { unit: 'min' }

/** Profile 11. */
const gateway: Readonly<Record<number, MessageKind>> = {
  11200: { name: 'heartbeat summary', measures: { slotInterval: seconds } },
  11201: { name: 'heartbeat', measures: { slotInterval: seconds } },
  11210: { name: 'heartbeat configuration', measures: { heartbeatInterval: minutes, reportInterval: minutes } },
  11211: { name: 'heartbeat summary request' },
  11310: { name: 'raw packet sent', names: { 36: 'raw packet result' } },
  11311: { name: 'raw packet received' },
  11312: { name: 'raw packet configuration' },
  11320: { name: 'Wirepas application configuration' },
  11500: { name: 'second MQTT configuration' },
  11501: { name: 'second MQTT control' },
}

/** Profile 12. */
const environment: Readonly<Record<number, MessageKind>> = {
  12100: { name: 'environment' },
  12101: { name: 'hall switch' },
  // In ohm by one page of the vendor [H3], a figure of the converter by another [H2].
  12102: { name: 'leakage' },
  12200: { name: 'environment configuration' },
  12210: { name: 'weather configuration' },
  12211: { name: 'hall configuration' },
  12212: { name: 'leakage configuration' },
}

/** Profile 13. */
const presence: Readonly<Record<number, MessageKind>> = {
  13100: { name: 'movement' },
  13101: { name: 'temperature' },
  /** `count` is how often somebody came since the last report, `duration` for how long in all. */
  13102: { name: 'occupancy count', measures: { count: plain } },
  13103: {
    name: 'people counter',
    measures: {
      in: { quantity: 'people-in' },
      out: { quantity: 'people-out' },
      totalIn: plain,
      totalOut: plain,
      historicalIn: plain,
      historicalOut: plain,
      /** How many people are inside. */
      amountIn: plain,
    },
  },
  13200: { name: 'PIR configuration' },
  13210: { name: 'occupancy light configuration' },
  13211: { name: 'occupancy light configuration', measures: { max: percent } },
}

/** Profiles 16 to 18: machine usage, distance, angle. */
const motion: Readonly<Record<number, MessageKind>> = {
  16100: { name: 'vibration' },
  16200: {
    name: 'accelerometer configuration',
    measures: { activityLevelThreshold: percent, impactThreshold: milliG, fullScale: { unit: 'g' } },
  },
  17100: { name: 'distance' },
  17110: { name: 'distance profile configuration' },
  17200: { name: 'distance', failure: { measured: ['dist'], isFailed: (status) => status !== 0 } },
  /** A grid of four by four distances: each is one of sixteen, not the distance. */
  17201: { name: 'distance grid', measures: { dist: millimetres } },
  /** Inside the device. */
  17210: { name: 'device temperature', measures: { temp: celsius } },
  17220: {
    name: 'distance configuration',
    measures: {
      rangingTimingBudget: milliseconds,
      reportingHysteresisAbsolute: millimetres,
      reportingHysteresisRelative: percent,
      peopleCountingDistanceThreshold: millimetres,
    },
  },
  18100: { name: 'angle' },
  /** Inside the device. */
  18101: { name: 'device temperature', measures: { temp: celsius } },
  18200: { name: 'LED configuration' },
}

/** Profiles 24 and later. */
const air: Readonly<Record<number, MessageKind>> = {
  // Status 1 and 2 concern the calibration; the measurement counts.
  24100: { name: 'CO2', failure: { measured: ['carbonDioxide'], isFailed: (status) => status === -1 } },
  24101: { name: 'TVOC' },
  24200: { name: 'CO2 configuration', measures: { rounding: ppm, autoCalibration: { unit: 'h' }, calibrationValue: ppm } },
  24201: { name: 'CO2 calibration', measures: { calibrationValue: ppm } },
  24202: { name: 'TVOC configuration' },
  24500: { name: 'CO2 hardware' },
  24501: { name: 'TVOC reset' },
  25100: { name: 'power cover' },
  28009: { name: 'radar', measures: { state: occupied } },
}

export const CATALOGUE: Readonly<Record<number, MessageKind>> = {
  ...common, ...analytics, ...research, ...gateway, ...environment, ...presence, ...motion, ...air,
}

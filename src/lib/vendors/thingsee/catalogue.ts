/**
 * The messages of Thingsee devices by tsmId: what each is called and what its properties measure [H2, H3, H4].
 * A property without a line here keeps its own name and has no unit, so only those with a quantity or a unit stand here.
 */
import type { Measure } from '../../vocabulary/reading'

export interface MessageKind {
  name: string
  /** By property, where it is not that of all messages: `state` and `reportInterval` mean something else in each. */
  measures?: Readonly<Record<string, Measure>>
}

const seconds: Measure = { unit: 's' }
const milliseconds: Measure = { unit: 'ms' }
const percent: Measure = { unit: '%' }
const celsius: Measure = { unit: '°C' }
const dBm: Measure = { unit: 'dBm' }
const dB: Measure = { unit: 'dB' }
const ppm: Measure = { unit: 'ppm' }
const millimetres: Measure = { unit: 'mm' }
const occupancy: Measure = { quantity: 'occupancy' }
/** Milli-g by the values of live messages, such as 307, 37, 950 [H9]; the vendor names no unit of the axes. */
const acceleration: Measure = { quantity: 'acceleration', unit: 'mg' }

/** Properties that measure the same in every message, also in one that is not listed here [H3]. */
export const PROPERTIES: Readonly<Record<string, Measure>> = {
  batl: { quantity: 'battery', unit: '%' },
  voltage: { quantity: 'voltage', unit: 'V' },
  uptime: seconds,
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
  gforceMax: { unit: 'mg' },
  angle: { quantity: 'angle', unit: '°' },
  dist: { quantity: 'distance', unit: 'mm' },
  moveCount: { quantity: 'movement' },
  activityLevel: percent,
  carbonDioxide: { quantity: 'co2', unit: 'ppm' },
  // ppb by the vendor's specification [H2]; its own app prints ppm [H4].
  tvoc: { quantity: 'tvoc', unit: 'ppb' },
}

const neighbour = { neighRadioPowerDbm: dBm }
/** Advertising, in milliseconds unlike the interval of 1500 [H2]. */
const beacon = { reportInterval: milliseconds, txPower: dBm }

/** Profile 1: all devices. */
const common: Readonly<Record<number, MessageKind>> = {
  // Header only; tsmEv 17 is connected, 18 disconnected [H4].
  1000: { name: 'network connection' },
  1100: { name: 'system info' },
  1101: { name: 'info request' },
  1102: { name: 'info unavailable' },
  1110: { name: 'battery' },
  1111: { name: 'orientation' },
  1112: { name: 'uptime' },
  1113: { name: 'temperature' },
  1200: { name: 'mesh neighbour', measures: neighbour },
  1201: { name: 'mesh node identification' },
  1202: { name: 'mesh neighbour', measures: neighbour },
  1203: { name: 'Bluetooth node identification' },
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
  1402: { name: 'remote command' },
  1403: { name: 'error' },
  1404: { name: 'reset' },
  1500: { name: 'interval configuration', measures: { measurementInterval: seconds, reportInterval: seconds } },
  1501: { name: 'Wirepas role configuration' },
  1502: { name: 'access cycle configuration' },
  1503: { name: 'battery profile configuration' },
  1504: { name: 'storage mode configuration' },
  1505: { name: 'LED control', measures: { duration: seconds } },
  1600: { name: 'ping' },
}

/** Profiles 2 and 3: what is computed from measurements, and edge cores. */
const analytics: Readonly<Record<number, MessageKind>> = {
  2100: { name: 'occupancy', measures: { state: occupancy } },
  2101: { name: 'jam' },
  3100: { name: 'edge core state' },
  3200: { name: 'edge core update' },
  3300: { name: 'edge core statistics' },
  3400: { name: 'edge core binary event' },
}

/** Profile 11. */
const gateway: Readonly<Record<number, MessageKind>> = {
  11200: { name: 'heartbeat summary', measures: { slotInterval: seconds } },
  11201: { name: 'heartbeat', measures: { slotInterval: seconds } },
  // In minutes, unlike the interval of 1500 [H2].
  11210: { name: 'heartbeat configuration', measures: { heartbeatInterval: { unit: 'min' }, reportInterval: { unit: 'min' } } },
  11211: { name: 'heartbeat summary request' },
  11310: { name: 'raw packet sent' },
  11311: { name: 'raw packet received' },
  11312: { name: 'raw packet configuration' },
  11320: { name: 'Wirepas application configuration' },
  11500: { name: 'second MQTT configuration' },
  11501: { name: 'second MQTT control' },
}

/** Profile 12; profile 10 is the same for research devices [H7]. */
const environment: Readonly<Record<number, MessageKind>> = {
  10110: { name: 'environment' },
  12100: { name: 'environment' },
  12101: { name: 'hall switch' },
  // Resistance is a figure of the converter or in ohm, which depends on the device.
  12102: { name: 'leakage' },
  12200: { name: 'environment configuration' },
  12210: {
    name: 'weather configuration',
    measures: {
      temperatureHysteresis: celsius,
      humidityHysteresis: percent,
      pressureHysteresis: { unit: 'Pa' },
      lightHysteresis: { unit: 'lx' },
    },
  },
  12211: { name: 'hall configuration' },
  12212: { name: 'leakage configuration' },
}

/** Profile 13. */
const presence: Readonly<Record<number, MessageKind>> = {
  13100: { name: 'movement' },
  13101: { name: 'temperature' },
  13102: { name: 'occupancy count', measures: { count: occupancy, duration: seconds } },
  13103: { name: 'people counter', measures: { in: { quantity: 'people-in' }, out: { quantity: 'people-out' } } },
  13200: { name: 'PIR configuration' },
  13210: { name: 'occupancy light configuration', measures: { duration: seconds } },
  13211: { name: 'occupancy light configuration', measures: { max: percent } },
}

/** Profiles 16 to 18: machine usage, distance, angle. */
const motion: Readonly<Record<number, MessageKind>> = {
  16100: { name: 'vibration' },
  16200: {
    name: 'accelerometer configuration',
    measures: {
      orientationHysteresis: { unit: '°' },
      activityLevelThreshold: percent,
      impactThreshold: { unit: 'mg' },
      fullScale: { unit: 'g' },
    },
  },
  17100: { name: 'distance' },
  17110: { name: 'distance profile configuration' },
  17200: { name: 'distance' },
  17201: { name: 'distance grid' },
  17210: { name: 'temperature' },
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
  18101: { name: 'temperature' },
  18200: { name: 'LED configuration', measures: { duration: seconds } },
}

/** Profiles 24 and later. */
const air: Readonly<Record<number, MessageKind>> = {
  24100: { name: 'CO2' },
  24101: { name: 'TVOC' },
  24200: {
    name: 'CO2 configuration',
    measures: { rounding: ppm, autoCalibration: { unit: 'h' }, calibrationValue: ppm, carbonDioxideHysteresis: ppm },
  },
  24201: { name: 'CO2 calibration', measures: { calibrationValue: ppm } },
  24202: { name: 'TVOC configuration' },
  24500: { name: 'CO2 hardware' },
  24501: { name: 'TVOC reset' },
  25100: { name: 'power cover' },
  28009: { name: 'radar', measures: { state: occupancy } },
}

export const CATALOGUE: Readonly<Record<number, MessageKind>> = {
  ...common,
  ...analytics,
  ...gateway,
  ...environment,
  ...presence,
  ...motion,
  ...air,
}

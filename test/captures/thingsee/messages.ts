/** A message of each kind, in the order of the vendor's profiles. Each message is one second later than the one before it. */
import type { Reading } from '../../../src/lib/vocabulary/reading'
import type { Capture } from '../capture'

const TUID = 'TSPD04ESY93100802'
const GATEWAY = 'TSGW01ABC123456'
const BEGIN = 1559638241

type Row = [quantity: string, value: Reading['value'], unit?: string | null]
type Sent = [tsmId: number, tsmEv: number, properties: Record<string, unknown>, rows: Row[]]

const header = (tsmId: number, tsmEv: number, at: number): Record<string, unknown> => ({
  tsmId, tsmEv, tsmTs: at, tsmTuid: TUID, tsmGw: GATEWAY, deploymentGroupId: 'prfi00office',
})

function capture(source: string, sent: readonly Sent[], ignored: readonly string[] = []): Capture {
  return {
    vendor: 'thingsee',
    operation: 'messages',
    params: { tuid: TUID },
    source,
    body: { data: sent.map(([tsmId, tsmEv, properties], index) => ({ ...header(tsmId, tsmEv, BEGIN + index), ...properties })) },
    readings: sent.flatMap(([_tsmId, _tsmEv, _properties, rows], index) =>
      rows.map(([quantity, value, unit = null]) => ({ device: TUID, sensor: null, quantity, value, unit, timestamp: (BEGIN + index) * 1000 })),
    ),
    ...(ignored.length > 0 ? { ignored } : {}),
  }
}

const buffer = (...data: number[]): object => ({ type: 'Buffer', data })

const common = capture('H2 common profile, H3, H4, H5, H9', [
  [1000, 17, {}, [['event', 17]]],
  [1000, 27, { transactionId: 43 }, [['event', 27]]],
  [1000, 32, { transactionId: 44 }, [['event', 32]]],
  [1100, 11, { swVersion: 'tspodfw-2017-04-19-1', modelCode: 'TSPD', psn: 'ESY93100802' }, [['swVersion', 'tspodfw-2017-04-19-1'], ['modelCode', 'TSPD'], ['psn', 'ESY93100802']]],
  [1110, 101, { batl: 34.6, chrg: 2 }, [['battery', 34.6, '%'], ['chrg', 2]]],
  [1111, 10, { accx: 307, accy: 37, accz: 950 }, [['acceleration', 0.307, 'g'], ['acceleration', 0.037, 'g'], ['acceleration', 0.95, 'g']]],
  [1112, 10, { uptime: 3600 }, [['uptime', 3600, 's']]],
  [1113, 10, { temp: 21.5 }, [['temperature', 21.5, '°C']]],
  [1200, 100, { wpnode: '123456', rssi: 78, rssiDbm: -70, neighNodeInfo: 1, neighRadioPower: 9, neighRadioPowerDbm: 4 }, [['wpnode', '123456'], ['rssi', 78], ['rssiDbm', -70, 'dBm'], ['neighNodeInfo', 1], ['neighRadioPower', 9], ['neighRadioPowerDbm', 4, 'dBm']]],
  [1201, 20, { wpnode: 123456, tuid: null }, [['wpnode', 123456]]],
  [1202, 100, { tuid: 'TSPR04E2O90201558', rssi: 80, rssiDbm: -71 }, [['tuid', 'TSPR04E2O90201558'], ['rssi', 80], ['rssiDbm', -71, 'dBm']]],
  [1203, 20, { btid: 'TS-1', tuid: null }, [['btid', 'TS-1']]],
  [1205, 20, { tuid: 'TSPR04E2O90201558', btid: 'TS-1', wpnode: '123456' }, [['tuid', 'TSPR04E2O90201558'], ['btid', 'TS-1'], ['wpnode', '123456']]],
  [1206, 31, { transactionId: 1, beaconData: buffer(1, 2), beaconMajor: 1, beaconMinor: 2, beaconChannels: 6, reportInterval: 500, txPower: -4 }, [['beaconData', 'AQI='], ['beaconMajor', 1], ['beaconMinor', 2], ['beaconChannels', 6], ['reportInterval', 500, 'ms'], ['txPower', -4, 'dBm']]],
  [1207, 31, { transactionId: 2, beaconFrame: 16, beaconData: buffer(3), beaconChannels: 0, reportInterval: 600, txPower: 0 }, [['beaconFrame', 16], ['beaconData', 'Aw=='], ['beaconChannels', 0], ['reportInterval', 600, 'ms'], ['txPower', 0, 'dBm']]],
  [1208, 31, { transactionId: 3, index: 2, beaconData: buffer(4), beaconChannels: 1, reportInterval: 700, txPower: 4 }, [['index', 2], ['beaconData', 'BA=='], ['beaconChannels', 1], ['reportInterval', 700, 'ms'], ['txPower', 4, 'dBm']]],
  [1210, 10, { lat: 65.01, lon: 25.52, lacr: 1200 }, [['latitude', 65.01, '°'], ['longitude', 25.52, '°'], ['lacr', 1200]]],
  [1211, 10, { cellRsrp: -98, cellRsrq: -11, cellSinr: 3, cellRssi: -70, cellRscp: -90, cellEcn0: -8, cellLac: 1, cellId: 2, cellTac: 3, cellRat: 'LTE' }, [['cellRsrp', -98, 'dBm'], ['cellRsrq', -11, 'dB'], ['cellSinr', 3, 'dB'], ['cellRssi', -70, 'dBm'], ['cellRscp', -90, 'dBm'], ['cellEcn0', -8, 'dB'], ['cellLac', 1], ['cellId', 2], ['cellTac', 3], ['cellRat', 'LTE']]],
  [1220, 100, { nodeRole: 2, nodeVoltage: 3, nodeDutyCycle: 5 }, [['nodeRole', 2], ['nodeVoltage', 3], ['nodeDutyCycle', 5]]],
  [1221, 100, { scratchpadSeqNumber: 7 }, [['scratchpadSeqNumber', 7]]],
  [1222, 100, { nodeRxAmount: 8, nodeTxAmount: 9 }, [['nodeRxAmount', 8], ['nodeTxAmount', 9]]],
  [1402, 36, { result: 0, payload: 'done', transactionId: 5 }, [['result', 0], ['payload', 'done']]],
  [1500, 31, { transactionId: 6, measurementInterval: 10, reportInterval: 60 }, [['measurementInterval', 10, 's'], ['reportInterval', 60, 's']]],
])

const others = capture('H2 analytics, edge and gateway profiles', [
  [2100, 7, { state: 1 }, [['occupancy', 1]]],
  [2101, 7, { state: 1 }, [['state', 1]]],
  [3100, 7, { state: 2 }, [['state', 2]]],
  [3200, 36, { binaryType: 'EDGE_DATA_UPDATE', data: buffer(0, 255), result: 'success', resultReason: 'DB updated.' }, [['binaryType', 'EDGE_DATA_UPDATE'], ['data', 'AP8='], ['result', 'success'], ['resultReason', 'DB updated.']]],
  [3300, 28, { transactionId: 132456, data: 'ABCDEFG' }, [['data', 'ABCDEFG']]],
  [3400, 10, { payload: buffer(116, 117, 105, 10), index: 0, count: 4, checksum: 'abcd' }, [['payload', 'dHVpCg=='], ['index', 0], ['count', 4], ['checksum', 'abcd']]],
  [11200, 10, { slotInterval: 900, slotBitCount: 3, heartbeats: [{ tuid: 'T2', slotBits: 7 }, { tuid: 'T3', slotBits: 0 }] }, [['slotInterval', 900, 's'], ['slotBitCount', 3], ['heartbeats.0.tuid', 'T2'], ['heartbeats.0.slotBits', 7], ['heartbeats.1.tuid', 'T3'], ['heartbeats.1.slotBits', 0]]],
  [11201, 10, { tuid: 'T2', slotInterval: 900, slotBitCount: 1, slotBits: 1 }, [['tuid', 'T2'], ['slotInterval', 900, 's'], ['slotBitCount', 1], ['slotBits', 1]]],
  [11210, 31, { transactionId: 7, heartbeatInterval: 30, reportInterval: 60, instantMode: true }, [['heartbeatInterval', 30, 'min'], ['reportInterval', 60, 'min'], ['instantMode', true]]],
  [11310, 36, { result: -2, transactionId: 8, payload: buffer(1) }, [['result', -2], ['payload', 'AQ==']]],
  [11311, 0, { wpnode: 9, payload: buffer(2), srcEndpoint: 10, dstEndpoint: 11 }, [['wpnode', 9], ['payload', 'Ag=='], ['srcEndpoint', 10], ['dstEndpoint', 11]]],
  [11320, 31, { appConfigData: buffer(3), transactionId: 9 }, [['appConfigData', 'Aw==']]],
  [11500, 31, { host: 'mqtt.broker.example', port: 8888, tls: false, anonymous: false, username: 'user', password: 'pass', publishTopic: 'topic/to/publish' }, [['host', 'mqtt.broker.example'], ['port', 8888], ['tls', false], ['anonymous', false], ['username', 'user'], ['publishTopic', 'topic/to/publish']]],
  // A secret is left out of readings.
], ['data.*.password'])

const environment = capture('H2 environment profile, H3, H7, H9', [
  [10100, 10, { move: 1, moveCount: 4 }, [['move', 1], ['movement', 4]]],
  [10110, 10, { temp: 20, humd: 40, airp: 100_000, lght: 7 }, [['temperature', 20, '°C'], ['humidity', 40, '%'], ['pressure', 1000, 'hPa'], ['illuminance', 7, 'lx']]],
  [10111, 10, { level: 480 }, [['co2', 480, 'ppm']]],
  [10112, 10, { level: 3, min: 1, max: 2.5 }, [['level', 3, 'ppm'], ['min', 1, 'µm'], ['max', 2.5, 'µm']]],
  [10113, 10, { level: 12, min: 1, max: 2.5 }, [['level', 12, 'µg/m³'], ['min', 1, 'µm'], ['max', 2.5, 'µm']]],
  [10114, 10, { level: 900, min: 1, max: 2.5 }, [['level', 900, '1/m³'], ['min', 1, 'µm'], ['max', 2.5, 'µm']]],
  [10115, 10, { level: 2.5 }, [['level', 2.5, 'µm']]],
  [10116, 10, { level: 70 }, [['tvoc', 70, 'ppb']]],
  [12100, 10, { airp: 102092.358, humd: 67.2, temp: 22.5, lght: 270, tsmAp: 'demo', tsmDstTuid: 'TSGW2G321', tsmGwTs: 1559638250, tsmCloudTs: 1559638251.5 }, [['pressure', 1020.92358, 'hPa'], ['humidity', 67.2, '%'], ['temperature', 22.5, '°C'], ['illuminance', 270, 'lx']]],
  [12100, 9, { temp: 25 }, [['temperature', 25, '°C']]],
  [12101, 7, { hall: 1, hallCount: 2 }, [['hall', 1], ['hallCount', 2]]],
  [12102, 10, { resistance: 1023 }, [['resistance', 1023]]],
  [12210, 31, { transactionId: 1, temperatureHysteresis: 0.5, humidityHysteresis: 2, pressureHysteresis: 20, lightHysteresis: 100 }, [['temperatureHysteresis', 0.5, '°C'], ['humidityHysteresis', 2, '%'], ['pressureHysteresis', 20, 'Pa'], ['lightHysteresis', 100, 'lx']]],
  [12212, 31, { transactionId: 2, leakageMode: 1, resistanceHysteresis: 10_000 }, [['leakageMode', 1], ['resistanceHysteresis', 10_000, 'ohm']]],
  [99123, 10, { pwr: 1, switch: 0, switchCount: 3, idleInterval: 3600, measurementFrequency: 25, impactThresholdMin: 200, impactThresholdMax: 100 }, [['pwr', 1], ['switch', 0], ['switchCount', 3], ['idleInterval', 3600, 's'], ['measurementFrequency', 25, 'Hz'], ['impactThresholdMin', 200, 'mg'], ['impactThresholdMax', 100, 'mg']]],
])

const grid = [[101, 102, 103, 104], [105, 106, 107, 108], [109, 110, 111, 112], [113, 114, 115, null]]
const cells = grid.flatMap((line, y) => line.flatMap((value, x): Row[] => (value === null ? [] : [[`dist.${y}.${x}`, value, 'mm']])))

const presence = capture('H2 presence, machine usage, distance and angle profiles, H3, H4', [
  [13100, 10, { moveCount: 7 }, [['movement', 7]]],
  [13101, 10, { temp: -3.5 }, [['temperature', -3.5, '°C']]],
  [13102, 10, { count: 123, duration: 1800 }, [['count', 123], ['duration', 1800, 's']]],
  [13103, 10, { in: 10, out: 8, totalIn: 100, totalOut: 90, historicalIn: 1000, historicalOut: 990, amountIn: 12 }, [['people-in', 10], ['people-out', 8], ['totalIn', 100], ['totalOut', 90], ['historicalIn', 1000], ['historicalOut', 990], ['amountIn', 12]]],
  [13200, 31, { transactionId: 1, threshold: 800, enableLed: 0, mode: 2, passiveReportInterval: 3600 }, [['threshold', 800], ['enableLed', 0], ['mode', 2], ['passiveReportInterval', 3600, 's']]],
  [16100, 10, { activityLevel: 34, energyLevel: 400, histogram0: 2, histogram9: 1 }, [['activityLevel', 34, '%'], ['energyLevel', 400], ['histogram0', 2], ['histogram9', 1]]],
  [17100, 10, { dist: 145 }, [['distance', 145, 'mm']]],
  [17200, 10, { dist: 79, status: 0, ambientRate: 8, numberOfSPADs: 5, signalPerSPAD: 20_856 }, [['distance', 79, 'mm'], ['status', 0], ['ambientRate', 8], ['numberOfSPADs', 5], ['signalPerSPAD', 20_856]]],
  [17200, 10, { dist: 65_535, status: 4 }, [['distance', null, 'mm'], ['status', 4]]],
  [17201, 10, { dist: grid }, cells],
  [17210, 10, { temp: 31 }, [['temp', 31, '°C']]],
  [18100, 10, { angle: 90 }, [['angle', 90, '°']]],
  [18101, 10, { temp: 59 }, [['temp', 59, '°C']]],
])

const air = capture('H2 air quality profile, H3, H4', [
  [24100, 10, { carbonDioxide: 538, status: 1 }, [['co2', 538, 'ppm'], ['status', 1]]],
  [24100, 10, { carbonDioxide: 0, status: -1 }, [['co2', null, 'ppm'], ['status', -1]]],
  [24101, 10, { tvoc: 72 }, [['tvoc', 72, 'ppb']]],
  [24200, 31, { transactionId: 1, rounding: 1, autoCalibration: 192, calibrationValue: 400, carbonDioxideHysteresis: 10 }, [['rounding', 1, 'ppm'], ['autoCalibration', 192, 'h'], ['calibrationValue', 400, 'ppm'], ['carbonDioxideHysteresis', 10, 'ppm']]],
  [25100, 7, { usbState: 1 }, [['usbState', 1]]],
  [28009, 7, { dist: 1600, echo: 1569, state: 1 }, [['distance', 1600, 'mm'], ['echo', 1569], ['occupancy', 1]]],
])

export const captures: readonly Capture[] = [common, others, environment, presence, air]

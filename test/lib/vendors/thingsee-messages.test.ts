/** A message of each kind, written from what the vendor and its clients publish; the key of the source stands beside each. */
import assert from 'node:assert/strict'
import { CATALOGUE } from '../../../src/lib/vendors/thingsee/catalogue'
import { readingsOfMessages } from '../../../src/lib/vendors/thingsee/messages'
import messages from '../../../src/lib/vendors/thingsee/operations/messages'

const TUID = 'TSPD01ABC12345678'
const header = { tsmEv: 10, tsmTs: 1559638241, tsmTuid: TUID }

/** `quantity value unit` of each reading of a message. */
const measured = (tsmId: number, properties: object): unknown[][] =>
  readingsOfMessages(messages.decode([{ tsmId, ...header, ...properties }]), { tuid: TUID, receivedAt: 0 }).map(({ quantity, value, unit }) => [quantity, value, unit])

describe('thingsee: measurements by message', () => {
  const rows: [tsmId: number, source: string, properties: object, readings: unknown[][]][] = [
    [1100, 'H2', { swVersion: '2019.11', modelCode: 'TSGW2G', psn: 'X1' }, [['swVersion', '2019.11', null], ['modelCode', 'TSGW2G', null], ['psn', 'X1', null]]],
    [1101, 'H2', { requestTsmId: 1310 }, [['requestTsmId', 1310, null]]],
    [1110, 'H2', { batl: 34.6, chrg: 2 }, [['battery', 34.6, '%'], ['chrg', 2, null]]],
    [1111, 'H9', { accx: 307, accy: 37, accz: -950 }, [['acceleration', 0.307, 'g'], ['acceleration', 0.037, 'g'], ['acceleration', -0.95, 'g']]],
    [1112, 'H2', { uptime: 3600 }, [['uptime', 3600, 's']]],
    [1113, 'H5', { temp: 21.5 }, [['temperature', 21.5, '°C']]],
    [1200, 'H2', { wpnode: '123', rssi: 78, rssiDbm: -70, neighNodeInfo: 1, neighRadioPower: 9, neighRadioPowerDbm: 4 }, [['wpnode', '123', null], ['rssi', 78, null], ['rssiDbm', -70, 'dBm'], ['neighNodeInfo', 1, null], ['neighRadioPower', 9, null], ['neighRadioPowerDbm', 4, 'dBm']]],
    [1202, 'H2', { tuid: 'T2', rssiDbm: -71 }, [['tuid', 'T2', null], ['rssiDbm', -71, 'dBm']]],
    [1203, 'H2', { btid: 'b', tuid: null }, [['btid', 'b', null]]],
    [1210, 'H2', { lat: 65.01, lon: 25.52, lacr: 500 }, [['latitude', 65.01, '°'], ['longitude', 25.52, '°'], ['lacr', 500, null]]],
    [1206, 'H2', { beaconMajor: 1, reportInterval: 500, txPower: -4 }, [['beaconMajor', 1, null], ['reportInterval', 500, 'ms'], ['txPower', -4, 'dBm']]],
    [1211, 'H2', { cellRsrp: -98, cellRsrq: -11, cellSinr: 3, cellRssi: -70, cellRscp: -90, cellEcn0: -8, cellRat: 'LTE' }, [['cellRsrp', -98, 'dBm'], ['cellRsrq', -11, 'dB'], ['cellSinr', 3, 'dB'], ['cellRssi', -70, 'dBm'], ['cellRscp', -90, 'dBm'], ['cellEcn0', -8, 'dB'], ['cellRat', 'LTE', null]]],
    [1212, 'H2', { imei: '35', mcc_mnc: '24405' }, [['imei', '35', null], ['mcc_mnc', '24405', null]]],
    [1220, 'H2', { nodeRole: 2, nodeVoltage: 3 }, [['nodeRole', 2, null], ['nodeVoltage', 3, null]]],
    [1312, 'H2', { binaryType: 'stm32_mcu', binaryVersion: '1' }, [['binaryType', 'stm32_mcu', null], ['binaryVersion', '1', null]]],
    [1313, 'H2', { hwid: 'A' }, [['hwid', 'A', null]]],
    [1301, 'H2', { result: 'fail', resultReason: 'busy' }, [['result', 'fail', null], ['resultReason', 'busy', null]]],
    [1402, 'H2', { result: -2, payload: '' }, [['result', -2, null], ['payload', '', null]]],
    [1500, 'H2', { measurementInterval: 60, reportInterval: 300 }, [['measurementInterval', 60, 's'], ['reportInterval', 300, 's']]],
    [1501, 'H2', { nodeRole: 0, autoRole: 1, lowLatency: 0 }, [['nodeRole', 0, null], ['autoRole', 1, null], ['lowLatency', 0, null]]],
    [1502, 'H2', { nodeAccessCycle: 3 }, [['nodeAccessCycle', 3, null]]],
    [1503, 'H2', { profileId: 2 }, [['profileId', 2, null]]],
    [1504, 'H2', { enabled: 1 }, [['enabled', 1, null]]],
    [1505, 'H2', { profileId: 1, duration: 10 }, [['profileId', 1, null], ['duration', 10, 's']]],
    [1600, 'H2', { wpnode: 7 }, [['wpnode', 7, null]]],
    [2100, 'H2', { state: 1 }, [['occupancy', 1, null]]],
    [2101, 'H2', { state: 0 }, [['state', 0, null]]],
    [3100, 'H2', { state: 1 }, [['state', 1, null]]],
    [3400, 'H2', { payload: { type: 'Buffer', data: [116] }, count: 4 }, [['payload.type', 'Buffer', null], ['payload.data.0', 116, null], ['count', 4, null]]],
    [10110, 'H7', { temp: 20, airp: 100000 }, [['temperature', 20, '°C'], ['pressure', 1000, 'hPa']]],
    [11200, 'H2', { slotInterval: 900, slotBitCount: 3, heartbeats: [{ tuid: 'T2', slotBits: 0 }] }, [['slotInterval', 900, 's'], ['slotBitCount', 3, null], ['heartbeats.0.tuid', 'T2', null], ['heartbeats.0.slotBits', 0, null]]],
    [11201, 'H2', { tuid: 'T2', slotInterval: 900, slotBits: 0 }, [['tuid', 'T2', null], ['slotInterval', 900, 's'], ['slotBits', 0, null]]],
    [11210, 'H2', { heartbeatInterval: 30, reportInterval: 60, instantMode: true }, [['heartbeatInterval', 30, 'min'], ['reportInterval', 60, 'min'], ['instantMode', true, null]]],
    [12100, 'H9', { temp: 22.4, humd: 67.2, airp: 101364.5, lght: 270 }, [['temperature', 22.4, '°C'], ['humidity', 67.2, '%'], ['pressure', 1013.645, 'hPa'], ['illuminance', 270, 'lx']]],
    [12101, 'H2', { hall: 1, hallCount: 12 }, [['hall', 1, null], ['hallCount', 12, null]]],
    [12102, 'H2', { resistance: 1000 }, [['resistance', 1000, null]]],
    [12200, 'H2', { accelerometerMode: 0, weatherMode: 1, hallMode: 0, leakageMode: 0 }, [['accelerometerMode', 0, null], ['weatherMode', 1, null], ['hallMode', 0, null], ['leakageMode', 0, null]]],
    [12210, 'H3', { intervalMultiplier: 2, temperatureHysteresis: 0.5, humidityHysteresis: 2, pressureHysteresis: 20, lightHysteresis: 100 }, [['intervalMultiplier', 2, null], ['temperatureHysteresis', 0.5, '°C'], ['humidityHysteresis', 2, '%'], ['pressureHysteresis', 20, 'Pa'], ['lightHysteresis', 100, 'lx']]],
    [12211, 'H2', { hallMode: 1 }, [['hallMode', 1, null]]],
    [12212, 'H2', { leakageMode: 1 }, [['leakageMode', 1, null]]],
    [13100, 'H3', { moveCount: 7 }, [['movement', 7, null]]],
    [13101, 'H7', { temp: -3.5 }, [['temperature', -3.5, '°C']]],
    [13102, 'H2', { count: 3, duration: 1800 }, [['occupancy', 3, null], ['duration', 1800, 's']]],
    [13103, 'H4', { in: 10, out: 8, totalIn: 100, totalOut: 90, amountIn: 10 }, [['people-in', 10, null], ['people-out', 8, null], ['totalIn', 100, null], ['totalOut', 90, null], ['amountIn', 10, null]]],
    [13200, 'H2', { threshold: 150, enableLed: 0, mode: 1, passiveReportInterval: 3600 }, [['threshold', 150, null], ['enableLed', 0, null], ['mode', 1, null], ['passiveReportInterval', 3600, null]]],
    [16100, 'H2', { activityLevel: 98, energyLevel: 2647, histogram0: 2, histogram9: 0 }, [['activityLevel', 98, '%'], ['energyLevel', 2647, null], ['histogram0', 2, null], ['histogram9', 0, null]]],
    [13210, 'H2', { mode: 0, threshold: 20, duration: 10 }, [['mode', 0, null], ['threshold', 20, null], ['duration', 10, 's']]],
    [13211, 'H2', { index: 1, max: 50 }, [['index', 1, null], ['max', 50, '%']]],
    [16200, 'H2', { accelerometerMode: 1, orientationHysteresis: 5, energyLevelThreshold: 1, activityLevelThreshold: 0.001, impactThreshold: 1, fullScale: 8 }, [['accelerometerMode', 1, null], ['orientationHysteresis', 5, '°'], ['energyLevelThreshold', 1, null], ['activityLevelThreshold', 0.001, '%'], ['impactThreshold', 1, 'mg'], ['fullScale', 8, 'g']]],
    [17100, 'H2', { dist: 152 }, [['distance', 152, 'mm']]],
    [17110, 'H2', { profileId: 3 }, [['profileId', 3, null]]],
    [17200, 'H2', { dist: 152, status: 0, ambientRate: 5, numberOfSPADs: 16, signalPerSPAD: 2 }, [['distance', 152, 'mm'], ['status', 0, null], ['ambientRate', 5, null], ['numberOfSPADs', 16, null], ['signalPerSPAD', 2, null]]],
    [17201, 'H2', { dist: [[1, 2], [3, null]] }, [['distance', 1, 'mm'], ['distance', 2, 'mm'], ['distance', 3, 'mm']]],
    [17210, 'H2', { temp: 20 }, [['temperature', 20, '°C']]],
    [17220, 'H2, H4', { rangingMode: 1, rangingTimingBudget: 50, reportingHysteresisAbsolute: 50, reportingHysteresisRelative: 5, mode: 0, peopleCountingOrientation: 3, peopleCountingDistanceThreshold: 1280 }, [['rangingMode', 1, null], ['rangingTimingBudget', 50, 'ms'], ['reportingHysteresisAbsolute', 50, 'mm'], ['reportingHysteresisRelative', 5, '%'], ['mode', 0, null], ['peopleCountingOrientation', 3, null], ['peopleCountingDistanceThreshold', 1280, 'mm']]],
    [18100, 'H2', { angle: 90.5 }, [['angle', 90.5, '°']]],
    [18101, 'H2', { temp: 20 }, [['temperature', 20, '°C']]],
    [18200, 'H2', { profileId: 1, duration: 1800 }, [['profileId', 1, null], ['duration', 1800, 's']]],
    [24100, 'H2', { carbonDioxide: 624, status: 1 }, [['co2', 624, 'ppm'], ['status', 1, null]]],
    [24101, 'H2', { tvoc: 50 }, [['tvoc', 50, 'ppb']]],
    [24200, 'H2', { averaging: 1, rounding: 1, autoCalibration: 192, calibrationValue: 400, carbonDioxideHysteresis: 10 }, [['averaging', 1, null], ['rounding', 1, 'ppm'], ['autoCalibration', 192, 'h'], ['calibrationValue', 400, 'ppm'], ['carbonDioxideHysteresis', 10, 'ppm']]],
    [24201, 'H2', { calibrationValue: 400 }, [['calibrationValue', 400, 'ppm']]],
    [25100, 'H4', { usbState: 1 }, [['usbState', 1, null]]],
    [28009, 'H3', { dist: 1600, echo: 1569, state: 1 }, [['distance', 1600, 'mm'], ['echo', 1569, null], ['occupancy', 1, null]]],
  ]
  for (const [tsmId, source, properties, readings] of rows)
    it(`${tsmId} ${CATALOGUE[tsmId]?.name ?? 'is missing'} [${source}]`, () => {
      assert.ok(CATALOGUE[tsmId])
      assert.deepEqual(measured(tsmId, properties), readings)
    })
})

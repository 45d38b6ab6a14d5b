/** A message of each kind, written from what the vendor and its clients publish; the key of the source stands beside each. */
import assert from 'node:assert/strict'
import { CATALOGUE } from '../../../src/lib/vendors/thingsee/catalogue'
import { readingsOfMessages, sinceItem } from '../../../src/lib/vendors/thingsee/messages'
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
    [3400, 'H2', { payload: { type: 'Buffer', data: [116] }, count: 4 }, [['payload', 'dA==', null], ['count', 4, null]]],
    [10100, 'H7', { move: 1, moveCount: 4 }, [['move', 1, null], ['movement', 4, null]]],
    [10111, 'H7', { level: 480 }, [['co2', 480, 'ppm']]],
    [10112, 'H7', { level: 3, min: 1, max: 2.5 }, [['level', 3, 'ppm'], ['min', 1, 'µm'], ['max', 2.5, 'µm']]],
    [10113, 'H7', { level: 12, min: 1, max: 2.5 }, [['level', 12, 'µg/m³'], ['min', 1, 'µm'], ['max', 2.5, 'µm']]],
    [10114, 'H7', { level: 900, min: 1, max: 2.5 }, [['level', 900, '1/m³'], ['min', 1, 'µm'], ['max', 2.5, 'µm']]],
    [10115, 'H7', { level: 2.5 }, [['level', 2.5, 'µm']]],
    [10116, 'H7', { level: 70 }, [['tvoc', 70, 'ppb']]],
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
    [12212, 'H2, H3', { leakageMode: 1, resistanceHysteresis: 10_000 }, [['leakageMode', 1, null], ['resistanceHysteresis', 10_000, 'ohm']]],
    [13100, 'H3', { moveCount: 7 }, [['movement', 7, null]]],
    [13101, 'H7', { temp: -3.5 }, [['temperature', -3.5, '°C']]],
    [13102, 'H2', { count: 3, duration: 1800 }, [['count', 3, null], ['duration', 1800, 's']]],
    [13103, 'H4', { in: 10, out: 8, totalIn: 100, totalOut: 90, amountIn: 10 }, [['people-in', 10, null], ['people-out', 8, null], ['totalIn', 100, null], ['totalOut', 90, null], ['amountIn', 10, null]]],
    [13200, 'H2', { threshold: 150, enableLed: 0, mode: 1, passiveReportInterval: 3600 }, [['threshold', 150, null], ['enableLed', 0, null], ['mode', 1, null], ['passiveReportInterval', 3600, 's']]],
    [16100, 'H2', { activityLevel: 98, energyLevel: 2647, histogram0: 2, histogram9: 0 }, [['activityLevel', 98, '%'], ['energyLevel', 2647, null], ['histogram0', 2, null], ['histogram9', 0, null]]],
    [13210, 'H2', { mode: 0, threshold: 20, duration: 10 }, [['mode', 0, null], ['threshold', 20, null], ['duration', 10, 's']]],
    [13211, 'H2', { index: 1, max: 50 }, [['index', 1, null], ['max', 50, '%']]],
    [16200, 'H2', { accelerometerMode: 1, orientationHysteresis: 5, energyLevelThreshold: 1, activityLevelThreshold: 0.001, impactThreshold: 1, fullScale: 8 }, [['accelerometerMode', 1, null], ['orientationHysteresis', 5, '°'], ['energyLevelThreshold', 1, null], ['activityLevelThreshold', 0.001, '%'], ['impactThreshold', 1, 'mg'], ['fullScale', 8, 'g']]],
    [17100, 'H2', { dist: 152 }, [['distance', 152, 'mm']]],
    [17110, 'H2', { profileId: 3 }, [['profileId', 3, null]]],
    [17200, 'H2', { dist: 152, status: 0, ambientRate: 5, numberOfSPADs: 16, signalPerSPAD: 2 }, [['distance', 152, 'mm'], ['status', 0, null], ['ambientRate', 5, null], ['numberOfSPADs', 16, null], ['signalPerSPAD', 2, null]]],
    [17201, 'H2', { dist: [[1, 2], [3, null]] }, [['dist.0.0', 1, 'mm'], ['dist.0.1', 2, 'mm'], ['dist.1.0', 3, 'mm']]],
    [17210, 'H2', { temp: 20 }, [['temp', 20, '°C']]],
    [17220, 'H2, H4', { rangingMode: 1, rangingTimingBudget: 50, reportingHysteresisAbsolute: 50, reportingHysteresisRelative: 5, mode: 0, peopleCountingOrientation: 3, peopleCountingDistanceThreshold: 1280 }, [['rangingMode', 1, null], ['rangingTimingBudget', 50, 'ms'], ['reportingHysteresisAbsolute', 50, 'mm'], ['reportingHysteresisRelative', 5, '%'], ['mode', 0, null], ['peopleCountingOrientation', 3, null], ['peopleCountingDistanceThreshold', 1280, 'mm']]],
    [18100, 'H2', { angle: 90.5 }, [['angle', 90.5, '°']]],
    [18101, 'H2', { temp: 20 }, [['temp', 20, '°C']]],
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

describe('thingsee: what a message says about its own measurement', () => {
  const one = (tsmId: number, properties: object) => readingsOfMessages(messages.decode([{ tsmId, ...header, ...properties }]), { tuid: TUID, receivedAt: 0 })
  const shown = (tsmId: number, properties: object): unknown[][] => one(tsmId, properties).map(({ quantity, value, unit, extra }) => [quantity, value, unit, extra?.status, extra?.sent])

  it('gives no value to a measurement that failed, and keeps its status and what was sent [H2]', () => {
    assert.deepEqual(shown(24100, { carbonDioxide: 0, status: -1 }), [['co2', null, 'ppm', -1, 0], ['status', -1, null, undefined, undefined]])
    assert.deepEqual(shown(17200, { dist: 65_535, status: 4, ambientRate: 9 }), [
      ['distance', null, 'mm', 4, 65_535], ['status', 4, null, undefined, undefined], ['ambientRate', 9, null, undefined, undefined],
    ])
    assert.equal(one(24100, { carbonDioxide: 0, status: '-1' })[0]?.value, null)
  })

  it('keeps a measurement whose status concerns something else [H2]', () => {
    for (const status of [0, 1, 2]) assert.equal(one(24100, { carbonDioxide: 624, status })[0]?.value, 624)
    for (const status of [0, null, undefined]) assert.equal(one(17200, { dist: 79, status })[0]?.value, 79)
    assert.equal(one(99123, { dist: 79, status: -1 })[0]?.value, 79)
  })

  it('calls a message by tsmId and tsmEv [H2, H4]', () => {
    const names: [tsmId: number, tsmEv: number, name: string][] = [
      [1000, 17, 'network connection'], [1000, 18, 'network connection'], [1000, 27, 'diagnostics request'],
      [1000, 32, 'firmware information request'], [1000, 33, 'firmware information'], [1000, 11, 'header only'],
      [1402, 35, 'remote command'], [1402, 36, 'remote command result'], [12100, 9, 'environment'],
    ]
    for (const [tsmId, tsmEv, name] of names) assert.equal(one(tsmId, { tsmEv })[0]?.extra?.message, name)
  })

  it('leaves secrets out of readings, and says so [H2]', () => {
    const readings = one(11500, { host: 'mqtt.example', port: 8888, tls: false, anonymous: false, username: 'user', password: 'hunter2', publishTopic: 'a/b', more: { apiKey: 'hunter2' } })
    assert.deepEqual(readings.map(({ quantity }) => quantity), ['host', 'port', 'tls', 'anonymous', 'username', 'publishTopic'])
    assert.ok(readings.every(({ extra }) => JSON.stringify(extra?.withheld) === '["password","more.apiKey"]'))
    assert.ok(!JSON.stringify(readings).includes('hunter2'))
    const [only] = one(11500, { password: 'hunter2' })
    assert.deepEqual([only?.quantity, only?.extra?.withheld], ['event', ['password']])
  })

  it('names the properties without a value [H2]', () => {
    assert.deepEqual(one(1203, { btid: 'b', tuid: null }).map(({ value, extra }) => [value, extra?.empty]), [['b', ['tuid']]])
    assert.deepEqual(one(11200, { slotInterval: 900, heartbeats: [] })[0]?.extra?.empty, ['heartbeats'])
    assert.deepEqual(one(17201, { dist: [[1, null]] })[0]?.extra?.empty, ['dist.0.1'])
  })

  it('gives binary data as one text [H2]', () => {
    const bytes = [...Array(4096).keys()].map((index) => index % 256)
    const buffers: [tsmId: number, name: string][] = [
      [1206, 'beaconData'], [1207, 'beaconData'], [1208, 'beaconData'], [3200, 'data'], [3400, 'payload'], [11310, 'payload'], [11311, 'payload'], [11320, 'appConfigData'],
    ]
    for (const [tsmId, name] of buffers) {
      const readings = one(tsmId, { [name]: { type: 'Buffer', data: bytes }, index: 0 })
      assert.deepEqual(readings.map(({ quantity, extra }) => [quantity, extra?.encoding]), [[name, 'base64'], ['index', undefined]])
      assert.equal(readings[0]?.value, Buffer.from(bytes).toString('base64'))
    }
    assert.equal(one(3400, { payload: { type: 'Buffer', data: [256] } }).length, 2, 'what is no byte is not taken for binary data')
  })

  it('tells the messages of one second apart by whom they concern', () => {
    const keys = new Set(['T2', 'T3', 'T2'].map((tuid) => sinceItem({ tsmId: 1202, tsmEv: 10, tsmTs: 1, tsmTuid: TUID, tuid }).key))
    assert.equal(keys.size, 2)
  })
})

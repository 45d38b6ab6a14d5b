import assert from 'node:assert/strict'
import { FieldError, readField, WireError } from '../../../src/lib/vocabulary/validation'
import { buildRequest } from '../../../src/lib/http/request'
import { datapoints } from '../../../src/lib/vendors/senquip/datapoints'
import { listIn } from '../../../src/lib/vendors/senquip/devices'
import { deviceIdField } from '../../../src/lib/vendors/senquip/fields'
import { readingsOfDatapoints } from '../../../src/lib/vendors/senquip/readings'
import { sentence } from '../../../src/lib/base/sentence'
import type { Operation } from '../../../src/lib/vocabulary/operation'
import type { Settings, Vendor } from '../../../src/lib/vocabulary/vendor'
import sensocan from '../../../src/lib/vendors/sensocan'
import senquip from '../../../src/lib/vendors/senquip/v2'
import senquipV1 from '../../../src/lib/vendors/senquip/v1'

/** The vendor's example with the keys of real messages [S1a, S1c]. */
const example = {
  deviceid: 'BD6AEDJQ2', ts: 1608416763.9, time: 1608416764,
  vsys: 4.09, vin: 12.11, vbat: 0, vreg: 8.98, ambient: 25.83, light: 1,
  accel_x: 0.02, accel_y: -0.03, accel_z: -1.01, pitch: -0.9, roll: -1.5, angle: 1.7, motion: 24,
  analog1: 0, current1: 0.16, pressure: 101.26,
  wifi_ip: '192.168.1.178', wifi_rssi: -32, state: 0, movement_hrs: 0,
  can1: [{ id: 419371762, data: '42C8590803FFD908' }],
  cp21: 82.8,
  events: [{ topic: 'pitch', msg: 'Low', lv: 30 }],
}
const RECEIVED = 1_700_000_000_000

const read = (point: Record<string, unknown>) =>
  readingsOfDatapoints('senquip', datapoints([point]), 'JDA54E19F', { receivedAt: RECEIVED })
/** Quantity, value, unit and extra of each. */
const short = (point: Record<string, unknown>) =>
  read(point).map(({ quantity, value, unit, extra }) => [quantity, value, unit, extra])

describe('Senquip message', () => {
  it('gives a reading of every key of the example but the header [S1a, S1c]', () => {
    const readings = read(example)
    assert.deepEqual(
      readings.map(({ extra, quantity, value, unit }) => [extra?.name, quantity, value, unit]),
      [
        ['vsys', 'voltage', 4.09, 'V'],
        ['vin', 'voltage', 12.11, 'V'],
        ['vbat', 'voltage', 0, 'V'],
        ['vreg', 'voltage', 8.98, 'V'],
        ['ambient', 'ambient', 25.83, '°C'],
        ['light', 'light', 1, null],
        ['accel_x', 'acceleration', 0.02, 'g'],
        ['accel_y', 'acceleration', -0.03, 'g'],
        ['accel_z', 'acceleration', -1.01, 'g'],
        ['pitch', 'pitch', -0.9, '°'],
        ['roll', 'roll', -1.5, '°'],
        ['angle', 'angle', 1.7, '°'],
        ['motion', 'motion', 24, 'mg'],
        ['analog1', 'analog1', 0, null],
        ['current1', 'current1', 0.16, null],
        ['pressure', 'pressure', 1012.6, 'hPa'],
        ['wifi_ip', 'wifi_ip', '192.168.1.178', null],
        ['wifi_rssi', 'wifi_rssi', -32, 'dBm'],
        ['state', 'state', 0, null],
        ['movement_hrs', 'movement_hrs', 0, 'h'],
        ['can1', 'can1', '42C8590803FFD908', null],
        ['cp21', 'cp21', 82.8, null],
        ['events', 'events', 'Low', null],
      ],
    )
    for (const { vendor, device, sensor, timestamp } of readings)
      assert.deepEqual({ vendor, device, sensor, timestamp }, { vendor: 'senquip', device: 'BD6AEDJQ2', sensor: null, timestamp: 1608416763900 })
  })

  it('reads inputs and GPS in their units [S1a, S1d]', () => {
    assert.deepEqual(short({ tc1: 71.5, freq1: 50, duty1: 12.5, pulse1: 7, gps_lat: -32.9, gps_lon: 151.7, gps_speed: 60, capture1: '$X' }), [
      ['temperature', 71.5, '°C', { name: 'tc1' }],
      ['freq1', 50, 'Hz', { name: 'freq1' }],
      ['duty1', 12.5, '%', { name: 'duty1' }],
      ['pulse1', 7, null, { name: 'pulse1' }],
      ['latitude', -32.9, '°', { name: 'gps_lat' }],
      ['longitude', 151.7, '°', { name: 'gps_lon' }],
      ['speed', 60, 'km/h', { name: 'gps_speed' }],
      ['capture1', '$X', null, { name: 'capture1' }],
    ])
  })

  it('reads a pressure whose object has names that every object inherits', () => {
    const [reading] = readingsOfDatapoints('senquip', [{ pressure: [{ toString: 21.5, valueOf: null }] }], 'JDA54E19F', { receivedAt: RECEIVED, settings: {} })
    assert.equal(reading?.extra?.name, 'pressure.0.toString')
  })

  it('takes the pressure in the unit that is plausible, or that the account says [S1a, S1c]', () => {
    const pressure = (value: unknown, pressureUnit?: string) =>
      readingsOfDatapoints('senquip', [{ pressure: value }], 'JDA54E19F', { receivedAt: RECEIVED, settings: { pressureUnit } }).map((reading) => [reading.quantity, reading.value, reading.unit])
    for (const automatic of [undefined, 'auto']) {
      assert.deepEqual(pressure(101.26, automatic), [['pressure', 1012.6, 'hPa']])
      assert.deepEqual(pressure(1013.2, automatic), [['pressure', 1013.2, 'hPa']])
      assert.deepEqual(pressure('300', automatic), [['pressure', 300, 'hPa']])
      assert.deepEqual(pressure(30, automatic), [['pressure', 300, 'hPa']])
      assert.deepEqual(pressure(101_260, automatic), [['pressure', 101_260, null]], 'neither unit is plausible')
    }
    assert.deepEqual(pressure(1013.2, 'hPa'), [['pressure', 1013.2, 'hPa']])
    assert.deepEqual(pressure(150, 'hPa'), [['pressure', 150, 'hPa']])
    assert.deepEqual(pressure(250, 'kPa'), [['pressure', 2500, 'hPa']])
  })

  it('gives a reading of each CAN frame, with its id [S1a]', () => {
    assert.deepEqual(short({ can2: [{ id: 1, data: '0A' }, { id: 2, data: '' }, { id: 3 }] }), [
      ['can2', '0A', null, { name: 'can2', id: 1 }],
      ['can2', '', null, { name: 'can2', id: 2 }],
      ['can2.2.id', 3, null, { name: 'can2.2.id' }],
    ])
  })

  it('gives a reading of each event; one without a message has its topic as value [S1c]', () => {
    assert.deepEqual(short({ events: [{ topic: 'pitch', msg: 'Low', lv: 30 }, { topic: 'mjs', msg: null, lv: '20' }, { topic: 'x' }] }), [
      ['events', 'Low', null, { name: 'events', topic: 'pitch', level: 30 }],
      ['events', 'mjs', null, { name: 'events', topic: 'mjs', level: 20 }],
      ['events', 'x', null, { name: 'events', topic: 'x' }],
    ])
  })

  it('takes a frame or an event alone where a list of them is usual', () => {
    assert.deepEqual(short({ can1: { id: 1, data: '0A' }, events: { topic: 'pitch', msg: 'Low', lv: 30 } }), [
      ['can1', '0A', null, { name: 'can1', id: 1 }],
      ['events', 'Low', null, { name: 'events', topic: 'pitch', level: 30 }],
    ])
  })

  it('takes numbers that come as text, but leaves texts of the user alone', () => {
    assert.deepEqual(short({ ambient: '25.83', pressure: '101.26', vin: 'NaN', freq1: ' 50 ', cp1: '007' }), [
      ['ambient', 25.83, '°C', { name: 'ambient' }],
      ['pressure', 1012.6, 'hPa', { name: 'pressure' }],
      ['voltage', 'NaN', 'V', { name: 'vin' }],
      ['freq1', 50, 'Hz', { name: 'freq1' }],
      ['cp1', '007', null, { name: 'cp1' }],
    ])
  })

  it('keeps what it does not know under its own name, and leaves out null', () => {
    assert.deepEqual(short({ pump: { on: true, hours: 3 }, list: [5], none: null, toString: 1 }), [
      ['pump.on', true, null, { name: 'pump.on' }],
      ['pump.hours', 3, null, { name: 'pump.hours' }],
      ['list.0', 5, null, { name: 'list.0' }],
      ['toString', 1, null, { name: 'toString' }],
    ])
  })

  it('falls back for device and time', () => {
    const origin = (point: Record<string, unknown>) => read({ ...point, vin: 12 }).map(({ device, timestamp }) => [device, timestamp])
    assert.deepEqual(origin({ ts: 1608416763.9 }), [['JDA54E19F', 1608416763900]])
    assert.deepEqual(origin({ time: 1608416764 }), [['JDA54E19F', 1608416764000]])
    assert.deepEqual(origin({ ts: null, time: '1608416764' }), [['JDA54E19F', 1608416764000]])
    assert.deepEqual(origin({ ts: 'soon' }), [['JDA54E19F', RECEIVED]])
    assert.deepEqual(origin({ ts: 1e300 }), [['JDA54E19F', RECEIVED]])
    for (const ts of [1608416763900, '2020-12-19T22:26:03.9Z', '2020-12-19 22:26:03.900']) assert.deepEqual(origin({ ts }), [['JDA54E19F', 1608416763900]], String(ts))
  })
})

describe('Senquip answer', () => {
  it('is an array, a datapoint, or an object with one array', () => {
    const point = { ts: 1, vin: 12 }
    for (const body of [
      [point],
      point,
      { data: [point], links: [], apiRequestsRemaining: 3 },
      { deviceid: 'JDA54E19F', datapoints: [point], extra: true },
      { items: [point], count: 1 },
      { data: point },
      { message: 'ok', data: { datapoints: [point] } },
    ])
      assert.deepEqual(datapoints(body), [point])
    const withLists = { deviceid: 'BD6AEDJQ2', can1: [], events: [] }
    assert.deepEqual(datapoints(withLists), [withLists])
    assert.deepEqual(datapoints([]), [])
  })

  it('of another shape is refused with its place', () => {
    const failure = (body: unknown, message: RegExp): void =>
      assert.throws(() => datapoints(body), (error) => error instanceof WireError && message.test(error.message))
    failure('no', /^the body is "no", expected an array of datapoints$/)
    failure(null, /^the body is null/)
    failure({ message: 'hello' }, /^the body is an object with no array/)
    failure({ a: [], b: [] }, /^the body is an object with arrays under a, b, expected one/)
    failure([{}, 3], /^datapoint 2 of the body is 3, expected an object/)
    failure({ data: [[1]] }, /^datapoint 1 of data is an array of 1/)
  })

  it('with a list of devices is the list, else stays as it is', () => {
    assert.deepEqual(listIn([1]), [1])
    assert.deepEqual(listIn({ devices: [1], total: 1 }), [1])
    assert.deepEqual(listIn({ a: [1], b: [2] }), { a: [1], b: [2] })
    assert.deepEqual(listIn({ JDA54E19F: {} }), { JDA54E19F: {} })
  })
})

const requestOf = (vendor: Vendor, id: string, params: Record<string, unknown>, settings: Settings = {}) => {
  const operation: Operation | undefined = vendor.operations[id]
  assert.ok(operation)
  const values = Object.entries(operation.fields).flatMap(([name, field]) => {
    const value = readField(field, params[name])
    return value === undefined ? [] : [[name, value] as const]
  })
  const { method, url } = buildRequest(operation, Object.fromEntries(values), { vendor, base: new URL('https://api.test/v2/'), settings })
  return `${method} ${url}`
}

describe('Senquip v2', () => {
  it('makes the requests of its operations', () => {
    assert.equal(requestOf(senquip, 'list-devices', {}), 'GET https://api.test/v2/devices')
    assert.equal(
      requestOf(senquip, 'device-data', { deviceId: 'JDA54E19F', datapoints: '5', from: '2026-01-31T12:00:00Z', to: new Date(1769860801500) }),
      'GET https://api.test/v2/devices/JDA54E19F/data?datapoints=5&from=1769860800&to=1769860801',
    )
    assert.equal(requestOf(senquip, 'request', { path: '/groups', query: '{"page":2}' }), 'GET https://api.test/v2/groups?page=2')
    assert.equal(requestOf(senquip, 'request', { path: 'groups' }), 'GET https://api.test/v2/groups')
  })

  it('says in words what a device id is', () => {
    assert.throws(() => readField(deviceIdField, 'JDA'), new FieldError(sentence`must be a device id of nine letters and digits, such as JDA54E19F, not "JDA"`))
    assert.throws(() => readField(deviceIdField, ''), /^Error: is required: Give the device id printed under the lid or on the box/)
  })

  it('allows each Hosted device its share, at least that of one [S1]', () => {
    const limits = (hostedDevices?: number) => senquip.budgets({ hostedDevices }).map(({ limit }) => limit)
    assert.deepEqual(limits(), [1, 1000])
    assert.deepEqual(limits(0), [1, 1000])
    assert.deepEqual(limits(9), [9, 9000])
  })

  it('reads the message of a failure and the requests that are left [S1]', () => {
    assert.equal(senquip.reason({ message: 'Forbidden' }), 'Forbidden')
    assert.equal(senquip.reason('Forbidden'), undefined)
    assert.equal(senquip.apiRequestsRemaining({ devices: [], apiRequestsRemaining: 49 }), 49)
    assert.equal(senquip.apiRequestsRemaining({ apiRequestsRemaining: '49' }), 49)
    for (const body of [[], { apiRequestsRemaining: '' }, { apiRequestsRemaining: 'many' }, { apiRequestsRemaining: null }])
      assert.equal(senquip.apiRequestsRemaining(body), undefined)
  })
})

describe('Senquip v1', () => {
  it('makes the requests of its operations; a time in text goes on as written [S0]', () => {
    assert.equal(
      requestOf(senquipV1, 'device-data', { deviceId: 'JDA54E19F', datapoints: 3, from: 'yesterday', to: 1769860801500 }),
      'GET https://api.test/v2/get-data/JDA54E19F?datapoints=3&from=yesterday&to=1769860801',
    )
    assert.equal(requestOf(senquipV1, 'device-summary', {}), 'GET https://api.test/v2/get-device-summary')
  })

  it('sends one request a second unless the account says otherwise', () => {
    const limits = (requestsPerSecond?: number) => senquipV1.budgets({ requestsPerSecond }).map(({ limit, window }) => [limit, window])
    assert.deepEqual(limits(), [[1, 1000]])
    assert.deepEqual(limits(20), [[20, 1000]])
    assert.equal(readField(senquipV1.settings.requestsPerSecond, ''), 1)
  })

  it('names the content type in its reads too, as the vendor\'s own request does [S0]', () => {
    const operation: Operation = senquipV1.operations['device-summary']
    const { contentType, body } = buildRequest(operation, {}, { vendor: senquipV1, base: new URL('https://api.test/v2/'), settings: {} })
    assert.deepEqual([contentType, body], ['application/json', undefined])
  })

  it('asks for a token with Basic and a form [S0]', () => {
    assert.deepEqual(senquipV1.auth.request({ tokenUrl: 'https://id.test/token' }, { clientId: 'ä', clientSecret: 's:1' }), {
      url: 'https://id.test/token',
      headers: { Authorization: 'Basic w6Q6czox', 'Content-Type': 'application/x-www-form-urlencoded' },
      body: 'grant_type=client_credentials',
    })
  })

  it('reads the token, whatever form its lifetime has', () => {
    const { decode, header } = senquipV1.auth
    assert.deepEqual(decode({ access_token: 't', expires_in: 60, token_type: 'Bearer' }), { value: 't', lifetime: 60 })
    assert.deepEqual(decode({ access_token: 't', expires_in: '60' }), { value: 't', lifetime: 60 })
    assert.deepEqual(decode({ access_token: 't' }), { value: 't', lifetime: 3600 })
    assert.throws(() => decode({ token: 't' }), (error) => error instanceof WireError && error.message.startsWith('access_token is'))
    assert.throws(() => decode({ access_token: 't', expires_in: 'soon' }), (error) => error instanceof WireError && error.message.startsWith('expires_in is'))
    assert.equal(header('t', { authorization: 'bearer' }), 'Bearer t')
    assert.equal(header('t', { authorization: 'raw' }), 't')
  })

  it('takes a token URL in clear text only on loopback', () => {
    const { tokenUrl } = senquipV1.settings
    for (const url of ['https://id.test/token', 'http://127.0.0.1:1880/token', 'http://localhost/token', 'http://[::1]:1880'])
      assert.equal(readField(tokenUrl, url), url)
    for (const url of ['http://id.test/token', 'http://localhost.id.test', 'id.test'])
      assert.throws(() => readField(tokenUrl, url), /must be an address that starts with https/)
  })
})

describe('SensoCAN', () => {
  it('says what failed, with the field errors [N1]', () => {
    assert.equal(sensocan.reason({ message: 'Unauthenticated.' }), 'Unauthenticated.')
    assert.equal(
      String(sensocan.reason({
        message: 'Validation failed.',
        errors: { 'data.value': ['The sensor value is required.'], 'data.timestamp': ['The data.timestamp field must be a valid date.'] },
      })),
      'Value: The sensor value is required; Time: The Time field must be a valid date',
    )
    for (const errors of [null, [], {}]) assert.equal(sensocan.reason({ message: 'Validation failed.', errors }), 'Validation failed.')
    assert.equal(sensocan.reason([]), undefined)
  })

  it('takes a device UUID and has an address of its own [N1]', () => {
    const { deviceUuid, baseUrl } = sensocan.settings
    assert.equal(readField(baseUrl, ''), 'https://api.sensocan.com/api/v1')
    assert.equal(readField(deviceUuid, 'a1b2c3d4-e5f6-7890-abcd-ef1234567890'), 'a1b2c3d4-e5f6-7890-abcd-ef1234567890')
    assert.throws(() => readField(deviceUuid, 'temp_01'), /must be a UUID such as/)
    assert.throws(() => readField(deviceUuid, ''), /is required: Copy the Device UUID/)
  })
})

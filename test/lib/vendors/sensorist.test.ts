/** Samples are those that clients of the vendor captured [R2 live], and what its document has beside them [R0]. */
import assert from 'node:assert/strict'
import { events } from '../../../src/lib/vendors/sensorist/events'
import { sourcesOf } from '../../../src/lib/vendors/sensorist/inventory'
import { pageOf } from '../../../src/lib/vendors/sensorist/measurements'
import alarmHistory from '../../../src/lib/vendors/sensorist/operations/alarm-history'
import alarms from '../../../src/lib/vendors/sensorist/operations/alarms'
import { extremesOfRow, readingsOfRow } from '../../../src/lib/vendors/sensorist/readings'
import { codeOf, readAnswer, readCallbacks, readGateways, readInventory, reasonOf, unwrapped } from '../../../src/lib/vendors/sensorist/wire'
import { WireError } from '../../../src/lib/vocabulary/validation'

const AT = Date.UTC(2026, 8, 13, 16, 59, 4)
const DATE = '2026-09-13T16:59:04+0000'

const source = (id: number, title: string, name: string | null, unit: object | null) => ({
  id, title, serial: 't5p0xxxx', interval: 900, subtype: 'digital', disconnected_date: null, devices: [],
  type: { id: 5, name, precision: 1, capability: 72, unit },
})

/** Gateway, sensor, data source, all under `devices` [R2 live]. */
const gatewayWith = (...devices: object[]) => ({
  code: 200, max_age: 900, time: 0.09,
  gateways: [{
    id: 7325, serial: '10000000', title: 'Gateway', firmware: '2.43', type: { id: 10, name: 'B16' }, disconnected_date: null, master_id: null,
    devices: [{ id: 57951, serial: 'aa00bb01', title: 'Sensor 2', firmware: '1.99', type: { id: 4, name: 'S2.0' }, current_gateway_id: 7325, devices }],
  }],
})

const SOURCES = [
  source(220200, 'Temperature', 'temp', { id: 1, name: '°C' }),
  source(220201, 'Humidity', 'humi', { id: 2, name: '%' }),
  source(220202, 'Battery', 'batt', { id: 3, name: 'v' }),
  source(220203, 'Wireless', 'wireless', { id: 6, name: '%' }),
]

const sourceMap = (...devices: object[]) => new Map(sourcesOf(readInventory(gatewayWith(...devices))).map((one) => [one.id, one]))

const row = (value: unknown, more: object = {}) => ({ date: DATE, value, type: 1, seq: 1789318746316133, min: null, max: null, ...more })

const read = (measurements: unknown, sources = sourceMap(...SOURCES), readings = readingsOfRow) =>
  pageOf(readAnswer({ measurements }, [...sources.keys()]), sources, readings).readings ?? []

/** Quantity, value, unit and time of each. */
const short = (...given: Parameters<typeof read>) => read(...given).map(({ quantity, value, unit, timestamp }) => [quantity, value, unit, timestamp])

describe('sensorist: measurements', () => {
  it('gives the captured kinds in their units, with where they come from [R2 live]', () => {
    const readings = read({ 220200: row(20.34), 220201: row(70.8), 220202: row(2.83), 220203: row(100) })
    assert.deepEqual(readings.map(({ quantity, value, unit }) => [quantity, value, unit]), [
      ['temperature', 20.34, '°C'], ['humidity', 70.8, '%'], ['voltage', 2.83, 'V'], ['signal', 100, '%'],
    ])
    const extra = { name: 'temp', dataSource: '220200', title: 'Temperature', sensorTitle: 'Sensor 2', gatewayTitle: 'Gateway', type: 1, seq: 1789318746316133 }
    assert.deepEqual(readings[0], {
      vendor: 'sensorist', device: '7325', sensor: '57951', label: null, quantity: 'temperature', channel: 'temp', value: 20.34, unit: '°C', timestamp: AT, extra,
    })
  })

  it('takes the unit of the account: Fahrenheit, a battery in percent, one that it does not know [R2]', () => {
    const sources = sourceMap(
      source(1, 'Temperature', 'temp', { id: 4, name: '°F' }), source(2, 'Battery', 'batt', { id: 2, name: '%' }),
      source(3, 'Temperature', 'temp', { id: 77, name: 'K' }), source(4, 'CO2', 'co2', { id: 9, name: 'ppm' }), source(5, 'Door', 'door', null),
    )
    assert.deepEqual(short({ 1: row(68), 2: row(87), 3: row(293), 4: row(400), 5: row(1) }, sources), [
      ['temperature', 20, '°C', AT], ['battery', 87, '%', AT], ['temperature', 293, 'K', AT], ['co2', 400, 'ppm', AT], ['door', 1, null, AT],
    ])
  })

  it('reads an array of rows, and one row in it that is odd never makes nonsense of the others', () => {
    const seconds = AT / 1000
    assert.deepEqual(short({ 220200: [row(20), row(21, { date: seconds }), row(null, { type: 20 }), row('21.5'), row(22, { date: AT })] }), [
      ['temperature', 20, '°C', AT], ['temperature', 21, '°C', AT], ['temperature', 21.5, '°C', AT], ['temperature', 22, '°C', AT],
    ])
    assert.throws(() => read({ 220200: [row(20), row(21, { date: 'yesterday' })] }), (error) => error instanceof WireError && /220200 is "yesterday", expected ISO 8601/.test(error.message))
    assert.throws(() => read({ 220200: [row(20), row(21, { date: [] })] }), (error) => error instanceof WireError && /date/.test(error.message))
    assert.throws(() => read({ 220200: [row(20), 7] }), WireError)
  })

  it('reads averages with their extremes, and extremes with their dates [R0; names assumed]', () => {
    const [average] = read({ 220200: [row(20, { type: 10, min: 19, max: 21 })] })
    assert.deepEqual([average?.value, average?.extra?.min, average?.extra?.max], [20, 19, 21])
    const [converted] = read({ 1: [row(68, { min: '59', max: 77 })] }, sourceMap(source(1, 'Temperature', 'temp', { id: 4, name: '°F' })))
    assert.deepEqual([converted?.value, converted?.unit, converted?.extra?.min, converted?.extra?.max], [20, '°C', 15, 25], 'all in one unit')
    const later = '2026-09-13T17:59:04+0000'
    for (const extremes of [{ min: { date: DATE, value: 1 }, max: { date: later, value: 2 } }, { min: 1, min_date: DATE, max: 2, max_date: AT + 3_600_000 }]) {
      const found = read({ 220200: extremes }, undefined, extremesOfRow)
      assert.deepEqual(found.map(({ value, timestamp, extra }) => [value, timestamp, extra?.statistic]), [[1, AT, 'min'], [2, AT + 3_600_000, 'max']])
    }
  })

  it('reads an array of measurements that name their data source, as the document has it [R0]', () => {
    const rows = [row(1, { data_source: 220200 }), row(2, { data_source_id: '220201' }), row(3, { data_source: { id: 220202, title: 'Battery' } })]
    assert.deepEqual(short(rows).map(([quantity, value]) => [quantity, value]), [['temperature', 1], ['humidity', 2], ['voltage', 3]])
    assert.throws(() => read([row(1)]), /has no data source/)
  })

  it('gives nothing where nothing was measured', () => {
    for (const measurements of [{}, [], null, { 220200: null }, { 220200: [] }]) assert.deepEqual(read(measurements), [], JSON.stringify(measurements))
  })
})

describe('sensorist: inventory', () => {
  it('lets no level without devices or names hide the others', () => {
    const body = {
      gateways: [
        { id: 1, title: null, devices: null }, { id: 2 }, { id: 3, devices: [{ id: 4, devices: null }] },
        { id: 5, devices: [{ id: 6, devices: [source(7, 'Odd', null, { id: 1, name: null })] }] },
      ],
    }
    assert.deepEqual(sourcesOf(readInventory(body)).map(({ id, kind, unit, gateway, sensor }) => [id, kind, unit, gateway, sensor]), [['7', 'value', undefined, '5', '6']])
  })
})

describe('sensorist: callbacks', () => {
  const decode = (body: unknown) => events.decode(body, 1)

  it('takes the time in whatever form it comes', () => {
    for (const date of [DATE, AT / 1000, AT, String(AT / 1000)]) assert.equal(decode({ type: 2, date }).timestamp, AT, String(date))
    for (const date of [null, 'soon', {}]) assert.equal(decode({ type: 2, date }).timestamp, 1)
  })

  it('takes whatever arrives as untrusted: it is refused, or bounded and read', () => {
    const nested = (levels: number): unknown => {
      let value: unknown = 1
      for (let level = 0; level < levels; level += 1) value = [value]
      return value
    }
    const tooLarge = [
      { type: 2, data: nested(100_000) },
      { type: 2, data: Array.from({ length: 20_000 }, () => 1) },
      { type: 2, text: 'x'.repeat(300_000) },
      { type: 2, ['x'.repeat(300_000)]: 1 },
    ]
    for (const body of tooLarge) assert.throws(() => decode(body), (error) => error instanceof WireError && /too large for an event/.test(error.message))
    for (const body of [null, 7, 'text', [], {}]) assert.throws(() => decode(body), WireError, JSON.stringify(body))
    for (const gateway of [-1, 1.5, 1e300, NaN, '9'.repeat(1000), {}, [], { id: {} }, true])
      assert.equal(decode({ type: 2, gateway }).device, null)
    for (const type of ['toString', '__proto__', {}, [], null, 3, 'x'.repeat(1000)]) assert.equal(decode({ type }).event, 'event')
    assert.deepEqual(decode([{ type: 2 }]).data, [{ type: 2 }], 'what it posts is not published, so that a list is an event too')
    const { device, event, data } = decode({ type: '2', gateway: '7325', logs: nested(8) })
    assert.deepEqual([device, event], ['7325', 'alarm'])
    assert.deepEqual(data, { type: '2', gateway: '7325', logs: nested(8) }, 'data holds the whole post')
  })
})

describe('sensorist: envelope', () => {
  it('is taken off; an array without one is what the document has [R0]', () => {
    assert.deepEqual(unwrapped({ code: 200, max_age: 900, time: 0.09, alarms: [1] }), { alarms: [1] })
    assert.deepEqual(unwrapped([1]), [1])
    assert.deepEqual(alarms.decode(unwrapped([{ id: 1 }])), [{ id: 1 }])
    assert.deepEqual(alarms.decode(unwrapped({ code: 200, alarms: [{ id: 1 }] })), [{ id: 1 }])
    assert.deepEqual(unwrapped(null), {})
    assert.throws(() => unwrapped('done'), WireError)
  })

  it('gives a list that is bare, under its key, or the only array [R0; keys assumed]', () => {
    const list = [{ id: 1 }]
    for (const body of [list, { alarms: list }, { items: list, count: 1 }]) assert.deepEqual(alarms.decode(body), list)
    assert.deepEqual(alarms.decode({ alarms: {}, a: list, b: list }), {}, 'as it comes where no list is certain')
    for (const body of [list, { gateways: list }, { items: list }]) assert.deepEqual(readGateways(body), list)
    for (const body of [[], { gateways: [] }]) assert.deepEqual(readInventory(body), { gateways: [] })
    const url = 'https://example.com/hook'
    for (const body of [[{ id: 1, url }], { items: [{ id: 1, url, type: '3' }] }]) assert.deepEqual(readCallbacks(body).map(({ id }) => id), ['1'])
  })

  it('names what was assumed where a list cannot be found', () => {
    const failure = (read: () => unknown, message: RegExp): void => assert.throws(read, (error) => error instanceof WireError && message.test(error.message))
    failure(() => readCallbacks({ a: [], b: [] }), /expected the list of callbacks as an array under callbacks or as the only array, but the body has a, b; Sensorist does not publish this key/)
    failure(() => readCallbacks({}), /but the body has nothing/)
    failure(() => alarmHistory.since?.items({ total: 3 }), /expected the list of alarm logs as an array under logs, history, alarms/)
    failure(() => readGateways({ count: 1 }), /expected the list of gateways/)
  })

  it('says what failed where the words stand in the usual places', () => {
    assert.equal(reasonOf({ code: 400, message: 'No' }), 'No')
    assert.equal(reasonOf({ code: 400, error: 'No' }), 'No')
    for (const body of ['<html>', null, [], { message: 3 }]) assert.equal(reasonOf(body), undefined)
    assert.equal(codeOf({ code: 403 }), 403)
    assert.equal(codeOf([]), undefined)
  })
})

import assert from 'node:assert/strict'
import type { Reading } from '../../../src/lib/vocabulary/reading'
import { shapeOf, type ShapeName } from '../../../src/lib/shapes'

const TEN = Date.UTC(2026, 8, 13, 10)

const reading = (more: Partial<Reading> = {}): Reading => ({
  vendor: 'acme', device: 'D1', sensor: 'S1', label: 'Cellar, Rack left', quantity: 'temperature', channel: 'temp', value: 21.5, unit: '°C', timestamp: TEN, ...more,
})

const whole = (name: ShapeName, readings: readonly Reading[], seriesBy: readonly string[] = []): unknown => shapeOf(name, seriesBy)?.whole?.(readings)

describe('values', () => {
  const contents = (...readings: Reading[]) => shapeOf('values', [])?.each(readings) ?? []

  it('carry the value, what a chart needs, and the reading itself', () => {
    const one = reading()
    assert.deepEqual(contents(one), [{ payload: 21.5, topic: 'Cellar, Rack left, temp', timestamp: TEN, reading: one }])
    assert.equal(contents(one)[0]?.reading, one)
  })

  it('are named by their ids where a place has no label', () => {
    const topics = contents(reading({ label: null }), reading({ label: null, sensor: null })).map(({ topic }) => topic)
    assert.deepEqual(topics, ['D1, S1, temp', 'D1, temp'])
  })

  it('are left out where a measurement has failed', () => {
    assert.deepEqual(contents(reading({ value: null }), reading({ value: false }), reading({ value: 0 })).map(({ payload }) => payload), [false, 0])
  })
})

describe('an object of readings', () => {
  const object = (readings: readonly Reading[], seriesBy?: readonly string[]): unknown => whole('object', readings, seriesBy)

  it('has the newest value of each channel', () => {
    const readings = [reading({ value: 1, timestamp: TEN + 1 }), reading({ value: 2 }), reading({ quantity: 'humidity', channel: 'humi', value: 3 })]
    assert.deepEqual(object(readings), { 'Cellar, Rack left': { temperature: 1, humidity: 3 } })
  })

  it('keeps another channel of a quantity under its own name', () => {
    const readings = ['vsys', 'vin', 'vbat'].map((channel, value) => reading({ quantity: 'voltage', channel, value }))
    assert.deepEqual(object(readings), { 'Cellar, Rack left': { voltage: 0, vin: 1, vbat: 2 } })
  })

  it('tells channels apart by what the vendor names, and never loses one by its name', () => {
    const probes = ['a', 'b'].map((probe, value) => reading({ value, extra: { probe } }))
    assert.deepEqual(object(probes, ['probe']), { 'Cellar, Rack left': { temperature: 0, 'temp b': 1 } })
    const named = [['x', 'a'], ['y', 'x'], ['y', 'y'], ['x', 'y']].map(([quantity = '', channel = ''], value) => reading({ quantity, channel, value }))
    assert.deepEqual(object(named), { 'Cellar, Rack left': { x: 0, y: 1, 'y y': 2, 'y 2': 3 } })
  })

  it('keeps different values of one channel and time, but not a measurement that was sent twice', () => {
    const neighbours = [-60, -70, -60].map((value) => reading({ quantity: 'rssi', channel: 'rssi', value }))
    assert.deepEqual(object(neighbours), { 'Cellar, Rack left': { rssi: -60, 'rssi 2': -70 } })
  })

  it('keeps places of one name apart', () => {
    const readings = [reading(), reading({ sensor: 'S2', value: 2 }), reading({ device: 'D2', sensor: null, value: 3 }), reading({ device: 'D3', label: null, value: 4 }), reading({ device: 'D3', sensor: 'S2', label: null, value: 5 })]
    assert.deepEqual(object(readings), {
      'Cellar, Rack left': { temperature: 21.5 }, 'Cellar, Rack left, D1, S2': { temperature: 2 }, 'Cellar, Rack left, D2': { temperature: 3 },
      D3: { temperature: 4 }, 'D3, S2': { temperature: 5 },
    })
  })

  it('takes any name for a key', () => {
    const given = object([reading({ label: '__proto__', quantity: '__proto__', value: 1 })]) as Record<string, unknown>
    assert.equal(JSON.stringify(given), '{"__proto__":{"__proto__":1}}')
    assert.equal(({} as { temperature?: unknown }).temperature, undefined)
  })

  it('is one object for each place, or empty', () => {
    const each = shapeOf('object', [])?.each([reading(), reading({ label: 'Loft', sensor: 'S2' })])
    assert.deepEqual(each?.map(({ payload }) => payload), [{ 'Cellar, Rack left': { temperature: 21.5 } }, { Loft: { temperature: 21.5 } }])
    assert.deepEqual(object([]), {})
  })
})

describe('rows', () => {
  const COLUMNS = ['vendor', 'device', 'sensor', 'label', 'quantity', 'channel', 'series', 'value', 'text', 'unit', 'timestamp', 'time']

  it('all have the same columns, each of one type, and no nested value', () => {
    const readings = [reading({ extra: { probe: 7, row: { a: 1 } } }), reading({ label: null, sensor: null, value: 'open', unit: null }), reading({ value: true }), reading({ value: null })]
    const rows = whole('rows', readings, ['probe', 'row']) as Record<string, unknown>[]
    for (const row of rows) {
      assert.deepEqual(Object.keys(row), COLUMNS)
      assert.ok(Object.values(row).every((value) => value === null || typeof value === 'string' || typeof value === 'number'))
    }
    assert.deepEqual(rows.map(({ series, text, value }) => [series, value, text]), [['7', 21.5, null], [null, null, 'open'], [null, 1, null], ['2', null, null]])
    assert.deepEqual([rows[0]?.timestamp, rows[0]?.time], [TEN, '2026-09-13T10:00:00.000Z'])
  })

  it('keep different values of one time apart, also where a page ends between them', () => {
    const rows = shapeOf('rows', [])!
    const seriesOf = (...readings: Reading[]): unknown[] => rows.each(readings).map(({ payload }) => (payload as Record<string, unknown>)['series'])
    assert.deepEqual(seriesOf(reading({ value: 21 }), reading({ value: 22 })), [null, '2'])
    assert.deepEqual(seriesOf(reading({ value: 23 }), reading({ value: 21 })), ['3', null])
  })
})

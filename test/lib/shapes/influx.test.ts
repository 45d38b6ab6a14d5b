/** Points as the influx client documents them (IPoint), and as line protocol needs them. */
import assert from 'node:assert/strict'
import type { Reading } from '../../../src/lib/vocabulary/reading'
import { shapeOf } from '../../../src/lib/shapes'
import { linesOf, parseLine } from './line-protocol'

const TEN = Date.UTC(2026, 8, 13, 10)

const reading = (more: Partial<Reading> = {}): Reading => ({
  vendor: 'acme', device: 'D1', sensor: 'S1', label: 'Cellar, Rack left', quantity: 'temperature', channel: 'temp', value: 21.5, unit: '°C', timestamp: TEN, ...more,
})

interface Point {
  measurement: string
  tags: Record<string, string>
  fields: Record<string, unknown>
  timestamp: Date
}

const points = (...readings: Reading[]): Point[] => shapeOf('influx', ['probe'])?.whole?.(readings) as Point[]

describe('points for InfluxDB', () => {
  it('have the types that the client documents: tags are texts, and the time is a date', () => {
    const [point] = points(reading({ extra: { probe: 7 } }))
    assert.deepEqual(point, {
      measurement: 'temperature',
      tags: { vendor: 'acme', device: 'D1', sensor: 'S1', label: 'Cellar, Rack left', channel: 'temp', series: '7', unit: '°C' },
      fields: { value: 21.5 },
      timestamp: new Date(TEN),
    })
    assert.ok(point.timestamp instanceof Date)
  })

  it('have a field for numbers and another one for texts, since a field keeps its first type', () => {
    const fields = points(reading({ value: 'open' }), reading({ value: true }), reading({ value: false })).map((point) => point.fields)
    assert.deepEqual(fields, [{ text: 'open' }, { value: 1 }, { value: 0 }])
  })

  it('leave out a failed measurement, and tags without a text', () => {
    assert.deepEqual(points(reading({ value: null })), [])
    const [point] = points(reading({ label: null, sensor: null, unit: '' }))
    assert.deepEqual(Object.keys(point?.tags ?? {}), ['vendor', 'device', 'channel'])
  })

  it('differ where their values do, since the database keeps one of equal points', () => {
    const same = points(reading({ value: 1 }), reading({ value: 2 }), reading({ value: 1 }))
    assert.deepEqual(same.map(({ tags }) => tags.series), [undefined, '2', undefined])
  })

  it('become valid lines whatever people call a place', () => {
    const labels = ['a b', 'a,b=c', 'ends with \\', 'two\nlines', '"quoted"', 'Kühlraum №1 🧊', ' blank ']
    for (const label of labels) {
      const [point] = points(reading({ label, quantity: 'own name,1' }))
      for (const line of linesOf(point)) {
        const parsed = parseLine(line)
        assert.equal(parsed.measurement, 'own_name_1')
        assert.deepEqual(Object.keys(parsed.tags).sort(), ['channel', 'device', 'label', 'sensor', 'unit', 'vendor'])
        assert.deepEqual([parsed.tags.unit, parsed.fields.value], ['°C', 21.5], line)
      }
    }
  })
})

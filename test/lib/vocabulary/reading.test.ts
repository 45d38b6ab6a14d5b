import assert from 'node:assert/strict'
import { convert, readingsOf, scale } from '../../../src/lib/vocabulary/reading'

const ORIGIN = { vendor: 'v', device: 'd', timestamp: 1 }

describe('readings', () => {
  it('are converted to the common unit without binary noise', () => {
    assert.deepEqual(convert('pressure', 101.26, 'kPa'), { value: 1012.6, unit: 'hPa' })
    assert.deepEqual(convert('pressure', 101364.5, 'Pa'), { value: 1013.645, unit: 'hPa' })
    assert.deepEqual(convert('acceleration', 37, 'mg'), { value: 0.037, unit: 'g' })
    assert.deepEqual(convert('temperature', 68, '°F'), { value: 20, unit: '°C' })
    assert.deepEqual(convert('voltage', 3.1, 'v'), { value: 3.1, unit: 'V' })
    assert.equal(scale(0.1, 3), 0.3)
  })

  it('keep a unit that cannot be converted, so that no value carries a wrong one', () => {
    assert.deepEqual(convert('temperature', 293, 'K'), { value: 293, unit: 'K' })
  })

  it('are made of every property, known or not', () => {
    const measures = (name: string) => (name === 'temp' ? ({ quantity: 'temperature' } as const) : undefined)
    const found = readingsOf(ORIGIN, Object.entries({ temp: 21, odd: 'x', flag: false, none: null, deep: { a: [1, [2]] } }), measures)
    assert.deepEqual(
      found.map(({ quantity, value, unit, sensor, extra }) => [quantity, value, unit, sensor, extra?.name]),
      [
        ['temperature', 21, '°C', null, 'temp'],
        ['odd', 'x', null, null, 'odd'],
        ['flag', false, null, null, 'flag'],
        ['deep.a.0', 1, null, null, 'deep.a.0'],
        ['deep.a.1.0', 2, null, null, 'deep.a.1.0'],
      ],
    )
  })
})

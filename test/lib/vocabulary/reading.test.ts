import assert from 'node:assert/strict'
import { convert, readingsOf, readingsOfEach, scale } from '../../../src/lib/vocabulary/reading'
import { WireError } from '../../../src/lib/vocabulary/validation'

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
      found.map(({ quantity, channel, value, unit, sensor, label, extra }) => [quantity, channel, value, unit, sensor, label, extra?.name]),
      [
        ['temperature', 'temp', 21, '°C', null, null, 'temp'],
        ['odd', 'odd', 'x', null, null, null, 'odd'],
        ['flag', 'flag', false, null, null, null, 'flag'],
        ['deep.a.0', 'deep.a.0', 1, null, null, null, 'deep.a.0'],
        ['deep.a.1.0', 'deep.a.1.0', 2, null, null, null, 'deep.a.1.0'],
      ],
    )
  })

  it('are no more than a runtime can hold, however short the answer was', () => {
    const none = (): undefined => undefined
    const many = Array.from({ length: 2_000_000 }, () => 1)
    const tooMany = (error: unknown): boolean => error instanceof WireError && error.message === 'it has more than 250000 readings; request less at a time'
    assert.throws(() => readingsOf(ORIGIN, [['list', many]], none), tooMany)
    assert.throws(() => readingsOfEach(many, (value) => readingsOf(ORIGIN, [['one', value]], none)), tooMany)
    assert.throws(() => readingsOfEach([1, 2], () => readingsOf(ORIGIN, [['list', many.slice(0, 200_000)]], none)), tooMany)
    assert.equal(readingsOfEach([1, 2], () => readingsOf(ORIGIN, [['list', many.slice(0, 120_000)]], none)).length, 240_000)
  })

  it('are made of no property that is nested too deeply', () => {
    const nested = (levels: number): unknown => Array.from({ length: levels }).reduce<unknown>((inner) => [inner], 1)
    assert.equal(readingsOf(ORIGIN, [['deep', nested(32)]], () => undefined).length, 1)
    for (const levels of [33, 100_000])
      assert.throws(() => readingsOf(ORIGIN, [['deep', nested(levels)]], () => undefined), (error: unknown) => error instanceof WireError && error.message === 'a property is nested more than 32 levels deep')
  })
})

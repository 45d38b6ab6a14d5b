import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import type { Reading } from '../../../src/lib/vocabulary/reading'
import { adjuster, type Adjustments } from '../../../src/lib/shapes'

const reading = (more: Partial<Reading> = {}): Reading => ({
  vendor: 'acme', device: 'D1', sensor: null, label: null, quantity: 'temperature', channel: 'temp', value: 17.16, unit: '°C', timestamp: 0, ...more,
})
const adjusted = (given: readonly Reading[], options: Partial<Adjustments>): Reading[] => adjuster({ temperature: '°C', ...options })(given)

describe('readings as a node wants them', () => {
  it('are those of the chosen quantities, by their common or the vendor\'s own name', () => {
    const readings = [reading(), reading({ quantity: 'voltage', channel: 'vbat' }), reading({ quantity: 'voltage', channel: 'vin' })]
    const channels = (...quantities: string[]): string[] => adjusted(readings, { quantities }).map(({ channel }) => channel)
    assert.deepEqual([channels('voltage'), channels('VBAT', 'temperature'), channels('co2')], [['vbat', 'vin'], ['temp', 'vbat'], []])
  })

  it('have °F with their extremes, without binary noise, and keep what is no temperature', () => {
    const [warm, humid] = adjusted([reading({ extra: { name: 'temp', min: -40, max: 36.6, seq: 5 } }), reading({ value: 45, unit: '%' })], { temperature: '°F' })
    assert.deepEqual([warm?.value, warm?.unit, warm?.extra], [62.888, '°F', { name: 'temp', min: -40, max: 97.88, seq: 5 }])
    assert.deepEqual([humid?.value, humid?.unit], [45, '%'])
    assert.deepEqual(adjusted([reading({ value: null })], { temperature: '°F' }).map(({ unit, value }) => [value, unit]), [[null, '°F']])
  })

  it('have as many decimals as wanted, which counts for numbers only', () => {
    const rounded = (value: Reading['value'], decimals: number): unknown => adjusted([reading({ value })], { decimals })[0]?.value
    assert.deepEqual([rounded(1.005, 2), rounded(-2.5, 0), rounded(17.16, 0), rounded(17.16, 10), rounded(1e-7, 3)], [1.01, -3, 17, 17.16, 0])
    assert.deepEqual([rounded(-0.4, 0), rounded(1e21, 2), rounded(123456789012345.67, 10)], [0, 1e21, 123456789012345.67])
    assert.deepEqual([rounded('1.234', 1), rounded(true, 1), rounded(null, 1)], ['1.234', true, null])
  })

  it('are never further from the value than half of the last decimal', () => {
    fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }), fc.integer({ min: 0, max: 10 }), (value, decimals) => {
      const [given] = adjusted([reading({ value })], { decimals })
      assert.ok(Math.abs(Number(given?.value) - value) <= 0.5 * 10 ** -decimals + Math.abs(value) * Number.EPSILON * 4)
    }))
  })

  it('are new ones, so that other nodes keep theirs', () => {
    const before = reading({ extra: { min: 1 } })
    adjusted([before], { decimals: 0, temperature: '°F' })
    assert.deepEqual(before, reading({ extra: { min: 1 } }))
  })
})

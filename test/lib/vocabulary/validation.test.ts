import assert from 'node:assert/strict'
import { useFakeTimers } from 'sinon'
import { FieldError, readField } from '../../../src/lib/vocabulary/validation'
import { boolean, choice, file, json, list, number, text, time, type Field } from '../../../src/lib/vocabulary/operation'

const refused = (field: Field, value: unknown): string => {
  try {
    readField(field, value)
  } catch (error) {
    if (error instanceof FieldError) return error.message
    throw error
  }
  return assert.fail(`${JSON.stringify(value)} was taken`)
}

const NOON = Date.UTC(2026, 0, 31, 12)

describe('fields', () => {
  it('say what is missing and how to give it', () => {
    const field = text({ in: 'path', label: 'Thing', help: 'Give the tuid printed on the device. It has 17 characters.' })
    for (const absent of [undefined, null, ''])
      assert.equal(refused(field, absent), 'is required: Give the tuid printed on the device')
  })

  it('leave out what is optional and absent, and take defaults', () => {
    assert.equal(readField(text({ in: 'query', label: 'L', required: false }), ''), undefined)
    assert.equal(readField(number({ in: 'query', label: 'L', default: 100 }), undefined), 100)
  })

  it('read text, also from a number, and match its pattern as a whole', () => {
    const id = text({ in: 'path', label: 'L', pattern: '[A-Z0-9]{9}', patternHint: 'nine letters or digits' })
    assert.equal(readField(id, ' JDA54E19F '), 'JDA54E19F')
    assert.equal(readField(text({ in: 'path', label: 'L' }), 220200), '220200')
    assert.equal(refused(id, 'JDA54E19FX'), 'must be nine letters or digits, not "JDA54E19FX"')
    assert.match(refused(id, {}), /must be text/)
    assert.match(refused(id, '   '), /blank/)
  })

  it('read numbers within their range', () => {
    const count = number({ in: 'query', label: 'L', min: 1, max: 10, integer: true })
    assert.equal(readField(count, '7'), 7)
    assert.equal(refused(count, 11), 'must be from 1 to 10, not 11')
    assert.equal(refused(count, 1.5), 'must be a whole number, not 1.5')
    for (const wrong of ['abc', NaN, Infinity, true, [1], '1e999']) assert.match(refused(count, wrong), /must be a number/)
  })

  it('say how a number with a decimal comma is written', () => {
    const field = number({ in: 'query', label: 'L' })
    assert.equal(refused(field, ' -8,5 '), 'must have a decimal point: write -8.5, not "-8,5"')
    for (const text of ['1,000.5', '8,5 °C', ',']) assert.equal(refused(field, text), `must be a number, not "${text}"`)
  })

  it('say how a date with the day first is written', () => {
    const field = time({ in: 'query', label: 'L' })
    assert.equal(refused(field, ' 31.12.2025 '), 'must have the year first: write 2025-12-31, not "31.12.2025"')
    assert.equal(refused(field, '1.2.2026, 08:30'), 'must have the year first: write 2026-02-01T08:30, not "1.2.2026, 08:30"')
    for (const wrong of ['31.13.2025', '12/31/2025', `${'1'.repeat(100_000)}.1.2025`]) assert.match(refused(field, wrong), /^must be a time such as 2025-12-31/)
  })

  it('read flags', () => {
    const flag = boolean({ in: 'query', label: 'L' })
    for (const [given, value] of [[true, true], ['false', false], [1, true], ['0', false]] as const)
      assert.equal(readField(flag, given), value)
    assert.match(refused(flag, 'yes'), /true or false/)
  })

  it('read times of every kind into epoch milliseconds', () => {
    const from = time({ in: 'query', label: 'L' })
    for (const given of [new Date(NOON), NOON, String(NOON), '2026-01-31T12:00:00Z', '2026-01-31T14:00+02:00', '2026-01-31T12:00:00+0000', '2026-01-31 12:00:00'])
      assert.equal(readField(from, given), NOON, String(given))
    assert.equal(readField(from, '2026-01-31'), Date.UTC(2026, 0, 31))
    assert.equal(refused(from, 1_769_860_800), 'looks like seconds (1769860800); give milliseconds, which is the number times 1000')
    for (const wrong of ['yesterday', {}, new Date(NaN), '2026-13-01']) assert.match(refused(from, wrong), /time/)
  })

  it('read a time without zone as UTC wherever the machine stands', () => {
    const zone = process.env.TZ
    process.env.TZ = 'America/New_York'
    try {
      assert.equal(readField(time({ in: 'query', label: 'L' }), '2026-01-31T12:00:00'), NOON)
    } finally {
      if (zone === undefined) delete process.env.TZ
      else process.env.TZ = zone
    }
  })

  it('read a time ago, also where other texts go on as written', () => {
    const clock = useFakeTimers({ now: NOON, toFake: ['Date'] })
    try {
      for (const passText of [false, true]) {
        const field = time({ in: 'query', label: 'L', passText })
        for (const [text, minutes] of [['-24h', 1440], [' -90 min ', 90], ['-7D', 10_080], ['-0.5h', 30]] as const)
          assert.equal(readField(field, text), NOON - minutes * 60_000, text)
      }
      const field = time({ in: 'query', label: 'L' })
      for (const text of ['24h', '-24 hours', '-h', 'yesterday']) assert.match(refused(field, text), /^must be a time such as .* or -24h, not "/, text)
      assert.equal(refused(field, '-99999999999d'), 'is not a valid time')
    } finally {
      clock.restore()
    }
  })

  it('pass on the text of a time whose wire form is unknown, but read a Date', () => {
    const from = time({ in: 'query', label: 'L', passText: true })
    assert.equal(readField(from, 'whenever'), 'whenever')
    assert.equal(readField(from, new Date(NOON)), NOON)
  })

  it('read lists from arrays and from text, each item once', () => {
    const ids = list({ in: 'query', label: 'L', pattern: '\\d+', patternHint: 'a whole number' })
    assert.deepEqual(readField(ids, ' 1, 2,,2 '), ['1', '2'])
    assert.deepEqual(readField(ids, [1, '2']), ['1', '2'])
    assert.deepEqual(readField(ids, 5), ['5'])
    assert.match(refused(ids, []), /empty list/)
    assert.match(refused(ids, ['x']), /^has "x", but each item must be a whole number$/)
    assert.match(refused(ids, [{}]), /one item is/)
  })

  it('read JSON of the right shape', () => {
    const query = json({ in: 'none', label: 'L', shape: 'object' })
    assert.deepEqual(readField(query, '{"a":1}'), { a: 1 })
    assert.match(refused(query, '{'), /must be JSON/)
    assert.match(refused(query, []), /must be an object, not an array of 0/)
    assert.match(refused(json({ in: 'none', label: 'L', shape: 'array' }), {}), /must be an array/)
  })

  it('read choices and files', () => {
    const one = choice({ in: 'none', label: 'L', choices: [{ value: 'above', label: 'Above' }, { value: 'below', label: 'Below' }] })
    assert.equal(readField(one, 'below'), 'below')
    assert.equal(refused(one, 'beside'), 'must be one of above, below, not "beside"')
    assert.deepEqual(readField(file({ in: 'body', label: 'L' }), 'é'), new Uint8Array([0xc3, 0xa9]))
    assert.match(refused(file({ in: 'body', label: 'L' }), 5), /Buffer/)
  })
})

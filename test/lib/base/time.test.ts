import assert from 'node:assert/strict'
import { localTime, momentOf, untilMidnight } from '../../../src/lib/base/time'

describe('a time as vendors send it', () => {
  const AT = Date.UTC(2026, 8, 13, 16, 59, 4)
  const SECONDS = AT / 1000

  it('is Unix seconds, with or without a fraction, also as text', () => {
    assert.equal(momentOf(SECONDS), AT)
    assert.equal(momentOf(SECONDS + 0.9), AT + 900)
    assert.equal(momentOf(String(SECONDS)), AT)
    assert.equal(momentOf(` ${SECONDS}.5 `), AT + 500)
    assert.equal(momentOf(0), 0)
    assert.equal(momentOf(-5), -5000)
  })

  it('is milliseconds where seconds would be thousands of years ahead', () => {
    assert.equal(momentOf(AT), AT)
    assert.equal(momentOf(String(AT)), AT)
    assert.equal(momentOf(AT + 0.4), AT)
  })

  it('is ISO 8601; without a zone UTC', () => {
    for (const text of ['2026-09-13T16:59:04Z', '2026-09-13T16:59:04+0000', '2026-09-13 16:59:04', '2026-09-13T18:59:04+02:00'])
      assert.equal(momentOf(text), AT, text)
  })

  it('is nothing else', () => {
    for (const value of ['soon', '', ' ', 'NaN', NaN, Infinity, 1e300, '1e300', null, undefined, true, {}, []])
      assert.equal(momentOf(value), undefined, JSON.stringify(value))
  })
})

describe('times for people', () => {
  const zone = process.env.TZ
  afterEach(() => {
    if (zone === undefined) delete process.env.TZ
    else process.env.TZ = zone
  })

  it('are in the time zone of this computer, with the date where it is not today', () => {
    const now = Date.UTC(2026, 10, 21, 20)
    process.env.TZ = 'Europe/Berlin'
    assert.equal(localTime(Date.UTC(2026, 10, 21, 13, 41), now), '14:41')
    assert.equal(localTime(Date.UTC(2026, 10, 22), now), '2026-11-22 01:00')
    assert.equal(localTime(Date.UTC(2026, 10, 20, 8, 5), now), '2026-11-20 09:05')
    process.env.TZ = 'America/New_York'
    assert.equal(localTime(Date.UTC(2026, 10, 22), now), '19:00')
  })

  it('know how long the day still lasts, also when the clocks change', () => {
    process.env.TZ = 'Europe/Berlin'
    assert.equal(untilMidnight(Date.UTC(2026, 10, 21, 22)), 3_600_000)
    assert.equal(untilMidnight(Date.UTC(2026, 2, 28, 23)), 23 * 3_600_000)
  })
})

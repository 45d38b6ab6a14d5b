import assert from 'node:assert/strict'
import { retryAfterOf, parseRetryAfter, retryDecision, type Failure, type RetryQuestion } from '../../../src/lib/http/retry-policy'

const now = Date.parse('2026-03-10T12:00:00Z')

const decide = (failure: Failure, question: Partial<RetryQuestion> = {}) =>
  retryDecision({ repeatable: true, attempt: 1, failure, now, random: () => 0.5, elapsed: 0, ...question })

const retries = (failure: Failure, repeatable: boolean): boolean => decide(failure, { repeatable }).retry

describe('retry', () => {
  describe('what is safe', () => {
    it('repeats repeatable requests on passing faults', () => {
      for (const status of [408, 425, 429, 500, 502, 503, 504]) assert.equal(retries({ status }, true), true, `${status}`)
      for (const status of [200, 301, 400, 401, 403, 404, 409, 422, 501, 505]) assert.equal(retries({ status }, true), false, `${status}`)
      for (const network of ['ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'ECONNREFUSED']) assert.equal(retries({ network }, true), true, network)
      for (const network of ['CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'ERR_TLS_CERT_ALTNAME_INVALID']) assert.equal(retries({ network }, true), false, network)
    })

    it('repeats others only when they certainly did nothing', () => {
      for (const status of [408, 425, 500, 502, 503, 504]) assert.equal(retries({ status }, false), false, `${status}`)
      assert.equal(retries({ status: 429 }, false), true)
      // A better time is no promise that nothing was done.
      assert.equal(retries({ status: 503, retryAfter: '1' }, false), false)
      for (const network of ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']) assert.equal(retries({ network }, false), true, network)
      for (const network of ['ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'EPROTO']) assert.equal(retries({ network }, false), false, network)
    })

    it('believes the transport about whether the request arrived', () => {
      assert.equal(retries({ network: 'ECONNRESET', reachedVendor: false }, false), true)
      assert.equal(retries({ network: 'ECONNRESET', reachedVendor: 'unknown' }, false), false)
      assert.equal(retries({ network: 'ECONNREFUSED', reachedVendor: true }, false), false)
    })

    it('does not repeat what is neither a status nor a network fault', () => {
      assert.equal(retries({}, true), false)
    })
  })

  describe('when', () => {
    const delay = (failure: Failure, question: Partial<RetryQuestion>): number => {
      const decision = decide(failure, question)
      assert.ok(decision.retry)
      return decision.delay
    }

    it('backs off with full jitter, doubling up to the cap', () => {
      const limits = { attempts: 10, base: 1000, cap: 5000 }
      const top = [1, 2, 3, 4, 5].map((attempt) => delay({ status: 500 }, { attempt, limits, random: () => 0.999999 }))
      assert.deepEqual(top.map(Math.round), [1000, 2000, 4000, 5000, 5000])
      assert.equal(delay({ status: 500 }, { attempt: 3, limits, random: () => 0 }), 0)
    })

    it('waits at least as long as the vendor asks', () => {
      assert.equal(delay({ status: 429, retryAfter: '7' }, {}), 7000)
      assert.equal(delay({ status: 429, retryAfter: '0' }, {}), 250)
    })

    it('is bounded in number and in time', () => {
      assert.deepEqual(decide({ status: 500 }, { attempt: 4 }), { retry: false })
      assert.equal(decide({ status: 500 }, { attempt: 3 }).retry, true)
      assert.deepEqual(decide({ status: 429, retryAfter: '3600' }), { retry: false })
      assert.deepEqual(decide({ status: 500 }, { elapsed: 119_800 }), { retry: false })
      assert.equal(decide({ status: 500 }, { elapsed: 119_700 }).retry, true)
    })
  })

  describe('Retry-After', () => {
    const cases: [string | undefined, number | undefined][] = [
      ['120', 120_000],
      [' 1.5 ', 1500],
      ['0', 0],
      ['Tue, 10 Mar 2026 12:00:30 GMT', 30_000],
      ['Tuesday, 10-Mar-26 12:00:30 GMT', 30_000],
      ['Tue Mar 10 12:00:30 2026', 30_000],
      ['Sun Nov  6 08:49:37 1994', 0],
      ['Sunday, 06-Nov-94 08:49:37 GMT', 0],
      ['Tue, 10 Mar 2026 11:59:00 GMT', 0],
      ['Tue, 10 Xyz 2026 12:00:30 GMT', undefined],
      ['Tue, 10 Mar 2026 12:00:30 CET', undefined],
      ['-5', undefined],
      ['1e3', undefined],
      ['soon', undefined],
      ['', undefined],
      [undefined, undefined],
    ]
    for (const [value, expected] of cases)
      it(`${value}: ${expected}`, () => assert.equal(parseRetryAfter(value, now), expected))

    it('is a date of GMT in any time zone of the machine', () => {
      const zone = process.env['TZ']
      process.env['TZ'] = 'America/New_York'
      try {
        assert.equal(parseRetryAfter('Tue Mar 10 12:00:30 2026', now), 30_000)
      } finally {
        if (zone === undefined) delete process.env['TZ']
        else process.env['TZ'] = zone
      }
    })

    it('is counted from the date of the answer, since the clock of a machine without battery may be years behind', () => {
      const said = { status: 429, retryAfter: 'Tue, 10 Mar 2026 12:00:30 GMT', date: 'Tue, 10 Mar 2026 12:00:00 GMT' }
      assert.equal(retryAfterOf(said, 0), 30_000)
      assert.equal(retryAfterOf({ ...said, date: 'soon' }, now), 30_000)
    })

    it('is a day at most, also where the moment stands in Unix seconds', () => {
      assert.equal(retryAfterOf({ retryAfter: String(now / 1000) }, now), 86_400_000)
      assert.equal(retryAfterOf({ retryAfter: 'Tue, 10 Mar 2026 12:00:30 GMT' }, 0), 86_400_000)
      assert.equal(retryAfterOf({ status: 429 }, now), undefined)
    })

    it('is finite however many digits it has', () => {
      assert.ok(Number.isFinite(parseRetryAfter('9'.repeat(400), now)))
    })
  })
})

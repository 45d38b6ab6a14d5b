/** What the errors of the limiter say, in full and in the status of a node. */
import assert from 'node:assert/strict'
import { localTime } from '../../../src/lib/base/time'
import { LimiterError } from '../../../src/lib/limiter/limiter-error'
import type { Budget } from '../../../src/lib/vocabulary/budget'

const MOMENT = Date.UTC(2026, 2, 11)
const time = localTime(MOMENT)
const day: Budget = { name: 'per day', limit: 100, window: 'day', scope: 'account', reserve: 10 }
const less = 'trigger the nodes of this account less often'

describe('an error of the limiter', () => {
  const cases: [LimiterError, code: string, message: string, summary: string][] = [
    [LimiterError.spent(day, MOMENT, 'read'), 'QUOTA', `the daily limit of 100 requests is used up until ${time}, except 10 that are reserved for commands; ${less}`, `daily limit used up until ${time}`],
    [LimiterError.spent(day, MOMENT, 'command'), 'QUOTA', `the daily limit of 100 requests is used up until ${time}; ${less}`, `daily limit used up until ${time}`],
    [LimiterError.spent({ ...day, window: 'month', reserve: 0 }, MOMENT, 'read'), 'QUOTA', `the monthly limit of 100 requests is used up until ${time}; ${less}`, `monthly limit used up until ${time}`],
    [LimiterError.spent({ ...day, name: 'per second', window: 1000 }, MOMENT, 'command'), 'QUOTA', `the limit of 100 requests per second is used up until ${time}; ${less}`, `limit used up until ${time}`],
    [LimiterError.nothingAllowed({ ...day, limit: 0 }), 'QUOTA', 'the account allows no requests per day; check the limits in the account', 'limit of 0 requests'],
    [LimiterError.queueFull(7), 'RATE_LIMITED', 'the queue of the account is full: 7 requests wait for its limits; trigger its nodes less often', 'too many requests wait'],
    [LimiterError.unavailable({ since: MOMENT, failures: 5, cause: 'HTTP 503' }), 'NETWORK', `the cloud has been unreachable since ${time} (HTTP 503); try again later`, `cloud unreachable since ${time}`],
    [LimiterError.closed(), 'CLOSED', 'the account was closed by a deploy while the request waited; send the message again', ''],
  ]
  for (const [error, code, message, summary] of cases)
    it(`${code}: ${message.replaceAll(time, 'its reset')}`, () => {
      assert.deepEqual([error.code, error.message, String(error.summary ?? ''), error.name], [code, message, summary, 'LimiterError'])
    })

  it('gives the reset of a spent limit only', () => {
    assert.deepEqual([LimiterError.spent(day, MOMENT, 'read').resetsAt, LimiterError.queueFull(7).resetsAt], [MOMENT, undefined])
  })
})

/** Tries one read, and judges what comes: works, differs from the documentation, or fails. */
import { ApiError, type Deviation, type ErrorCode } from '../base/api-error'
import { isRecord } from '../base/foreign'
import { sentence, type Sentence } from '../base/sentence'
import type { Account } from '../client/account'
import { isSequence, type Operation } from '../vocabulary/operation'
import { WireError } from '../vocabulary/validation'

export type Outcome = 'works' | 'differs' | 'failed' | 'not-tried'

export interface Judgement {
  outcome: Outcome
  /** Why; absent where it works as documented. */
  why?: Sentence
  error?: ErrorCode
  deviation?: Deviation
}

/** Not tried, and why. */
export const notTried = (why: Sentence, error?: ErrorCode): Judgement => ({ outcome: 'not-tried', why, ...(error === undefined ? {} : { error }) })

/** @param status of the answer; undefined where none came */
export function judgeFailure(error: ApiError, status: number | undefined): Judgement {
  const { code, deviation, statusCode, summary } = error
  // An envelope may tell another status than HTTP does.
  const told = statusCode ?? status
  if (code === 'PROTOCOL' && told !== undefined && told >= 200 && told < 300) return differs(deviation, summary)
  const wasSent = told !== undefined || code === 'TIMEOUT' || code === 'NETWORK' || code === 'PROTOCOL'
  return wasSent ? { outcome: 'failed', why: summary, error: code } : notTried(summary, code)
}

const differs = (deviation: Deviation | undefined, why: Sentence): Judgement =>
  deviation ? { outcome: 'differs', deviation, error: 'PROTOCOL' } : { outcome: 'differs', why, error: 'PROTOCOL' }

/** A time that no vendor sends. */
const UNKNOWN_TIME = -1

/**
 * Judges data that were decoded without an error: the readings in them must have their times.
 * @param params those of the request
 */
export function judgeData(operation: Operation, data: unknown, params: Readonly<Record<string, unknown>>, { settings }: Account): Judgement {
  if (isEmpty(data)) return { outcome: 'works', why: sentence`nothing came, so that its format was not checked` }
  if (isSequence(operation) || !operation.readings) return { outcome: 'works' }
  try {
    const readings = operation.readings(data, params, { receivedAt: UNKNOWN_TIME, settings })
    const time = readings.length > 0 && readings.every(({ timestamp }) => timestamp === UNKNOWN_TIME) ? timeIn(data, []) : undefined
    return time ? differs(time, sentence`unexpected format`) : { outcome: 'works' }
  } catch (error) {
    return differs(error instanceof WireError ? error.deviation : undefined, sentence`unexpected format`)
  }
}

/** Without any value: a list, or an object of empty lists. */
const isEmpty = (data: unknown): boolean =>
  data === null || (Array.isArray(data) ? data.length === 0 : isRecord(data) && Object.values(data).every((part) => Array.isArray(part) && part.length === 0))

const TIME_KEY = /^(ts|time|date|timestamp)$/i

/** The first property of the data that is named like a time and has a value. */
function timeIn(data: unknown, path: readonly string[]): Deviation | undefined {
  if (Array.isArray(data)) return timeIn(data[0], [...path, '[]'])
  if (!isRecord(data)) return undefined
  const [key, found] = Object.entries(data).find(([name, value]) => TIME_KEY.test(name) && value !== null) ?? []
  return key === undefined ? undefined : { path: [...path, key], found, expected: 'time' }
}

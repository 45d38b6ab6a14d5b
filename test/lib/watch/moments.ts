/** Moments and readings for tests of the watching core. */
import type { Reading } from '../../../src/lib/vocabulary/reading'
import type { WatchMoment } from '../../../src/lib/watch/watch'

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** Epoch ms at which the tests begin. */
export const START = Date.parse('2026-03-01T00:00:00Z')

/** Polls are five minutes apart. */
export const STEP = 1.75 * 5 * MINUTE

/** @param at ms since the begin */
export const moment = (at: number, more: Partial<WatchMoment> = {}): WatchMoment => ({ steady: at, epoch: START + at, step: STEP, least: 30_000, ...more })

/** @param at ms since the begin */
export const reading = (at: number, more: Partial<Reading> = {}): Reading => ({
  vendor: 'example', device: 'device', sensor: null, label: null, quantity: 'temperature', channel: 'temp', value: 20, unit: '°C', timestamp: START + at, ...more,
})

/**
 * When a sensor counts as silent, as pure steps over the state of one sensor. Only time in which the sensor was read
 * counts: an outage is no silence of its sensors.
 */
import { seenAt, type WatchMoment } from './watch'

export interface SilenceRules {
  /** Usual intervals without a reading after which a sensor is silent. */
  intervals: number
  /** Ms between readings; undefined where it is learned. */
  usual: number | undefined
  /** Ms without a reading after which every sensor is silent; undefined where intervals count. */
  after: number | undefined
}

export interface SensorState {
  /** Epoch ms of the newest reading, as its device says. */
  readonly timestamp: number
  /** The same, without what lies in the future. */
  readonly lastSeen: number
  /** Epoch ms of the reading that the next interval begins with. */
  readonly begin: number
  /** Steady ms of the latest read of the sensor. */
  readonly looked: number
  /** Ms without a new reading, as of `looked`. */
  readonly silentFor: number
  /** Ms between readings, the latest ones, oldest first. */
  readonly intervals: readonly number[]
  readonly isSilent: boolean
}

/** Intervals that are remembered: a shorter interval is learned after so many readings. */
const REMEMBERED = 8
/** How much longer than the usual interval a silence may count, so that a repair is not learned. */
const LONGEST_AFTER_SILENCE = 10
/** Part of the limit that a gap may have without a new beginning. */
const SHORT_GAP = 0.1
/** Ms that a reading may take to the cloud and still be on time. */
const ON_TIME = 60_000

/**
 * The second longest of the remembered intervals: a lost reading makes one of them too long. The latest counts at once,
 * since the sensor may have got a longer interval. Before all are known, the longest counts: the first ones may be short.
 */
function learnedInterval(intervals: readonly number[]): number | undefined {
  const longestFirst = [...intervals].sort((one, other) => other - one)
  const [longest, second = 0] = longestFirst
  if (longest === undefined || intervals.length < REMEMBERED) return longest
  return Math.max(second, intervals.at(-1) ?? 0)
}

/** Ms; undefined where none is known yet. */
export const usualInterval = ({ intervals }: SensorState, { usual }: SilenceRules): number | undefined => usual ?? learnedInterval(intervals)

/** Ms without a reading after which the sensor is silent; undefined where that is not known yet. */
export function silenceLimit(state: SensorState, rules: SilenceRules): number | undefined {
  if (rules.after !== undefined) return rules.after
  const usual = usualInterval(state, rules)
  return usual === undefined ? undefined : usual * rules.intervals
}

/**
 * @param before undefined for a sensor that was never seen
 * @param timestamp epoch ms of the newest of the readings that came together: a gateway may send those of an hour at once
 * @returns the same state where the reading is not new
 */
export function afterReading(before: SensorState | undefined, timestamp: number, at: WatchMoment): SensorState {
  const lastSeen = seenAt(timestamp, at)
  if (!before) return { timestamp, lastSeen, begin: lastSeen, looked: at.steady, silentFor: 0, intervals: [], isSilent: false }
  // A device whose clock was ahead and was corrected begins anew. The same reading is no longer ahead once time has passed.
  const isCorrected = before.timestamp > before.lastSeen && lastSeen === timestamp && timestamp > before.lastSeen
  if (timestamp === before.timestamp || (timestamp < before.timestamp && !isCorrected)) return before
  const elapsed = Math.max(0, at.steady - before.looked)
  const isContinuous = elapsed <= at.step
  const age = Math.max(0, at.epoch - lastSeen)
  // The read before lacked a late one, which may have come only now.
  const silentFor = isContinuous && age <= elapsed + ON_TIME ? Math.min(age, elapsed) : 0
  return { timestamp, lastSeen, looked: Math.max(at.steady, before.looked), silentFor, isSilent: false, ...learn(before, lastSeen, isContinuous && !isCorrected, at) }
}

/** @param isTrue whether the time since the reading before is an interval: a gap may hide readings, and a clock may be set */
function learn(before: SensorState, lastSeen: number, isTrue: boolean, { least }: WatchMoment): Pick<SensorState, 'begin' | 'intervals'> {
  const { begin, intervals, isSilent } = before
  const interval = lastSeen - begin
  if (!isTrue || interval < 0) return { begin: lastSeen, intervals }
  if (interval < least) return { begin, intervals }
  const known = learnedInterval(intervals)
  if (!isSilent || known === undefined) return { begin: lastSeen, intervals: remember(intervals, interval) }
  // A silence shows that the sensor was known. Otherwise the silence itself would count as the longest for long.
  const all = [...Array<number>(REMEMBERED).fill(known), ...intervals]
  return { begin: lastSeen, intervals: remember(all, Math.min(interval, known * LONGEST_AFTER_SILENCE)) }
}

const remember = (intervals: readonly number[], latest: number): number[] => [...intervals, latest].slice(-REMEMBERED)

/** After a read of the sensor that had no new reading. */
export function afterLook(before: SensorState, at: WatchMoment, rules: SilenceRules): SensorState {
  const elapsed = at.steady - before.looked
  if (elapsed <= 0) return before
  const limit = silenceLimit(before, rules)
  const silentFor = elapsed <= at.step ? before.silentFor + elapsed : afterGap(before, elapsed, limit)
  return { ...before, looked: at.steady, silentFor, isSilent: before.isSilent || (limit !== undefined && silentFor >= limit) }
}

/** The gap itself never counts. After a long one, the sensor gets the whole time again. */
const afterGap = ({ silentFor }: SensorState, gap: number, limit: number | undefined): number =>
  limit !== undefined && gap <= limit * SHORT_GAP ? silentFor : 0

/**
 * The steps of an incremental read, as pure functions over one state: which request comes next, and how its response
 * changes the state. A step never waits, sends or reads a clock.
 */
import { sentence } from '../base/sentence'
import type { SinceItem } from '../vocabulary/operation'
import { WireError } from '../vocabulary/validation'

/**
 * Ms before the watermark at which a read begins, for items that reach the cloud late or out of order. No vendor names a
 * bound; an hour covers a gateway that was restarted.
 */
export const OVERLAP = 3_600_000

/** Items for which an answer has room at least beside those that are known. */
const LEAST_NEW = 10

/** How far the number of items of an answer is raised where a page cannot go back in time any more. */
const MOST_ITEMS = 10_000

/** A period that is not read yet, because a read was broken off. Epoch ms. */
export interface Gap {
  /** The watermark before the read that left it; undefined when there was none. */
  watermark: number | undefined
  to: number
}

/** How far a source has been read. */
export interface State {
  /** Epoch ms before which nothing is read: where the first read began. */
  readonly begin: number | undefined
  /** Epoch ms of the newest item that was emitted; undefined as long as there was none. */
  readonly watermark: number | undefined
  /** Keys that may come again, with the epoch ms of their items. */
  readonly seen: ReadonlyMap<string, number | null>
  readonly gap: Gap | undefined
  /** Items that a request asks for; undefined where the vendor decides. */
  readonly limit: number | undefined
}

/** What the vendor's request offers. */
export interface Abilities {
  /** Whether a period can have an end, so that what an answer leaves out can be read. */
  hasTo: boolean
  /** Whether a number of items can be asked for. */
  hasLimit: boolean
  /** Epoch ms at which the user's own params begin. */
  userFrom: number | undefined
  /** Whether the first read goes on until there. Users who give a limit want no more than that. */
  wantsWholePeriod: boolean
  /** Epoch ms; a watermark never lies behind it, since a device whose clock is ahead would hide all others. */
  now: number
}

/** One request of a read. */
export type Step =
  /** As the user's params say. */
  | { kind: 'first' }
  /** From the watermark on. */
  | { kind: 'newer' }
  /** From the newest item of a full answer on. Epoch ms. `raise` asks for more items, where the answer got no further. */
  | { kind: 'onward'; from: number; raise: boolean }
  /** Back in time until the watermark before this read is reached. */
  | { kind: 'older'; gap: Gap }

/** The steps that a read begins with: one that was broken off is ended first. */
export const stepsOf = (state: State, isFirst: boolean): Step[] =>
  isFirst ? [{ kind: 'first' }] : [...(state.gap ? [{ kind: 'older', gap: state.gap } as const] : []), { kind: 'newer' }]

/**
 * The state with which a step makes its request: an answer holds the overlap again, and needs room for it.
 * @throws WireError where more items of one second are there than can be asked for
 */
export function beforeRequest(state: State, step: Step): State {
  const { limit, seen } = state
  if (limit === undefined) return state
  if (step.kind === 'onward' && step.raise) return { ...state, limit: raised(limit) }
  if (step.kind !== 'newer') return state
  const from = fromOf(state, state.watermark) ?? -Infinity
  const known = [...seen.values()].filter((at) => at !== null && at >= from).length
  return { ...state, limit: Math.max(limit, Math.min(MOST_ITEMS, known + Math.max(limit, LEAST_NEW))) }
}

/** Epoch ms; undefined where the user's own begin and end stand. */
export function periodOf(state: State, step: Step): { from?: number | undefined; to?: number } {
  if (step.kind === 'first') return {}
  if (step.kind === 'newer') return { from: fromOf(state, state.watermark) }
  if (step.kind === 'onward') return { from: step.from }
  return { from: fromOf(state, step.gap.watermark), to: step.gap.to }
}

/** What an answer changes. */
export interface Outcome {
  state: State
  /** The items that were not emitted before, each key once. */
  fresh: SinceItem[]
  /** Whether the answer is emitted as a page. */
  isPage: boolean
  /** The steps that follow from it, before those that were to come. */
  next: Step[]
}

/** @throws WireError where more items of one second are there than can be asked for */
export function afterAnswer(state: State, step: Step, items: readonly SinceItem[], abilities: Abilities): Outcome {
  if (step.kind === 'first') return afterFirst(state, items, abilities)
  if (step.kind === 'newer') return afterNewer(state, items, abilities)
  if (step.kind === 'onward') return afterOnward(state, step.from, items, abilities)
  return afterOlder(state, step.gap, items, abilities)
}

function afterFirst(state: State, items: readonly SinceItem[], abilities: Abilities): Outcome {
  const { userFrom, wantsWholePeriod } = abilities
  if (!wantsWholePeriod || userFrom === undefined) return page({ ...state, begin: beginOf(state, items, abilities) }, items, abilities, [])
  const to = afterOldest(items)
  const gap = to !== undefined && isFull(state, items) ? { watermark: undefined, to } : undefined
  return page({ ...state, begin: userFrom, gap }, items, abilities, gap ? [{ kind: 'older', gap }] : [])
}

function afterNewer(state: State, items: readonly SinceItem[], abilities: Abilities): Outcome {
  const { watermark } = state
  if (isComplete(state, items, watermark, abilities)) return page(state, items, abilities, [])
  const gap: Gap = { watermark, to: afterOldest(items) ?? 0 }
  // Which end of a period a full answer leaves out is not published, so both are read.
  const onward: Step[] = isFull(state, items) ? [{ kind: 'onward', from: newestOf(items), raise: false }] : []
  return page({ ...state, gap }, items, abilities, [...onward, { kind: 'older', gap }])
}

function afterOnward(state: State, from: number, items: readonly SinceItem[], abilities: Abilities): Outcome {
  const newest = newestOf(items)
  const next: Step[] = isFull(state, items) ? [{ kind: 'onward', from: Math.max(from, newest), raise: newest <= from }] : []
  const outcome = page(state, items, abilities, next)
  return outcome.fresh.length > 0 ? outcome : { ...outcome, state, isPage: false }
}

function afterOlder(state: State, { watermark, to }: Gap, items: readonly SinceItem[], abilities: Abilities): Outcome {
  const next = afterOldest(items) ?? to
  if (isComplete(state, items, watermark, abilities)) return page({ ...state, gap: undefined }, items, abilities, [])
  // An answer that got no further back may do so with more items.
  const further = next < to ? state : withMoreItems(state, items, abilities)
  if (!further) return page({ ...state, gap: undefined }, items, abilities, [])
  const gap: Gap = { watermark, to: Math.min(next, to) }
  return page({ ...further, gap }, items, abilities, [{ kind: 'older', gap }])
}

function page(state: State, items: readonly SinceItem[], { now }: Abilities, next: Step[]): Outcome {
  const fresh = freshOf(state, items)
  const seen = new Map(state.seen)
  for (const { key, at } of items) seen.set(key, at ?? null)
  const newest = Math.min(now, newestOf(items))
  const watermark = newest > (state.watermark ?? -Infinity) ? newest : state.watermark
  return { state: withoutOldKeys({ ...state, seen, watermark }, items), fresh, isPage: true, next }
}

/** Without the keys that neither this answer's neighbours nor the overlap can bring again. */
function withoutOldKeys(state: State, items: readonly SinceItem[]): State {
  const answered = new Set(items.map(({ key }) => key))
  // Vendors cut times down to seconds, and so show what lies up to a second before.
  const overlap = Math.floor(((state.watermark ?? -Infinity) - OVERLAP) / 1000) * 1000
  // What lies before the end of a gap comes again when the gap is read, and so does the second in which it ends.
  const gapEnd = state.gap ? Math.max(state.gap.watermark ?? -Infinity, state.gap.to + 999) : -Infinity
  const isOld = (at: number | null): boolean => at === null || (at < overlap && at > gapEnd)
  return { ...state, seen: new Map([...state.seen].filter(([key, at]) => answered.has(key) || !isOld(at))) }
}

/** What a first answer left out is not new later, and neither is what lies before the user's own begin. */
function beginOf(state: State, items: readonly SinceItem[], { hasLimit, now, userFrom }: Abilities): number | undefined {
  const mayBeCut = hasLimit && (state.limit === undefined || isFull(state, items))
  return mayBeCut && timesOf(items).length > 0 ? Math.min(now, oldestOf(items)) : userFrom
}

const fromOf = ({ begin }: State, watermark: number | undefined): number | undefined =>
  watermark === undefined ? undefined : Math.max(watermark - OVERLAP, begin ?? -Infinity)

/** With more items an answer, which may show what lies behind the second that it ends in; undefined where that shows no more. */
function withMoreItems(state: State, items: readonly SinceItem[], { hasLimit }: Abilities): State | undefined {
  if (!hasLimit || !(state.limit === undefined || isFull(state, items))) return undefined
  const limit = Math.max(state.limit ?? 0, items.length)
  return limit >= MOST_ITEMS && !isFull(state, items) ? undefined : { ...state, limit: raised(limit) }
}

/** @throws WireError where no more can be asked for */
function raised(limit: number): number {
  if (limit >= MOST_ITEMS) throw new WireError(sentence`it has more than ${MOST_ITEMS} items with the same second`)
  return Math.min(MOST_ITEMS, Math.max(1000, limit * 4))
}

/** Whether an answer leaves nothing out: it is not full, and reaches back to what is known. */
function isComplete(state: State, items: readonly SinceItem[], watermark: number | undefined, { hasTo }: Abilities): boolean {
  const times = timesOf(items)
  if (!hasTo || times.length === 0) return true
  return !isFull(state, items) && (watermark === undefined || times.some((at) => at <= watermark))
}

const isFull = ({ limit }: State, items: readonly SinceItem[]): boolean => limit !== undefined && items.length >= limit

/** Each key once. */
function freshOf({ seen }: State, items: readonly SinceItem[]): SinceItem[] {
  const fresh = new Map<string, SinceItem>()
  for (const item of items) if (!seen.has(item.key) && !fresh.has(item.key)) fresh.set(item.key, item)
  return [...fresh.values()]
}

const timesOf = (items: readonly SinceItem[]): number[] => items.flatMap(({ at }) => (at === undefined ? [] : [at]))

/** Epoch ms; -Infinity without times. */
const newestOf = (items: readonly SinceItem[]): number => timesOf(items).reduce((newest, at) => Math.max(newest, at), -Infinity)

const oldestOf = (items: readonly SinceItem[]): number => timesOf(items).reduce((oldest, at) => Math.min(oldest, at), Infinity)

/** The first whole second after the oldest item: vendors cut times down to seconds, and may leave the end itself out. */
function afterOldest(items: readonly SinceItem[]): number | undefined {
  return timesOf(items).length === 0 ? undefined : (Math.floor(oldestOf(items) / 1000) + 1) * 1000
}

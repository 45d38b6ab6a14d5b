/**
 * Reads only items that were not emitted before. A watermark in time marks the position; an overlap before it covers
 * items that arrive late, and their keys exclude those already emitted. A cursor holds this state between two reads, as
 * JSON in the store.
 */
import { createHash } from 'node:crypto'
import * as v from 'valibot'
import { sentence, SentenceError } from '../base/sentence'
import type { SinceItem, SinceRule } from '../vocabulary/operation'
import { afterAnswer, beforeRequest, periodOf, stepsOf, type Abilities, type Gap, type State, type Step } from './steps'

export { OVERLAP } from './steps'

type Params = Readonly<Record<string, unknown>>

/** A fingerprint of any JSON. */
export const digest = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 22)

/**
 * Name of what is read: equal for params that read the same, whatever their order, period or number of items.
 * @param scope what else tells sources apart, such as the account
 */
export const sourceName = (scope: readonly string[], source: readonly string[], params: Params): string =>
  digest([scope, source.map((name) => (Array.isArray(params[name]) ? [...(params[name] as unknown[])].sort() : (params[name] ?? null)))])

/** A rule's items and what is kept of them, for an answer that is a list of items. */
export const listed = <T>(describe: (item: T) => SinceItem) => ({
  items: (body: T[]): SinceItem[] => body.map(describe),
  keep(body: T[], keys: Iterable<string>): T[] {
    const wanted = new Set(keys)
    return body.filter((item) => wanted.delete(describe(item).key))
  },
})

/** A cursor as it is stored; `mark` is the watermark. */
const Cursor = v.object({
  begin: v.optional(v.number()),
  mark: v.optional(v.number()),
  seen: v.array(v.tuple([v.string(), v.nullable(v.number())])),
  gap: v.optional(v.object({ mark: v.optional(v.number()), to: v.number() })),
})

type Cursor = v.InferOutput<typeof Cursor>

/** Thrown for a cursor that this version did not write. */
export class CursorError extends SentenceError {}

/**
 * A stored cursor.
 * @throws CursorError
 */
export function restored<T>(schema: v.GenericSchema<unknown, T>, cursor: unknown): T {
  const result = v.safeParse(schema, cursor)
  if (!result.success) throw new CursorError(sentence`the stored position of "Only new" cannot be read; press "Forget…" in the node`)
  return result.output
}

/** @param limit items that a request asks for */
function stateOf({ begin, mark, seen, gap }: Cursor, limit: number | undefined): State {
  return { begin, watermark: mark, seen: new Map(seen), gap: gap && { watermark: gap.mark, to: gap.to }, limit }
}

const present = <T>(name: 'begin' | 'mark', value: T | undefined): Partial<Record<'begin' | 'mark', T>> => (value === undefined ? {} : { [name]: value })

const gapOf = ({ watermark, to }: Gap): Cursor['gap'] => ({ ...present('mark', watermark), to })

const cursorOf = ({ begin, watermark, seen, gap }: State): Cursor => ({
  ...present('begin', begin),
  ...present('mark', watermark),
  seen: [...seen],
  ...(gap ? { gap: gapOf(gap) } : {}),
})

export interface SinceRead<B> {
  rule: SinceRule<string, B>
  params: Params
  /** Of the last page that was emitted; undefined on the first read. */
  cursor: unknown
  /** Sends the request with params replaced; one that is undefined is not sent. */
  send(params: Params): Promise<B>
  /** Epoch ms. */
  now(): number
}

export interface NewBody<B> {
  body: B
  /** Items in it. */
  fresh: number
  /** To be stored once the page was emitted. */
  cursor: unknown
}

/** Answers without what was emitted before, newest page first where the vendor cuts answers short. */
export async function* readSince<B>({ rule, params, cursor, send, now }: SinceRead<B>): AsyncGenerator<NewBody<B>> {
  const isFirst = cursor === undefined
  let state = stateOf(isFirst ? { seen: [] } : restored(Cursor, cursor), positive(params[rule.limit ?? ''] ?? rule.pageSize))
  let steps = stepsOf(state, isFirst)
  for (let step = steps.shift(); step; step = steps.shift()) {
    state = beforeRequest(state, step)
    const body = await send(paramsOf(rule, state, step))
    const items = rule.items(body)
    const outcome = afterAnswer(state, step, items, abilitiesOf(rule, params, now()))
    const { fresh, isPage, next } = outcome
    state = outcome.state
    steps = [...next, ...steps]
    if (!isPage) continue
    const kept = fresh.length === items.length ? body : rule.keep(body, fresh.map(({ key }) => key))
    yield { body: kept, fresh: fresh.length, cursor: cursorOf(state) }
  }
}

const positive = (limit: unknown): number | undefined => (typeof limit === 'number' && limit > 0 ? limit : undefined)

const abilitiesOf = <B>({ from, to, limit, pageSize }: SinceRule<string, B>, params: Params, now: number): Abilities => {
  const userFrom = params[from]
  return {
    hasTo: to !== undefined,
    hasLimit: limit !== undefined,
    userFrom: typeof userFrom === 'number' ? userFrom : undefined,
    wantsWholePeriod: pageSize !== undefined && params[limit ?? ''] === undefined,
    now,
  }
}

/** The params of a step. The first request goes out as the user wrote it; the user's own period stands where none is given. */
function paramsOf<B>(rule: SinceRule<string, B>, state: State, step: Step): Params {
  if (step.kind === 'first') return {}
  const { from, to } = periodOf(state, step)
  return {
    ...(from === undefined ? {} : { [rule.from]: from }),
    ...(rule.to === undefined || to === undefined ? {} : { [rule.to]: to }),
    ...(rule.limit === undefined || state.limit === undefined ? {} : { [rule.limit]: state.limit }),
  }
}

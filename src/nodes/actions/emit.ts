/** Sends pages as messages: one for all, one for each item, or one for each page, with `msg.parts` for a Join node. */
import { isRecord } from '../../lib/base/foreign'
import type { NodeMessage } from 'node-red'
import type { Page } from '../../lib/vocabulary/operation'
import { topicOf } from '../../lib/vocabulary/reading'

export type Emit = 'array' | 'each' | 'page'
export type Output = 'readings' | 'body'

/** Where one part stands among those of one answer; `count` stands on the last only, since pages come one by one. */
export interface Parts {
  id: string
  type: 'array'
  index: number
  len: number
  count?: number
  /** Parts of the incoming message, which a Join node puts back. */
  parts?: unknown
}

/** What goes out of a page: its readings if it carries any and they are wanted, else the vendor's data. */
const contentOf = (page: Page, output: Output): unknown =>
  output === 'readings' && page.readings ? page.readings : page.data

/** A page; `cursor` is the reading position to save once it has been sent. */
export type SentPage = Page & { fresh?: number; cursor?: unknown }

/** A message to send, then perhaps a cursor to save. */
export interface Step {
  /** Absent where a page holds nothing new. */
  message?: { payload: unknown; topic: string | undefined; last: boolean }
  cursor?: unknown
}

/** The payloads in order, each with whether it is the last. @param onPage called for each page as it comes */
export async function* steps(pages: AsyncIterable<SentPage>, output: Output, emit: 'each' | 'page', onPage: (page: SentPage) => void): AsyncGenerator<Step> {
  let held: Part | undefined
  let cursor: unknown
  for await (const page of pages) {
    onPage(page)
    for (const part of parts(page, output, emit)) {
      cursor = part.cursor ?? cursor
      if (!('payload' in part)) continue
      if (held) yield { message: { payload: held.payload, topic: held.topic, last: false }, cursor: held.cursor }
      held = part
    }
  }
  if (held) yield { message: { payload: held.payload, topic: held.topic, last: true }, cursor }
  else if (cursor !== undefined) yield { cursor }
}

/** Without a payload where there is only a cursor. */
interface Part {
  payload?: unknown
  /** Of a single reading. */
  topic?: string
  cursor?: unknown
}

function parts(page: SentPage, output: Output, emit: 'each' | 'page'): Part[] {
  const { cursor, fresh } = page
  const content = contentOf(page, output)
  const payloads: unknown[] = fresh === 0 ? [] : emit === 'each' && Array.isArray(content) ? content : [content]
  if (payloads.length === 0) return [{ cursor }]
  const topics = emit === 'each' && content === page.readings ? page.readings?.map(topicOf) : undefined
  return payloads.map((payload, index) => {
    const topic = topics?.[index]
    return { payload, ...(topic === undefined ? {} : { topic }), ...(index === payloads.length - 1 ? { cursor } : {}) }
  })
}

/** All pages in one. @param onPage called for each page as it comes */
export async function merged(pages: AsyncIterable<SentPage>, output: Output, onPage: (page: SentPage) => void): Promise<{ payload: unknown; cursor: unknown }> {
  let first = true
  let payload: unknown
  let cursor: unknown
  for await (const page of pages) {
    onPage(page)
    payload = first ? contentOf(page, output) : join(payload, contentOf(page, output))
    cursor = page.cursor
    first = false
  }
  return { payload, cursor }
}

/** Lists grow, objects take each other's keys, anything else is the newer one. */
function join(one: unknown, other: unknown): unknown {
  if (Array.isArray(one) && Array.isArray(other)) {
    for (const item of other as unknown[]) one.push(item)
    return one
  }
  if (!isRecord(one) || !isRecord(other)) return other
  for (const [key, newer] of Object.entries(other)) {
    const value = Object.hasOwn(one, key) ? join(one[key], newer) : newer
    // An answer may have a key such as `__proto__`, which an assignment would take for something else.
    Object.defineProperty(one, key, { value, writable: true, enumerable: true, configurable: true })
  }
  return one
}

/**
 * The parts of one message.
 * @param incoming parts of the message that caused it
 */
export function partsOf(id: string, index: number, payload: unknown, last: boolean, emit: Emit, incoming: unknown): Parts {
  return {
    id,
    type: 'array',
    index,
    // A Join node flattens the pages into one list when the first part's length is above one.
    len: emit === 'page' ? Math.max(2, Array.isArray(payload) ? payload.length : 1) : 1,
    ...(last ? { count: index + 1 } : {}),
    ...(incoming === undefined ? {} : { parts: incoming }),
  }
}

/** A message with parts, as flows have them. */
export type PartedMessage = NodeMessage & { parts?: unknown; response?: unknown }

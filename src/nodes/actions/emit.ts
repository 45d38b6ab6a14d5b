/** Sends pages as messages: one for all, one for each item, or one for each page, with `msg.parts` for a Join node. */
import { joinAnswers } from '../../lib/base/foreign'
import type { NodeMessage } from 'node-red'
import type { Content, Shape } from '../../lib/shapes'
import type { Page } from '../../lib/vocabulary/operation'
import { topicOf, type Reading } from '../../lib/vocabulary/reading'

export type Emit = 'array' | 'each' | 'page'

/** What a page goes out as. */
export interface Format {
  /** The vendor's data instead of readings. */
  body: boolean
  /** The shape of readings; undefined for readings as they are. */
  shape?: Shape | undefined
  emit: Emit
}

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
const contentOf = (page: Page, { body }: Format): unknown => (!body && page.readings ? page.readings : page.data)

/** A page; `cursor` is the reading position to save once it has been sent. */
export type SentPage = Page & { fresh?: number; cursor?: unknown }

/** A message to send, then perhaps a cursor to save. */
export interface Step {
  /** Absent where a page holds nothing new. */
  message?: { content: Content; last: boolean }
  cursor?: unknown
}

/** The contents in order, each with whether it is the last. @param onPage called for each page as it comes */
export async function* steps(pages: AsyncIterable<SentPage>, format: Format, onPage: (page: SentPage) => void): AsyncGenerator<Step> {
  let held: { content: Content; cursor: unknown } | undefined
  let cursor: unknown
  for await (const page of pages) {
    onPage(page)
    for (const { content, cursor: reached } of parts(page, format)) {
      cursor = reached ?? cursor
      if (!content) continue
      if (held) yield { message: { content: held.content, last: false }, cursor: held.cursor }
      held = { content, cursor: reached }
    }
  }
  if (held) yield { message: { content: held.content, last: true }, cursor }
  else if (cursor !== undefined) yield { cursor }
}

/** Without content where there is only a cursor. */
interface Part {
  content?: Content
  cursor?: unknown
}

function parts(page: SentPage, format: Format): Part[] {
  const { cursor, fresh } = page
  const contents = fresh === 0 ? [] : contentsOf(page, format)
  if (contents.length === 0) return [{ cursor }]
  return contents.map((content, index) => ({ content, ...(index === contents.length - 1 ? { cursor } : {}) }))
}

function contentsOf(page: SentPage, format: Format): Content[] {
  const { emit, shape } = format
  if (shape && page.readings && (emit === 'each' || !shape.whole)) return shape.each(page.readings)
  if (shape?.whole && page.readings) return [{ payload: shape.whole(page.readings) }]
  const content = contentOf(page, format)
  if (emit !== 'each' || !Array.isArray(content)) return [{ payload: content }]
  if (content === page.readings) return page.readings.map((reading) => ({ payload: reading, topic: topicOf(reading) }))
  return content.map((payload: unknown) => ({ payload }))
}

/** All pages in one. @param onPage called for each page as it comes */
export async function merged(pages: AsyncIterable<SentPage>, format: Format, onPage: (page: SentPage) => void): Promise<{ payload: unknown; cursor: unknown }> {
  let first = true
  let hasReadings = false
  let payload: unknown
  let cursor: unknown
  for await (const page of pages) {
    onPage(page)
    payload = first ? contentOf(page, format) : joinAnswers(payload, contentOf(page, format))
    cursor = page.cursor
    hasReadings ||= page.readings !== undefined
    first = false
  }
  return { payload: format.shape?.whole && hasReadings ? format.shape.whole(payload as Reading[]) : payload, cursor }
}

/**
 * The parts of one message.
 * @param lists whether a Join node puts lists together; else each payload is one item
 * @param incoming parts of the message that caused it
 */
export function partsOf(id: string, index: number, payload: unknown, last: boolean, lists: boolean, incoming: unknown): Parts {
  return {
    id,
    type: 'array',
    index,
    // A Join node flattens the pages into one list when the first part's length is above one.
    len: lists ? Math.max(2, Array.isArray(payload) ? payload.length : 1) : 1,
    ...(last ? { count: index + 1 } : {}),
    ...(incoming === undefined ? {} : { parts: incoming }),
  }
}

/** A message with parts, as flows have them. */
export type PartedMessage = NodeMessage & { parts?: unknown; response?: unknown }

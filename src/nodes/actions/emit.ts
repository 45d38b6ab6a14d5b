/** Pages to messages: all in one, one each, or one a page, with `msg.parts` as a Join node needs them. */
import type { NodeMessage } from 'node-red'
import type { Page } from '../../lib/spec'

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

/** The payloads in order, each with whether it is the last. */
export async function* payloads(
  pages: AsyncIterable<Page>,
  output: Output,
  emit: Emit,
): AsyncGenerator<{ payload: unknown; last: boolean }> {
  let held: { payload: unknown } | undefined
  for await (const payload of split(pages, output, emit)) {
    if (held) yield { ...held, last: false }
    held = { payload }
  }
  if (held) yield { ...held, last: true }
}

async function* split(pages: AsyncIterable<Page>, output: Output, emit: Emit): AsyncGenerator {
  if (emit === 'array') {
    yield await merged(pages, output)
    return
  }
  for await (const page of pages) {
    const content = contentOf(page, output)
    if (emit === 'each' && Array.isArray(content)) yield* content as unknown[]
    else yield content
  }
}

async function merged(pages: AsyncIterable<Page>, output: Output): Promise<unknown> {
  let first = true
  let all: unknown
  for await (const page of pages) {
    all = first ? contentOf(page, output) : join(all, contentOf(page, output))
    first = false
  }
  return all
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Lists grow, objects take each other's keys, anything else is the newer one. */
function join(one: unknown, other: unknown): unknown {
  if (Array.isArray(one) && Array.isArray(other)) {
    for (const item of other as unknown[]) one.push(item)
    return one
  }
  if (!isRecord(one) || !isRecord(other)) return other
  for (const [key, value] of Object.entries(other)) one[key] = key in one ? join(one[key], value) : value
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

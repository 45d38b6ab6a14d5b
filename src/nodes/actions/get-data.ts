/** Reads, and sends what came as one message, one each, or one a page. */
import { ApiError } from '../../lib/base/api-error'
import { merged, partsOf, steps, type Emit, type Output, type SentPage } from './emit'
import type { Work } from './input-handler'

export async function getData(work: Work): Promise<void> {
  const { call, config, values } = work
  if (config.sinceLast === true) await sendNew(work)
  else await sendPages(work, call.pages(values))
}

/** Sends what is new; how much that was is saved only once it has been handed on. */
async function sendNew(work: Work): Promise<void> {
  const { account, call, cursors, values } = work
  const source = call.source(account.id, values)
  try {
    await cursors.read(source, ({ cursor, save }) => sendPages(work, call.since(values, cursor), save))
  } catch (error) {
    // A call explains its own failures; others are the store's.
    throw error instanceof ApiError ? error : call.explained(error)
  }
}

type Save = (cursor: unknown) => Promise<void>

async function sendPages(work: Work, pages: AsyncIterable<SentPage>, save?: Save): Promise<void> {
  const { config, status } = work
  const tally = { readings: 0, fresh: 0 }
  const see = (page: SentPage): void => {
    tally.readings += page.readings?.length ?? 0
    tally.fresh += page.fresh ?? 0
  }
  const outlet = { work, pages, output: config.output === 'body' ? 'body' : 'readings', see, save } as const
  const emit: Emit = config.emit === 'each' || config.emit === 'page' ? config.emit : 'array'
  const items = emit === 'array' ? await sendAll(outlet) : await sendParts(outlet, emit)
  if (tally.readings > 0) status.succeeded('readings', { count: tally.readings })
  else if (save && tally.fresh === 0) status.succeeded('nothingNew')
  else status.succeeded(items > 1 ? 'items' : 'ok', { count: items })
}

interface Outlet {
  work: Work
  pages: AsyncIterable<SentPage>
  output: Output
  /** Told of each page. */
  see(page: SentPage): void
  save: Save | undefined
}

const sizeOf = (payload: unknown): number => (Array.isArray(payload) ? payload.length : 1)

/** All in the message that came. @returns how many items that were */
async function sendAll({ work, pages, output, see, save }: Outlet): Promise<number> {
  const { payload, cursor } = await merged(pages, output, see)
  work.send(Object.assign(work.message, { payload, response: work.call.response }))
  if (cursor !== undefined) await save?.(cursor)
  return sizeOf(payload)
}

/** A message for each item or page. @returns how many items that were */
async function sendParts({ work, pages, output, see, save }: Outlet, emit: 'each' | 'page'): Promise<number> {
  const { RED, message, call, send } = work
  const { payload: _replaced, parts: incoming, ...rest } = message
  const id = RED.util.generateId()
  let index = 0
  let items = 0
  for await (const step of steps(pages, output, emit, see)) {
    if (step.message) {
      const { payload, last } = step.message
      items += sizeOf(payload)
      const parts = partsOf(id, index, payload, last, emit, incoming)
      send(Object.assign(RED.util.cloneMessage(rest), { payload, parts, response: call.response }))
      index += 1
    }
    if (step.cursor !== undefined) await save?.(step.cursor)
  }
  return items
}

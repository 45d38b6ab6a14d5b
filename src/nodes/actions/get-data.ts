/** Reads, and sends what came as one message, one each, or one a page. */
import { ApiError } from '../../lib/client/errors'
import { steps, partsOf, type Emit, type Output, type SentPage } from './emit'
import type { Work } from './action'

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

async function sendPages(work: Work, pages: AsyncIterable<SentPage>, save?: (cursor: unknown) => Promise<void>): Promise<void> {
  const { RED, config, message, call, status, send } = work
  const output: Output = config.output === 'body' ? 'body' : 'readings'
  const emit: Emit = config.emit === 'each' || config.emit === 'page' ? config.emit : 'array'
  const { payload: _replaced, parts: incoming, ...rest } = message
  const id = RED.util.generateId()
  let index = 0
  let items = 0
  const tally = { readings: 0, fresh: 0 }
  for await (const step of steps(counted(pages, tally), output, emit)) {
    if (step.message) {
      const { payload, last } = step.message
      items += Array.isArray(payload) ? payload.length : 1
      if (emit === 'array') {
        send(Object.assign(message, { payload, response: call.response }))
      } else {
        const parts = partsOf(id, index, payload, last, emit, incoming)
        send(Object.assign(RED.util.cloneMessage(rest), { payload, parts, response: call.response }))
      }
      index += 1
    }
    if (step.cursor !== undefined) await save?.(step.cursor)
  }
  if (tally.readings > 0) status.succeeded('readings', { count: tally.readings })
  else if (save && tally.fresh === 0) status.succeeded('nothingNew')
  else status.succeeded(items > 1 ? 'items' : 'ok', { count: items })
}

/** Passes pages on, and counts what they carry. */
async function* counted(pages: AsyncIterable<SentPage>, tally: { readings: number; fresh: number }): AsyncGenerator<SentPage> {
  for await (const page of pages) {
    tally.readings += page.readings?.length ?? 0
    tally.fresh += page.fresh ?? 0
    yield page
  }
}

/** Reads data, and sends one message, one for each item, or one for each page. */
import { ApiError } from '../../lib/base/api-error'
import { propertyValues, type PropertyValues } from '../runtime/node-property'
import { merged, partsOf, steps, type SentPage } from './emit'
import type { CreateHandler, MessageContext } from './input-handler'
import { actionProperties } from './properties'

const PROPERTIES = actionProperties['get-data']
type Settings = PropertyValues<typeof PROPERTIES>

export const createGetData: CreateHandler = ({ config }) => {
  const settings = propertyValues(PROPERTIES, config)
  const { output, sinceLast } = settings
  const handle = (context: MessageContext): Promise<void> =>
    sinceLast ? sendNew(context, settings) : sendPages(context, settings, context.call.pages(context.values))
  return { handle, sinceLast, readings: output !== 'body' }
}

/** Sends what is new, and saves how far that was only once it has been sent. */
async function sendNew(context: MessageContext, settings: Settings): Promise<void> {
  const { account, call, cursors, values } = context
  const source = call.source(account.id, values)
  try {
    await cursors.read(source, ({ cursor, save }) => sendPages(context, settings, call.since(values, cursor), save))
  } catch (error) {
    // A call explains its own failures; others are the store's.
    throw error instanceof ApiError ? error : call.explained(error)
  }
}

type Save = (cursor: unknown) => Promise<void>

async function sendPages(context: MessageContext, { emit, output }: Settings, pages: AsyncIterable<SentPage>, save?: Save): Promise<void> {
  const { status } = context
  const counts = { readings: 0, fresh: 0, carriesReadings: false }
  const onPage = (page: SentPage): void => {
    counts.readings += page.readings?.length ?? 0
    counts.carriesReadings ||= page.readings !== undefined
    counts.fresh += page.fresh ?? 0
  }
  const outlet: Outlet = { context, pages, output, onPage, save }
  const items = emit === 'array' ? await sendAll(outlet) : await sendParts(outlet, emit)
  if (save && counts.fresh === 0) status.succeeded('nothingNew')
  else if (counts.carriesReadings) status.succeeded('readings', { count: counts.readings })
  else status.succeeded(items > 1 ? 'items' : 'ok', { count: items })
}

interface Outlet {
  context: MessageContext
  pages: AsyncIterable<SentPage>
  output: Settings['output']
  onPage(page: SentPage): void
  save: Save | undefined
}

const sizeOf = (payload: unknown): number => (Array.isArray(payload) ? payload.length : 1)

/** All pages in the message that came. @returns the number of items */
async function sendAll({ context, pages, output, onPage, save }: Outlet): Promise<number> {
  const { payload, cursor } = await merged(pages, output, onPage)
  context.send(Object.assign(context.message, { payload, response: context.call.response }))
  if (cursor !== undefined) await save?.(cursor)
  return sizeOf(payload)
}

/** A message for each item or page. @returns the number of items */
async function sendParts({ context, pages, output, onPage, save }: Outlet, emit: 'each' | 'page'): Promise<number> {
  const { RED, message, call, send } = context
  const { payload: _replaced, parts: incoming, ...rest } = message
  const id = RED.util.generateId()
  let index = 0
  let items = 0
  for await (const step of steps(pages, output, emit, onPage)) {
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

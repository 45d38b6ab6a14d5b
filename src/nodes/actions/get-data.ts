/** Reads data, and sends one message, one for each item, or one for each page. */
import { ApiError } from '../../lib/base/api-error'
import { propertyValues, type PropertyValues } from '../runtime/node-property'
import { findVendor } from '../runtime/node-types'
import { merged, partsOf, steps, type Format, type SentPage } from './emit'
import type { CreateHandler, MessageContext } from './input-handler'
import { actionProperties } from './properties'

const PROPERTIES = actionProperties['get-data']
type Settings = PropertyValues<typeof PROPERTIES>

export const createGetData: CreateHandler = ({ config }) => {
  const settings = propertyValues(PROPERTIES, config)
  const { output, sinceLast } = settings
  const seriesBy = findVendor(config.vendor)?.seriesBy ?? []
  const handle = async (context: MessageContext): Promise<void> => {
    const sending = isPlain(settings) ? plainly(settings) : await shaped(settings, seriesBy)
    await (sinceLast ? sendNew(context, sending) : sendPages(context, sending, context.call.pages(context.values)))
  }
  return { handle, sinceLast, readings: output !== 'body' }
}

/** How pages are sent. */
interface Sending {
  format: Format
  /** What is left of a page, and how its values are written. */
  adjusted?: ((page: SentPage) => SentPage) | undefined
}

const plainly = ({ emit, output }: Settings): Sending => ({ format: { body: output === 'body', emit } })

/** Whether readings, or the vendor's data, are sent as they are. */
const isPlain = ({ decimals, output, quantities, temperature }: Settings): boolean =>
  output === 'body' || (output === 'readings' && decimals === undefined && quantities === undefined && temperature === '°C')

/** Loads the shapes only for nodes that need them. */
async function shaped(settings: Settings, seriesBy: readonly string[]): Promise<Sending> {
  const { adjuster, shapeOf } = await import('../../lib/shapes/index.js')
  const adjust = adjuster(settings)
  const adjusted = (page: SentPage): SentPage => {
    if (!page.readings) return page
    const readings = adjust(page.readings)
    // New readings that are not wanted count as nothing new.
    return { ...page, readings, ...(page.fresh !== undefined && readings.length === 0 ? { fresh: 0 } : {}) }
  }
  const shape = shapeOf(settings.output, seriesBy)
  // A shape that is never one message is sent as pages arrive.
  const emit = shape && !shape.whole ? 'each' : settings.emit
  return { format: { body: false, shape, emit }, adjusted }
}

/** Sends what is new, and saves how far that was only once it has been sent. */
async function sendNew(context: MessageContext, sending: Sending): Promise<void> {
  const { account, call, cursors, values } = context
  const source = call.source(account.id, values)
  try {
    await cursors.read(source, ({ cursor, save }) => sendPages(context, sending, call.since(values, cursor), save))
  } catch (error) {
    // A call explains its own failures; others are the store's.
    throw error instanceof ApiError ? error : call.explained(error)
  }
}

type Save = (cursor: unknown) => Promise<void>

async function sendPages(context: MessageContext, { adjusted, format }: Sending, pages: AsyncIterable<SentPage>, save?: Save): Promise<void> {
  const { status } = context
  const counts = { readings: 0, fresh: 0, carriesReadings: false }
  const onPage = (page: SentPage): void => {
    counts.readings += page.readings?.length ?? 0
    counts.carriesReadings ||= page.readings !== undefined
    counts.fresh += page.fresh ?? 0
  }
  const outlet: Outlet = { context, pages: adjusted ? mapped(pages, adjusted) : pages, format, onPage, save }
  const items = format.emit === 'array' ? await sendAll(outlet) : await sendParts(outlet)
  if (save && counts.fresh === 0) status.succeeded('nothingNew')
  else if (counts.carriesReadings) status.succeeded('readings', { count: counts.readings })
  else status.succeeded(items > 1 ? 'items' : 'ok', { count: items })
}

async function* mapped(pages: AsyncIterable<SentPage>, change: (page: SentPage) => SentPage): AsyncGenerator<SentPage> {
  for await (const page of pages) yield change(page)
}

interface Outlet {
  context: MessageContext
  pages: AsyncIterable<SentPage>
  format: Format
  onPage(page: SentPage): void
  save: Save | undefined
}

const sizeOf = (payload: unknown): number => (Array.isArray(payload) ? payload.length : 1)

/** All pages in the message that came. @returns the number of items */
async function sendAll({ context, pages, format, onPage, save }: Outlet): Promise<number> {
  const { payload, cursor } = await merged(pages, format, onPage)
  context.send(Object.assign(context.message, { payload, response: context.call.response }))
  if (cursor !== undefined) await save?.(cursor)
  return sizeOf(payload)
}

/** A message for each item or page. @returns the number of items */
async function sendParts({ context, pages, format, onPage, save }: Outlet): Promise<number> {
  const { RED, message, call, send } = context
  const { payload: _replaced, parts: incoming, ...rest } = message
  const id = RED.util.generateId()
  const lists = format.emit === 'page' || format.shape?.lists === true
  let index = 0
  let items = 0
  for await (const step of steps(pages, format, onPage)) {
    if (step.message) {
      const { content, last } = step.message
      items += sizeOf(content.payload)
      const parts = partsOf(id, index, content.payload, last, lists, incoming)
      send(Object.assign(RED.util.cloneMessage(rest), content, { parts, response: call.response }))
      index += 1
    }
    if (step.cursor !== undefined) await save?.(step.cursor)
  }
  return items
}

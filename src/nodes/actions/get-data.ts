/** Reads, and sends what came as one message, one each, or one a page. */
import { payloads, partsOf, type Emit, type Output } from './emit'
import type { Work } from './action'

export async function getData({ RED, config, message, values, call, status, send }: Work): Promise<void> {
  const output: Output = config.output === 'body' ? 'body' : 'readings'
  const emit: Emit = config.emit === 'each' || config.emit === 'page' ? config.emit : 'array'
  const { payload: _replaced, parts: incoming, ...rest } = message
  const id = RED.util.generateId()
  let index = 0
  let readings = 0
  let items = 0
  for await (const { payload, last } of payloads(counted(call.pages(values), (count) => (readings += count)), output, emit)) {
    items += Array.isArray(payload) ? payload.length : 1
    if (emit === 'array') {
      send(Object.assign(message, { payload, response: call.response }))
    } else {
      const parts = partsOf(id, index, payload, last, emit, incoming)
      send(Object.assign(RED.util.cloneMessage(rest), { payload, parts, response: call.response }))
    }
    index += 1
  }
  if (readings > 0) status.succeeded('readings', { count: readings })
  else status.succeeded(items > 1 ? 'items' : 'ok', { count: items })
}

/** Passes pages on, and tells how many readings each carries. */
async function* counted<P extends { readings?: unknown[] }>(
  pages: AsyncIterable<P>,
  tell: (count: number) => void,
): AsyncGenerator<P> {
  for await (const page of pages) {
    tell(page.readings?.length ?? 0)
    yield page
  }
}

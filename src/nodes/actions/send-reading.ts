/** Sends readings, and passes the message on unchanged once the vendor has stored them. */
import { untilAborted } from '../../lib/base/abort-signal'
import type { CallResponse } from '../../lib/client/call'
import { Undelivered } from '../../lib/outbox/delivery'
import type { Outbox } from '../../lib/outbox/outbox'
import { sentence } from '../../lib/base/sentence'
import { isDrawn } from '../runtime/deployed'
import { say, sayError } from '../runtime/language'
import type { Making, Perform, Work } from './input-handler'
import { outboxSetting } from './outbox-settings'

interface Kept {
  messages: number
  readings: number
}

/** One node that sends readings, through the account's outbox unless it is told not to. */
export class ReadingSender {
  readonly #making: Making
  readonly #outbox: Outbox | undefined
  readonly #inFlight = new Set<Promise<unknown>>()
  /** What was in the outbox when this node or its account closed. */
  readonly #kept: Kept = { messages: 0, readings: 0 }

  constructor(making: Making) {
    const { RED, account, config, node, status } = making
    this.#making = making
    this.#outbox = config.outbox ? account?.outbox() : undefined
    const unwatch = this.#outbox?.watch(({ depth, failure }) => status.outbox(depth, failure && sayError(RED, failure)))
    node.on('close', (removed: boolean, done: () => void) => {
      unwatch?.()
      void this.#closed(removed).then(done)
    })
  }

  readonly perform: Perform = async (work) => {
    const response = this.#outbox ? await this.#keep(work, this.#outbox) : await direct(work)
    if (!response) return
    work.message.response = response
    work.send(work.message)
    work.status.succeeded('ok')
  }

  async #keep(work: Work, outbox: Outbox): Promise<CallResponse | undefined> {
    const waiting = this.#deliver(work, outbox)
    this.#inFlight.add(waiting)
    try {
      return await waiting
    } finally {
      this.#inFlight.delete(waiting)
    }
  }

  /** undefined when the node closed before the vendor had the readings: they stay in the outbox. */
  async #deliver({ call, config, entered, node, operation, signal, values }: Work, outbox: Outbox): Promise<CallResponse | undefined> {
    signal.throwIfAborted()
    const readings = call.outgoing(values, entered)
    const request = { node: node.id, operation, readings, limit: outboxSetting('outboxLimit', config.outboxLimit), window: outboxSetting('batchWindow', config.batchWindow) }
    const acknowledgement = await outbox.accept(request).catch((error: unknown) => {
      throw call.explained(error)
    })
    const settlement = await untilAborted(acknowledgement.settled, signal)
      .catch((error: unknown) => {
        if (signal.aborted) return outbox.abandon(acknowledgement)
        throw error
      })
      .catch((error: unknown) => {
        throw error instanceof Undelivered ? error : call.explained(error)
      })
    if (settlement !== 'kept') return settlement === 'sent elsewhere' ? call.response : settlement
    this.#kept.messages += 1
    this.#kept.readings += readings.length
    return undefined
  }

  /** Messages that are not answered for by an output or an error are answered for here. */
  async #closed(removed: boolean): Promise<void> {
    await Promise.allSettled(this.#inFlight)
    const { RED, account, node } = this.#making
    const { messages, readings } = this.#kept
    if (messages > 0) node.log(say(RED, sentence`${messages} messages were waiting: their ${readings} readings are kept in the outbox and will be sent`))
    if (!removed || !this.#outbox || isDrawn(RED, node.id)) return
    const depth = await this.#outbox.state().then((state) => state.depth, () => readings)
    if (depth > 0) node.warn(say(RED, sentence`the node was removed, but the outbox of its account "${account?.name ?? ''}" holds ${depth} readings: they will still be sent as long as the account exists`))
  }
}

async function direct({ call, values }: Work): Promise<CallResponse> {
  await call.write(values, false)
  return call.response
}

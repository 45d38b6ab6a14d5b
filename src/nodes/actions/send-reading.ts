/** Sends readings, and passes the message on unchanged once the vendor has stored them. */
import { untilAborted } from '../../lib/base/abort-signal'
import type { CallResponse } from '../../lib/client/call'
import { Undelivered } from '../../lib/outbox/delivery'
import type { Outbox } from '../../lib/outbox/outbox'
import { plural, sentence, type Sentence } from '../../lib/base/sentence'
import { isDeployed } from '../runtime/deployed'
import { localize } from '../runtime/language'
import { propertyValues, type PropertyValues } from '../runtime/node-property'
import type { CreateHandler, MessageContext, MessageHandler, NodeContext } from './input-handler'
import { mapReadings, readMapping } from './mapping'
import { actionProperties } from './properties'

const PROPERTIES = actionProperties['send-reading']

export const createReadingSender: CreateHandler = (context) => ({ handle: new ReadingSender(context).handle })

interface Kept {
  messages: number
  readings: number
}

/** One node that sends readings: through the account's outbox, or directly. */
class ReadingSender {
  readonly #context: NodeContext
  readonly #settings: PropertyValues<typeof PROPERTIES>
  readonly #outbox: Outbox | undefined
  /** The param that the mapping changes; undefined where it changes none. */
  readonly #mapped: string | undefined
  readonly #mapping: ReturnType<typeof readMapping>
  readonly #inFlight = new Set<Promise<unknown>>()
  /** What was still in the outbox when this node closed. */
  readonly #kept: Kept = { messages: 0, readings: 0 }

  constructor(context: NodeContext) {
    const { RED, account, config, node, operation, status } = context
    this.#context = context
    this.#settings = propertyValues(PROPERTIES, config)
    this.#mapping = readMapping(this.#settings.mapping)
    this.#mapped = this.#mapping.length > 0 ? operation?.mapped : undefined
    this.#outbox = this.#settings.outbox ? account?.outbox() : undefined
    const unwatch = this.#outbox?.watch(({ depth, failure }) => status.outbox(depth, failure && localize(RED, failure.summary)))
    node.on('close', (removed: boolean, done: () => void) => {
      unwatch?.()
      void this.#closed(removed).then(done)
    })
  }

  readonly handle: MessageHandler = async (given) => {
    const context = this.#withMapping(given)
    const response = this.#isEmpty(context) ? context.call.response : this.#outbox ? await this.#keep(context, this.#outbox) : await sendDirectly(context)
    if (!response) return
    context.message.response = response
    context.send(context.message)
    context.status.succeeded('ok')
  }

  #withMapping(context: MessageContext): MessageContext {
    const { call, values } = context
    if (this.#mapped === undefined) return context
    try {
      return { ...context, values: { ...values, [this.#mapped]: mapReadings(values[this.#mapped], this.#mapping) } }
    } catch (error) {
      throw call.explained(error)
    }
  }

  /** Whether the mapping left out all readings, or get data had none. */
  #isEmpty({ values }: MessageContext): boolean {
    const readings = this.#mapped === undefined ? undefined : values[this.#mapped]
    return Array.isArray(readings) && readings.length === 0
  }

  async #keep(context: MessageContext, outbox: Outbox): Promise<CallResponse | undefined> {
    const waiting = this.#deliver(context, outbox)
    this.#inFlight.add(waiting)
    try {
      return await waiting
    } finally {
      this.#inFlight.delete(waiting)
    }
  }

  /** undefined when the node closed before the vendor had the readings: they stay in the outbox. */
  async #deliver({ call, entered, message, node, operation, signal, values }: MessageContext, outbox: Outbox): Promise<CallResponse | undefined> {
    signal.throwIfAborted()
    const readings = call.outgoing(values)
    const age = performance.now() - entered
    const { batchWindow: window, outboxLimit: limit, syncWindow } = this.#settings
    const request = { node: node.id, operation, readings, age, limit, window, syncWithin: syncWindow * 1000, msgid: message._msgid }
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

  /** Logs the messages that end without an output or an error. */
  async #closed(removed: boolean): Promise<void> {
    await Promise.allSettled(this.#inFlight)
    const { RED, account, node } = this.#context
    const { messages, readings } = this.#kept
    if (messages > 0) node.log(localize(RED, sentence`${waitingText(messages)}; ${keptText(readings)}`))
    if (!removed || !this.#outbox || isDeployed(RED, node.id)) return
    const depth = await this.#outbox.state().then((state) => state.depth, () => readings)
    if (depth > 0) node.warn(localize(RED, sentence`the node was removed; ${leftText(depth, account?.name ?? '')}`))
  }
}

const waitingText = (count: number): Sentence => plural(count, sentence`1 message was waiting`, sentence`${count} messages were waiting`)

const keptText = (count: number): Sentence =>
  plural(count, sentence`1 reading stays in the outbox and will be sent`, sentence`${count} readings stay in the outbox and will be sent`)

const leftText = (count: number, account: string): Sentence =>
  plural(
    count,
    sentence`1 reading stays in the outbox of account "${account}" and is sent as long as that account exists`,
    sentence`${count} readings stay in the outbox of account "${account}" and are sent as long as that account exists`,
  )

async function sendDirectly({ call, values }: MessageContext): Promise<CallResponse> {
  await call.write(values, false)
  return call.response
}

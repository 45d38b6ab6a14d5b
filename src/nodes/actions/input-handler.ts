/** The input event of every action node: evaluates the params, calls the vendor and sends the result. All verbs share it. */
import { ApiError, summaryOf } from '../../lib/base/api-error'
import { formText, sentence, plural, type Sentence, type Words } from '../../lib/base/sentence'
import { setMaxListeners } from 'node:events'
import type { Node, NodeAPI, NodeDef, NodeMessage } from 'node-red'
import { Call } from '../../lib/client/call'
import { Cursors } from '../../lib/incremental/saved-cursors'
import { Undelivered } from '../../lib/outbox/delivery'
import { SentenceError } from '../../lib/base/sentence'
import type { Operation, Verb } from '../../lib/vocabulary/operation'
import { operationsOf, preferredOperation, type Vendor } from '../../lib/vocabulary/vendor'
import { accountFinder, accountId, type AccountNode } from '../accounts/account-node'
import { hasLeftFlows } from '../runtime/deployed'
import { localize, localizeError, localizedError } from '../runtime/language'
import { findVendor, ownEntry } from '../runtime/node-types'
import type { PartedMessage } from './emit'
import { ParamReader } from './params'
import { ActionStatus } from './status'

/** The properties of a node as this version knows them; a property that its flow lacks has its default. */
export type ActionDef = NodeDef & Readonly<Record<string, unknown>>

/** A node that reads since last. */
export interface CursorNode extends Node {
  /** Gives how many sources were forgotten. */
  resetCursors(): Promise<number>
}

export type Send = (message: NodeMessage) => void

/** What a node of a verb is created with. */
export interface NodeContext {
  RED: NodeAPI
  node: Node
  config: ActionDef
  status: ActionStatus
  /** The account, if the flow has it. */
  account: AccountNode | undefined
  /** The chosen operation, if there is one. */
  operation: Operation | undefined
}

/** What a verb needs to handle one message. */
export interface MessageContext {
  RED: NodeAPI
  node: Node
  /** Aborted when the node is closed. */
  signal: AbortSignal
  message: PartedMessage
  values: Readonly<Record<string, unknown>>
  /** Its id in flows. */
  operation: string
  account: AccountNode
  /** Monotonic ms at which the message came. */
  entered: number
  call: Call
  cursors: Cursors
  /** A further call of the same operation. */
  newCall(): Call
  status: ActionStatus
  send: Send
}

/** What a verb does with a call that is ready to run. */
export type MessageHandler = (context: MessageContext) => Promise<void>

/** Options of the node's properties that every call of it has. */
export interface CallSettings {
  /** Seconds after which a command that still waits is not sent. */
  ttl?: number | undefined
  /** Whether pages carry readings; default true. */
  readings?: boolean
}

export interface VerbHandler extends CallSettings {
  handle: MessageHandler
  /** Whether the node keeps cursors. */
  sinceLast?: boolean
}

export type CreateHandler = (context: NodeContext) => VerbHandler

export class Action {
  readonly #RED: NodeAPI
  readonly #node: Node
  readonly #config: ActionDef
  readonly #verb: Verb
  readonly #handler: VerbHandler
  readonly #params: ParamReader
  readonly #status: ActionStatus
  readonly #vendor: Vendor | undefined
  /** The operation's id in flows. */
  readonly #id: string
  readonly #operation: Operation | undefined
  /** Params that the node does not have at all, which the payload gives. */
  readonly #fromPayload: readonly string[]
  readonly #accountNode: () => AccountNode | undefined
  readonly #cursors: Cursors
  readonly #closing = new AbortController()
  readonly #inFlight = new Set<Promise<void>>()
  /** Messages that the close has ended. */
  #stopped = 0

  constructor(RED: NodeAPI, node: Node, config: ActionDef, verb: Verb, createHandler: CreateHandler) {
    this.#RED = RED
    this.#node = node
    this.#config = config
    this.#verb = verb
    this.#vendor = findVendor(config.vendor)
    this.#id = text(config.operation) || (this.#vendor ? preferredOperation(this.#vendor, verb) : '')
    this.#operation = this.#vendor && ownEntry(operationsOf(this.#vendor, verb), this.#id)
    const fields = this.#operation?.fields ?? {}
    this.#params = new ParamReader(RED, node, config.params, fields)
    this.#fromPayload = Object.entries(fields).flatMap(([name, field]) => (field.fromPayload && !this.#params.has(name) ? [name] : []))
    this.#status = new ActionStatus(RED, node, accountId(config))
    this.#accountNode = accountFinder(RED, config)
    const account = this.#accountNode()
    this.#cursors = new Cursors(node.id, async () => {
      if (!account) throw this.#noAccount()
      return account.store()
    })
    ;(node as CursorNode).resetCursors = () => this.#cursors.reset()
    // Every message in flight listens to it; they leave when they end.
    setMaxListeners(0, this.#closing.signal)
    const problem = account?.problem()
    if (!account || problem) this.#status.unconfigured(problem)
    this.#handler = createHandler({ RED, node, config, status: this.#status, account, operation: this.#operation })
    node.on('input', (message, send, done) => this.#input(message, send, done))
    node.on('close', (removed: boolean, done: () => void) => void this.#close(removed).then(done))
  }

  #input(message: PartedMessage, send: Send, done: (error?: Error) => void): void {
    const handled = this.#handle(message, send, performance.now()).then(
      () => this.#finish(done),
      (error: unknown) => {
        if (this.#closing.signal.aborted) this.#stopped += 1
        this.#finish(done, localizedError(this.#RED, error))
      },
    )
    this.#inFlight.add(handled)
    void handled.finally(() => this.#inFlight.delete(handled))
  }

  /**
   * Node-RED copies the message for Catch and Complete, and not every message can be copied: a getter of it may throw
   * anything. Catch gets the error with an empty message then. Nothing may throw here: that would end Node-RED.
   */
  #finish(done: (error?: Error) => void, error?: Error): void {
    try {
      done(error)
    } catch (thrown) {
      const fault = localizedError(this.#RED, thrown)
      this.#report(error ?? fault, {})
      if (error) this.#report(fault)
    }
  }

  /** @param message for Catch nodes; without one the error only goes to the log */
  #report(error: Error, message?: NodeMessage): void {
    try {
      this.#node.error(error, message)
    } catch {
      // A Catch node or a logger failed itself, so that there is nowhere to report to.
    }
  }

  async #handle(message: PartedMessage, send: Send, entered: number): Promise<void> {
    const id = this.#id
    this.#status.started()
    let call: Call | undefined
    try {
      const { operation, accountNode } = this.#chosen()
      const account = await accountNode.account()
      const { ttl, readings = true } = this.#handler
      const newCall = (): Call =>
        new Call(account, id, operation, {
          signal: this.#closing.signal,
          msgid: text(message._msgid) || undefined,
          onWait: (ms) => this.#status.waiting(ms),
          onProgress: (page) => this.#status.progress(page),
          absence: (name, value) => this.#params.absence(name, value),
          readings,
          ...(ttl === undefined ? {} : { ttl: ttl * 1000 }),
        })
      call = newCall()
      this.#status.warning = this.#warningOf(call)
      const values = await this.#evaluated(message, call)
      const { signal } = this.#closing
      await this.#handler.handle({
        RED: this.#RED, node: this.#node, status: this.#status, signal,
        operation: id, account: accountNode, cursors: this.#cursors, entered, message, values, call, newCall, send,
      })
    } catch (error) {
      const delivery = error instanceof Undelivered ? error.response : undefined
      attachResponse(message, delivery ?? call?.response ?? { vendor: text(this.#config.vendor), operation: id, attempts: 0 })
      const failure = error instanceof SentenceError ? error : this.#unusable(error)
      this.#status.failed(summaryOf(failure), failure)
      throw failure
    }
  }

  /** The error of a message that cannot be read or written, such as a frozen one, or one with a getter that throws. */
  #unusable(error: unknown): ApiError {
    const reason = localizedError(this.#RED, error).message
    return new ApiError('INVALID', sentence`${this.#where}: the message cannot be read or changed (${reason}); build a plain message in a Change or Function node`, { summary: sentence`the message cannot be read` })
  }

  async #evaluated(message: PartedMessage, call: Call): Promise<Record<string, unknown>> {
    try {
      const values = await this.#params.read(message)
      for (const name of this.#fromPayload) values[name] = message.payload
      return values
    } catch (error) {
      throw call.explained(error)
    }
  }

  #warningOf(call: Call): () => string | undefined {
    return () => {
      const used = call.nearlySpent
      return used && localize(this.#RED, used)
    }
  }

  /** @throws ApiError CONFIG saying what the node still needs */
  #chosen(): { operation: Operation; accountNode: AccountNode } {
    const vendor = this.#vendor
    const operation = this.#operation
    if (!vendor) throw notChosen(this.#verb, 'vendor', text(this.#config.vendor))
    if (!operation) throw notChosen(`${vendor.title} ${this.#verb}`, 'operation', this.#id)
    const node = this.#accountNode()
    if (!node) throw this.#noAccount()
    return { operation, accountNode: node }
  }

  /** What an error is about before there is a call. */
  get #where(): Words {
    const title = this.#operation && formText(this.#operation.title)
    return title ? sentence`${this.#vendor?.title ?? this.#verb}, ${title}` : (this.#vendor?.title ?? this.#verb)
  }

  #noAccount(): ApiError {
    return notChosen(this.#where, 'account', '')
  }

  /** Aborts what is in flight, and waits until each message has its output or error. */
  async #close(removed: boolean): Promise<void> {
    this.#closing.abort(new ApiError('CLOSED', sentence`the node was closed by a deploy; send the message again`))
    await Promise.allSettled(this.#inFlight)
    if (this.#stopped > 0) this.#node.log(localize(this.#RED, stoppedText(this.#stopped)))
    // A node that is added again has another id, so that nobody would ever ask for these cursors again.
    if (this.#handler.sinceLast && hasLeftFlows(this.#RED, this.#node, removed))
      await this.#cursors.reset().catch((error: unknown) => this.#node.warn(localizeError(this.#RED, error)))
    this.#status.close()
  }
}

const stoppedText = (count: number): Sentence =>
  plural(
    count,
    sentence`1 message was stopped because the node was closed by a deploy; it failed with the code CLOSED`,
    sentence`${count} messages were stopped because the node was closed by a deploy; each failed with the code CLOSED`,
  )

/** A frozen message keeps what it has: the error counts more than its response. */
function attachResponse(message: PartedMessage, response: unknown): void {
  try {
    message.response = response
  } catch {
    // The error is reported all the same.
  }
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** Each is a sentence of its own, since languages differ in gender and case. */
const MISSING = {
  vendor: sentence`no vendor is chosen`,
  operation: sentence`no operation is chosen`,
  account: sentence`no account is chosen`,
} as const

const MISSING_BRIEF = {
  vendor: sentence`no vendor`,
  operation: sentence`no operation`,
  account: sentence`no account`,
} as const

const UNKNOWN = {
  vendor: (given: string) => sentence`there is no vendor "${given}"`,
  operation: (given: string) => sentence`there is no operation "${given}"`,
  account: (given: string) => sentence`there is no account "${given}"`,
} as const

/**
 * @param where what the sentence is about, such as vendor and verb
 * @param given the name that is unknown; empty where nothing was chosen
 */
export const notChosen = (where: Words, what: keyof typeof MISSING, given: string): ApiError =>
  new ApiError('CONFIG', sentence`${where}: ${given === '' ? MISSING[what] : UNKNOWN[what](given)}; open the node and choose one`, { summary: MISSING_BRIEF[what] })

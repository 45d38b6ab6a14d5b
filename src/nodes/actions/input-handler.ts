/** One runtime for all verbs: evaluate the params, call, send, done. It owns the input event, so that no verb repeats it. */
import { setMaxListeners } from 'node:events'
import type { Node, NodeAPI, NodeDef, NodeMessage } from 'node-red'
import { Call } from '../../lib/client/call'
import { ApiError } from '../../lib/base/api-error'
import { Undelivered } from '../../lib/outbox/delivery'
import { sentence, type Sentence } from '../../lib/base/sentence'
import type { Operation, Verb } from '../../lib/vocabulary/operation'
import { operationsOf, preferredOperation, type Vendor } from '../../lib/vocabulary/vendor'
import { vendors } from '../../lib/vendors'
import { accountFinder } from '../accounts/find-account'
import type { AccountNode } from '../accounts/account-node'
import { isDeleted } from '../runtime/deployed'
import { say, sayError, spoken } from '../runtime/language'
import type { CursorNode } from '../admin/cursor-reset'
import { Cursors } from './cursors'
import type { PartedMessage } from './emit'
import { ParamReader } from './params'
import { ActionStatus } from './status'

/** The properties of a node as this version knows them; what its flow lacks has its default. */
export type ActionDef = NodeDef & Readonly<Record<string, unknown>>

export type Send = (message: NodeMessage) => void

/** What a verb does with a call that is ready to run. */
export type Perform = (work: Work) => Promise<void>

/** What a node of a verb is made with. */
export interface Making {
  RED: NodeAPI
  node: Node
  config: ActionDef
  status: ActionStatus
  /** The account, if the flow has it. */
  account: AccountNode | undefined
}

export type MakePerform = (making: Making) => Perform

export interface Work {
  RED: NodeAPI
  node: Node
  config: ActionDef
  /** Aborted when the node is closed. */
  signal: AbortSignal
  message: PartedMessage
  values: Readonly<Record<string, unknown>>
  /** Its id in flows. */
  operation: string
  account: AccountNode
  /** Epoch ms at which the message came. */
  entered: number
  call: Call
  cursors: Cursors
  /** A further call of the same operation. */
  newCall(): Call
  status: ActionStatus
  send: Send
}

export class Action {
  readonly #RED: NodeAPI
  readonly #node: Node
  readonly #config: ActionDef
  readonly #verb: Verb
  readonly #perform: Perform
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

  constructor(RED: NodeAPI, node: Node, config: ActionDef, verb: Verb, make: MakePerform) {
    this.#RED = RED
    this.#node = node
    this.#config = config
    this.#verb = verb
    this.#vendor = (vendors as Readonly<Record<string, Vendor>>)[text(config.vendor)]
    this.#id = text(config.operation) || (this.#vendor ? preferredOperation(this.#vendor, verb) : '')
    this.#operation = this.#vendor && operationsOf(this.#vendor, verb)[this.#id]
    this.#params = new ParamReader(RED, node, config.params)
    this.#fromPayload = Object.entries(this.#operation?.fields ?? {}).flatMap(([name, field]) => (field.fromPayload && !this.#params.has(name) ? [name] : []))
    this.#status = new ActionStatus(RED, node)
    this.#accountNode = accountFinder(RED, config)
    const account = this.#accountNode()
    this.#cursors = new Cursors(node.id, async () => {
      if (!account) throw this.#noAccount()
      return account.store()
    })
    ;(node as CursorNode).resetCursors = () => this.#cursors.reset()
    // Every message in flight listens to it; they leave when they end.
    setMaxListeners(0, this.#closing.signal)
    if (!account) this.#status.unconfigured()
    this.#perform = make({ RED, node, config, status: this.#status, account })
    node.on('input', (message, send, done) => this.#input(message, send, done))
    node.on('close', (removed: boolean, done: () => void) => void this.#close(removed).then(done))
  }

  #input(message: PartedMessage, send: Send, done: (error?: Error) => void): void {
    const work = this.#handle(message, send, Date.now())
      .then(
        () => done(),
        (error: unknown) => {
          if (this.#closing.signal.aborted) this.#stopped += 1
          done(spoken(this.#RED, error))
        },
      )
      // Catch and Complete get a copy of the message, and not every message can be copied: that must not end Node-RED.
      .catch((fault: unknown) => this.#node.error(spoken(this.#RED, fault)))
    this.#inFlight.add(work)
    void work.finally(() => this.#inFlight.delete(work))
  }

  async #handle(message: PartedMessage, send: Send, entered: number): Promise<void> {
    const id = this.#id
    this.#status.started()
    let call: Call | undefined
    try {
      const { operation, accountNode } = this.#chosen()
      const account = await accountNode.account()
      const ttl = Number(this.#config.ttl)
      const newCall = (): Call =>
        new Call(account, id, operation, {
          signal: this.#closing.signal,
          onWait: (ms) => this.#status.waiting(ms),
          onProgress: (page) => this.#status.progress(page),
          readings: this.#config.output !== 'body',
          ...(ttl > 0 ? { ttl: ttl * 1000 } : {}),
        })
      call = newCall()
      this.#status.warning = this.#warningOf(call)
      const values = await this.#evaluated(message, call)
      const { signal } = this.#closing
      await this.#perform({
        RED: this.#RED, node: this.#node, config: this.#config, status: this.#status, signal,
        operation: id, account: accountNode, cursors: this.#cursors, entered, message, values, call, newCall, send,
      })
    } catch (error) {
      const delivery = error instanceof Undelivered ? error.response : undefined
      message.response = delivery ?? call?.response ?? { vendor: text(this.#config.vendor), operation: id, attempts: 0 }
      this.#status.failed(sayError(this.#RED, error))
      throw error
    }
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
      return used && say(this.#RED, used)
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

  #noAccount(): ApiError {
    return notChosen(`${this.#vendor?.title ?? this.#verb} ${this.#id}`, 'account', '')
  }

  /** Aborts what is in flight and waits until each message has been answered for. */
  async #close(removed: boolean): Promise<void> {
    this.#closing.abort(new ApiError('CLOSED', sentence`the node was closed`))
    await Promise.allSettled(this.#inFlight)
    if (this.#stopped > 0) this.#node.log(say(this.#RED, stopped(this.#stopped)))
    // A node that is drawn anew has another id, so that nobody would ever ask for these again.
    if (this.#config.sinceLast === true && isDeleted(this.#RED, this.#node, removed))
      await this.#cursors.reset().catch((error: unknown) => this.#node.warn(sayError(this.#RED, error)))
    this.#status.close()
  }
}

const stopped = (count: number): Sentence =>
  count === 1
    ? sentence`a message was stopped because the node was closed; it failed with CLOSED`
    : sentence`${count} messages were stopped because the node was closed; each failed with CLOSED`

/** What a node needs and may lack: each is a sentence of its own, since languages differ in gender and case. */
const LACKS = {
  vendor: sentence`no vendor is chosen`,
  operation: sentence`no operation is chosen`,
  account: sentence`no account is chosen`,
} as const
const UNKNOWN = {
  vendor: (given: string) => sentence`there is no vendor "${given}"`,
  operation: (given: string) => sentence`there is no operation "${given}"`,
  account: (given: string) => sentence`there is no account "${given}"`,
} as const

/** Says what a node still needs. */
export const notChosen = (where: string, what: keyof typeof LACKS, given: string): ApiError =>
  new ApiError('CONFIG', sentence`${where}: ${given === '' ? LACKS[what] : UNKNOWN[what](given)}; open the node and choose one`)

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

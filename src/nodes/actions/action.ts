/** One runtime for all verbs: evaluate the params, call, send, done. It owns the input event, so that no verb repeats it. */
import type { Node, NodeAPI, NodeDef, NodeMessage } from 'node-red'
import { Call } from '../../lib/client/call'
import { ApiError } from '../../lib/client/errors'
import type { Account } from '../../lib/client/account'
import type { Operation, Verb } from '../../lib/spec'
import { accountProperty, operationsOf, type Vendor } from '../../lib/vendor'
import { vendors } from '../../lib/vendors'
import type { AccountNode } from '../accounts/register'
import type { PartedMessage } from './emit'
import { ParamReader } from './params'
import { ActionStatus } from './status'

/** A node as the editor saved it; whatever an imported flow leaves out is undefined. */
export type ActionDef = NodeDef & Readonly<Record<string, unknown>>

export type Send = (message: NodeMessage) => void

/** What a verb does with a call that is ready to run. */
export type Perform = (work: Work) => Promise<void>

export interface Work {
  RED: NodeAPI
  config: ActionDef
  message: PartedMessage
  values: Readonly<Record<string, unknown>>
  call: Call
  status: ActionStatus
  send: Send
}

export class Action {
  readonly #RED: NodeAPI
  readonly #config: ActionDef
  readonly #verb: Verb
  readonly #perform: Perform
  readonly #params: ParamReader
  readonly #status: ActionStatus
  readonly #closing = new AbortController()
  readonly #inFlight = new Set<Promise<void>>()

  constructor(RED: NodeAPI, node: Node, config: ActionDef, verb: Verb, perform: Perform) {
    this.#RED = RED
    this.#config = config
    this.#verb = verb
    this.#perform = perform
    this.#params = new ParamReader(RED, node, config.params)
    this.#status = new ActionStatus(RED, node)
    if (!this.#accountNode()) this.#status.unconfigured()
    node.on('input', (message, send, done) => this.#input(message, send, done))
    node.on('close', (done: () => void) => void this.#close().then(done))
  }

  #input(message: PartedMessage, send: Send, done: (error?: Error) => void): void {
    const work = this.#handle(message, send).then(
      () => done(),
      (error: unknown) => done(asError(error)),
    )
    this.#inFlight.add(work)
    void work.finally(() => this.#inFlight.delete(work))
  }

  async #handle(message: PartedMessage, send: Send): Promise<void> {
    const id = text(this.#config.operation)
    this.#status.started()
    let call: Call | undefined
    try {
      const { account, operation } = this.#chosen(id)
      call = new Call(account, id, operation, {
        signal: this.#closing.signal,
        onWait: (ms) => this.#status.waiting(ms),
        onProgress: (page) => this.#status.progress(page),
      })
      const values = await this.#evaluated(message, account.vendor, id)
      await this.#perform({ RED: this.#RED, config: this.#config, message, values, call, status: this.#status, send })
    } catch (error) {
      message.response = call?.response ?? { vendor: text(this.#config.vendor), operation: id, attempts: 0 }
      this.#status.failed(asError(error).message)
      throw error
    }
  }

  async #evaluated(message: PartedMessage, vendor: Vendor, operation: string): Promise<Record<string, unknown>> {
    try {
      return await this.#params.read(message)
    } catch (error) {
      if (error instanceof ApiError) throw new ApiError(error.code, `${vendor.title} ${operation}: ${error.message}`)
      throw error
    }
  }

  /** The account of the chosen vendor, if the flow has it. */
  #accountNode(): AccountNode | undefined {
    const id = this.#config[accountProperty(text(this.#config.vendor))]
    if (typeof id !== 'string' || id === '') return undefined
    return (this.#RED.nodes.getNode(id) as AccountNode | null) ?? undefined
  }

  /** @throws ApiError CONFIG saying what the node still needs */
  #chosen(id: string): { account: Account; operation: Operation } {
    const vendorId = text(this.#config.vendor)
    const vendor = (vendors as Readonly<Record<string, Vendor>>)[vendorId]
    if (!vendor) throw notChosen(this.#verb, 'vendor', vendorId)
    const operation = operationsOf(vendor, this.#verb)[id]
    if (!operation) throw notChosen(`${vendor.title} ${this.#verb}`, 'operation', id)
    const node = this.#accountNode()
    if (!node) throw notChosen(`${vendor.title} ${id}`, 'account', '')
    return { account: node.account(), operation }
  }

  /** Aborts what is in flight and waits until each message has been answered for. */
  async #close(): Promise<void> {
    this.#closing.abort(new ApiError('CLOSED', 'the node was closed'))
    await Promise.allSettled(this.#inFlight)
    this.#status.close()
  }
}

const notChosen = (where: string, what: string, given: string): ApiError =>
  new ApiError('CONFIG', `${where}: ${given === '' ? `no ${what} is chosen` : `there is no ${what} "${given}"`}; open the node and choose one`)

const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)))

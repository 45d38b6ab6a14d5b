/** The status below a node. */
import type { Node, NodeAPI, NodeStatus } from 'node-red'
import { ApiError, type ErrorCode } from '../../lib/base/api-error'
import { sentence, type Sentence, type SentenceError } from '../../lib/base/sentence'
import { localTime, untilMidnight } from '../../lib/base/time'
import { localize, sharedText } from '../runtime/language'

/** The status texts of the shared catalog. */
const STATUS = sharedText('status.')

/** The editor takes at most 50 updates in 50 ms from all nodes together, so a busy node's are spread. */
const WINDOW = 200
const MOST_IN_WINDOW = 4

type Values = Readonly<Record<string, string | number>>

/** What a node without an input shows between its events. */
export type IdleKey = 'listening' | 'events' | 'sensors' | 'batteries' | 'devices'

/** A status whose text is looked up in the catalog only when it is shown: most statuses of a busy node never are. */
interface Shown extends Omit<NodeStatus, 'text'> {
  text?: () => string
  /** Epoch ms of what it tells of, shown after the text. */
  at?: number | undefined
  failure?: Failure
}

/** Why a node failed: the whole sentence, where its status has room for a few words. */
export interface Failure {
  sentence: Sentence
  code: ErrorCode | undefined
}

/** The latest status of a node that runs, with the failure that lasts until its next success. */
export interface NodeState {
  node: Node
  /** Id; empty when the node names none. */
  account: string
  status: NodeStatus
  /** Epoch ms of the status. */
  at: number
  failure: Failure | undefined
}

/** Of the whole runtime. */
const running = new Set<ActionStatus>()

/** Of all action and event nodes that run, also those within subflows. */
export const nodeStates = (): NodeState[] => [...running].map((status) => status.current)

/** Shows a failure of the account in the nodes that use it and have no result yet. */
export function showAccountFailure(account: string, error: ApiError): void {
  for (const status of running) if (status.current.account === account) status.accountFailed(error)
}

const NO_ACCOUNT = sentence`no account is chosen; open the node and choose one`

/** Shows the state of all messages that a node works on. The end of the last one clears the blue dot. */
export class ActionStatus {
  readonly #RED: NodeAPI
  readonly #node: Node
  #running = 0
  /** Shown instead of a call while messages wait in the outbox. */
  #outbox: Shown | undefined
  /** Monotonic ms of the latest updates. */
  #shownAt: number[] = []
  #pending: Shown | undefined
  #timer: NodeJS.Timeout | undefined
  /** Ends the day that a time without a date belongs to. */
  #midnight: NodeJS.Timeout | undefined
  /** Added to a green status; asked when the status is shown. */
  warning: () => string | undefined = () => undefined
  /** Shown when nothing runs. */
  #settled: Shown = {}

  #latest: NodeStatus = {}
  /** Epoch ms. */
  #latestAt = Date.now()
  readonly #account: string

  /** @param account id of the account that the node names */
  constructor(RED: NodeAPI, node: Node, account = '') {
    this.#RED = RED
    this.#node = node
    this.#account = account
    running.add(this)
  }

  get current(): NodeState {
    return { node: this.#node, account: this.#account, status: this.#latest, at: this.#latestAt, failure: this.#settled.failure }
  }

  /** @param problem of the account; none where no account is chosen */
  unconfigured(problem?: Sentence): void {
    this.#settled = { fill: 'grey', shape: 'ring', text: problem === undefined ? this.#text('noAccount') : () => localize(this.#RED, problem) }
    if (problem === undefined) this.#settled.failure = { sentence: NO_ACCOUNT, code: 'CONFIG' }
    this.#show(this.#settled)
  }

  started(): void {
    this.#running += 1
    this.#show(this.#busy())
  }

  progress(page: string): void {
    this.#show({ fill: 'blue', shape: 'dot', text: this.#text('pages', { page }) })
  }

  /** The state of a process that a command began, in the vendor's words. */
  state(state: string): void {
    this.#show({ fill: 'blue', shape: 'dot', text: () => state })
  }

  rows(done: number, count: number): void {
    this.#show({ fill: 'blue', shape: 'dot', text: this.#text('rowsProgress', { done, count }) })
  }

  /** @param ms how long the limits make it wait */
  waiting(ms: number): void {
    this.#show({ fill: 'yellow', shape: 'ring', text: this.#text('waiting', { seconds: Math.max(1, Math.ceil(ms / 1000)) }) })
  }

  /**
   * What the account's outbox holds.
   * @param problem why nothing of it is sent now, in a few words
   */
  outbox(depth: number, problem?: string): void {
    if (depth === 0 && !this.#outbox) return
    this.#outbox = depth === 0 ? undefined : this.#waitingReadings(depth, problem)
    if (this.#settled.fill === undefined) this.#settled = { fill: 'green', shape: 'dot', text: this.#text('ok') }
    this.#show(this.#outbox ?? this.#standing())
  }

  #waitingReadings(depth: number, problem: string | undefined): Shown {
    const waiting = this.#text('outbox', { count: depth })
    if (problem === undefined) return { fill: 'yellow', shape: 'dot', text: waiting }
    return { fill: 'red', shape: 'ring', text: () => `${problem} · ${waiting()}` }
  }

  /** The status between calls of a node that works without one. */
  idle(key: IdleKey, values: Values = {}, at?: number): void {
    this.#settled = { fill: 'green', shape: 'dot', text: this.#text(key, values), at }
    if (this.#running === 0) this.#show(this.#settled)
  }

  /** @param at epoch ms of what came; undefined where the text needs no time */
  succeeded(key: 'ok' | 'readings' | 'items' | 'rows' | 'existing' | 'accepted' | 'nothingNew' | IdleKey, values: Values = {}, at: number | undefined = Date.now()): void {
    this.#finish({ fill: 'green', shape: 'dot', text: this.#text(key, values), at })
  }

  /** @param summary what happened in a few words: a status is never a sentence that was cut off */
  failed(summary: Sentence, error?: SentenceError): void {
    this.#finish(this.#failed(summary, error))
  }

  /** The account was found wrong before the node had anything to do. */
  accountFailed(error: ApiError): void {
    if (this.#running > 0 || this.#settled.fill !== undefined) return
    this.#settled = this.#failed(error.summary)
    this.#show(this.#standing())
  }

  #failed(summary: Sentence, error?: SentenceError): Shown {
    const failure = error && { sentence: error.sentence, code: error instanceof ApiError ? error.code : undefined }
    return { fill: 'red', shape: 'ring', text: () => localize(this.#RED, summary), ...(failure ? { failure } : {}) }
  }

  close(): void {
    running.delete(this)
    clearTimeout(this.#timer)
    clearTimeout(this.#midnight)
  }

  #finish(status: Shown): void {
    this.#running -= 1
    this.#settled = status
    this.#show(this.#standing())
  }

  #standing(): Shown {
    return this.#running > 0 ? this.#busy() : (this.#outbox ?? this.#settled)
  }

  #busy(): Shown {
    return this.#outbox ?? { fill: 'blue', shape: 'dot', text: this.#text('calling') }
  }

  #text(key: string, values: Values = {}): () => string {
    return () => this.#RED._(`${STATUS}${key}`, values)
  }

  #show(status: Shown): void {
    this.#pending = status
    if (this.#timer !== undefined) return
    const now = performance.now()
    this.#shownAt = this.#shownAt.filter((at) => at > now - WINDOW)
    if (this.#shownAt.length < MOST_IN_WINDOW) this.#flush()
    else this.#timer = setTimeout(() => this.#flush(), WINDOW)
  }

  #nodeStatus({ text, at, fill, shape }: Shown): NodeStatus {
    const style = { ...(fill === undefined ? {} : { fill }), ...(shape === undefined ? {} : { shape }) }
    if (!text) return style
    const told = at === undefined ? text() : `${text()} · ${localTime(at)}`
    const warning = style.fill === 'green' ? this.warning() : undefined
    return warning === undefined ? { ...style, text: told } : { fill: 'yellow', shape: 'dot', text: `${told} · ${warning}` }
  }

  /** A status may stand for days: after midnight its time gets a date. */
  #dateAfterMidnight(status: Shown): void {
    clearTimeout(this.#midnight)
    if (status.at === undefined) return
    this.#midnight = setTimeout(() => this.#show(status), untilMidnight(Date.now()) + 1000).unref()
  }

  #flush(): void {
    this.#timer = undefined
    this.#shownAt.push(performance.now())
    if (this.#pending) {
      this.#latest = this.#nodeStatus(this.#pending)
      this.#latestAt = Date.now()
      this.#node.status(this.#latest)
      this.#dateAfterMidnight(this.#pending)
    }
    this.#pending = undefined
  }
}

/** The latest requests of an account, one entry each, and how long the vendor took to respond. */
import { ApiError, type ErrorCode } from '../base/api-error'
import type { Clock } from '../base/clock'
import type { HttpRequest } from '../http/request'
import type { HttpAnswer } from '../http/transport'

/** Where a request comes from. */
export interface RequestOrigin {
  /** Id in flows of the operation that was called. */
  operation: string
  /** Method and path with its variables, without values: `GET /things/{tuid}`. */
  route: string
  /** `_msgid` of the message that caused it. */
  msgid?: string | undefined
}

/** One request with all its attempts. It contains no address, no value of a param and no secret. */
export interface JournalEntry {
  /** Epoch ms at which it began to wait for its limits. */
  time: number
  operation: string
  route: string
  /** Requests that were sent; 0 when a limit, a token request or another failure prevented it. */
  attempts: number
  /** HTTP status of the last response, also that of a failed token request. */
  status: number | undefined
  /** Why it failed. */
  error: ErrorCode | undefined
  /** Status, or error without a response, of each attempt that was followed by another. */
  retried: (number | ErrorCode)[] | undefined
  /** ms in the limiter. */
  waited: number
  /** ms from sending the last attempt to its whole response, or to its failure. */
  latency: number | undefined
  /** Latest Retry-After, in ms. */
  retryAfter: number | undefined
  /** The vendor's id of the last attempt, from a response header. */
  requestId: string | undefined
  /** Whether it failed together with an equal request in flight, which has an entry of its own. */
  joined: true | undefined
  _msgid: string | undefined
}

/** How long the attempts of an operation took. */
export interface Latencies {
  operation: string
  /** Attempts at or below each of `LATENCY_BOUNDS`; slower ones only count in `count`. */
  counts: number[]
  count: number
  /** ms of all attempts. */
  sum: number
}

/** Entries that are kept. */
const CAPACITY = 100
/** Upper bounds in seconds: from a fast server to the default timeout. */
export const LATENCY_BOUNDS: readonly number[] = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
/** Node-RED's own ids have 16 characters; a flow may set any value. */
const LONGEST_MSGID = 64
/** Headers in which servers and gateways commonly name a request. No vendor documents one. */
const ID_HEADERS = ['x-request-id', 'request-id', 'x-amzn-requestid', 'x-amz-request-id', 'x-correlation-id', 'cf-ray'] as const
/** A shorter id would be found by chance in most requests. */
const REQUEST_ID = /^[\x21-\x7e]{8,128}$/

export class RequestJournal {
  readonly #clock: Clock
  readonly #entries: JournalEntry[] = []
  /** The place of the next entry; the oldest one, once all places are taken. */
  #next = 0
  readonly #latencies = new Map<string, Latencies>()
  readonly #listeners: ((entry: JournalEntry) => void)[] = []

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** An entry that `add` puts into the journal when the request has ended. */
  begin({ operation, route, msgid }: RequestOrigin): JournalEntry {
    return {
      time: this.#clock.now(), operation, route, attempts: 0, status: undefined, error: undefined, retried: undefined, waited: 0,
      latency: undefined, retryAfter: undefined, requestId: undefined, joined: undefined, _msgid: msgid?.slice(0, LONGEST_MSGID),
    }
  }

  /** Takes note of an attempt that is being sent. */
  sending(entry: JournalEntry): void {
    entry.attempts += 1
    entry.status = undefined
    entry.requestId = undefined
  }

  /** Takes note of a response. */
  answered(entry: JournalEntry, request: HttpRequest, { headers }: HttpAnswer, status: number): void {
    entry.status = status
    for (const name of ID_HEADERS) {
      const id = headers[name]
      if (id === undefined || !REQUEST_ID.test(id) || repeats(request, id)) continue
      entry.requestId = id
      return
    }
  }

  /** @param latency ms from sending the attempt to its end */
  ended(entry: JournalEntry, latency: number): void {
    entry.latency = Math.round(latency)
    const latencies = this.#latenciesOf(entry.operation)
    latencies.count += 1
    latencies.sum += latency
    const { counts } = latencies
    // Prometheus counts an attempt in each bucket whose bound it does not exceed.
    for (const [at, bound] of LATENCY_BOUNDS.entries()) if (latency <= bound * 1000) counts[at] = (counts[at] ?? 0) + 1
  }

  #latenciesOf(operation: string): Latencies {
    const known = this.#latencies.get(operation)
    if (known) return known
    const latencies = { operation, counts: LATENCY_BOUNDS.map(() => 0), count: 0, sum: 0 }
    this.#latencies.set(operation, latencies)
    return latencies
  }

  /** @param error why the request failed; only the reason of an abort signal is no ApiError */
  failed(entry: JournalEntry, error: unknown): void {
    entry.error = error instanceof ApiError ? error.code : 'CLOSED'
    if (error instanceof ApiError && error.statusCode !== undefined) entry.status = error.statusCode
  }

  /** Keeps an entry instead of the oldest one, and gives it to the first listener. */
  add(entry: JournalEntry): void {
    entry.waited = Math.round(entry.waited)
    this.#entries[this.#next] = entry
    this.#next = (this.#next + 1) % CAPACITY
    this.#listeners[0]?.(entry)
  }

  /** Adds a request that was not sent because it joined an equal one, which failed. */
  addJoined(origin: RequestOrigin, error: unknown): void {
    const entry = this.begin(origin)
    entry.joined = true
    this.failed(entry, error)
    this.add(entry)
  }

  /** The oldest first. */
  get entries(): JournalEntry[] {
    return [...this.#entries.slice(this.#next), ...this.#entries.slice(0, this.#next)]
  }

  /** The newest entry that fits, without those of equal requests that failed together with it. */
  newest(fits: (entry: JournalEntry) => boolean): JournalEntry | undefined {
    for (let back = 1; back <= this.#entries.length; back += 1) {
      const entry = this.#entries[(this.#next - back + CAPACITY) % CAPACITY]
      if (entry && !entry.joined && fits(entry)) return entry
    }
    return undefined
  }

  get latencies(): Latencies[] {
    return [...this.#latencies.values()].map((one) => ({ ...one, counts: [...one.counts] }))
  }

  /**
   * Gives the listener each entry. Of several listeners only the first gets them: one line in the log is enough.
   * @returns what unsubscribes it
   */
  subscribe(listener: (entry: JournalEntry) => void): () => void {
    this.#listeners.push(listener)
    return () => {
      const index = this.#listeners.indexOf(listener)
      if (index !== -1) this.#listeners.splice(index, 1)
    }
  }
}

/** Whether an id is part of what was sent, such as a device id or a password that the server repeats. */
const repeats = ({ body, url }: HttpRequest, id: string): boolean => url.includes(id) || (typeof body === 'string' && body.includes(id))

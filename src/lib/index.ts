/**
 * Sensor clouds for programs without Node-RED. A client reads and writes within the vendor's limits. It signs in, retries
 * where that is safe, and reads all pages. Readings of all vendors have one shape and one set of units.
 *
 * Facts about the vendors: docs/conformance.md says what each vendor documents, and what is assumed.
 * @packageDocumentation
 */
import { ApiError as OwnApiError, type ErrorCode } from './base/api-error'
import type { CallResponse } from './client/call'
import { LibraryClient } from './library/library-client'
import type { Vendors } from './library/vendor-types'
import type { Reading } from './vocabulary/reading'

export type { ErrorCode } from './base/api-error'
export type { CallResponse } from './client/call'
export type { List, NoOperations, NoParams, Time, Vendors } from './library/vendor-types'
export type { BudgetState } from './vocabulary/budget'
export type { Reading } from './vocabulary/reading'

/** The id of a vendor. */
export type VendorId = keyof Vendors

/** The id of a read, such as `measurements-latest`. */
export type ReadId<V extends VendorId> = keyof Vendors[V]['reads'] & string

/** The id of a write, such as `gateway-command`. */
export type WriteId<V extends VendorId> = keyof Vendors[V]['writes'] & string

/** What a read takes: `Params<'sensorist', 'measurements-latest'>`. */
export type Params<V extends VendorId, O extends ReadId<V>> = Vendors[V]['reads'][O]

/** What a write takes. */
export type WriteParams<V extends VendorId, O extends WriteId<V>> = Vendors[V]['writes'][O]

/** Arguments of a call: the params may be left out where none is required. */
export type Args<P, Options> = object extends P ? [params?: P, options?: Options] : [params: P, options?: Options]

/** What {@link Client.get} gives: readings where the operation has some, else the vendor's data. */
export type Output<V extends VendorId, O> = O extends Vendors[V]['readings'] ? Reading[] : unknown

/** One answer of the vendor. */
export type Page<V extends VendorId, O> = {
  /** The vendor's data without its envelope. */
  data: unknown
} & (O extends Vendors[V]['readings'] ? { readings: Reading[] } : unknown)

/** All pages of a read as one, and how it was answered. */
export type Answer<V extends VendorId, O> = Page<V, O> & { response: CallResponse }

/** What a write did. */
export interface Written {
  /** What the vendor answered, without its envelope. */
  data: unknown
  /** Whether nothing was sent, because what the write creates exists. Only with {@link WriteOptions.ifAbsent}. */
  existing: boolean
  response: CallResponse
}

export interface ReadOptions {
  /** Ends the call with the code CLOSED. */
  signal?: AbortSignal
  /** Asks the vendor even where the last answer is still fresh. */
  fresh?: boolean
}

export interface WriteOptions {
  /** Ends the call with the code CLOSED. What has been sent may still have been done. */
  signal?: AbortSignal
  /** Leaves alone what exists already, where the vendor lets that be found out. */
  ifAbsent?: boolean
  /** Milliseconds for which the write may wait for its limits. Then it fails with the code EXPIRED and is not sent. */
  ttl?: number
}

export interface OutboxOptions {
  /** Readings that the outbox may hold; 100,000 unless given. More fail with the code OUTBOX_FULL. */
  limit?: number
  /** Milliseconds to wait for further readings that can share a request; 250 unless given. */
  batchWindow?: number
  /** Milliseconds within which readings are synced to the disk. 0 unless given: before `add` resolves. */
  syncWindow?: number
}

/** Readings that the outbox keeps. */
export interface Kept {
  /**
   * Resolves with the response to the last of them when the vendor has stored all of them. `kept`: the client was closed
   * before, and its next run sends them. `sent elsewhere`: another process that shares the store has sent them.
   * It may reject without a listener: an error is then ignored.
   * @throws ApiError when the vendor refused a reading, and CLOSED when the outbox was cleared
   */
  delivered: Promise<CallResponse | 'kept' | 'sent elsewhere'>
}

export interface OutboxState {
  /** Readings that wait. */
  depth: number
  /** Epoch milliseconds of the oldest. */
  oldest?: number
  /** Readings on which the server fails when they are sent alone. They are tried again later. */
  quarantined: number
  /** Why nothing is sent now, or not everything. */
  failure?: ApiError
}

/** Keeps readings on disk until the vendor has them, also during an outage, a restart or a crash. Needs a store. */
export interface Outbox<V extends VendorId> {
  /**
   * Resolves when the readings survive a crash.
   * @throws ApiError INVALID naming the reading that is wrong, OUTBOX_FULL, CONFIG without a store
   */
  add<O extends Vendors[V]['outbox'] & WriteId<V>>(operation: O, params: WriteParams<V, O>, options?: OutboxOptions): Promise<Kept>
  state(): Promise<OutboxState>
  /** Drops all readings. @returns how many there were */
  clear(): Promise<number>
}

/** How much of a limit is used. */
export interface LimitUsage {
  /** Such as `per minute` or `per day`. */
  name: string
  /** Requests of the whole period. */
  limit: number
  used: number
  remaining: number
  /** Epoch milliseconds at which all of it is available again if nothing more is sent. */
  resetsAt: number
  /** Epoch milliseconds at which it is spent at the present pace; absent when it lasts. */
  emptyAt?: number
}

/** What the client has done since it was made. Clients with equal credentials in one process share these counts. */
export interface Usage {
  limits: LimitUsage[]
  /** Requests that were sent to the vendor. */
  requests: number
  /** Responses that were no success, and requests without a response. */
  failures: number
  /** Attempts beyond the first of a request. */
  retries: number
  /** Reads that were answered without a request of their own. */
  cacheHits: number
  /** Requests that wait now, and those in flight. */
  queued: number
  running: number
  /** Since when the vendor cannot be reached (epoch milliseconds), and what failed last. */
  outage?: { since: number; cause: string }
}

/** Where limits, tokens, fresh answers, reading positions and the outbox survive a restart. */
export interface StoreOptions {
  /** Folder of the files; it is created. One process at a time. With Redis it is the fallback while Redis is away. */
  folder: string
  /** Several processes that name one Redis or Valkey share the limits of an account. */
  redis?: { url: string; password?: string }
}

export interface ProxyOptions {
  url: string
  username?: string
  password?: string
  /** Hosts that are reached without it, as in `NO_PROXY`. */
  noProxy?: readonly string[]
}

/** As in `tls.createSecureContext` of Node.js; certificates and key are PEM texts. */
export interface TlsOptions {
  ca?: string
  cert?: string
  key?: string
  passphrase?: string
  servername?: string
  /** Default true. */
  rejectUnauthorized?: boolean
}

/** Settings may be left out where none is required. */
export type SettingsOption<S> = object extends S ? { settings?: S } : { settings: S }

export type ClientOptions<V extends VendorId> = {
  vendor: V
  /** As the vendor gave them; docs/accounts.md says where they are found. They are removed from every error. */
  credentials: Vendors[V]['credentials']
  /** Routes that differ from ours, by operation: `{ 'list-devices': 'GET /devices' }`. */
  routes?: Readonly<Record<string, string>>
  /** Without a store, nothing is written to disk, and neither `since` nor the outbox can be used. */
  store?: StoreOptions
  /**
   * Names reading positions and outbox in the store; the id of the vendor unless given. Two clients that share a store need
   * two names.
   */
  name?: string
  /** Instead of the proxy of the environment, such as `HTTPS_PROXY`. */
  proxy?: ProxyOptions
  tls?: TlsOptions
  /** Milliseconds for one attempt of a request; 30,000 unless given. */
  timeout?: number
  /** Gets one English sentence for each event: an outage, a limit that is nearly spent, a store that cannot be used. */
  log?: (level: 'info' | 'warn', message: string) => void
  /** Gets readings of an earlier run that the vendor refused. Without it they are logged. */
  onRefused?: (reading: Readonly<Record<string, unknown>>, error: ApiError) => void
} & SettingsOption<Vendors[V]['settings']>

/**
 * One account of a vendor. Every method rejects with an {@link ApiError}. Clients with equal credentials in one process
 * share limits, token and fresh answers.
 */
export interface Client<V extends VendorId> {
  /** Reads all pages. An answer that is still fresh is not requested again. */
  get<O extends ReadId<V>>(operation: O, ...args: Args<Params<V, O>, ReadOptions>): Promise<Output<V, O>>
  /** As `get`, with readings and data, and how the read was answered. */
  call<O extends ReadId<V>>(operation: O, ...args: Args<Params<V, O>, ReadOptions>): Promise<Answer<V, O>>
  /** Reads a page at a time, so that a long period needs little memory. */
  pages<O extends ReadId<V>>(operation: O, ...args: Args<Params<V, O>, ReadOptions>): AsyncGenerator<Page<V, O>, void, undefined>
  /**
   * Reads only what is new since the last call, also over a restart: needs a store. The position is saved when the next
   * page is asked for, so a loop that ends early gets its last page again. Calls for the same source run one after
   * another.
   */
  since<O extends Vendors[V]['incremental'] & ReadId<V>>(operation: O, ...args: Args<Params<V, O>, ReadOptions>): AsyncGenerator<Page<V, O>, void, undefined>
  /** Runs a write once: a command, an alarm, a registration, a reading. It is retried only where that is safe. */
  send<O extends WriteId<V>>(operation: O, ...args: Args<WriteParams<V, O>, WriteOptions>): Promise<Written>
  /** Of a vendor that takes no readings it has no operation. */
  readonly outbox: Outbox<V>
  /** How much of the limits is used, and what has been sent. */
  usage(): Promise<Usage>
  /** Ends what is in flight with the code CLOSED, saves counts, and frees sockets, timers and the store. */
  close(): Promise<void>
}

/** What every method rejects with: one sentence that says what happened and what to do, and never holds a secret. */
export interface ApiError extends Error {
  readonly code: ErrorCode
  /** HTTP status of the last response, where there was one. */
  statusCode?: number
  /** The vendor's error body, parsed where it is JSON. */
  body?: unknown
  /** Requests that were sent. */
  attempts: number
}

/** For `error instanceof ApiError`. */
export const ApiError: abstract new (...args: never) => ApiError = OwnApiError

/**
 * A client of one account. Close it when it is no longer used: else its sockets and its store keep the process alive.
 * @throws ApiError CONFIG when a credential or setting is missing or wrong
 */
export function createClient<V extends VendorId>(options: ClientOptions<V>): Client<V> {
  return new LibraryClient(options) as Client<V>
}

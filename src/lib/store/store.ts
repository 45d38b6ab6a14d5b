/**
 * The store of limits, tokens, cached responses, cursors and the outbox. Two engines: files of this process, and Redis
 * for several processes that share an account.
 */
import * as v from 'valibot'
import { ApiError, type ErrorCode } from '../base/api-error'
import { sentence, sentenceOf, type Sentence, SentenceError } from '../base/sentence'

/** Texts by name that survive a restart, and queues of texts. Every method may throw a StoreError. */
export interface Store {
  /** Shown to users: a folder, or an address without its password. */
  readonly place: string
  get(key: string): Promise<string | undefined>
  /**
   * Resolves when a crash can no longer undo it; with `syncWithin` when only a power cut can.
   * @param lifetime ms after which it is forgotten; for ever when absent
   * @param syncWithin ms within which it is synced to the disk; Infinity: not by itself, but with the next value that is synced. Redis ignores it.
   */
  set(key: string, value: string, lifetime?: number, syncWithin?: number): Promise<void>
  delete(key: string): Promise<void>
  /** The queue of this name; the same object for every caller. */
  queue(name: string): Promise<Queue>
  /** Counts that all processes charge together. Absent where one process has the account for itself. */
  readonly windows?: SharedWindows
  /** Finishes what is being written and leaves no handle, timer or lock behind. Pending and later calls fail with CLOSED. */
  close(): Promise<void>
}

/** A share of a store that others use too. */
export interface StoreLease {
  /**
   * The store, opened by the first that needs it.
   * @throws StoreError when it cannot be opened; the next call tries again
   */
  open(): Promise<Store>
  /** Resolves when the store is closed, if this was the last share. */
  release(): Promise<void>
}

export interface Entry {
  /** Ascending in the order of append, as text. */
  id: string
  text: string
  /** Epoch ms of its append. */
  at: number
}

/** First in, first out; an entry stays until `done`, also over a crash. */
export interface Queue {
  /**
   * Resolves when a crash can no longer undo it; with `syncWithin` when only a power cut can. All or none.
   * @param limit entries that the queue may hold with them
   * @param syncWithin ms within which they are synced to the disk; 0 unless given. Redis ignores it.
   * @returns their epoch ms by the clock of the queue, which may be that of another machine
   * @throws StoreError FULL
   */
  append(texts: readonly string[], limit: number, syncWithin?: number): Promise<number>
  /** The oldest entries that nobody holds, at most `count`, now held by the caller. None while another process serves the queue. */
  take(count: number): Promise<Entry[]>
  /** Delivered or given up: forgotten. A power cut within some seconds may bring them back. */
  done(ids: readonly string[]): Promise<void>
  /** Not delivered: they are given again by `take`, in their old order. */
  release(ids: readonly string[]): Promise<void>
  /** Entries in it, held ones too, and the epoch ms of the oldest. */
  state(): Promise<QueueState>
  /** Forgets all; gives how many there were. */
  clear(): Promise<number>
}

export interface QueueState {
  depth: number
  /** Epoch ms; undefined when it is empty. */
  oldest?: number
  /** Epoch ms of the newest entry that any process has done, 0 when none is known; absent where there is one process only. */
  done?: number
  /** Whether the store cannot be reached now, so that this is what was known last. */
  isLastKnown?: boolean
}

/** Budgets that several processes share. Who waits for a window gets room in the order in which they came, urgent ones first. */
export interface SharedWindows {
  /**
   * Charges all windows of one request in one step, if it may leave now; else nothing, and it has to ask again when the
   * wait is over, or after `ASK_AGAIN` ms if that is sooner, to keep its place among those that wait.
   * @param account name of the account's windows
   */
  reserve(account: string, windows: readonly SharedWindow[], request: SharedRequest): Promise<Reservation>
  /** Gives back what was charged and not used, or the place among those that wait. */
  cancel(account: string, reservation: Reservation): Promise<void>
  /**
   * Puts a request where it belongs, once more is known.
   * @param late ms from `Reservation.at` until the vendor has counted it at the latest
   */
  redate(account: string, reservation: Reservation, late: number): Promise<void>
  /** Nothing of the account starts in any process for so many ms. */
  pause(account: string, duration: number): Promise<void>
  /** What the vendor says is left of a window; only ever lowers what remains. */
  lower(account: string, window: SharedWindow, remaining: number): Promise<void>
}

/** Ms after which who waits for room asks again at the latest: what was in its way may have gone. */
export const ASK_AGAIN = 5000

export interface SharedRequest {
  /** Ms after which the vendor has counted it at the latest, if `redate` does not tell otherwise. */
  hold: number
  /** Whether it goes before those that are not. */
  urgent?: boolean
  /** What an earlier call of the same request returned. */
  previous?: Reservation | undefined
}

export interface SharedWindow {
  /** Unique in the account, or in the device. */
  name: string
  device?: string
  limit: number
  /** Ms of a sliding window, or a calendar period in UTC. */
  length: number | 'day' | 'month'
  /** Of a period's limit, not to be used by this request. */
  reserve?: number
}

export interface Reservation {
  id: string
  /** When it was made, epoch ms by the clock of the store. */
  at: number
  /** 0 when all windows were charged, else ms after which there may be room. Infinite when a period is spent. */
  wait: number
  /** What is spent, or opens last. */
  window?: SharedWindow
  /** Used of each window, this request included if it was charged, in the order of the windows given. */
  used: readonly number[]
}

export type StoreErrorCode =
  /** The queue holds as much as it may. */
  | 'FULL'
  /** The store cannot be reached, read or written now: disk full, read-only, Redis away. */
  | 'UNAVAILABLE'
  /** Another process has it, or what it holds cannot be understood. */
  | 'UNUSABLE'
  | 'CLOSED'

/** The message is the end of a sentence with what to do, and never holds a secret. */
export class StoreError extends SentenceError {
  readonly code: StoreErrorCode
  constructor(code: StoreErrorCode, said: Sentence) {
    super(said)
    this.name = 'StoreError'
    this.code = code
  }
}

/** A store that cannot be reached is to a flow what a cloud that cannot be reached is. */
export const STORE_CODES: Readonly<Record<StoreErrorCode, ErrorCode>> = {
  FULL: 'OUTBOX_FULL',
  UNAVAILABLE: 'NETWORK',
  UNUSABLE: 'CONFIG',
  CLOSED: 'CLOSED',
}

/**
 * The failure of a store in the codes of the contract.
 * @param what the beginning of the sentence
 */
export const storeFailure = (what: Sentence, error: StoreError): ApiError => new ApiError(STORE_CODES[error.code], sentence`${what}: ${sentenceOf(error)}`, { summary: error.code === 'FULL' ? sentence`outbox full` : sentence`store cannot be used` })

/** Reads a record of a schema; gives undefined when the text is something else. */
export const storedRecord =
  <T>(schema: v.GenericSchema<unknown, T>) =>
  (text: string): T | undefined => {
    const json = parsed(text)
    const result = v.safeParse(schema, json)
    return result.success ? result.output : undefined
  }

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

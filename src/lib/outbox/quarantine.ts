/**
 * Quarantines readings on which the server fails repeatedly, although each is sent alone. The server may be at fault,
 * so they are kept and retried. The readings behind them are sent meanwhile.
 */
import type { Clock } from '../base/clock'
import type { ApiError } from '../base/api-error'
import type { QueuedItem } from './item'

/** Ms for which a reading holds up the others before it is quarantined: after a shorter outage the order is kept. */
const HOLDS_UP = 600_000
/** With more of them, the server fails on any reading, and it is no use to try all. */
const MOST = 20
/** Ms between two attempts of quarantined readings. They take turns, so that many cost no more requests than one. */
const WAIT = 50_000

interface FailingReading {
  /** Monotonic ms of the first time that it failed by itself. */
  since: number
  attempts: number
  /** Monotonic ms of its next attempt, once it is quarantined. */
  retryAt: number | undefined
  error: ApiError
  /** Whether the user gave it up. */
  dropped: boolean
}

/** Failures that one reading may cause. 503 and the like say that the server is away, whatever is sent. */
const MAY_BE_ITS_FAULT: ReadonlySet<string> = new Set(['VENDOR', 'PROTOCOL', 'FORBIDDEN'])

export const mayBeItsFault = ({ code, statusCode }: ApiError): boolean => statusCode !== undefined && statusCode !== 503 && MAY_BE_ITS_FAULT.has(code)

export class Quarantine {
  readonly #clock: Clock
  readonly #failing = new Map<string, FailingReading>()
  readonly #onQuarantined: (item: QueuedItem, error: ApiError, attempts: number) => void

  /** @param onQuarantined called once for each reading */
  constructor(clock: Clock, onQuarantined: (item: QueuedItem, error: ApiError, attempts: number) => void) {
    this.#clock = clock
    this.#onQuarantined = onQuarantined
  }

  /** Readings on which the server fails when they are sent alone. */
  get count(): number {
    return this.#failing.size
  }

  /** Those that do not hold up the others any more. */
  get quarantined(): number {
    return this.#inQuarantine.length
  }

  /** Why the first quarantined reading is not sent. */
  get failure(): ApiError | undefined {
    return this.#inQuarantine[0]?.error
  }

  /** Monotonic ms of the next attempt of a quarantined reading. */
  get due(): number {
    return Math.min(...this.#inQuarantine.map(({ retryAt = Infinity }) => retryAt))
  }

  get #inQuarantine(): FailingReading[] {
    return [...this.#failing.values()].filter(({ retryAt }) => retryAt !== undefined)
  }

  /** A reading failed alone. @returns whether it is quarantined */
  failed(item: QueuedItem, error: ApiError): boolean {
    if (!mayBeItsFault(error)) return false
    const now = this.#clock.monotonic()
    const before = this.#failing.get(item.id) ?? { since: now, attempts: 0, retryAt: undefined, dropped: false }
    const reading = { ...before, attempts: before.attempts + 1, error }
    this.#failing.set(item.id, reading)
    const wasQuarantined = before.retryAt !== undefined
    if (!wasQuarantined && (now - reading.since < HOLDS_UP || this.quarantined >= MOST)) return false
    reading.retryAt = now
    reading.retryAt += WAIT * this.quarantined
    if (!wasQuarantined) this.#onQuarantined(item, error, reading.attempts)
    return true
  }

  /** Whether it must not be sent now, or only alone; undefined when it may be sent with others. */
  stateOf(id: string): 'quarantined' | 'due' | 'dropped' | undefined {
    const { dropped, retryAt } = this.#failing.get(id) ?? {}
    if (dropped) return 'dropped'
    if (retryAt === undefined) return undefined
    return retryAt <= this.#clock.monotonic() ? 'due' : 'quarantined'
  }

  errorOf(id: string): ApiError | undefined {
    return this.#failing.get(id)?.error
  }

  /** Marks all failing readings to be given up. @returns how many */
  drop(): number {
    for (const reading of this.#failing.values()) reading.dropped = true
    return this.#failing.size
  }

  /** The server took readings. If one of them was in quarantine, it may take the others as well. */
  delivered(ids: readonly string[]): void {
    if (!ids.some((id) => this.#failing.get(id)?.retryAt !== undefined)) return
    for (const reading of this.#inQuarantine) reading.retryAt = this.#clock.monotonic()
  }

  forget(id: string): void {
    this.#failing.delete(id)
  }

  /** A reading that is no longer among the oldest has left the queue. */
  keep(ids: Iterable<string>): void {
    const known = new Set(ids)
    for (const id of this.#failing.keys()) if (!known.has(id)) this.#failing.delete(id)
  }
}

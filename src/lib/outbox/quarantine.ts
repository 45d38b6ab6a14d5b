/**
 * Readings that the cloud answers with a fault of its own, again and again, although each is tried by itself. It may be
 * the cloud that is ill, so that none is given up; but what comes behind must not wait for one reading for ever.
 */
import type { Clock } from '../base/clock'
import type { ApiError } from '../base/api-error'
import type { Held } from './item'

/** Ms for which a reading is tried alone before the others pass it: a shorter illness of the cloud leaves the order as it is. */
const PATIENCE = 600_000
/** More of them are the cloud's fault, and it would be no use to try all that waits. */
const MOST = 20
/** Ms between two tries of a reading that the others have passed: it waits no longer than it would at their head. */
const WAIT = 50_000

interface Trouble {
  /** Monotonic ms of the first time that it failed by itself. */
  since: number
  tries: number
  /** Monotonic ms of its next try, once it is passed. */
  retryAt: number | undefined
  error: ApiError
  /** Whether it is to be given up. */
  dropped: boolean
}

/** An answer that may be due to what was sent. 503 and the like say that the cloud is away, whatever is sent. */
const MAY_BE_ITS_FAULT: ReadonlySet<string> = new Set(['VENDOR', 'PROTOCOL', 'FORBIDDEN'])

export const mayBeItsFault = ({ code, statusCode }: ApiError): boolean => statusCode !== undefined && statusCode !== 503 && MAY_BE_ITS_FAULT.has(code)

export class Quarantine {
  readonly #clock: Clock
  readonly #troubles = new Map<string, Trouble>()
  readonly #passed: (item: Held, error: ApiError, tries: number) => void

  /** @param passed told once of each that the others pass from now on */
  constructor(clock: Clock, passed: (item: Held, error: ApiError, tries: number) => void) {
    this.#clock = clock
    this.#passed = passed
  }

  /** Readings that have failed by themselves. */
  get count(): number {
    return this.#troubles.size
  }

  /** Those that are passed. */
  get passed(): number {
    return this.#passedOnes.length
  }

  /** Why the first of those that are passed is not sent. */
  get failure(): ApiError | undefined {
    return this.#passedOnes[0]?.error
  }

  /** Monotonic ms of the next try of one that is passed. */
  get due(): number {
    return Math.min(...this.#passedOnes.map(({ retryAt = Infinity }) => retryAt))
  }

  get #passedOnes(): Trouble[] {
    return [...this.#troubles.values()].filter(({ retryAt }) => retryAt !== undefined)
  }

  /** A reading failed by itself. @returns whether the others pass it */
  failed(item: Held, error: ApiError): boolean {
    if (!mayBeItsFault(error)) return false
    const now = this.#clock.monotonic()
    const before = this.#troubles.get(item.id) ?? { since: now, tries: 0, retryAt: undefined, dropped: false }
    const trouble = { ...before, tries: before.tries + 1, error }
    this.#troubles.set(item.id, trouble)
    const isPassed = before.retryAt !== undefined
    if (!isPassed && (now - trouble.since < PATIENCE || this.passed >= MOST)) return false
    trouble.retryAt = now + WAIT
    if (!isPassed) this.#passed(item, error, trouble.tries)
    return true
  }

  /** Whether it is not to be tried now, or only by itself. */
  stateOf(id: string): 'passed' | 'due' | 'dropped' | undefined {
    const { dropped, retryAt } = this.#troubles.get(id) ?? {}
    if (dropped) return 'dropped'
    if (retryAt === undefined) return undefined
    return retryAt <= this.#clock.monotonic() ? 'due' : 'passed'
  }

  errorOf(id: string): ApiError | undefined {
    return this.#troubles.get(id)?.error
  }

  /** All of them are to be given up. @returns how many */
  drop(): number {
    for (const trouble of this.#troubles.values()) trouble.dropped = true
    return this.#troubles.size
  }

  forget(id: string): void {
    this.#troubles.delete(id)
  }

  /** What is no longer among the oldest readings has left the queue. */
  keep(ids: Iterable<string>): void {
    const known = new Set(ids)
    for (const id of this.#troubles.keys()) if (!known.has(id)) this.#troubles.delete(id)
  }
}

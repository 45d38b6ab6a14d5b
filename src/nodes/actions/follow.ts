/** Follows the workflow that a command started: polls with back-off until it ends or stops changing. */
import { setTimeout as sleep } from 'node:timers/promises'
import { ApiError } from '../../lib/base/api-error'
import { sentence, type Sentence } from '../../lib/base/sentence'
import type { Progress } from '../../lib/vocabulary/operation'

/** Ms. */
const FIRST_WAIT = 1_000
const LONGEST_WAIT = 15_000
/** A process may pause between two steps. It counts as ended when three polls agree … */
const EQUAL_POLLS = 3
/** … or, where the vendor allows few polls, two that are so many ms apart. */
const LONG_UNCHANGED = 30_000

export interface Following {
  /** Polls once; undefined when the command began no process. */
  poll(): Promise<Progress | undefined>
  /** Ms for which the latest answer stands: until then another poll gives the same. */
  freshFor(): number
  /** ms in all. */
  timeout: number
  signal: AbortSignal
  onState(state: string): void
}

export interface Followed {
  /** The process at the latest poll; undefined when there is none to follow. */
  data?: unknown
  /** Set when the end was not seen: ms until the vendor allows the next poll, which is later than `timeout`. */
  unseenFor?: number
  /** What the user must know about the process. */
  note?: Sentence
}

/**
 * The process at its end. Gives the latest state at once when the next poll would come too late.
 * @throws ApiError TIMEOUT when it is still changing after `timeout`
 */
export async function follow({ poll, freshFor, timeout, signal, onState }: Following): Promise<Followed> {
  const until = performance.now() + timeout
  const changes = new ChangeDetector()
  for (let wait = FIRST_WAIT; ; wait = Math.min(wait * 2, LONGEST_WAIT)) {
    const progress = await poll()
    if (progress === undefined) return {}
    const { data, state, ended, note } = progress
    if (ended) return note ? { data, note } : { data }
    onState(state)
    const settled = changes.hasSettled(data)
    if (ended === undefined && settled) return { data }
    const left = Math.max(0, until - performance.now())
    const fresh = freshFor()
    if (fresh > left) return { data, unseenFor: fresh }
    if (left === 0) throw new ApiError('TIMEOUT', sentence`the command was accepted, but has not ended within ${timeout / 1000} s (${state}); read its result later`, { summary: sentence`accepted, not ended in ${timeout / 1000} s` })
    // A timer may end 1 ms early, when the latest answer still stands.
    await sleep(Math.max(Math.min(wait, left), fresh + 2), undefined, { signal }).catch(() => {
      throw new ApiError('CLOSED', sentence`the node was closed by a deploy while it waited for the result of a command; the command itself was sent`)
    })
  }
}

/** Whether a process has stopped changing. */
class ChangeDetector {
  #shape: string | undefined
  #since = 0
  #polls = 0

  /** @param data of one more poll */
  hasSettled(data: unknown): boolean {
    const shape = JSON.stringify(data)
    const now = performance.now()
    if (shape !== this.#shape) {
      this.#shape = shape
      this.#since = now
      this.#polls = 0
    }
    this.#polls += 1
    return this.#polls >= EQUAL_POLLS || (this.#polls > 1 && now - this.#since >= LONG_UNCHANGED)
  }
}

/** Follows the process that a command began, with back-off, until it ends or stops changing. */
import { setTimeout as sleep } from 'node:timers/promises'
import { ApiError } from '../../lib/base/api-error'
import { sentence, type Sentence } from '../../lib/base/sentence'
import type { Progress } from '../../lib/vocabulary/operation'

const FIRST_WAIT = 1_000
const LONGEST_WAIT = 15_000
/** A process may stand still for a while between two steps, so it counts as ended when three looks agree … */
const EQUAL_LOOKS = 3
/** … or, where the vendor allows few looks, two that are so many ms apart. */
const LONG_STILL = 30_000

export interface Following {
  /** One look; undefined when the command began no process. */
  look(): Promise<Progress | undefined>
  /** Ms before which the vendor wants no new look; another one shows the same until then. */
  freshFor(): number
  /** ms in all. */
  timeout: number
  signal: AbortSignal
  tell(state: string): void
}

export interface Followed {
  /** The process at the latest look; undefined when there is none to follow. */
  data?: unknown
  /** Set when the end was not seen, as the vendor wants no look for so many ms, which is longer than `timeout` leaves. */
  unseenFor?: number
  /** What the user must know about the process. */
  note?: Sentence
}

/**
 * The process at its end; or as it was last seen, at once, when the next look that the vendor allows comes too late.
 * @throws ApiError TIMEOUT when it is still changing after `timeout`
 */
export async function follow({ look, freshFor, timeout, signal, tell }: Following): Promise<Followed> {
  const until = performance.now() + timeout
  const stillness = new Stillness()
  for (let wait = FIRST_WAIT; ; wait = Math.min(wait * 2, LONGEST_WAIT)) {
    const progress = await look()
    if (progress === undefined) return {}
    const { data, state, ended, note } = progress
    if (ended) return note ? { data, note } : { data }
    tell(state)
    const still = stillness.after(data)
    if (ended === undefined && still) return { data }
    const left = Math.max(0, until - performance.now())
    const fresh = freshFor()
    if (fresh > left) return { data, unseenFor: fresh }
    if (left === 0) throw new ApiError('TIMEOUT', sentence`the command was accepted, but has not ended within ${timeout / 1000} s (${state}); look again later`)
    // A timer may end 1 ms early, when the answer still stands.
    await sleep(Math.max(Math.min(wait, left), fresh + 2), undefined, { signal }).catch(() => {
      throw new ApiError('CLOSED', sentence`the node was closed while it followed a command; the command itself was sent`)
    })
  }
}

/** Whether a process has stopped changing, by what looks at it show. */
class Stillness {
  #shape: string | undefined
  #since = 0
  #looks = 0

  /** Whether it counts as ended after one more look. */
  after(data: unknown): boolean {
    const shape = JSON.stringify(data)
    const now = performance.now()
    if (shape !== this.#shape) {
      this.#shape = shape
      this.#since = now
      this.#looks = 0
    }
    this.#looks += 1
    return this.#looks >= EQUAL_LOOKS || (this.#looks > 1 && now - this.#since >= LONG_STILL)
  }
}

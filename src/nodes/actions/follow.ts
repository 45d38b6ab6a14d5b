/** Follows the process that a command began, with back-off, until it ends or stops changing. */
import { setTimeout as sleep } from 'node:timers/promises'
import { ApiError } from '../../lib/client/errors'
import { sentence } from '../../lib/sentence'
import type { Progress } from '../../lib/spec'

const FIRST_WAIT = 1_000
const LONGEST_WAIT = 15_000
/** A process may stand still for a while between two steps, so it counts as ended when three looks agree. */
const EQUAL_LOOKS = 3

export interface Following {
  /** One look; undefined when the command began no process. */
  look(): Promise<Progress | undefined>
  /** Whether the latest look asked the vendor, rather than a cache that cannot show a change. */
  fresh(): boolean
  /** ms in all. */
  timeout: number
  signal: AbortSignal
  tell(state: string): void
}

/**
 * The process at its end; undefined when there is none to follow.
 * @throws ApiError TIMEOUT when it is still changing after `timeout`
 */
export async function follow({ look, fresh, timeout, signal, tell }: Following): Promise<unknown> {
  const until = performance.now() + timeout
  let wait = FIRST_WAIT
  let latest: string | undefined
  let equal = 0
  for (;;) {
    const progress = await look()
    if (progress === undefined || progress.ended) return progress?.data
    tell(progress.state)
    const shape = JSON.stringify(progress.data)
    if (shape !== latest) equal = 1
    else if (fresh()) equal += 1
    latest = shape
    if (progress.ended === undefined && equal >= EQUAL_LOOKS) return progress.data
    const left = until - performance.now()
    if (left <= 0) throw new ApiError('TIMEOUT', sentence`the command was accepted, but has not ended within ${timeout / 1000} s (${progress.state}); look again later`)
    await sleep(Math.min(wait, left), undefined, { signal }).catch(() => {
      throw new ApiError('CLOSED', sentence`the node was closed while it followed a command; the command itself was sent`)
    })
    wait = Math.min(wait * 2, LONGEST_WAIT)
  }
}

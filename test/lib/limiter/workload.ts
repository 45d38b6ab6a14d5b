import type { Limiter, PermitRequest } from '../../../src/lib/limiter/limiter'
import type { FakeClock } from '../fake-clock'

export interface Sent {
  index: number
  device: string | undefined
  /** Ms at which the limiter let it go, and at which the vendor saw it. */
  started: number
  arrived: number
}

export interface Network {
  /** Ms on the way there, and on the way back. */
  there(): number
  back(): number
}

export const steady = (ms: number): Network => ({ there: () => ms / 2, back: () => ms / 2 })

/** Sends each request at its time and gives the log of what left, in the order of leaving. */
export async function send(
  clock: FakeClock,
  limiter: Limiter,
  network: Network,
  demand: readonly { at: number; request: PermitRequest }[],
  duration: number,
): Promise<Sent[]> {
  const log: Sent[] = []
  const one = async (request: PermitRequest, index: number): Promise<void> => {
    const permit = await limiter.take(request)
    const started = clock.monotonic()
    const [there, back] = [network.there(), network.back()]
    log.push({ index, device: request.device, started, arrived: started + there })
    clock.setTimeout(() => permit.done({ roundTrip: there + back }), there + back)
  }
  const all: Promise<void>[] = []
  const begin = clock.monotonic()
  for (const [index, { at, request }] of demand.entries()) {
    if (begin + at > clock.monotonic()) await clock.advance(begin + at - clock.monotonic())
    all.push(one(request, index))
  }
  await clock.advance(begin + duration - clock.monotonic())
  await Promise.all(all)
  return log
}

/** The most of `times` that lie in any window of `length` ms, found by comparing each with all that follow it. */
export function mostInAnyWindow(times: readonly number[], length: number): number {
  const sorted = [...times].sort((one, other) => one - other)
  let most = 0
  for (let first = 0, last = 0; first < sorted.length; first += 1) {
    while (last < sorted.length && sorted[last]! < sorted[first]! + length) last += 1
    most = Math.max(most, last - first)
  }
  return most
}

/**
 * Percent of a limit a second that was used once the first second's worth had come: what came from then on, beside what
 * that time allows. How fast the first ones come depends on sockets and delays, not on the limit.
 * @param times ms, ascending
 */
export function percentUsed(times: readonly number[], limit: number): number {
  const seconds = ((times.at(-1) ?? 0) - (times[limit - 1] ?? 0)) / 1000
  return (100 * (times.length - limit)) / (limit * seconds)
}

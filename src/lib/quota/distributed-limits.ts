/** Budgets that several processes share: after the local limiter, a request asks the store whether it may be sent. */
import { untilAborted, sleep } from '../base/abort-signal'
import { ApiError } from '../base/api-error'
import { instantOf, type Clock, type Timer } from '../base/clock'
import { KeyedMutex } from '../base/keyed-mutex'
import { sentence } from '../base/sentence'
import type { Limiter, Outcome, Permit } from '../limiter/limiter'
import type { Window } from '../limiter/window'
import { ASK_AGAIN, StoreError, type Reservation, type SharedWindow, type SharedWindows } from '../store/store'
import type { Budget, Priority } from '../vocabulary/budget'
import type { AdmissionPermit, AdmissionRequest, CountBackend } from './admission'

/**
 * Ms for which the store counts a request as about to leave without hearing of it. A process may be held up, but one
 * that has died must not keep its places for long.
 */
const HOLD = 10_000

interface Options {
  windows: SharedWindows
  /** Name of the account's windows in the store. */
  account: Promise<string>
  limiter: Limiter
  clock: Clock
}

/** The answer of the store. */
interface Answer {
  reservation: Reservation
  /** Monotonic ms at which the store was asked, which is before `Reservation.at`. */
  askedAt: number
}

export class DistributedLimits implements CountBackend {
  readonly #options: Options
  /** By device: its requests ask one after the other, so that they keep their order. */
  readonly #devices = new KeyedMutex()

  constructor(options: Options) {
    this.#options = options
  }

  load(): undefined {
    return undefined
  }

  /** @throws ApiError NETWORK when the store cannot be asked: without it the limits could be exceeded */
  async confirm({ windows }: Permit, request: AdmissionRequest): Promise<AdmissionPermit | undefined> {
    if (windows.length === 0) return undefined
    const { clock } = this.#options
    const began = clock.monotonic()
    const { askedAt, reservation } = await this.#inOrder(windows, request)
    return new DistributedPermit(this.#options, reservation, askedAt, clock.monotonic() - began)
  }

  #inOrder(windows: readonly Window[], request: AdmissionRequest): Promise<Answer> {
    const { device, onWait, priority, signal } = request
    if (device === undefined) return this.#granted(windows, request, onWait)
    return this.#devices.run(device, { urgent: priority === 'command', signal, onWait }, (reportWait) =>
      this.#granted(windows, request, (ms) => {
        onWait?.(ms)
        reportWait(ms)
      }),
    )
  }

  /** Asks until there is room. */
  async #granted(windows: readonly Window[], request: AdmissionRequest, onWait: AdmissionRequest['onWait']): Promise<Answer> {
    let previous: Reservation | undefined
    try {
      for (;;) {
        const answer = await this.#ask(windows, request, previous)
        previous = answer.reservation
        const { wait } = previous
        if (wait === 0) return answer
        onWait?.(wait)
        await sleep(Math.min(wait, ASK_AGAIN), request.signal, this.#options.clock)
      }
    } catch (error) {
      if (previous) this.#cancel(previous)
      throw error
    }
  }

  /** @throws ApiError; LimiterError QUOTA when there will be no room for hours or days */
  async #ask(windows: readonly Window[], request: AdmissionRequest, previous: Reservation | undefined): Promise<Answer> {
    const { clock } = this.#options
    for (;;) {
      const askedAt = clock.monotonic()
      const reservation = await this.#reserve(windows, request, previous)
      this.#adoptCounts(windows, reservation)
      const spent = windows.find(({ budget }) => budget.name === reservation.window?.name) ?? windows[0]
      if (reservation.wait === Infinity && spent) throw spent.refusal(request.priority, instantOf(clock))
      if (clock.monotonic() - askedAt < HOLD / 2) return { reservation, askedAt }
      // The answer took so long that the store will soon count the request as having left.
      this.#cancel(reservation)
    }
  }

  async #reserve(windows: readonly Window[], { device, priority, signal }: AdmissionRequest, previous: Reservation | undefined): Promise<Reservation> {
    const account = await this.#options.account
    const shared = windows.map(({ budget }) => sharedWindowOf(budget, device, priority))
    const reserving = this.#options.windows.reserve(account, shared, { hold: HOLD, urgent: priority === 'command', previous: previous })
    try {
      return await untilAborted(reserving, signal)
    } catch (error) {
      if (error instanceof StoreError) throw unavailable(error)
      // The caller gave up. A reservation that comes later is given back.
      reserving.then((late) => this.#cancel(late)).catch(() => undefined)
      throw error
    }
  }

  #cancel(reservation: Reservation): void {
    const { account, windows } = this.#options
    account.then((name) => windows.cancel(name, reservation)).catch(() => undefined)
  }

  /** Takes over what all processes have used of days and months, for the states and refusals of this process. */
  #adoptCounts(windows: readonly Window[], { at, used }: Reservation): void {
    const now = instantOf(this.#options.clock)
    windows.forEach((window, index) => {
      const count = used[index]
      if (count !== undefined) window.raise(count, at, now)
    })
  }

  pause(duration: number): void {
    const { account, windows } = this.#options
    // It is lost while the store is unavailable. No process gets a permit then either.
    account.then((name) => windows.pause(name, duration)).catch(() => undefined)
  }

  observe(budget: Budget, remaining: number, device: string | undefined): void {
    const { account, windows } = this.#options
    account.then((name) => windows.lower(name, sharedWindowOf(budget, device, 'command'), remaining)).catch(() => undefined)
  }

  flush(): Promise<void> {
    return Promise.resolve()
  }
}

/** Tells the store when the request has left, and from its round trip when it was counted. */
class DistributedPermit implements AdmissionPermit {
  readonly waited: number
  readonly #options: Options
  readonly #reservation: Reservation
  readonly #askedAt: number
  /** Ms from `#askedAt` until the request left; undefined until then. */
  #leftAfter: number | undefined
  #timer: Timer

  /** @param askedAt monotonic ms; @param waited ms */
  constructor(options: Options, reservation: Reservation, askedAt: number, waited: number) {
    this.#options = options
    this.#reservation = reservation
    this.#askedAt = askedAt
    this.waited = waited
    this.#timer = this.#extendHold()
  }

  sent(): void {
    if (this.#leftAfter === undefined) this.#redate(this.#left() + this.#options.limiter.jitterAllowance)
  }

  done({ roundTrip }: Outcome = {}): void {
    // Without a response it may have left all the same.
    if (roundTrip === undefined) this.sent()
    else this.#redate(this.#left() + this.#options.limiter.lateness(roundTrip))
  }

  /** A request that is held up, as by a slow connection, stays about to leave in the store. */
  #extendHold(): Timer {
    return this.#options.clock.setTimeout(() => {
      this.#redate(this.#elapsed + HOLD)
      this.#timer = this.#extendHold()
    }, HOLD / 2)
  }

  #left(): number {
    this.#options.clock.clearTimeout(this.#timer)
    return (this.#leftAfter ??= this.#elapsed)
  }

  get #elapsed(): number {
    return this.#options.clock.monotonic() - this.#askedAt
  }

  /** @param late ms from `#askedAt` until the vendor has counted the request at the latest */
  #redate(late: number): void {
    const { account, windows } = this.#options
    // If it fails, the request stays at the latest moment that was feared.
    account.then((name) => windows.redate(name, this.#reservation, late)).catch(() => undefined)
  }
}

const sharedWindowOf = ({ name, limit, window, scope, reserve }: Budget, device: string | undefined, priority: Priority): SharedWindow => ({
  name,
  limit,
  length: window,
  ...(scope === 'device' && device !== undefined ? { device } : {}),
  ...(priority === 'read' && reserve !== undefined ? { reserve } : {}),
})

const unavailable = (error: StoreError): ApiError =>
  new ApiError('NETWORK', sentence`the store that shares the limits of the account is unreachable, so no request is sent: ${error.sentence}`)

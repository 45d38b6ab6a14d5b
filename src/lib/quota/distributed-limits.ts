/** Budgets that several processes spend together: after the local limiter a request asks the store for its turn. */
import { sentence } from '../base/sentence'
import { ASK_AGAIN, StoreError, type Reservation, type SharedWindow, type SharedWindows } from '../store/store'
import type { Ask, OutsideCounts, Turn } from './admission'
import { untilAborted } from '../base/abort-signal'
import { LimiterError, type Limiter, type Outcome, type Permit } from '../limiter/limiter'
import { CalendarCounter, periodStart } from '../limiter/calendar-window'
import type { Clock, Timer } from '../base/clock'
import { ApiError } from '../base/api-error'
import { sleep } from '../base/deadline'
import type { Window } from '../limiter/window-registry'
import { Line } from '../base/keyed-mutex'
import type { Budget, Priority } from '../vocabulary/budget'

/**
 * Ms for which the store counts a request as about to leave without hearing of it: a process may be held up, but one
 * that has died does not keep its places for long.
 */
const HOLD = 10_000

interface Options {
  windows: SharedWindows
  account: Promise<string>
  limiter: Limiter
  clock: Clock
}

/** What the store has answered. */
interface Answer {
  reservation: Reservation
  /** Monotonic ms at which it was asked, which is before `Reservation.at`. */
  asked: number
}

export class SharedLimits implements OutsideCounts {
  readonly #options: Options
  /** By device: its requests ask one after the other, so that they stay in their order. */
  readonly #lines = new Map<string, Line>()

  constructor(options: Options) {
    this.#options = options
  }

  before(): undefined {
    return undefined
  }

  /** @throws ApiError NETWORK when the store cannot be asked: without it the limits could be exceeded */
  async after({ windows }: Permit, ask: Ask): Promise<Turn | undefined> {
    if (windows.length === 0) return undefined
    const { clock } = this.#options
    const began = clock.monotonic()
    const { asked, reservation } = await this.#inOrder(windows, ask)
    return new Departure(this.#options, reservation, asked, clock.monotonic() - began)
  }

  async #inOrder(windows: readonly Window[], ask: Ask): Promise<Answer> {
    const { device, onWait } = ask
    if (device === undefined) return this.#granted(windows, ask, onWait)
    const line = this.#lines.get(device) ?? new Line()
    this.#lines.set(device, line)
    const tell = (ms: number): void => {
      onWait?.(ms)
      line.tell(ms)
    }
    try {
      return await line.pass(ask, () => this.#granted(windows, ask, tell))
    } finally {
      if (line.empty) this.#lines.delete(device)
    }
  }

  /** Asks until there is room. */
  async #granted(windows: readonly Window[], ask: Ask, tell: Ask['onWait']): Promise<Answer> {
    let told: Reservation | undefined
    try {
      for (;;) {
        const answer = await this.#ask(windows, ask, told)
        const { wait } = (told = answer.reservation)
        if (wait === 0) return answer
        tell?.(wait)
        await sleep(Math.min(wait, ASK_AGAIN), ask.signal, this.#options.clock)
      }
    } catch (error) {
      if (told) this.#cancel(told)
      throw error
    }
  }

  /** @throws ApiError, LimiterError QUOTA when there will be no room */
  async #ask(windows: readonly Window[], ask: Ask, told: Reservation | undefined): Promise<Answer> {
    const { clock } = this.#options
    for (;;) {
      const asked = clock.monotonic()
      const reservation = await this.#reserve(windows, ask, told)
      this.#follow(windows, reservation)
      const { wait, window } = reservation
      const spent = windows.find(({ budget }) => budget.name === window?.name) ?? windows[0]
      if (wait === Infinity) throw refusedBy(spent, ask.priority, clock.now())
      if (clock.monotonic() - asked < HOLD / 2) return { reservation, asked }
      // The store may soon think that it has left.
      this.#cancel(reservation)
    }
  }

  async #reserve(windows: readonly Window[], { device, priority, signal }: Ask, told: Reservation | undefined): Promise<Reservation> {
    const account = await this.#options.account
    const shapes = windows.map(({ budget }) => shapeOf(budget, device, priority))
    const reserving = this.#options.windows.reserve(account, shapes, { hold: HOLD, urgent: priority === 'command', told })
    try {
      return await untilAborted(reserving, signal)
    } catch (error) {
      if (error instanceof StoreError) throw unavailable(error)
      // The caller left; what it gets all the same is given back.
      reserving.then((late) => this.#cancel(late)).catch(() => undefined)
      throw error
    }
  }

  #cancel(reservation: Reservation): void {
    const { account, windows } = this.#options
    account.then((name) => windows.cancel(name, reservation)).catch(() => undefined)
  }

  /** What all processes have used of days and months, for states and refusals here. */
  #follow(windows: readonly Window[], { at, used }: Reservation): void {
    const now = this.#options.clock.now()
    windows.forEach((window, index) => {
      const count = used[index]
      if (window instanceof CalendarCounter && count !== undefined) window.restore({ start: periodStart(window.period, at), used: count }, now)
    })
  }

  pause(duration: number): void {
    const { account, windows } = this.#options
    // Lost when the store is away; then no request of any process gets a turn either.
    account.then((name) => windows.pause(name, duration)).catch(() => undefined)
  }

  observe(budget: Budget, remaining: number, device: string | undefined): void {
    const { account, windows } = this.#options
    account.then((name) => windows.lower(name, shapeOf(budget, device, 'command'), remaining)).catch(() => undefined)
  }

  settle(): Promise<void> {
    return Promise.resolve()
  }
}

/** A request that may leave: the store is told when it has left, and what its round trip says of when it was counted. */
class Departure implements Turn {
  readonly waited: number
  readonly #options: Options
  readonly #reservation: Reservation
  readonly #asked: number
  /** Ms from its asking until it left; undefined until then. */
  #left: number | undefined
  #timer: Timer

  /** @param asked monotonic ms; @param waited ms */
  constructor(options: Options, reservation: Reservation, asked: number, waited: number) {
    this.#options = options
    this.#reservation = reservation
    this.#asked = asked
    this.waited = waited
    this.#timer = this.#hold()
  }

  sent(): void {
    if (this.#left === undefined) this.#redate(this.#leave() + this.#options.limiter.margin)
  }

  done({ roundTrip }: Outcome = {}): void {
    // Without an answer it may have left all the same.
    if (roundTrip === undefined) this.sent()
    else this.#redate(this.#leave() + this.#options.limiter.lateness(roundTrip))
  }

  /** Nobody counts on its having left while it is held up, as by a connection that is not there yet. */
  #hold(): Timer {
    return this.#options.clock.setTimeout(() => {
      this.#redate(this.#elapsed + HOLD)
      this.#timer = this.#hold()
    }, HOLD / 2)
  }

  #leave(): number {
    this.#options.clock.clearTimeout(this.#timer)
    return (this.#left ??= this.#elapsed)
  }

  get #elapsed(): number {
    return this.#options.clock.monotonic() - this.#asked
  }

  /** @param late ms from its asking until it has been counted at the latest */
  #redate(late: number): void {
    const { account, windows } = this.#options
    // Without it the request stands where it was feared to be.
    account.then((name) => windows.redate(name, this.#reservation, late)).catch(() => undefined)
  }
}

const shapeOf = ({ name, limit, window, scope, reserve }: Budget, device: string | undefined, priority: Priority): SharedWindow => ({
  name,
  limit,
  length: window,
  ...(scope === 'device' && device !== undefined ? { device } : {}),
  ...(priority === 'read' && reserve !== undefined ? { reserve } : {}),
})

function refusedBy(window: Window | undefined, priority: Priority, now: number): Error {
  if (window instanceof CalendarCounter) return LimiterError.spent(window.budget, window.resetsAt(now, priority), priority)
  return new ApiError('QUOTA', sentence`the limits of the account allow no more requests; check them in the account`)
}

const unavailable = (error: StoreError): ApiError =>
  new ApiError('NETWORK', sentence`the store that shares the limits of the account cannot be used, and without it they could be exceeded: ${error.sentence}`)

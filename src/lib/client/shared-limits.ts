/** Budgets that several processes spend together: after the local limiter a request asks the store for its turn. */
import { sentence } from '../sentence'
import { StoreError, type Reservation, type SharedWindow, type SharedWindows } from '../store/store'
import type { Ask, OutsideCounts, Turn } from './admission'
import { untilAborted } from './abort'
import { LimiterError, type Budget, type Limiter, type Permit } from './budget'
import { CalendarCounter } from './calendar'
import type { Clock } from './clock'
import { ApiError } from './errors'
import { sleep } from './expiry'
import type { Window } from './ledger'
import type { Priority } from './window'

/** ms by which timers are late at any time, which the margin allows for. */
const USUAL_LAG = 5
/** What remains of a lag with each request. */
const LAG_DECAY = 0.9

interface Options {
  windows: SharedWindows
  account: Promise<string>
  limiter: Limiter
  clock: Clock
}

export class SharedLimits implements OutsideCounts {
  readonly #options: Options
  /** ms after their starts at which requests left lately: the way back from the store, and what this process was busy with. */
  #lag = 0

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
    for (;;) {
      const asked = clock.monotonic()
      const allowed = this.#allowedLag
      const reservation = await this.#turn(windows, ask)
      // Its start is no earlier than `asked`: the store named it after that.
      const lag = clock.monotonic() - asked - reservation.wait
      this.#lag = Math.max(lag, this.#lag * LAG_DECAY)
      if (lag <= allowed || mustKeepItsTurn(ask)) {
        return { waited: clock.monotonic() - began, done: ({ roundTrip } = {}) => this.#redate(reservation, lag, roundTrip) }
      }
      // Others count on its having left by now.
      this.#cancel(reservation)
    }
  }

  get #allowedLag(): number {
    return Math.max(USUAL_LAG, 2 * this.#lag)
  }

  /** Resolves when the request may leave. */
  async #turn(windows: readonly Window[], ask: Ask): Promise<Reservation> {
    const reservation = await this.#reserve(windows, ask)
    this.#follow(windows, reservation)
    const spent = windows.find((window) => window instanceof CalendarCounter && window.budget.name === reservation.window)
    if (reservation.wait === Infinity) throw refusedBy(spent ?? windows[0], ask.priority, this.#options.clock.now())
    if (reservation.wait > 0) await this.#waitFor(reservation, ask)
    return reservation
  }

  /**
   * @param lag ms from its start until it left
   * @param roundTrip ms; undefined without an answer
   */
  #redate(reservation: Reservation, lag: number, roundTrip: number | undefined): void {
    const { account, limiter, windows } = this.#options
    const late = lag + (roundTrip === undefined ? limiter.margin : limiter.lateness(roundTrip))
    // Without it the request stands where it was feared to be.
    account.then((name) => windows.redate(name, reservation, late)).catch(() => undefined)
  }

  pause(duration: number): void {
    const { account, windows } = this.#options
    // Lost when the store is away; then no request of any process gets a turn either.
    account.then((name) => windows.pause(name, duration)).catch(() => undefined)
  }

  observe(budget: Budget, remaining: number, device: string | undefined): void {
    const { account, windows } = this.#options
    account.then((name) => windows.lower(name, this.#shape(budget, device, 'command'), remaining)).catch(() => undefined)
  }

  settle(): Promise<void> {
    return Promise.resolve()
  }

  async #reserve(windows: readonly Window[], { device, priority, signal }: Ask): Promise<Reservation> {
    const account = await this.#options.account
    const shapes = windows.map(({ budget }) => this.#shape(budget, device, priority))
    const reserving = this.#options.windows.reserve(account, shapes)
    try {
      return await untilAborted(reserving, signal)
    } catch (error) {
      if (error instanceof StoreError) throw unavailable(error)
      // The caller left; what is reserved for it all the same is given back.
      reserving.then((late) => this.#cancel(late)).catch(() => undefined)
      throw error
    }
  }

  #cancel(reservation: Reservation): void {
    const { account, windows } = this.#options
    account.then((name) => windows.cancel(name, reservation)).catch(() => undefined)
  }

  async #waitFor(reservation: Reservation, { onWait, signal }: Ask): Promise<void> {
    onWait?.(reservation.wait)
    try {
      await sleep(reservation.wait, signal, this.#options.clock)
    } catch (error) {
      this.#cancel(reservation)
      throw error
    }
  }

  #shape({ name, limit, window, scope, reserve }: Budget, device: string | undefined, priority: Priority): SharedWindow {
    return {
      name,
      limit,
      length: window,
      // What differs between the ways there counts here as it does in the local limiter.
      ...(typeof window === 'number' ? { late: this.#options.limiter.margin + this.#allowedLag - USUAL_LAG } : {}),
      ...(scope === 'device' && device !== undefined ? { device } : {}),
      ...(priority === 'read' && reserve !== undefined ? { reserve } : {}),
    }
  }

  /** What all processes have used of days and months, for states and refusals here. */
  #follow(windows: readonly Window[], { used }: Reservation): void {
    const now = this.#options.clock.now()
    windows.forEach((window, index) => {
      const count = used[index]
      if (window instanceof CalendarCounter && count !== undefined) window.restore({ start: window.start(now), used: count }, now)
    })
  }
}

/** Commands of a device leave in their order, late or not. */
const mustKeepItsTurn = ({ device, priority }: Ask): boolean => device !== undefined && priority === 'command'

function refusedBy(window: Window | undefined, priority: Priority, now: number): Error {
  if (window instanceof CalendarCounter) return LimiterError.spent(window.budget, window.resetsAt(now, priority), priority)
  return new ApiError('QUOTA', sentence`the limits of the account allow no more requests; check them in the account`)
}

const unavailable = (error: StoreError): ApiError =>
  new ApiError('NETWORK', sentence`the store that shares the limits of the account cannot be used, and without it they could be exceeded: ${error.sentence}`)

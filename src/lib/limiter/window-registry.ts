/** All windows of an account and of each of its devices. */
import type { Instant } from '../base/clock'
import type { Budget, BudgetState, Priority } from '../vocabulary/budget'
import { CalendarWindow } from './calendar-window'
import type { LimiterError } from './limiter-error'
import { DeviceQueues, type DeviceQueue } from './queue'
import { SlidingWindow } from './sliding-window'
import type { PeriodCount, Window } from './window'

/** The windows and queues of the account, or of one device. */
export class Scope {
  readonly queues = new DeviceQueues()
  readonly #windows: Window[] = []
  /** The windows that its last request was charged to, including those of the account. */
  #lastCharged: readonly Window[] = []

  find(name: string): Window | undefined {
    return this.#windows.find((window) => window.budget.name === name)
  }

  /** The window of a budget. It is new for a new budget, and for one that has become another kind of window. */
  window(budget: Budget): Window {
    const known = this.find(budget.name)
    if (known?.adopt(budget)) return known
    const created = createWindow(budget)
    if (known) this.#windows.splice(this.#windows.indexOf(known), 1, created)
    else this.#windows.push(created)
    return created
  }

  /** The same list for requests with the same windows: a long queue would hold a hundred thousand equal lists. */
  shared(windows: readonly Window[]): readonly Window[] {
    const last = this.#lastCharged
    if (last.length === windows.length && last.every((window, index) => window === windows[index])) return last
    // Unlike an array that was pushed to, a copy reserves no memory to grow.
    return (this.#lastCharged = windows.slice())
  }

  isIdle(now: Instant): boolean {
    return this.queues.waiting().length === 0 && this.#windows.every((window) => window.isIdle(now))
  }
}

/** @throws RangeError when the limit or the window is out of range */
function createWindow(budget: Budget): Window {
  const { name, limit, window } = budget
  if (!(limit >= 0)) throw new RangeError(`The limit of the budget '${name}' must be a number from 0, not ${limit}`)
  if (typeof window !== 'number') return new CalendarWindow(budget, window)
  if (!(window > 0)) throw new RangeError(`The window of the budget '${name}' must be a number of ms above 0, not ${window}`)
  return new SlidingWindow(budget, window)
}

/** Whenever a device is added, so many others are checked and forgotten if they are idle. */
const CHECKED_DEVICES = 2

export class WindowRegistry {
  readonly #account = new Scope()
  readonly #devices = new Map<string, Scope>()
  #idleCheck: Iterator<[string, Scope]> = this.#devices.entries()

  /** The scope of a device, or of the account for a request without a device. */
  scope(device: string | undefined, now: Instant): Scope {
    if (device === undefined) return this.#account
    const known = this.#devices.get(device)
    if (known) return known
    this.#forgetIdle(now)
    const scope = new Scope()
    this.#devices.set(device, scope)
    return scope
  }

  /** Queues with requests in them. */
  waiting(): DeviceQueue[] {
    return [this.#account, ...this.#devices.values()].flatMap(({ queues }) => queues.waiting())
  }

  /** The windows that a request of this scope is charged to. The budgets of devices are left out without a device. */
  windows(budgets: readonly Budget[], scope: Scope): readonly Window[] {
    const windows: Window[] = []
    for (const budget of budgets) {
      if (budget.scope === 'account') windows.push(this.#account.window(budget))
      else if (scope !== this.#account) windows.push(scope.window(budget))
    }
    return scope.shared(windows)
  }

  /** The window of a budget of which the vendor says what is left; undefined where nothing has been charged yet. A device gets its window now. */
  find(budget: Budget, device: string | undefined, now: Instant): Window | undefined {
    if (budget.scope === 'account') return this.#account.find(budget.name)
    return device === undefined ? undefined : this.scope(device, now).window(budget)
  }

  states(budgets: readonly Budget[], device: string | undefined, now: Instant): BudgetState[] {
    const scope = device === undefined ? undefined : this.#devices.get(device)
    return budgets
      .filter((budget) => budget.scope === 'account' || device !== undefined)
      .map((budget) => {
        const { name, limit } = budget
        const window = (budget.scope === 'account' ? this.#account : scope)?.find(name) ?? createWindow(budget)
        const { used, resetsAt } = window.usage(now)
        return { name, limit, remaining: Math.max(0, Math.floor(limit) - used), resetsAt }
      })
  }

  /** Takes over the counts that an earlier process saved of a budget. */
  restore(budget: Budget, device: string | undefined, counts: readonly PeriodCount[], now: Instant): void {
    const window = this.scope(budget.scope === 'device' ? device : undefined, now).window(budget)
    for (const { start, used } of counts) window.raise(used, start, now)
  }

  #forgetIdle(now: Instant): void {
    for (let checked = 0; checked < CHECKED_DEVICES; checked += 1) {
      const next = this.#idleCheck.next()
      if (next.done) {
        this.#idleCheck = this.#devices.entries()
        return
      }
      const [device, scope] = next.value
      if (scope.isIdle(now)) this.#devices.delete(device)
    }
  }
}

/** Why a request is refused; undefined when it may wait for its windows. */
export function refusalBy(windows: readonly Window[], priority: Priority, now: Instant): LimiterError | undefined {
  for (const window of windows) if (window.isSpent(priority, now)) return window.refusal(priority, now)
  return undefined
}

/**
 * The window that opens last; undefined when all of them are open.
 * @param now monotonic ms
 */
export function blockingWindow(windows: readonly Window[], now: number): Window | undefined {
  let blocking: Window | undefined
  let until = now
  for (const window of windows) {
    const opensAt = window.opensAt(now)
    if (opensAt <= until) continue
    until = opensAt
    blocking = window
  }
  return blocking
}

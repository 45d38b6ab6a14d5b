/** Every window that is known: those of the account, and those of each device. */
import { Lane, type Moment } from './queue'
import { CalendarCounter, periodEnd, type Period, type SavedCount } from './calendar-window'
import { SlidingWindow, type Budget, type BudgetState, type Priority } from './sliding-window'

export type Window = SlidingWindow | CalendarCounter

/** A count of a day or month as it is saved: plain JSON. */
interface SavedBudget extends SavedCount {
  name: string
  period: Period
  device?: string
}

/** What belongs to one device, or to the account itself. */
export class Holder {
  readonly device: string | undefined
  readonly windows: Window[] = []
  /** The windows that its last request was charged to, those of the account too. */
  charged: readonly Window[] = []
  #command: Lane | undefined
  #read: Lane | undefined

  constructor(device?: string) {
    this.device = device
  }

  lane(priority: Priority): Lane {
    return priority === 'command' ? (this.#command ??= new Lane(this, priority)) : (this.#read ??= new Lane(this, priority))
  }

  /** Lanes with requests in them. */
  waiting(): Lane[] {
    const lanes: Lane[] = []
    if (this.#command?.length) lanes.push(this.#command)
    if (this.#read?.length) lanes.push(this.#read)
    return lanes
  }

  find(name: string): Window | undefined {
    return this.windows.find((window) => window.budget.name === name)
  }

  /** The window of a budget: a new one when it is seen first, or has become another kind of window. */
  window(budget: Budget): Window {
    const known = this.find(budget.name)
    if (known instanceof SlidingWindow && typeof budget.window === 'number') {
      known.adopt(budget, budget.window)
      return known
    }
    if (known instanceof CalendarCounter && known.period === budget.window) {
      known.budget = budget
      return known
    }
    const opened = open(budget)
    if (known) this.windows.splice(this.windows.indexOf(known), 1, opened)
    else this.windows.push(opened)
    return opened
  }

  idle(now: Moment): boolean {
    if (this.#command?.length || this.#read?.length) return false
    return this.windows.every((window) => window.idle(window instanceof CalendarCounter ? now.epoch : now.monotonic))
  }
}

/** @throws RangeError when the data of a vendor's folder cannot be a budget */
function open(budget: Budget): Window {
  const { name, limit, window } = budget
  if (!(limit >= 0)) throw new RangeError(`The limit of the budget '${name}' is not a number from 0: ${limit}`)
  if (typeof window !== 'number') return new CalendarCounter(budget, window)
  if (!(window > 0)) throw new RangeError(`The window of the budget '${name}' is not a number of ms above 0: ${window}`)
  return new SlidingWindow(budget, window)
}

/** Devices that are looked at, whenever a new one comes, to forget those that are idle. */
const SWEEP = 2

export class Ledger {
  readonly account = new Holder()
  readonly #devices = new Map<string, Holder>()
  /** By name, so that what a vendor says about a device's budget can be believed before that device has a window. */
  readonly #budgets = new Map<string, Budget>()
  #sweep: Iterator<[string, Holder]> = this.#devices.entries()

  /** Devices that are remembered. */
  get size(): number {
    return this.#devices.size
  }

  holder(device: string | undefined, now: Moment): Holder {
    if (device === undefined) return this.account
    const known = this.#devices.get(device)
    if (known) return known
    this.#forgetIdle(now)
    const holder = new Holder(device)
    this.#devices.set(device, holder)
    return holder
  }

  /** Lanes with requests in them. */
  waiting(): Lane[] {
    return [this.account, ...this.#devices.values()].flatMap((holder) => holder.waiting())
  }

  /** The windows that a request is charged to. A device's budgets do not concern a request without a device. */
  windows(budgets: readonly Budget[], holder: Holder): readonly Window[] {
    const windows: Window[] = []
    for (const budget of budgets) {
      const window = this.#window(budget, holder)
      if (window) windows.push(window)
    }
    const last = holder.charged
    // A long queue would hold the same list a hundred thousand times.
    if (last.length === windows.length && last.every((window, index) => window === windows[index])) return last
    // A copy has no room to grow, which a pushed array has.
    return (holder.charged = windows.slice())
  }

  #window(budget: Budget, holder: Holder): Window | undefined {
    if (budget.scope === 'account') return this.account.window(budget)
    if (holder === this.account) return undefined
    this.#budgets.set(budget.name, budget)
    return holder.window(budget)
  }

  /** The window that a vendor speaks of; undefined when only its name is given and no request has named it. */
  named(named: Budget | string, device: string | undefined, now: Moment): Window | undefined {
    const name = typeof named === 'string' ? named : named.name
    if (device === undefined) return this.account.find(name)
    const budget = typeof named === 'string' ? this.#budgets.get(name) : named
    return budget?.scope === 'device' ? this.holder(device, now).window(budget) : this.account.find(name)
  }

  states(budgets: readonly Budget[], device: string | undefined, now: Moment): BudgetState[] {
    const holder = device === undefined ? undefined : this.#devices.get(device)
    return budgets
      .filter((budget) => budget.scope === 'account' || device !== undefined)
      .map((budget) => {
        const window = (budget.scope === 'account' ? this.account : holder)?.find(budget.name) ?? open(budget)
        const { used, resetsAt } = window instanceof CalendarCounter ? window.usage(now.epoch) : window.usage(now.monotonic, now.epoch)
        return { name: budget.name, limit: budget.limit, remaining: Math.max(0, Math.floor(budget.limit) - used), resetsAt }
      })
  }

  save(now: Moment): SavedBudget[] {
    return [this.account, ...this.#devices.values()].flatMap(({ device, windows }) =>
      windows
        .filter((window) => window instanceof CalendarCounter)
        .flatMap((counter) =>
          counter.save(now.epoch).map((count) => ({
            name: counter.budget.name,
            period: counter.period,
            ...(device === undefined ? {} : { device }),
            ...count,
          })),
        ),
    )
  }

  restore(saved: readonly unknown[], now: Moment): void {
    for (const entry of saved) {
      if (!isSaved(entry)) continue
      const { name, period, device, start, used } = entry
      if (periodEnd(period, start) <= now.epoch) continue
      const budget: Budget = { name, limit: Infinity, window: period, scope: device === undefined ? 'account' : 'device' }
      const holder = this.holder(device, now)
      const counter = holder.find(name) ?? holder.window(budget)
      if (counter instanceof CalendarCounter && counter.period === period) counter.restore({ start, used }, now.epoch)
    }
  }

  #forgetIdle(now: Moment): void {
    for (let step = 0; step < SWEEP; step += 1) {
      const next = this.#sweep.next()
      if (next.done) {
        this.#sweep = this.#devices.entries()
        return
      }
      const [device, holder] = next.value
      if (holder.idle(now)) this.#devices.delete(device)
    }
  }
}

function isSaved(entry: unknown): entry is SavedBudget {
  if (typeof entry !== 'object' || entry === null) return false
  const { name, period, device, start, used } = entry as Partial<Record<keyof SavedBudget, unknown>>
  return (
    typeof name === 'string' &&
    (period === 'day' || period === 'month') &&
    (device === undefined || typeof device === 'string') &&
    Number.isFinite(start) &&
    Number.isInteger(used)
  )
}

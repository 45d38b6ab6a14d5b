/**
 * Counts of days and months, kept in a store of this process. What is saved runs ahead of what is used, by at most one
 * part in a hundred of the limit: a crash makes us count a little too much, never too little.
 */
import { sentence, sentenceOf } from '../base/sentence'
import type { Store } from '../store/store'
import type { Ask, OutsideCounts, Turn } from './admission'
import { untilAborted, type StopSignal } from '../base/abort-signal'
import type { Limiter, Permit } from '../limiter/limiter'
import { CalendarCounter } from '../limiter/calendar-window'
import type { Clock } from '../base/clock'
import { type AccountEvent, countsNotKept } from './account-event'
import type { Budget } from '../vocabulary/budget'

/** Part of a limit that a crash may waste. */
const LEAD = 0.01
/** Ms for which a count is kept after its period: a clock may be set back. */
const KEEP_AFTER = 86_400_000

interface Kept {
  key: Promise<string>
  budget: Budget
  device: string | undefined
  /** Resolves when the count of an earlier run has been taken over. */
  loading: Promise<void> | undefined
  counter: CalendarCounter | undefined
  /** End of the period that `saved` is about, epoch ms. */
  resetsAt: number
  /** Requests that may be used without a further save. */
  saved: number
  saving: Promise<void> | undefined
}

interface Options {
  store: Store
  /** Name of the account in keys. */
  account: Promise<string>
  limiter: Limiter
  clock: Clock
  tell(notice: AccountEvent): void
}

export class CountKeeper implements OutsideCounts {
  readonly #options: Options
  /** By budget and device. */
  readonly #kept = new Map<string, Kept>()
  #complained = false

  constructor(options: Options) {
    this.#options = options
  }

  before({ budgets, device, signal }: Ask): Promise<void> | undefined {
    const loading: Promise<void>[] = []
    for (const budget of budgets) {
      if (typeof budget.window === 'number' || (budget.scope === 'device' && device === undefined)) continue
      const kept = this.#keptOf(budget, device)
      if (kept.loading) loading.push(kept.loading)
    }
    return loading.length === 0 ? undefined : untilAborted(Promise.all(loading).then(() => undefined), signal)
  }

  after({ windows }: Permit, { device, signal }: Ask): Promise<Turn> | undefined {
    const uncovered: Kept[] = []
    for (const window of windows) {
      if (!(window instanceof CalendarCounter)) continue
      const kept = this.#keptOf(window.budget, device)
      kept.counter = window
      const left = this.#left(kept, window)
      if (left < 0) uncovered.push(kept)
      else if (left < leadOf(window) / 2) void this.#save(kept, window)
    }
    return uncovered.length === 0 ? undefined : this.#covered(uncovered, signal)
  }

  async #covered(uncovered: readonly Kept[], signal: StopSignal): Promise<Turn> {
    const { clock } = this.#options
    const began = clock.monotonic()
    for (const kept of uncovered)
      while (kept.counter && this.#left(kept, kept.counter) < 0) await untilAborted(this.#save(kept, kept.counter), signal)
    return { waited: clock.monotonic() - began, sent: () => undefined, done: () => undefined }
  }

  pause(): void {
    // Nobody else spends what is kept here.
  }

  observe(): void {
    // The limiter has been told, and its counts are what is saved.
  }

  /** Saves what is exact: a restart after it wastes nothing. */
  async settle(): Promise<void> {
    for (const kept of this.#kept.values()) {
      const { counter } = kept
      if (!counter) continue
      await kept.saving
      if (this.#left(kept, counter) !== 0) await this.#save(kept, counter, 0)
    }
  }

  #keptOf(budget: Budget, device: string | undefined): Kept {
    const owner = budget.scope === 'device' ? device : undefined
    const id = `${budget.name}\n${owner ?? ''}`
    const known = this.#kept.get(id)
    if (known) return known
    const key = this.#options.account.then((account) => `counts:${account}:${budget.name}:${owner ?? ''}`)
    const kept: Kept = { key, budget, device: owner, loading: undefined, counter: undefined, resetsAt: 0, saved: 0, saving: undefined }
    kept.loading = this.#load(kept).finally(() => (kept.loading = undefined))
    this.#kept.set(id, kept)
    return kept
  }

  async #load(kept: Kept): Promise<void> {
    const { budget, device } = kept
    try {
      const text = await this.#options.store.get(await kept.key)
      if (text === undefined) return
      const periods: unknown = JSON.parse(text)
      if (!Array.isArray(periods)) return
      const counts = periods.map((period: object) => ({ ...period, name: budget.name, period: budget.window, device }))
      this.#options.limiter.load({ version: 1, counts })
    } catch (error) {
      this.#complain(error)
    }
  }

  /** Requests that may still be sent before the next save; negative when one of them has not been covered yet. */
  #left(kept: Kept, counter: CalendarCounter): number {
    const { used, resetsAt } = counter.usage(this.#options.clock.now())
    if (resetsAt !== kept.resetsAt) {
      kept.resetsAt = resetsAt
      kept.saved = 0
    }
    return kept.saved - used
  }

  /** One save at a time; who needs more than it covers asks again. */
  #save(kept: Kept, counter: CalendarCounter, lead = leadOf(counter)): Promise<void> {
    return (kept.saving ??= this.#write(kept, counter, lead).finally(() => (kept.saving = undefined)))
  }

  async #write(kept: Kept, counter: CalendarCounter, lead: number): Promise<void> {
    const { clock, store } = this.#options
    const { used, resetsAt } = counter.usage(clock.now())
    const saved = Math.max(used, Math.min(Math.floor(counter.budget.limit), used + lead))
    const start = counter.start(clock.now())
    const periods = counter.save(clock.now()).map((period) => (period.start === start ? { start, used: saved } : period))
    try {
      await store.set(await kept.key, JSON.stringify(periods), resetsAt - clock.now() + KEEP_AFTER)
      this.#complained = false
    } catch (error) {
      this.#complain(error)
    }
    // Also after a failure: only this process spends, so its memory is enough until it ends; the next chunk tries again.
    if (kept.resetsAt === resetsAt) kept.saved = saved
  }

  /** Once until it works again. */
  #complain(error: unknown): void {
    if (!this.#complained) this.#options.tell(countsNotKept(this.#options.store.place, error instanceof Error ? sentenceOf(error) : sentence`it cannot be read`))
    this.#complained = true
  }
}

const leadOf = ({ budget }: CalendarCounter): number => Math.max(1, Math.floor(budget.limit * LEAD))

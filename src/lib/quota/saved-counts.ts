/**
 * Saves the request counts of days and months in a store of this process. A saved count is ahead of the real one by at
 * most 1 % of the limit. After a crash the count may therefore be too high, but never too low.
 */
import * as v from 'valibot'
import { untilAborted, type AbortSignalLike } from '../base/abort-signal'
import { instantOf, type Clock } from '../base/clock'
import { sentence, sentenceOf } from '../base/sentence'
import type { Limiter, Permit } from '../limiter/limiter'
import type { Window } from '../limiter/window'
import type { Store } from '../store/store'
import { isCalendar, type Budget } from '../vocabulary/budget'
import { countsNotSaved, type AccountEvent } from './account-event'
import type { AdmissionPermit, AdmissionRequest, CountBackend } from './admission'

/** Part of a limit that a crash may waste. */
const LEAD = 0.01
/** Ms for which a count is kept after its period: a clock that is a month ahead at boot must not delete it. */
const KEEP_AFTER = 40 * 86_400_000

/** The stored record of one budget: the present period, and the one before or after it. */
const countsSchema = v.array(v.object({ start: v.pipe(v.number(), v.finite()), used: v.pipe(v.number(), v.integer()) }))

/** One budget, of the account or of one device. */
interface SavedCount {
  key: Promise<string>
  budget: Budget
  device: string | undefined
  /** Resolves when the count of an earlier process has been taken over. */
  loading: Promise<void> | undefined
  window: Window | undefined
  /** End of the period that `saved` is about, epoch ms. */
  resetsAt: number
  /** Requests of the period that need no further save. */
  saved: number
  saving: Promise<void> | undefined
}

interface Options {
  store: Store
  /** Name of the account in keys. */
  account: Promise<string>
  limiter: Limiter
  clock: Clock
  emit(event: AccountEvent): void
}

export class SavedCounts implements CountBackend {
  readonly #options: Options
  /** By budget and device. */
  readonly #counts = new Map<string, SavedCount>()
  /** Whether the user knows that saving fails. */
  #warned = false

  constructor(options: Options) {
    this.#options = options
  }

  load({ budgets, device, signal }: AdmissionRequest): Promise<void> | undefined {
    const loading: Promise<void>[] = []
    for (const budget of budgets) {
      if (!isCalendar(budget) || (budget.scope === 'device' && device === undefined)) continue
      const count = this.#countOf(budget, device)
      if (count.loading) loading.push(count.loading)
    }
    return loading.length === 0 ? undefined : untilAborted(Promise.all(loading).then(() => undefined), signal)
  }

  confirm({ windows }: Permit, { device, signal }: AdmissionRequest): Promise<AdmissionPermit> | undefined {
    const unsaved: SavedCount[] = []
    for (const window of windows) {
      if (!isCalendar(window.budget)) continue
      const count = this.#countOf(window.budget, device)
      count.window = window
      const left = this.#left(count, window)
      if (left < 0) unsaved.push(count)
      else if (left < leadOf(window) / 2) void this.#save(count, window)
    }
    return unsaved.length === 0 ? undefined : this.#saved(unsaved, signal)
  }

  /** A permit that waits until its request is saved. */
  async #saved(unsaved: readonly SavedCount[], signal: AbortSignalLike): Promise<AdmissionPermit> {
    const { clock } = this.#options
    const began = clock.monotonic()
    for (const count of unsaved)
      while (count.window && this.#left(count, count.window) < 0) await untilAborted(this.#save(count, count.window), signal)
    return { waited: clock.monotonic() - began, sent: () => undefined, done: () => undefined }
  }

  pause(): void {
    // Other processes do not use this store.
  }

  observe(): void {
    // The limiter knows it already, and its counts are saved.
  }

  async flush(): Promise<void> {
    for (const count of this.#counts.values()) {
      const { window } = count
      if (!window) continue
      await count.saving
      if (this.#left(count, window) !== 0) await this.#save(count, window, 0)
    }
  }

  #countOf(budget: Budget, device: string | undefined): SavedCount {
    const owner = budget.scope === 'device' ? device : undefined
    const id = `${budget.name}\n${owner ?? ''}`
    const known = this.#counts.get(id)
    if (known) return known
    const key = this.#options.account.then((account) => `counts:${account}:${budget.name}:${owner ?? ''}`)
    const count: SavedCount = { key, budget, device: owner, loading: undefined, window: undefined, resetsAt: 0, saved: 0, saving: undefined }
    count.loading = this.#load(count).finally(() => (count.loading = undefined))
    this.#counts.set(id, count)
    return count
  }

  async #load({ key, budget, device }: SavedCount): Promise<void> {
    const { limiter, store } = this.#options
    try {
      const text = await store.get(await key)
      if (text === undefined) return
      const periods: unknown = JSON.parse(text)
      if (v.is(countsSchema, periods)) limiter.restore(budget, device, periods)
    } catch (error) {
      this.#warn(error)
    }
  }

  /** Requests that may be sent before the next save; negative when one of them is not saved yet. */
  #left(count: SavedCount, window: Window): number {
    const { used, resetsAt } = window.usage(instantOf(this.#options.clock))
    if (resetsAt !== count.resetsAt) {
      count.resetsAt = resetsAt
      count.saved = 0
    }
    return count.saved - used
  }

  /** One save at a time. A caller that needs more than the present one asks again. */
  #save(count: SavedCount, window: Window, lead = leadOf(window)): Promise<void> {
    return (count.saving ??= this.#write(count, window, lead).finally(() => (count.saving = undefined)))
  }

  async #write(count: SavedCount, window: Window, lead: number): Promise<void> {
    const { clock, store } = this.#options
    const now = instantOf(clock)
    const { used, resetsAt } = window.usage(now)
    const saved = Math.max(used, Math.min(Math.floor(window.budget.limit), used + lead))
    const periods = window.counts(now, saved - used)
    try {
      // A clock that starts in 1970 must not make the store forget the count of this year.
      const end = Math.max(resetsAt, ...periods.map(({ start }) => start))
      await store.set(await count.key, JSON.stringify(periods), end - clock.now() + KEEP_AFTER)
      this.#warned = false
    } catch (error) {
      this.#warn(error)
    }
    // Also after a failure: only this process sends requests, so its memory is enough. The next lead tries again.
    if (count.resetsAt === resetsAt) count.saved = saved
  }

  /** Warns once, until saving works again. */
  #warn(error: unknown): void {
    const { emit, store } = this.#options
    if (!this.#warned) emit(countsNotSaved(store.place, error instanceof Error ? sentenceOf(error) : sentence`the store cannot be read`))
    this.#warned = true
  }
}

const leadOf = ({ budget }: Window): number => Math.max(1, Math.floor(budget.limit * LEAD))

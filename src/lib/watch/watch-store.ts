/**
 * Keeps the state of a watch over a restart, with few writes: the state of a thousand sensors is about 100 kB.
 * A kill costs at most what was not written yet. A finding of the last second may then be sent again. A sensor may have
 * to be read for its whole time again. Neither makes a false alarm, nor is a silent sensor missed.
 */
import * as v from 'valibot'
import { elapsedBetween, type Moment } from '../base/boot-time'
import { momentOf, WakeUpTimer, type Clock } from '../base/clock'
import { storedRecord, type Store } from '../store/store'

const storedWatch = v.object({
  /** What is watched; a record about something else is of no use. */
  about: v.string(),
  /** When it was written, by all clocks. */
  boot: v.string(),
  running: v.number(),
  uptime: v.number(),
  epoch: v.number(),
  /** The same, by the steady clock that the times of the state are of. */
  steady: v.number(),
  state: v.unknown(),
})
const readStored = storedRecord(storedWatch)

/** What has changed since the last write, and ms after the last write within which it is written. */
const WRITE_WITHIN = { finding: 1_000, news: 60_000, looks: 900_000 } as const
export type Change = keyof typeof WRITE_WITHIN

/** Ms for a time between two processes that cannot be told. It counts as a gap, whatever the limits. */
const UNKNOWN_GAP = 10 * 366 * 86_400_000

export class WatchStore {
  readonly #store: Store | undefined
  readonly #key: string
  readonly #about: string
  readonly #clock: Clock
  readonly #timer: WakeUpTimer
  readonly #state: () => unknown
  /** Steady ms at `#base`. */
  #offset = 0
  /** Monotonic ms. */
  #base: number
  #savedAt = -Infinity
  /** Monotonic ms at which the state is to be written; Infinity when it is. */
  #dueAt = Infinity
  #saving: Promise<void> = Promise.resolve()

  /** @param state gives what is to be written */
  constructor(store: Store | undefined, key: string, about: string, clock: Clock, state: () => unknown) {
    this.#store = store
    this.#key = key
    this.#about = about
    this.#clock = clock
    this.#state = state
    this.#base = clock.monotonic()
    this.#timer = new WakeUpTimer(clock, () => void this.#saveIfDue().catch(() => undefined))
  }

  /** Ms by a clock that nobody sets. After `load` it goes on from the last process. */
  steady(): number {
    return this.#offset + this.#clock.monotonic() - this.#base
  }

  /**
   * The stored state; undefined where there is none.
   * @throws StoreError
   */
  async load(): Promise<unknown> {
    const text = await this.#store?.get(this.#key)
    const record = text === undefined ? undefined : readStored(text)
    if (record?.about !== this.#about) return undefined
    const now = momentOf(this.#clock)
    this.#base = this.#clock.monotonic()
    this.#offset = record.steady + elapsedSince(record, now)
    return record.state
  }

  /** Writes the state soon. */
  note(change: Change): void {
    this.#dueAt = Math.min(this.#dueAt, this.#savedAt + WRITE_WITHIN[change])
    if (this.#store) this.#timer.set(Math.max(this.#dueAt, this.#clock.monotonic()))
  }

  /**
   * Writes what is not written yet, and ends.
   * @throws StoreError
   */
  async close(): Promise<void> {
    this.#timer.clear()
    await this.#saving.catch(() => undefined)
    if (this.#dueAt !== Infinity) await this.#save()
  }

  /** @throws StoreError */
  async delete(): Promise<void> {
    this.#timer.clear()
    await this.#saving.catch(() => undefined)
    await this.#store?.delete(this.#key)
  }

  async #saveIfDue(): Promise<void> {
    await this.#saving.catch(() => undefined)
    if (this.#dueAt === Infinity) return
    if (this.#clock.monotonic() < this.#dueAt) {
      this.#timer.set(this.#dueAt)
      return
    }
    this.#saving = this.#save()
    await this.#saving
  }

  /** A store that fails is tried again with the next change. */
  async #save(): Promise<void> {
    const due = this.#dueAt
    this.#dueAt = Infinity
    this.#savedAt = this.#clock.monotonic()
    const moment = momentOf(this.#clock)
    const { boot, epoch, running, uptime } = moment
    try {
      await this.#store?.set(this.#key, JSON.stringify({ about: this.#about, boot, running, uptime, epoch, steady: this.steady(), state: this.#state() }))
    } catch (error) {
      this.#dueAt = Math.min(this.#dueAt, due)
      throw error
    }
  }
}

/** Ms between two processes. The wall clock tells it where the computer was restarted meanwhile. */
function elapsedSince(before: Moment, now: Moment): number {
  const elapsed = before.boot === now.boot ? elapsedBetween(before, now) : now.epoch - before.epoch
  return elapsed >= 0 ? elapsed : UNKNOWN_GAP
}

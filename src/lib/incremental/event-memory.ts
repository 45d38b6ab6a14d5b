/** Remembers the events that a node has emitted, so that each is emitted once, also after a restart. */
import * as v from 'valibot'
import { elapsedBetween, isStep, stepBetween, type Moment } from '../base/boot-time'
import type { Occurrence } from '../vocabulary/events'
import { storedRecord, type Store } from '../store/store'

/** The memory as it is stored. */
const Remembered = v.object({
  /** What is asked about; a record about something else is of no use. */
  about: v.string(),
  /** Epoch ms of the first start. */
  began: v.number(),
  /** Epoch ms of the latest complete poll. */
  polled: v.number(),
  /** Epoch ms of the latest poll that showed the event, by its id. */
  seen: v.record(v.string(), v.number()),
})

type Remembered = v.InferOutput<typeof Remembered>

const readRecord = storedRecord(Remembered)

/** Ms. Events that the vendor has not shown for so long do not come back. */
const KEEP = 86_400_000
/** Ms for which this process may be behind the latest poll of an earlier one: by then, NTP has set its clock. */
const MAY_BE_BEHIND = 600_000
/** Events that are remembered: about 1 MB as text. */
const MOST = 10_000

export class EventMemory {
  readonly #store: Store | undefined
  readonly #key: string
  /** What is asked about. */
  readonly about: string
  readonly #startedAt: Moment
  /** The latest moment that this process has noted. */
  #latest: Moment
  /** Epoch ms of the first start. */
  #began: number
  #loaded = false
  #polled: number | undefined
  /** Whether these times are by the clock of this process, so that they move with it when it is set. */
  #hasBegun = true
  #hasPolled = false
  #seen = new Map<string, number>()

  /**
   * @param store where it survives a restart; without one it lasts as long as this object
   * @param about vendor, account and params: another text makes a new beginning
   */
  constructor(store: Store | undefined, key: string, about: string, startedAt: Moment) {
    this.#store = store
    this.#key = key
    this.about = about
    this.#startedAt = startedAt
    this.#latest = startedAt
    this.#began = startedAt.epoch
  }

  /**
   * Epoch ms of the latest complete poll, or of the beginning, by the present clock.
   * @throws StoreError
   */
  async since(now: Moment): Promise<number> {
    if (!this.#loaded) await this.#load()
    this.#follow(now)
    return this.#polled ?? this.#began
  }

  /**
   * The events that were not emitted, oldest first. An event from before the first start is new only if it is still ongoing
   * and the very first poll did not show it.
   */
  fresh(shown: readonly Occurrence[]): Occurrence[] {
    const unseen = new Map(shown.filter(({ id }) => !this.#seen.has(id)).map((occurrence) => [occurrence.id, occurrence]))
    const isFirst = this.#polled === undefined
    return [...unseen.values()]
      .filter(({ timestamp, ongoing, undated }) => (timestamp >= this.#began && !undated) || (ongoing === true && !isFirst))
      .sort((one, other) => one.timestamp - other.timestamp)
  }

  /**
   * Notes a complete poll.
   * @param at its start
   * @throws StoreError
   */
  async note(shown: readonly Occurrence[], at: Moment): Promise<void> {
    const wasSet = this.#follow(at)
    const { epoch } = at
    // If a power cut loses the note of a poll without news, the next poll only asks for more than it needs.
    const isNews = wasSet || this.#polled === undefined || shown.some(({ id }) => !this.#seen.has(id))
    for (const { id } of shown) {
      this.#seen.delete(id)
      this.#seen.set(id, epoch)
    }
    const kept = [...this.#seen].filter(([, when]) => when > epoch - KEEP)
    this.#seen = new Map(kept.slice(Math.max(0, kept.length - MOST)))
    if (!this.#mayBeBehind(at)) {
      this.#polled = epoch
      this.#hasPolled = true
      // The calendar was ahead at the first start: what happens until then is new all the same.
      this.#began = Math.min(this.#began, epoch)
    }
    const record: Remembered = { about: this.about, began: this.#began, polled: this.#polled ?? epoch, seen: Object.fromEntries(this.#seen) }
    await this.#store?.set(this.#key, JSON.stringify(record), undefined, isNews ? 0 : Infinity)
  }

  /**
   * Moves the times of this process with its calendar when that was set. Suspend is no such step.
   * @returns whether it was set since the last call
   */
  #follow(now: Moment): boolean {
    const step = stepBetween(this.#latest, now)
    this.#latest = now
    if (!isStep(step)) return false
    if (this.#hasBegun) this.#began += step
    if (this.#hasPolled && this.#polled !== undefined) this.#polled += step
    // Forwards only: what is remembered for too long does no harm.
    if (step > 0) this.#seen = new Map([...this.#seen].map(([id, when]) => [id, when + step]))
    return true
  }

  /**
   * A computer without a battery-backed clock starts behind the latest poll. Then that poll counts until the clock is set,
   * lest the events since the present date are sent again.
   */
  #mayBeBehind(at: Moment): boolean {
    if (this.#hasPolled || this.#polled === undefined || at.epoch >= this.#polled) return false
    return elapsedBetween(this.#startedAt, at) < MAY_BE_BEHIND
  }

  async #load(): Promise<void> {
    // Where there is none, or none that can be read, it is a new beginning.
    const record = readRecord((await this.#store?.get(this.#key)) ?? '')
    if (record?.about === this.about) {
      this.#began = record.began
      this.#hasBegun = false
      this.#polled = record.polled
      this.#seen = new Map(Object.entries(record.seen))
    }
    this.#loaded = true
  }
}

/** Remembers the events that a node has emitted, so that each is emitted once, also after a restart. */
import * as v from 'valibot'
import type { Occurrence } from '../vocabulary/events'
import type { Store } from '../store/store'

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

/** Ms. Events that the vendor has not shown for so long do not come back. */
const KEEP = 86_400_000
/** Events that are remembered: about 1 MB as text. */
const MOST = 10_000

export class EventMemory {
  readonly #store: Store | undefined
  readonly #key: string
  /** What is asked about. */
  readonly about: string
  /** Epoch ms of the first start. */
  #began: number
  #loaded = false
  #polled: number | undefined
  #seen = new Map<string, number>()

  /**
   * @param store where it survives a restart; without one it lasts as long as this object
   * @param about vendor, account and params: another text makes a new beginning
   * @param startedAt epoch ms
   */
  constructor(store: Store | undefined, key: string, about: string, startedAt: number) {
    this.#store = store
    this.#key = key
    this.about = about
    this.#began = startedAt
  }

  /**
   * Epoch ms of the latest complete poll, or of the beginning.
   * @throws StoreError
   */
  async since(): Promise<number> {
    if (!this.#loaded) await this.#load()
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
   * @param at epoch ms of its start
   * @throws StoreError
   */
  async note(shown: readonly Occurrence[], at: number): Promise<void> {
    // If a power cut loses the note of a poll without news, the next poll only asks for more than it needs.
    const isNews = this.#polled === undefined || at < this.#polled || shown.some(({ id }) => !this.#seen.has(id))
    for (const { id } of shown) {
      this.#seen.delete(id)
      this.#seen.set(id, at)
    }
    const kept = [...this.#seen].filter(([, when]) => when > at - KEEP)
    this.#seen = new Map(kept.slice(Math.max(0, kept.length - MOST)))
    this.#polled = at
    // The calendar was ahead at the first start: what happens until then is new all the same.
    this.#began = Math.min(this.#began, at)
    const record: Remembered = { about: this.about, began: this.#began, polled: at, seen: Object.fromEntries(this.#seen) }
    await this.#store?.set(this.#key, JSON.stringify(record), undefined, isNews ? 0 : Infinity)
  }

  async #load(): Promise<void> {
    const record = readRecord(await this.#store?.get(this.#key))
    if (record?.about === this.about) {
      this.#began = record.began
      this.#polled = record.polled
      this.#seen = new Map(Object.entries(record.seen))
    }
    this.#loaded = true
  }
}

/** Undefined when there is none, or none that can be read: then it is a new beginning. */
function readRecord(text: string | undefined): Remembered | undefined {
  if (text === undefined) return undefined
  try {
    const result = v.safeParse(Remembered, JSON.parse(text))
    return result.success ? result.output : undefined
  } catch {
    return undefined
  }
}

/**
 * Cached responses that survive a restart, because a vendor's max-age does not end with it. A write gives its cache
 * tags a new generation, which invalidates their responses in every process.
 */
import { randomUUID } from 'node:crypto'
import * as v from 'valibot'
import type { Cached } from './response-cache'
import type { Clock } from '../base/clock'
import type { EncryptedStore } from './encrypted-store'

/** Seconds of a max-age that is worth a write. */
const SHORTEST_MAX_AGE = 60
/** Characters of an answer. */
const LONGEST_TEXT = 256 * 1024
/** Answers of an account that this process stores at a time. */
const MOST_ANSWERS = 500
/** Ms for which an answer is stored at most. */
const LONGEST_LIFETIME = 30 * 86_400_000
/** An answer that a power cut loses costs one request, so it is not worth a sync. */
const NEVER_SYNCED_ALONE = Infinity

// What stands in the store, each under its kind.
const KINDS = { answer: 'answer', generation: 'generation', anyAnswer: 'answers' } as const
const answerRecord = v.object({ status: v.number(), text: v.string(), freshUntil: v.number(), maxAge: v.number(), generation: v.string() })
const generationRecord = v.string()
const anyAnswerRecord = v.literal(true)

export interface Lookup {
  /** Undefined when there is none that is fresh. */
  answer: Cached | undefined
  /** Seconds for which it is still fresh. */
  maxAge: number
  /** Current generation of the tag, for `set`. */
  generation: string
}

/** When an answer of this process ends, by both clocks. */
interface Ending {
  /** Epoch ms, as stored. */
  freshUntil: number
  /** Monotonic ms. */
  endsAt: number
}

export class PersistentCache {
  readonly #store: EncryptedStore
  readonly #clock: Clock
  /** Whether an answer was ever stored. Where no other process can, the store is not asked before that. */
  #anyAnswer: Promise<boolean> | undefined
  /** Of the answers of this process, by URL. */
  readonly #endings = new Map<string, Ending>()

  constructor(store: EncryptedStore, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  /** @returns undefined when the store fails: the request itself will tell */
  async get(url: string, tag: string): Promise<Lookup | undefined> {
    try {
      if (!(await this.#mayHaveAnswers())) return { answer: undefined, maxAge: 0, generation: '' }
      const [stored, tagged] = await Promise.all([this.#store.get(KINDS.answer, url), this.#store.get(KINDS.generation, tag)])
      const generation = v.is(generationRecord, tagged) ? tagged : ''
      const nothing = { answer: undefined, maxAge: 0, generation }
      if (!v.is(answerRecord, stored) || stored.generation !== generation) return nothing
      const left = this.#left(url, stored)
      // An answer from the future was stored by another clock than the present one, so its age is not known.
      if (left <= 0 || left > lifetimeOf(stored.maxAge)) return nothing
      const receivedAt = this.#clock.monotonic() - (lifetimeOf(stored.maxAge) - left)
      return { answer: { status: stored.status, text: stored.text, receivedAt }, maxAge: left / 1000, generation }
    } catch {
      this.#anyAnswer = undefined
      return undefined
    }
  }

  /** @param maxAge s */
  async set(url: string, { status, text }: Cached, maxAge: number, generation: string): Promise<void> {
    if (maxAge < SHORTEST_MAX_AGE || text.length > LONGEST_TEXT || !this.#hasRoom(url)) return
    const lifetime = lifetimeOf(maxAge)
    const freshUntil = this.#clock.now() + lifetime
    this.#endings.set(url, { freshUntil, endsAt: this.#clock.monotonic() + lifetime })
    const record: v.InferOutput<typeof answerRecord> = { status, text, freshUntil, maxAge, generation }
    const before = this.#anyAnswer
    // From now on, so that a write that ends before this one drops it.
    this.#anyAnswer = Promise.resolve(true)
    try {
      if (!(await before)) await this.#store.set(KINDS.anyAnswer, '', true, undefined, NEVER_SYNCED_ALONE)
      await this.#store.set(KINDS.answer, url, record, lifetime, NEVER_SYNCED_ALONE)
    } catch {
      this.#anyAnswer = undefined
      this.#endings.delete(url)
    }
  }

  /**
   * Forgets the answers of these tags. An account that only writes has none, and its disk is spared. Generations have no
   * lifetime: the clock of the write may be in 1970, and an answer from before it would come back.
   */
  async drop(tags: readonly string[]): Promise<void> {
    if (!(await this.#mayHaveAnswers().catch(() => true))) return
    await Promise.allSettled(tags.map((tag) => this.#store.set(KINDS.generation, tag, randomUUID())))
  }

  /** Whether there may be an answer, this process's or another's. */
  async #mayHaveAnswers(): Promise<boolean> {
    if (this.#store.store.windows !== undefined) return true
    return (this.#anyAnswer ??= this.#store.get(KINDS.anyAnswer, '').then((flag) => v.is(anyAnswerRecord, flag)))
  }

  /** Ms for which an answer is fresh. That of this process ends by the clock that nobody sets. */
  #left(url: string, { freshUntil }: Pick<Ending, 'freshUntil'>): number {
    const own = this.#endings.get(url)
    return own?.freshUntil === freshUntil ? own.endsAt - this.#clock.monotonic() : freshUntil - this.#clock.now()
  }

  #hasRoom(url: string): boolean {
    const endings = this.#endings
    if (endings.size < MOST_ANSWERS || endings.has(url)) return true
    const now = this.#clock.monotonic()
    for (const [known, { endsAt }] of endings) if (endsAt <= now) endings.delete(known)
    return endings.size < MOST_ANSWERS
  }
}

/** Ms for which an answer of this max-age, in s, is stored. */
const lifetimeOf = (maxAge: number): number => Math.min(maxAge * 1000, LONGEST_LIFETIME)

/**
 * Answers that a restart does not forget, since a vendor's max-age goes on meanwhile. A write gives a new generation to
 * all answers below the first path part that it changes, in every process.
 */
import { randomUUID } from 'node:crypto'
import * as v from 'valibot'
import type { Cached } from './response-cache'
import type { Clock } from '../base/clock'
import type { EncryptedStore } from './encrypted-store'

/** Seconds of a max-age that is worth a write. */
const LEAST_MAX_AGE = 60
/** Characters of an answer. */
const LONGEST = 256 * 1024
/** Answers of an account that this process keeps at a time. */
const MOST = 500
/** Ms for which a generation is remembered: longer than any answer is kept. */
const GENERATION_LIFETIME = 30 * 86_400_000
/** Ms for which is remembered that an account has ever kept an answer. */
const YEARS = 10 * 365 * 86_400_000

const record = v.object({ status: v.number(), text: v.string(), freshUntil: v.number(), maxAge: v.number(), generation: v.string() })

export interface Found {
  /** Undefined when there is none that is fresh. */
  answer: Cached | undefined
  /** Seconds for which it is still fresh. */
  maxAge: number
  /** Generation of what is asked now, for `set`. */
  generation: string
}

export class KeptAnswers {
  readonly #vault: EncryptedStore
  readonly #clock: Clock
  /** Whether an answer was ever kept. Where no other process can, the store is not asked before that. */
  #any: Promise<boolean> | undefined
  /** Epoch ms until which what this process wrote is kept. */
  readonly #until = new Map<string, number>()

  constructor(vault: EncryptedStore, clock: Clock) {
    this.#vault = vault
    this.#clock = clock
  }

  /** A store that fails is a store without answers: the request itself will tell. */
  async get(url: string, part: string): Promise<Found | undefined> {
    try {
      if (!(await this.#mayHold())) return { answer: undefined, maxAge: 0, generation: '' }
      const [found, said] = await Promise.all([this.#vault.get('answer', url), this.#vault.get('generation', part)])
      const generation = typeof said === 'string' ? said : ''
      const nothing = { answer: undefined, maxAge: 0, generation }
      if (!v.is(record, found) || found.generation !== generation) return nothing
      // Never longer than it was given, should the clock have been set back.
      const maxAge = Math.min(found.maxAge, (found.freshUntil - this.#clock.now()) / 1000)
      return maxAge > 0 ? { answer: { status: found.status, text: found.text }, maxAge, generation } : nothing
    } catch {
      this.#any = undefined
      return undefined
    }
  }

  /** @param maxAge s */
  async set(url: string, { status, text }: Cached, maxAge: number, generation: string): Promise<void> {
    if (maxAge < LEAST_MAX_AGE || text.length > LONGEST || !this.#room(url)) return
    const now = this.#clock.now()
    const lifetime = Math.min(maxAge * 1000, GENERATION_LIFETIME)
    this.#until.set(url, now + lifetime)
    const kept: v.InferOutput<typeof record> = { status, text, freshUntil: now + lifetime, maxAge, generation }
    const before = this.#any
    // From now on, so that a write that ends before this one drops it.
    this.#any = Promise.resolve(true)
    try {
      if (!(await before)) await this.#vault.set('answers', '', true, YEARS)
      await this.#vault.set('answer', url, kept, lifetime)
    } catch {
      this.#any = undefined
      this.#until.delete(url)
    }
  }

  /** Forgets what lies below these first path parts. An account that only writes has nothing there, and its disk is spared. */
  async drop(parts: readonly string[]): Promise<void> {
    if (!(await this.#mayHold().catch(() => true))) return
    await Promise.allSettled(parts.map((part) => this.#vault.set('generation', part, randomUUID(), GENERATION_LIFETIME)))
  }

  /** Whether there may be an answer, this process's or another's. */
  async #mayHold(): Promise<boolean> {
    if (this.#vault.store.windows !== undefined) return true
    return (this.#any ??= this.#vault.get('answers', '').then((any) => any === true))
  }

  #room(url: string): boolean {
    if (this.#until.size < MOST || this.#until.has(url)) return true
    const now = this.#clock.now()
    for (const [known, until] of this.#until) if (until <= now) this.#until.delete(known)
    return this.#until.size < MOST
  }
}

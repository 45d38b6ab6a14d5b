/** Who may touch the files of a queue when: writes and reads share them, what moves entries has them alone. */
export class Turns {
  /** Writes share syncs, so they are on their way together. */
  readonly #sharing = new Set<Promise<unknown>>()
  #alone: Promise<void> | undefined
  /** Resolves when the latest write has been given to its file. */
  #last: Promise<unknown> = Promise.resolve()

  /** Resolves when who has the files alone is done; undefined when nobody has. Ask again then: another may have come first. */
  get taken(): Promise<void> | undefined {
    return this.#alone
  }

  /** What moves entries waits for this work, which has begun. */
  share<T>(work: Promise<T>): Promise<T> {
    return track(this.#sharing, work)
  }

  /**
   * Begins writes in the order of the calls.
   * @param target what to write to, found when all before it have begun
   * @throws what target and work throw
   */
  async write<T>(target: () => Promise<T>, work: (target: T) => Promise<void>): Promise<void> {
    const begun = this.#last.then(async () => {
      const found = await target()
      return { written: this.share(work(found)) }
    })
    this.#last = begun.catch(() => undefined)
    await begun.then(({ written }) => written)
  }

  /** Does work while nobody writes or reads. */
  alone(work: () => Promise<void>): Promise<void> {
    const before = this.#alone ?? Promise.resolve()
    const moving = before
      .then(() => Promise.allSettled(this.#sharing))
      .then(work)
      .finally(() => {
        if (this.#alone === settled) this.#alone = undefined
      })
    const settled = moving.catch(() => undefined)
    this.#alone = settled
    return moving
  }
}

/** Keeps a promise in a set until it has settled. */
export async function track<T>(set: Set<Promise<unknown>>, work: Promise<T>): Promise<T> {
  set.add(work)
  try {
    return await work
  } finally {
    set.delete(work)
  }
}

/** A lock of files: writes and reads share it, and work that replaces files has it exclusively. */
export class ReadWriteLock {
  /** Writes share syncs, so many are in progress at once. */
  readonly #sharing = new Set<Promise<unknown>>()
  #exclusive: Promise<unknown> | undefined
  /** Settles when the latest write has begun. */
  #lastBegun: Promise<unknown> = Promise.resolve()

  /** Reads while nobody has the lock exclusively. */
  async read<T>(work: () => Promise<T>): Promise<T> {
    while (this.#exclusive) await this.#exclusive
    return track(this.#sharing, work())
  }

  /**
   * Begins writes in the order of the calls; they may end together.
   * @param target where to write; undefined when that must be prepared first
   * @throws what `prepare` and `work` throw
   */
  async write<T>(target: () => T | undefined, prepare: () => Promise<unknown>, work: (target: T) => Promise<void>): Promise<void> {
    const begun = this.#lastBegun.then(async () => {
      for (;;) {
        while (this.#exclusive) await this.#exclusive
        // Nothing may come between this question and the beginning of the work.
        const found = target()
        if (found !== undefined) return { written: track(this.#sharing, work(found)) }
        await prepare()
      }
    })
    this.#lastBegun = begun.catch(() => undefined)
    await begun.then(({ written }) => written)
  }

  /** Works while nobody else reads or writes. */
  exclusive<T>(work: () => Promise<T>): Promise<T> {
    const before = this.#exclusive ?? Promise.resolve()
    const working = before
      .then(() => Promise.allSettled(this.#sharing))
      .then(work)
      .finally(() => {
        if (this.#exclusive === settled) this.#exclusive = undefined
      })
    const settled = working.catch(() => undefined)
    this.#exclusive = settled
    return working
  }

  /** Works exclusively once all writes that were asked for have ended. */
  async last(work: () => Promise<void>): Promise<void> {
    await this.#lastBegun
    await this.exclusive(work)
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

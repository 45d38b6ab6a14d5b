/** A store in memory: what it holds survives those who use it, as files survive a process. */
import { sentence } from '../../../src/lib/base/sentence'
import { StoreError, type Entry, type Queue, type QueueState, type Store, type StoreErrorCode, type StoreLease } from '../../../src/lib/store/store'

export class SimpleStore implements Store {
  readonly place: string = 'memory'
  /** Thrown by every operation while it is set. */
  failing: StoreErrorCode | undefined
  /** Whether `close` was called. */
  closed = false
  /** Leases that were not released. */
  leases = 0
  readonly texts: Map<string, string>
  /** Of each value that was set, the ms within which it had to be synced. */
  readonly syncedWithin: number[] = []
  /** Called before each text is kept; what it throws fails the write. */
  onSet: (key: string, value: string) => void = () => undefined
  readonly #queues = new Map<string, SimpleQueue>()

  /** @param texts what an earlier store has kept */
  constructor(texts: Iterable<readonly [string, string]> = []) {
    this.texts = new Map(texts)
  }

  lease(): StoreLease {
    let held = 0
    return {
      open: () => {
        held += 1
        this.leases += 1
        return this.#unlessFailing(() => this)
      },
      release: () => {
        this.leases -= held
        held = 0
        return Promise.resolve()
      },
    }
  }

  get(key: string): Promise<string | undefined> {
    return this.#unlessFailing(() => this.texts.get(key))
  }

  set(key: string, value: string, _lifetime?: number, syncWithin = 0): Promise<void> {
    return this.#unlessFailing(() => {
      this.onSet(key, value)
      this.syncedWithin.push(syncWithin)
      this.texts.set(key, value)
    })
  }

  delete(key: string): Promise<void> {
    return this.#unlessFailing(() => void this.texts.delete(key))
  }

  queue(name: string): Promise<SimpleQueue> {
    return this.#unlessFailing(() => this.queueOf(name))
  }

  queueOf(name: string): SimpleQueue {
    const queue = this.#queues.get(name) ?? new SimpleQueue((act) => this.#unlessFailing(act))
    this.#queues.set(name, queue)
    return queue
  }

  close(): Promise<void> {
    this.closed = true
    return Promise.resolve()
  }

  /** A moment later, as a disk. */
  async #unlessFailing<T>(act: () => T): Promise<T> {
    await Promise.resolve()
    if (this.failing) throw new StoreError(this.failing, sentence`the disk is full; free some space`)
    return act()
  }
}

export class SimpleQueue implements Queue {
  /** Most entries that one `take` has given. */
  mostTaken = 0
  /** Whether another process serves it. */
  servedElsewhere = false
  /** Ms by which its clock is ahead of that of the process. */
  ahead = 0
  /** Of the newest entry that another process has done; undefined where there is no other. */
  doneElsewhere: number | undefined
  readonly #act: <T>(act: () => T) => Promise<T>
  #entries: Entry[] = []
  #held = new Set<string>()
  #made = 0

  constructor(act: <T>(act: () => T) => Promise<T>) {
    this.#act = act
  }

  /** The readings that wait, in their order. */
  get texts(): string[] {
    return this.#entries.map(({ text }) => text)
  }

  /** Ids that were taken, and neither done nor released. */
  get held(): number {
    return this.#held.size
  }

  append(texts: readonly string[], limit: number): Promise<number> {
    return this.#act(() => {
      const at = Date.now() + this.ahead
      if (this.#entries.length + texts.length > limit) throw new StoreError('FULL', sentence`it is full`)
      for (const text of texts) {
        this.#made += 1
        this.#entries.push({ id: String(this.#made).padStart(12, '0'), text, at })
      }
      return at
    })
  }

  take(count: number): Promise<Entry[]> {
    return this.#act(() => {
      if (this.servedElsewhere) return []
      const taken = this.#entries.filter(({ id }) => !this.#held.has(id)).slice(0, count)
      for (const { id } of taken) this.#held.add(id)
      this.mostTaken = Math.max(this.mostTaken, taken.length)
      return taken
    })
  }

  done(ids: readonly string[]): Promise<void> {
    return this.#act(() => {
      const gone = new Set(ids)
      this.#entries = this.#entries.filter(({ id }) => !gone.has(id))
      for (const id of ids) this.#held.delete(id)
    })
  }

  release(ids: readonly string[]): Promise<void> {
    return this.#act(() => {
      for (const id of ids) this.#held.delete(id)
    })
  }

  state(): Promise<QueueState> {
    return this.#act(() => {
      const [first] = this.#entries
      return { depth: this.#entries.length, ...(first ? { oldest: first.at } : {}), ...(this.doneElsewhere === undefined ? {} : { done: this.doneElsewhere }) }
    })
  }

  clear(): Promise<number> {
    return this.#act(() => {
      const count = this.#entries.length
      this.#entries = []
      this.#held.clear()
      return count
    })
  }
}

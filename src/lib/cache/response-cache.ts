/**
 * Caches responses for the vendor's max-age, and sends one request for equal reads in flight. A private cache of one
 * account: never shared, keyed by the whole URL. A cache tag names the responses that a write changes together: the
 * first part of their path.
 */
import { LightAbortSignal, untilAborted, type AbortSignalLike } from '../base/abort-signal'
import type { Clock } from '../base/clock'

export interface Cached {
  status: number
  /** The body as text: each delivery parses its own copy, since flows change the messages they get. */
  text: string
  /** ms in the limiter of the request that has just brought it. */
  waited?: number
  /** Set when it comes from the persistent cache, not from the vendor. */
  fromStore?: boolean
  /** Monotonic ms until which the vendor wants no equal request; absent where nobody asked. */
  freshUntil?: number
  /** Monotonic ms at which it came from the vendor; before 0 where that was before this process began. */
  receivedAt?: number
}

interface Entry extends Cached {
  tag: string
  freshUntil: number
  size: number
}

/** A read in flight, as the one who sends it sees it. */
export interface InFlightRead {
  signal: AbortSignalLike
  /** Whether a write has changed what it reads meanwhile, so that its answer may be from before. */
  outdated: boolean
}

interface SharedRead extends InFlightRead {
  promise: Promise<Cached>
  tag: string
  signal: LightAbortSignal
  /** Callers that wait for it. */
  waiting: number
  ended: boolean
}

export interface CacheOptions {
  clock: Clock
  /** Bytes of text; default 8 MiB. */
  maxBytes?: number
  maxEntries?: number
}

export class ResponseCache {
  readonly #clock: Clock
  readonly #maxBytes: number
  readonly #maxEntries: number
  /** In the order of last use. */
  readonly #entries = new Map<string, Entry>()
  readonly #inFlight = new Map<string, SharedRead>()
  #bytes = 0

  constructor(options: CacheOptions) {
    this.#clock = options.clock
    this.#maxBytes = options.maxBytes ?? 8 * 1024 * 1024
    this.#maxEntries = options.maxEntries ?? 500
  }

  get bytes(): number {
    return this.#bytes
  }

  get(key: string): Cached | undefined {
    const entry = this.#entries.get(key)
    if (!entry) return undefined
    this.#entries.delete(key)
    if (entry.freshUntil <= this.#clock.monotonic()) {
      this.#bytes -= entry.size
      return undefined
    }
    this.#entries.set(key, entry)
    return entry
  }

  /**
   * Keeps an answer for `maxAge` seconds; drops what was used longest ago when there is no room.
   * @returns the answer with the end of these seconds, whether there was room or not
   */
  set(key: string, answer: Cached, maxAge: number, tag = ''): Cached {
    this.#delete(key)
    const freshUntil = this.#clock.monotonic() + maxAge * 1000
    const size = 2 * (key.length + answer.text.length)
    if (maxAge <= 0 || size > this.#maxBytes) return { ...answer, freshUntil }
    const entry = { ...answer, freshUntil, tag, size }
    this.#entries.set(key, entry)
    this.#bytes += size
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.#maxBytes && this.#entries.size <= this.#maxEntries) break
      this.#delete(oldest)
    }
    return entry
  }

  /** Drops the answers of these tags, which a write has changed; nobody joins a read of theirs that is in flight. */
  drop(tags: readonly string[]): void {
    for (const [key, entry] of this.#entries) if (tags.includes(entry.tag)) this.#delete(key)
    for (const [key, read] of this.#inFlight) {
      if (!tags.includes(read.tag)) continue
      read.outdated = true
      this.#inFlight.delete(key)
    }
  }

  #delete(key: string): void {
    this.#bytes -= this.#entries.get(key)?.size ?? 0
    this.#entries.delete(key)
  }

  /** Whether a read of this key would join another one. */
  isInFlight(key: string): boolean {
    return this.#inFlight.has(key)
  }

  /**
   * Joins the read of this key that is in flight, or starts it. It is aborted when the last that waits for it is.
   * @returns the answer, and whether somebody else's request brought it
   */
  async share(
    key: string,
    signal: AbortSignalLike,
    start: (read: InFlightRead) => Promise<Cached>,
    tag = '',
  ): Promise<{ answer: Cached; joined: boolean }> {
    signal.throwIfAborted()
    const running = this.#inFlight.get(key)
    const read = running ?? this.#start(key, start, tag)
    read.waiting += 1
    try {
      return { answer: await untilAborted(read.promise, signal), joined: running !== undefined }
    } finally {
      read.waiting -= 1
      if (read.waiting === 0 && !read.ended) {
        this.#remove(key, read)
        read.signal.abort()
      }
    }
  }

  #start(key: string, start: (read: InFlightRead) => Promise<Cached>, tag: string): SharedRead {
    const begun = { signal: new LightAbortSignal(), outdated: false }
    const read: SharedRead = Object.assign(begun, { promise: start(begun), tag, waiting: 0, ended: false })
    this.#inFlight.set(key, read)
    const end = (): void => {
      read.ended = true
      this.#remove(key, read)
    }
    read.promise.then(end, end)
    return read
  }

  #remove(key: string, read: SharedRead): void {
    if (this.#inFlight.get(key) === read) this.#inFlight.delete(key)
  }
}

/** Seconds; a greater number is as good as this one (RFC 9111, 1.2.2), and no date could hold it. */
const LONGEST = 2 ** 31

/** Seconds for which a private cache may use an answer (RFC 9111: max-age less Age; no-store and no-cache forbid it). */
export function maxAgeOf(headers: Readonly<Record<string, string>>): number {
  const control = headers['cache-control'] ?? ''
  if (/\bno-(store|cache)\b/i.test(control)) return 0
  const maxAge = /(?:^|[\s,])max-age\s*=\s*"?(\d+)/i.exec(control)?.[1]
  if (maxAge === undefined) return 0
  const age = /^\d+$/.test(headers.age ?? '') ? Number(headers.age) : 0
  return Math.max(0, Math.min(Number(maxAge), LONGEST) - age)
}

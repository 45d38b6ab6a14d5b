/**
 * Answers kept for as long as the vendor's max-age says, and one request in flight for equal reads.
 * A private cache of one account: never shared, keyed by the whole URL.
 */
import { LightAbortSignal, untilAborted, type AbortSignalLike } from '../base/abort-signal'
import type { Clock } from '../base/clock'

export interface Cached {
  status: number
  /** The body as text: each delivery parses its own copy, since flows change the messages they get. */
  text: string
  /** ms in the limiter of the request that has just brought it. */
  waited?: number
  /** Set when it comes from the store, not from the vendor. */
  kept?: boolean
  /** Monotonic ms until which the vendor wants no equal request; absent where nobody asked. */
  freshUntil?: number
}

interface Entry extends Cached {
  /** First part of its path. */
  part: string
  freshUntil: number
  size: number
}

/** A read on its way, as who makes it sees it. */
export interface Errand {
  signal: AbortSignalLike
  /** Whether a write has changed meanwhile what it reads, so that its answer may be from before. */
  outdated: boolean
}

interface Flight extends Errand {
  promise: Promise<Cached>
  part: string
  signal: LightAbortSignal
  waiting: number
  landed: boolean
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
  readonly #flights = new Map<string, Flight>()
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
  set(key: string, answer: Cached, maxAge: number, part = ''): Cached {
    this.#delete(key)
    const size = 2 * (key.length + answer.text.length)
    const fresh = { ...answer, freshUntil: this.#clock.monotonic() + maxAge * 1000 }
    if (maxAge <= 0 || size > this.#maxBytes) return fresh
    this.#entries.set(key, { ...fresh, part, size })
    this.#bytes += size
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.#maxBytes && this.#entries.size <= this.#maxEntries) break
      this.#delete(oldest)
    }
    return fresh
  }

  /** Drops what lies below these first path parts, which a write has changed; nobody joins what is on its way there. */
  drop(parts: readonly string[]): void {
    for (const [key, entry] of this.#entries) if (parts.includes(entry.part)) this.#delete(key)
    for (const [key, flight] of this.#flights) {
      if (!parts.includes(flight.part)) continue
      flight.outdated = true
      this.#flights.delete(key)
    }
  }

  #delete(key: string): void {
    this.#bytes -= this.#entries.get(key)?.size ?? 0
    this.#entries.delete(key)
  }

  /**
   * Joins the request for this key that is in flight, or starts it. It is aborted when the last that waits for it is.
   * @returns the answer, and whether somebody else's request brought it
   */
  async share(
    key: string,
    signal: AbortSignalLike,
    start: (errand: Errand) => Promise<Cached>,
    part = '',
  ): Promise<{ answer: Cached; joined: boolean }> {
    signal.throwIfAborted()
    const joined = this.#flights.get(key)
    const flight = joined ?? this.#start(key, start, part)
    flight.waiting += 1
    try {
      return { answer: await untilAborted(flight.promise, signal), joined: joined !== undefined }
    } finally {
      flight.waiting -= 1
      if (flight.waiting === 0 && !flight.landed) {
        this.#leave(key, flight)
        flight.signal.abort()
      }
    }
  }

  #start(key: string, start: (errand: Errand) => Promise<Cached>, part: string): Flight {
    const errand = { signal: new LightAbortSignal(), outdated: false }
    const flight: Flight = Object.assign(errand, { promise: start(errand), part, waiting: 0, landed: false })
    this.#flights.set(key, flight)
    const settle = (): void => {
      flight.landed = true
      this.#leave(key, flight)
    }
    flight.promise.then(settle, settle)
    return flight
  }

  #leave(key: string, flight: Flight): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key)
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

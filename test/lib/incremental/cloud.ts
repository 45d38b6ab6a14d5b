/** A vendor whose answers are cut short, and a node that reads from it what is new. */
import assert from 'node:assert/strict'
import { listed, readSince } from '../../../src/lib/incremental/cursor'
import type { SinceRule } from '../../../src/lib/vocabulary/operation'

export interface Item {
  id: string
  /** Epoch ms. */
  at: number
}

export const NOW = Date.UTC(2026, 2, 10, 12)

const rule: SinceRule<string, Item[]> = {
  source: ['thing'],
  from: 'from',
  to: 'to',
  limit: 'limit',
  ...listed((item: Item) => ({ key: item.id, at: item.at })),
}

/** A vendor whose answers are cut short, at the end that it likes; times are in whole seconds on its wire. */
export class Cloud {
  items: Item[] = []
  requests = 0
  cut: 'oldest' | 'newest' = 'oldest'
  toIsInclusive = true
  most = Infinity

  answer({ from, to, limit }: Readonly<Record<string, unknown>>): Item[] {
    this.requests += 1
    const low = typeof from === 'number' ? Math.floor(from / 1000) * 1000 : -Infinity
    const high = typeof to === 'number' ? Math.floor(to / 1000) * 1000 : Infinity
    const fits = this.items.filter(({ at }) => at >= low && (this.toIsInclusive ? at <= high : at < high))
    const newestFirst = fits.sort((one, other) => other.at - one.at)
    const count = Math.min(this.most, typeof limit === 'number' ? limit : Infinity)
    return this.cut === 'oldest' ? newestFirst.slice(0, count) : newestFirst.slice(-count)
  }
}

interface Reading {
  params?: Readonly<Record<string, unknown>>
  /** Stops after so many pages, as a crash does: the last of them was given out, but its cursor was not kept. */
  crashAfter?: number
  now?: number
}

/** A node: what it has given out, and the cursor that it has kept. */
export class Node {
  readonly given: string[] = []
  cursor: unknown
  /** Keys in the largest cursor that was kept. */
  largest = 0
  /** Items of the pages whose cursor was not kept. */
  unnoted = 0

  async read(cloud: Cloud, { params = { limit: 10 }, crashAfter = Infinity, now = NOW }: Reading = {}): Promise<void> {
    let pages = 0
    const send = (changed: Readonly<Record<string, unknown>>): Promise<Item[]> => Promise.resolve(cloud.answer({ ...params, ...changed }))
    for await (const { body, fresh, cursor } of readSince({ rule, params, cursor: this.cursor, send, now: () => now })) {
      assert.equal(body.length, fresh)
      this.given.push(...body.map(({ id }) => id))
      pages += 1
      if (pages >= crashAfter) {
        this.unnoted += fresh
        return
      }
      // As a store keeps it.
      this.cursor = JSON.parse(JSON.stringify(cursor)) as unknown
      this.largest = Math.max(this.largest, (cursor as { seen: unknown[] }).seen.length)
    }
  }
}

/** The embedded store's queue on this machine's disk: how fast it takes readings in and gives them out, and what a restart costs. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { textOf } from '../../src/lib/outbox/item'
import { openEmbedded } from '../../src/lib/store/embedded/embedded-store'
import { checkedReading } from '../../src/lib/vocabulary/operation'
import type { Queue } from '../../src/lib/store/store'
import { apart } from './apart'
import { median, type Figure } from './figure'

const AT_ONCE = 64
const PENDING = 100_000
const ALONE = 500
/** Appends with many at once; the rate is that of the median round. */
const ROUND = 20_000
const ROUNDS = 5
/** As many as a request of SensoCAN carries. */
const TAKEN = 500
const NAME = 'account'

/** An entry as the outbox writes it. */
const entry = (index: number): string =>
  textOf({
    node: 'a1b2c3d4e5f60718',
    operation: 'auto',
    message: `5f0c7d5e-91a4-4a55-8a30-6d1a3c1f8a2b.${index}`,
    index: 0,
    reading: checkedReading({ sensorSlug: 'temp_01', value: index / 10, timestamp: 1_770_000_000_000 + index }),
  })

/** Entries a second, of `count` that are appended one by one with `atOnce` on their way. */
async function appended(queue: Queue, count: number, atOnce: number): Promise<number> {
  const begin = performance.now()
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < count) await queue.append([entry(next++)], Infinity)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return count / ((performance.now() - begin) / 1000)
}

/** Entries a second, of all that are in the queue. */
async function drained(queue: Queue): Promise<number> {
  const begin = performance.now()
  let count = 0
  for (;;) {
    const entries = await queue.take(TAKEN)
    if (entries.length === 0) return count / ((performance.now() - begin) / 1000)
    await queue.done(entries.map(({ id }) => id))
    count += entries.length
  }
}

interface Filling {
  alone: number
  together: number
}

/** In a process of its own: fills the queue of a folder. */
export async function fill(folder: string): Promise<Filling> {
  const store = await openEmbedded(folder)
  const queue = await store.queue(NAME)
  const alone = await appended(queue, ALONE, 1)
  await queue.clear()
  const rates: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) rates.push(await appended(queue, ROUND, AT_ONCE))
  await store.close()
  return { alone, together: median(rates) }
}

interface Reopening {
  /** ms until the queue can be used. */
  duration: number
  /** Bytes of the process that it took. */
  growth: number
  depth: number
  drained: number
}

/** In a process of its own: what a restart finds, and its delivery. */
export async function reopen(folder: string): Promise<Reopening> {
  const before = process.memoryUsage().rss
  const begin = performance.now()
  const store = await openEmbedded(folder)
  const queue = await store.queue(NAME)
  const duration = performance.now() - begin
  const growth = process.memoryUsage().rss - before
  const { depth } = await queue.state()
  const rate = await drained(queue)
  await store.close()
  return { duration, growth, depth, drained: rate }
}

export async function storeFigures(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'sensor-clouds-bench-'))
  try {
    const { alone, together } = await apart<Filling>(__filename, 'fill', folder)
    const { depth, drained: rate, duration, growth } = await apart<Reopening>(__filename, 'reopen', folder)
    return [
      { what: 'accepted, one at a time', value: alone, unit: 'readings/s' },
      { what: `accepted, ${AT_ONCE} at once`, value: together, unit: 'readings/s', least: 15_000 },
      { what: 'found again after a restart', value: depth, unit: `of ${PENDING}`, least: PENDING, most: PENDING },
      { what: 'ready after a restart', value: duration / 1000, unit: 's', most: 2 },
      { what: 'memory of the process after a restart', value: growth / 2 ** 20, unit: 'MB more', most: 60 },
      { what: `taken and done, ${TAKEN} at a time`, value: rate, unit: 'readings/s' },
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

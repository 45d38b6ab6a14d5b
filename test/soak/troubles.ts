/** Troubles of the store: a disk that is full, and a Redis that dies. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sinon from 'sinon'
import { openEmbedded } from '../../src/lib/store/embedded/embedded-store'
import { openRedis } from '../../src/lib/store/redis/redis-store'
import type { Queue } from '../../src/lib/store/store'
import type { Figure } from '../bench/figure'
import { seededRandom, type FakeClock } from '../lib/fake-clock'
import { RedisServer } from '../lib/store/redis-server'
import { until } from '../until'

let fileHandle: { write: unknown } | undefined

/** Finds what all open files inherit their methods from; Node.js names it nowhere. */
export async function prepareDisk(): Promise<void> {
  const handle = await open(__filename, 'r')
  fileHandle = Object.getPrototypeOf(handle) as { write: unknown }
  await handle.close()
}

/** Lets every write fail with ENOSPC until the returned function is called. */
export function fillDisk(): () => void {
  if (!fileHandle) throw new Error('prepareDisk comes first')
  const stub = sinon.stub(fileHandle as { write: () => Promise<unknown> }, 'write').rejects(Object.assign(new Error('no space left on device'), { code: 'ENOSPC' }))
  return () => stub.restore()
}

const TEXTS = 50

/**
 * Appends to a queue in Redis, and takes from it, while Redis is killed and started again so many times.
 * @returns figures and their marks; none where there is no redis-server
 */
export async function redisRestarts(times: number, clock: FakeClock): Promise<Figure[]> {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' })
  } catch {
    console.log('restarts of Redis are skipped: there is no redis-server; install it, as with apt-get install redis-server')
    return []
  }
  const server = await RedisServer.start('--appendonly', 'yes', '--appendfsync', 'always')
  const folder = mkdtempSync(join(tmpdir(), 'sensor-clouds-soak-redis-'))
  const fallback = await openEmbedded(folder)
  const store = await openRedis({ url: server.url, fallback })
  const taken = new Map<string, number>()
  const random = seededRandom(clock.now())
  try {
    const queue = await store.queue('soak')
    for (let round = 0; round < times; round += 1) {
      const killAt = Math.floor(random() * TEXTS)
      for (let index = 0; index < TEXTS; index += 1) {
        if (index === killAt) await server.kill()
        await queue.append([`${round}-${index}`], 10_000)
      }
      await server.restart('--appendonly', 'yes', '--appendfsync', 'always')
      await takeAll(queue, taken, (round + 1) * TEXTS)
    }
  } finally {
    await store.close()
    await fallback.close()
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  return [
    { what: 'restarts of Redis', value: times, unit: '' },
    { what: 'texts lost in Redis', value: times * TEXTS - taken.size, unit: '', most: 0 },
    { what: 'texts taken twice from Redis', value: [...taken.values()].filter((count) => count > 1).length, unit: '', most: 0 },
  ]
}

async function takeAll(queue: Queue, taken: Map<string, number>, wanted: number): Promise<void> {
  await until(async () => {
    const entries = await queue.take(TEXTS).catch(() => [])
    for (const { text } of entries) taken.set(text, (taken.get(text) ?? 0) + 1)
    if (entries.length > 0) await queue.done(entries.map(({ id }) => id))
    return taken.size >= wanted
  }, `${wanted} texts have come`, 60_000)
}

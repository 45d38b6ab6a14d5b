/** Two processes that share the limit of one key through Redis, and a vendor that enforces it. */
import { setMaxListeners } from 'node:events'
import { Account } from '../../src/lib/client/account'
import { Call } from '../../src/lib/client/call'
import { ClientPool } from '../../src/lib/client/pool'
import { openRedis } from '../../src/lib/store/redis/redis-store'
import { SimpleStore } from '../lib/store/simple-store'
import { RedisServer } from '../lib/store/redis-server'
import { apart } from './apart'
import { startCloud, type CloudCounts } from './cloud'
import type { Figure } from './figure'
import { things, vendor } from './vendor'

const PROCESSES = 2

interface Run {
  limit: number
  /** Most ms of random delay each way. */
  jitter: number
  /** Seconds that the limit needs for all of them. */
  seconds: number
}

/** A process trusts what it has measured of the network after a hundred answers, which takes it 22 s at 9 a second. */
const RUNS: readonly Run[] = [
  { limit: 9, jitter: 0, seconds: 40 },
  { limit: 100, jitter: 0, seconds: 20 },
  { limit: 100, jitter: 50, seconds: 20 },
]

interface Share extends Run {
  redis: string
  origin: string
  requests: number
  /** Its own requests, so that equal reads are not made one. */
  name: string
}

/** One of the processes: asks for everything at once. Gives how many were answered. */
export async function share({ limit, name, origin, redis, requests }: Share): Promise<number> {
  const store = await openRedis({ url: redis, fallback: new SimpleStore() })
  const account = new Account(
    {
      vendor: { ...vendor, budgets: () => [{ name: 'per second', limit, window: 1000, scope: 'account' }] },
      settings: { baseUrl: origin },
      credentials: { token: 'bench-token' },
      store,
    },
    new ClientPool(),
  )
  const { signal } = new AbortController()
  setMaxListeners(0, signal)
  const ask = (index: number): Promise<unknown> => new Call(account, 'things', things, { signal }).pages({ id: `${name} ${index}` }).next()
  const outcomes = await Promise.allSettled(Array.from({ length: requests }, (_, index) => ask(index)))
  await account.close()
  await store.close()
  return outcomes.filter(({ status }) => status === 'fulfilled').length
}

async function measure({ jitter, limit, seconds }: Run, redis: string): Promise<{ answered: number[]; counts: CloudCounts }> {
  const cloud = await startCloud({ limit, jitter })
  const requests = (limit * seconds) / PROCESSES
  const shares = Array.from({ length: PROCESSES }, (_, index): Share => ({ limit, jitter, seconds, redis, origin: cloud.origin, requests, name: `process ${index}` }))
  const answered = await Promise.all(shares.map((one) => apart<number>(__filename, 'share', one)))
  const counts = await cloud.counts()
  await cloud.close()
  return { answered, counts }
}

async function figuresOf(run: Run, redis: string): Promise<Figure[]> {
  const { limit, jitter, seconds } = run
  const { answered, counts } = await measure(run, redis)
  const title = `${limit} a second, 0 to ${jitter} ms of delay each way`
  const all = limit * seconds
  return [
    { what: `${title}: answered`, value: answered.reduce((sum, count) => sum + count, 0), unit: `of ${all}`, least: all },
    { what: `${title}: rejected`, value: counts.rejected, unit: '', most: 0 },
    { what: `${title}: most in any second`, value: counts.mostInSecond, unit: '', most: limit },
    { what: `${title}: used`, value: counts.used, unit: '%', least: jitter > 0 ? 90 : 95 },
  ]
}

export async function sharedFigures(): Promise<Figure[]> {
  const redis = await RedisServer.start()
  try {
    const figures: Figure[] = []
    for (const run of RUNS) figures.push(...(await figuresOf(run, redis.url)))
    return figures
  } finally {
    await redis.stop()
  }
}

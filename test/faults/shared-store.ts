/** How a process of `two-processes.ts` opens its store: a share of the outbox in Redis, and its own disk for while Redis is away. */
import { openEmbedded } from '../../src/lib/store/embedded/embedded-store'
import { openRedis } from '../../src/lib/store/redis/redis-store'
import type { Store } from '../../src/lib/store/store'
import type { ChildSettings } from './kill-child'

/** ms after which one that died is no longer waited for. */
const LEASE = 2_000
/** ms that no answer of Redis takes on a busy machine either: after them a reading goes to the disk of its process alone. */
const TIMEOUT = 10_000

export async function openShared({ folder, redis = '' }: ChildSettings): Promise<Store> {
  const fallback = await openEmbedded(folder)
  const store = await openRedis({ url: redis, fallback, lease: LEASE, timeout: TIMEOUT })
  const close = store.close.bind(store)
  store.close = () => close().finally(() => fallback.close())
  return store
}

/** What an account has done, as far as its client says so. */
import type { Account } from '../../lib/client/account'
import type { Diagnostics } from '../../lib/client/diagnostics'

/** When this module was loaded: the runtime's accounts began to count then. */
const since = Date.now()

export function diagnosticsOf({ client, vendor, settings }: Account): Diagnostics {
  const { queued, running, paused } = client.limiter
  const budgets = client.budgets(vendor.budgets(settings)).map((state) => ({ ...state, used: Math.max(0, state.limit - state.remaining) }))
  const counters = { requests: 0, failures: 0, retries: 0, rateLimited: 0, cacheHits: 0, waits: 0, waited: 0 }
  return { vendor: vendor.id, since, ...counters, queued, running, budgets, ...(paused ? { paused } : {}) }
}

/** One client for each account identity, however many config nodes name it. */
import { createHash } from 'node:crypto'
import type { Credentials, Vendor } from '../vocabulary/vendor'
import type { Store } from '../store/store'
import { Client } from './client'
import { systemClock, type Clock } from '../base/clock'

interface Lease {
  client: Client
  /** Of each holder that has one; the first is used. */
  stores: Store[]
  holders: number
  /** Monotonic ms at which the last holder left. */
  idleSince: number
}

/** A client outlives a deploy, so that the deploy forgets neither spent budgets nor answers that are still fresh. */
const IDLE_FOR = 3_600_000
const MOST_IDLE = 32

export class ClientPool {
  readonly #clock: Clock
  /** In the order of last use. */
  readonly #leases = new Map<string, Lease>()

  constructor(clock: Clock = systemClock) {
    this.#clock = clock
  }

  /**
   * The client of these credentials at this address; `release` it once, which resolves when the store is no longer used.
   * @param store where the client keeps what a restart may not forget
   */
  acquire(vendor: Vendor, address: URL, credentials: Credentials, store?: Store): { client: Client; release: () => Promise<void> } {
    const identity = identityOf(vendor, address, credentials)
    const key = createHash('sha256').update(identity).digest('hex')
    const lease = this.#leases.get(key) ?? { client: new Client(vendor, credentials, this.#clock, identity), stores: [], holders: 0, idleSince: 0 }
    this.#leases.delete(key)
    this.#leases.set(key, lease)
    lease.holders += 1
    if (store) lease.stores.push(store)
    // Only a release makes it change from one store to another.
    void lease.client.attach(lease.stores[0])
    this.#forget()
    let held = true
    const release = async (): Promise<void> => {
      if (!held) return
      held = false
      lease.holders -= 1
      lease.idleSince = this.#clock.monotonic()
      this.#forget()
      if (store) lease.stores.splice(lease.stores.indexOf(store), 1)
      await lease.client.attach(lease.stores[0])
    }
    return { client: lease.client, release }
  }

  /** Closes clients that nobody has used for an hour, and the oldest beyond a bound. Idle ones have no timer or socket. */
  #forget(): void {
    const idle = [...this.#leases].filter(([, lease]) => lease.holders === 0)
    const now = this.#clock.monotonic()
    idle.forEach(([key, { client, idleSince }], index) => {
      if (now - idleSince < IDLE_FOR && idle.length - index <= MOST_IDLE) return
      this.#leases.delete(key)
      client.close()
    })
  }
}

/** Holds the secrets themselves. */
function identityOf(vendor: Vendor, address: URL, credentials: Credentials): string {
  const parts = [vendor.id, address.href, ...Object.entries(credentials).sort().flat()]
  return JSON.stringify(parts)
}

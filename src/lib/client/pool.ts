/** One client for each account identity, however many config nodes name it. */
import { createHash } from 'node:crypto'
import type { Credentials, Vendor } from '../vocabulary/vendor'
import type { Store } from '../store/store'
import { Client } from './client'
import { systemClock, type Clock } from '../base/clock'

interface Lease {
  client: Client
  /** Of each account that has one; the first is used. */
  stores: Store[]
  /** Accounts that use the client. */
  accounts: number
  /** Monotonic ms at which the last of them was closed. */
  idleSince: number
}

/** ms. A client outlives a deploy, so that the deploy forgets neither spent budgets nor answers that are still fresh. */
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
    const key = digestOf(identity)
    const lease = this.#leases.get(key) ?? { client: new Client(vendor, credentials, this.#clock, identity), stores: [], accounts: 0, idleSince: 0 }
    this.#leases.delete(key)
    this.#leases.set(key, lease)
    lease.accounts += 1
    if (store) lease.stores.push(store)
    // It changes from one store to another only in a release.
    void lease.client.attach(lease.stores[0])
    this.#closeIdle()
    let released = false
    const release = async (): Promise<void> => {
      if (released) return
      released = true
      lease.accounts -= 1
      lease.idleSince = this.#clock.monotonic()
      this.#closeIdle()
      if (store) lease.stores.splice(lease.stores.indexOf(store), 1)
      await lease.client.attach(lease.stores[0])
    }
    return { client: lease.client, release }
  }

  /** Closes clients that nobody has used for an hour, and the oldest beyond a bound. Idle ones have no timer or socket. */
  #closeIdle(): void {
    const idle = [...this.#leases].filter(([, lease]) => lease.accounts === 0)
    const now = this.#clock.monotonic()
    idle.forEach(([key, { client, idleSince }], index) => {
      if (now - idleSince < IDLE_FOR && idle.length - index <= MOST_IDLE) return
      this.#leases.delete(key)
      client.close()
    })
  }
}

/** Equal for accounts that share a client. For comparisons in memory only: a fast digest of a weak password can be guessed. */
export const clientKey = (vendor: Vendor, address: URL, credentials: Credentials): string => digestOf(identityOf(vendor, address, credentials))

const digestOf = (identity: string): string => createHash('sha256').update(identity).digest('hex')

/** Of the whole process: accounts with equal credentials share a client, in flows and in programs. */
export const pool = new ClientPool()

/** Holds the secrets themselves. */
function identityOf(vendor: Vendor, address: URL, credentials: Credentials): string {
  const parts = [vendor.id, address.href, ...Object.entries(credentials).sort().flat()]
  return JSON.stringify(parts)
}

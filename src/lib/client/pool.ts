/** One client for each account identity, however many config nodes name it. */
import { createHash } from 'node:crypto'
import type { Credentials, Vendor } from '../vendor'
import { Client } from './client'
import { systemClock, type Clock } from './clock'

interface Lease {
  client: Client
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

  /** The client of these credentials at this address; `release` it once. */
  acquire(vendor: Vendor, address: URL, credentials: Credentials): { client: Client; release: () => void } {
    const key = identity(vendor, address, credentials)
    const lease = this.#leases.get(key) ?? { client: new Client(vendor, credentials, this.#clock), holders: 0, idleSince: 0 }
    this.#leases.delete(key)
    this.#leases.set(key, lease)
    lease.holders += 1
    this.#forget()
    let held = true
    const release = (): void => {
      if (!held) return
      held = false
      lease.holders -= 1
      lease.idleSince = this.#clock.monotonic()
      this.#forget()
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

/** A digest, so that no secret stands in a key. */
function identity(vendor: Vendor, address: URL, credentials: Credentials): string {
  const parts = [vendor.id, address.href, ...Object.entries(credentials).sort().flat()]
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}

/** What the limits of an account depend on, counted by the vendor's own answer now and then. */
import * as v from 'valibot'
import type { Census as Plan, Counted } from '../vocabulary/vendor'
import type { Clock } from '../base/clock'
import type { EncryptedStore } from '../cache/encrypted-store'

/** Ms until a count that failed is tried again. */
const AGAIN = 600_000
/** Ms for which an old count is better than none. */
const LIFETIME = 31 * 86_400_000

const record = v.object({ devices: v.number(), limited: v.array(v.string()), at: v.number() })

export class DeviceCount {
  readonly #plan: Plan
  readonly #clock: Clock
  #counted: Counted | undefined
  /** Monotonic ms: a calendar that is set back by a year must not put the next count off by a year. */
  #dueAt = -Infinity
  #running = false
  #failed = false
  #vault: EncryptedStore | undefined
  /** Until what an earlier run or another process counted is known. */
  recalling: Promise<void> | undefined

  constructor(plan: Plan, clock: Clock) {
    this.#plan = plan
    this.#clock = clock
  }

  get counted(): Counted | undefined {
    return this.#counted
  }

  /** Keeps counts there from now on. */
  attach(vault: EncryptedStore | undefined): void {
    this.#vault = vault
    if (vault) this.recalling = this.#recall(vault).finally(() => (this.recalling = undefined))
  }

  /** An answer has shown that this device has an allowance of its own. */
  learn(device: string): void {
    const { devices, limited } = this.#counted ?? { limited: [] }
    if (limited.includes(device)) return
    this.#counted = { ...(devices === undefined ? {} : { devices }), limited: [...limited, device] }
  }

  /**
   * Counts when it is time to; the caller need not wait for it.
   * @param ask gives the data of the plan's operation
   * @returns why it failed, for the first of several failures in a row
   */
  async refresh(ask: () => Promise<unknown>): Promise<unknown> {
    if (this.#running || this.#clock.monotonic() < this.#dueAt) return undefined
    this.#running = true
    try {
      await this.recalling
      if (this.#clock.monotonic() < this.#dueAt) return undefined
      this.#keep(this.#plan.count(await ask()))
      this.#failed = false
      return undefined
    } catch (error) {
      this.#dueAt = this.#clock.monotonic() + AGAIN
      const first = !this.#failed
      this.#failed = true
      return first ? error : undefined
    } finally {
      this.#running = false
    }
  }

  #keep(counted: Counted): void {
    const at = this.#clock.now()
    this.#counted = counted
    this.#dueAt = this.#clock.monotonic() + this.#plan.every
    this.#vault?.set('census', '', { devices: counted.devices ?? 0, limited: counted.limited, at }, LIFETIME).catch(() => undefined)
  }

  async #recall(vault: EncryptedStore): Promise<void> {
    const known = await vault.get('census', '').catch(() => undefined)
    if (!v.is(record, known) || this.#counted?.devices !== undefined) return
    const { devices, limited, at } = known
    this.#counted = { ...(devices > 0 ? { devices } : {}), limited }
    const age = Math.max(0, this.#clock.now() - at)
    this.#dueAt = this.#clock.monotonic() + this.#plan.every - age
  }
}

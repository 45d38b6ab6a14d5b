/** The number of devices, on which the limits of an account depend. It is counted from the vendor's device list at intervals. */
import * as v from 'valibot'
import type { Clock } from '../base/clock'
import type { EncryptedStore } from '../cache/encrypted-store'
import type { DeviceCountPlan, Counted } from '../vocabulary/vendor'

/** Ms until a count that failed is tried again. */
const RETRY_AFTER = 600_000
/** Ms for which a stored count is kept. For so long, an old count is better than none. */
const LIFETIME = 31 * 86_400_000

/** The stored record; `at` is the epoch ms of the count, and 0 devices means that their number is not known. */
const recordSchema = v.object({ devices: v.number(), limited: v.array(v.string()), at: v.number() })

export class DeviceCount {
  readonly #plan: DeviceCountPlan
  readonly #clock: Clock
  #counted: Counted | undefined
  /** Monotonic ms, because a calendar that is set back by a year must not delay the next count by a year. */
  #dueAt = -Infinity
  #isRunning = false
  #hasFailed = false
  #store: EncryptedStore | undefined
  /** Resolves when the stored count is known; undefined when it is. */
  loading: Promise<void> | undefined

  constructor(plan: DeviceCountPlan, clock: Clock) {
    this.#plan = plan
    this.#clock = clock
  }

  /** The last count; undefined before the first. */
  get counted(): Counted | undefined {
    return this.#counted
  }

  /** Stores counts there from now on, and takes over the stored one. */
  attach(store: EncryptedStore | undefined): void {
    this.#store = store
    if (store) this.loading = this.#load(store).finally(() => (this.loading = undefined))
  }

  /** A response has shown that this device has an allowance of its own. */
  learn(device: string): void {
    const { devices, limited } = this.#counted ?? { limited: [] }
    if (limited.includes(device)) return
    this.#counted = { ...(devices === undefined ? {} : { devices }), limited: [...limited, device] }
  }

  /**
   * Counts again when it is time to. Requests need not wait for it: the limits follow when the count is there.
   * @param read gives the data of the plan's operation
   * @returns why it failed; undefined for later failures in a row
   */
  async refresh(read: () => Promise<unknown>): Promise<unknown> {
    if (this.#isRunning || this.#clock.monotonic() < this.#dueAt) return undefined
    this.#isRunning = true
    try {
      await this.loading
      if (this.#clock.monotonic() < this.#dueAt) return undefined
      this.#save(this.#plan.count(await read()))
      this.#hasFailed = false
      return undefined
    } catch (error) {
      this.#dueAt = this.#clock.monotonic() + RETRY_AFTER
      const isFirst = !this.#hasFailed
      this.#hasFailed = true
      return isFirst ? error : undefined
    } finally {
      this.#isRunning = false
    }
  }

  #save(counted: Counted): void {
    const at = this.#clock.now()
    this.#counted = counted
    this.#dueAt = this.#clock.monotonic() + this.#plan.every
    const record = { devices: counted.devices ?? 0, limited: counted.limited, at }
    // Without it, the next process counts anew.
    this.#store?.set('census', '', record, LIFETIME).catch(() => undefined)
  }

  async #load(store: EncryptedStore): Promise<void> {
    const record = await store.get('census', '').catch(() => undefined)
    if (!v.is(recordSchema, record) || this.#counted?.devices !== undefined) return
    const { devices, limited, at } = record
    this.#counted = { ...(devices > 0 ? { devices } : {}), limited }
    const age = Math.max(0, this.#clock.now() - at)
    this.#dueAt = this.#clock.monotonic() + this.#plan.every - age
  }
}

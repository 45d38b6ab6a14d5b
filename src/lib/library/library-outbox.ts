/** The outbox of a program's client. */
import { ApiError } from '../base/api-error'
import { verbatim } from '../base/sentence'
import type { Account } from '../client/account'
import type { Call, CallResponse } from '../client/call'
import { Outbox } from '../outbox/outbox'
import type { StoreLease } from '../store/store'
import type { Vendor } from '../vocabulary/vendor'

type Values = Readonly<Record<string, unknown>>

interface Parts {
  name: string
  vendor: Vendor
  /** Undefined where the client has none. */
  store: StoreLease | undefined
  account(): Promise<Account>
  /** A call of a write of the vendor. */
  call(operation: string): Promise<Call>
  onRefused: ((reading: Values, error: ApiError) => void) | undefined
  log(level: 'info' | 'warn', message: string): void
}

interface AddOptions {
  limit?: number
  batchWindow?: number
  syncWindow?: number
}

/** As the node `send reading`. */
const LIMIT = 100_000
/** ms */
const BATCH_WINDOW = 250

export class LibraryOutbox {
  readonly #parts: Parts
  /** Undefined where the vendor takes no readings, or the client has no store. */
  readonly #outbox: Outbox | undefined

  constructor(parts: Parts) {
    this.#parts = parts
    this.#outbox = opened(parts)
    // Readings of an earlier run are sent before others come.
    this.#outbox?.start()
  }

  async add(operation: string, params: Values = {}, { batchWindow = BATCH_WINDOW, limit = LIMIT, syncWindow = 0 }: AddOptions = {}): Promise<{ delivered: Promise<CallResponse | 'kept' | 'sent elsewhere'> }> {
    const outbox = this.#usable()
    const came = performance.now()
    const call = await this.#parts.call(operation)
    const readings = call.outgoing(params)
    if (readings.length === 0) throw new ApiError('CONFIG', verbatim(`"${operation}" has no readings that can wait; use send`))
    try {
      const { settled } = await outbox.accept({ node: this.#parts.name, operation, readings, age: performance.now() - came, limit, window: batchWindow, syncWithin: syncWindow })
      return { delivered: settled }
    } catch (error) {
      throw call.explained(error)
    }
  }

  async state(): Promise<{ depth: number; oldest?: number; quarantined: number; failure?: ApiError }> {
    const { depth, failing, failure, oldest } = await this.#usable().state()
    return { depth, quarantined: failing, ...(oldest === undefined ? {} : { oldest }), ...(failure ? { failure } : {}) }
  }

  async clear(): Promise<number> {
    return this.#usable().clear()
  }

  async close(): Promise<void> {
    await this.#outbox?.close()
  }

  /** @throws ApiError CONFIG */
  #usable(): Outbox {
    if (this.#outbox) return this.#outbox
    const { store, vendor } = this.#parts
    const missing = store ? `${vendor.title} takes no readings, so there is no outbox` : 'the outbox needs a store; give createClient a store with a folder'
    throw new ApiError('CONFIG', verbatim(missing))
  }
}

function opened({ account, log, name, onRefused, store, vendor }: Parts): Outbox | undefined {
  const { delivery } = vendor
  if (!store || !delivery) return undefined
  return new Outbox({
    name,
    vendor,
    delivery,
    store,
    account,
    onRefused: ({ reading }, error) => {
      if (onRefused) onRefused(reading, error)
      else log('warn', `${error.message}; the reading was dropped: ${JSON.stringify(reading)}`)
    },
    log: (level, message) => log(level, String(message)),
  })
}

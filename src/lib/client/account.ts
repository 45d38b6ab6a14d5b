/** An account as a flow configures it: checked settings, its own sockets, and a client that equal accounts share. */
import { FieldError, readFields } from '../vocabulary/validation'
import { formText, sentence, sentenceOf, type Sentence } from '../base/sentence'
import { isAddress, type Credentials, type Settings, type Vendor } from '../vocabulary/vendor'
import type { Store } from '../store/store'
import { baseAddress } from '../http/base-url'
import type { Client } from './client'
import type { Budget } from '../vocabulary/budget'
import { ApiError } from '../base/api-error'
import type { Diagnostics } from './diagnostics'
import type { AccountEvent } from '../quota/account-event'
import type { ClientPool } from './pool'
import type { JournalEntry } from './request-journal'
import { isMethod } from '../vocabulary/operation'
import { readStoredRoute, type RouteRow } from '../http/route'
import { ProxyError } from '../http/proxy'
import { Transport, type TransportOptions } from '../http/transport'

export interface AccountConfig {
  vendor: Vendor
  /** As configured; checked when the account is opened. */
  settings: Readonly<Record<string, unknown>>
  credentials: Credentials
  /** Routes that the user corrected, by operation. */
  routes?: Readonly<Record<string, unknown>>
  /** ms for one attempt; default `DEFAULT_TIMEOUT`. */
  timeout?: number
  transport?: TransportOptions
  /** Keeps limits, tokens and answers over a restart. */
  store?: Store | undefined
  /** Gets outages, and budgets that are nearly spent. */
  notify?(event: AccountEvent): void
  /** Gets each request when it has ended. */
  trace?: ((entry: JournalEntry) => void) | undefined
}

/** ms for one attempt. */
export const DEFAULT_TIMEOUT = 30_000

export class Account {
  readonly vendor: Vendor
  readonly base: URL
  readonly settings: Settings
  readonly timeout: number
  readonly client: Client
  readonly transport: Transport
  readonly #routes: ReadonlyMap<string, RouteRow>
  readonly #release: () => Promise<void>
  readonly #unsubscribe: () => void
  readonly #closing = new AbortController()

  /** @throws ApiError CONFIG with one sentence when a setting or credential is missing or wrong */
  constructor(config: AccountConfig, pool: ClientPool) {
    const { vendor } = config
    this.vendor = vendor
    this.settings = readSettings(vendor, config.settings)
    const credentials = trimmed(vendor, config.credentials)
    for (const [name, field] of Object.entries(vendor.credentials))
      if (!credentials[name]) throw configError(vendor, sentence`${formText(field.label)} is missing; enter it in the account`)
    this.base = addressOf(vendor, this.settings)
    this.#routes = readRoutes(vendor, config.routes ?? {})
    this.timeout = config.timeout ?? DEFAULT_TIMEOUT
    if (!(this.timeout > 0)) throw configError(vendor, sentence`the timeout must be a number of milliseconds above 0; correct it in the account`)
    this.transport = transportOf(vendor, this.base, config.transport)
    const { client, release } = pool.acquire(vendor, this.base, credentials, config.store)
    this.client = client
    // A proxy may quote its password in an answer.
    const { username, password } = config.transport?.proxy ?? {}
    if (password) client.redactor.add(password, `${username ?? ''}:${password}`)
    this.#release = release
    const unsubscribe = [client.subscribe((event) => config.notify?.(event)), ...(config.trace ? [client.onRequest(config.trace)] : [])]
    this.#unsubscribe = () => unsubscribe.forEach((end) => end())
  }

  /** The route of an operation, where the user corrected it. */
  route(operation: string): RouteRow | undefined {
    return this.#routes.get(operation)
  }

  /** What its client has done so far; other accounts with the same credentials share it. */
  diagnostics(): Diagnostics {
    return this.client.diagnostics(this.budgets())
  }

  /** The limits that requests are charged to now, with those of the device. */
  budgets(device?: string): readonly Budget[] {
    return this.vendor.budgets(this.settings, this.client.deviceCount?.counted, device)
  }

  /** What people call a device or a sensor of it, such as `Cellar, Rack left`; null where that is not known. */
  labelOf(device: string, sensor: string | null = null): string | null {
    return this.client.names.labelOf(device, sensor)
  }

  /** A device or a sensor of it as a sentence names it: `Cellar, Rack left (57951)`, or only its id. */
  nameOf(device: string, sensor: string | null = null): string {
    const id = sensor ?? device
    const label = this.labelOf(device, sensor)
    if (label === null) return id
    return label.endsWith(id) ? label : `${label} (${id})`
  }

  /** Aborted when the account is closed. */
  get signal(): AbortSignal {
    return this.#closing.signal
  }

  /** Ends what is in flight; resolves when the store holds exact counts and is no longer used. */
  async close(): Promise<void> {
    this.#closing.abort(new ApiError('CLOSED', sentence`the account was closed`))
    this.transport.close()
    await this.#release()
    this.#unsubscribe()
  }
}

const configError = (vendor: Vendor, what: Sentence): ApiError => new ApiError('CONFIG', sentence`${vendor.title} account: ${what}`)

function transportOf(vendor: Vendor, base: URL, options: TransportOptions | undefined): Transport {
  try {
    return new Transport(base, options)
  } catch (error) {
    throw error instanceof ProxyError ? configError(vendor, sentenceOf(error)) : error
  }
}

const labelOf = (vendor: Vendor, name: string): Sentence => formText(vendor.settings[name]?.label ?? name)

/** Without the blanks and line ends that came along when a key was copied. */
const trimmed = (vendor: Vendor, credentials: Credentials): Credentials =>
  Object.fromEntries(Object.entries(credentials).map(([name, value]) => [name, vendor.credentials[name]?.blanks ? value : value.trim()]))

function readSettings(vendor: Vendor, values: Readonly<Record<string, unknown>>): Settings {
  return readFields(vendor.settings, values, (name: string, error: FieldError): never => {
    throw configError(vendor, sentence`${labelOf(vendor, name)} ${sentenceOf(error)}`)
  })
}

/** Every address of the settings must be safe, the one for tokens too. */
function addressOf(vendor: Vendor, settings: Settings): URL {
  let base: URL | undefined
  for (const [name, value] of Object.entries(settings)) {
    if (!isAddress(vendor, name) || typeof value !== 'string') continue
    try {
      const address = baseAddress(value)
      if (name === vendor.address) base = address
    } catch (error) {
      throw configError(vendor, sentence`${labelOf(vendor, name)} ${sentenceOf(error)}`)
    }
  }
  if (!base) throw configError(vendor, sentence`${vendor.address} is missing; enter it in the account`)
  return base
}

/** Rows are `{ method, path }` or a text such as `GET /devices/{deviceId}`; an empty one means the default. */
function readRoutes(vendor: Vendor, rows: Readonly<Record<string, unknown>>): Map<string, RouteRow> {
  const routes = new Map<string, RouteRow>()
  for (const [operation, row] of Object.entries(rows)) {
    const stored = readStoredRoute(row)
    if (!stored) continue
    const { method, path, body } = stored
    if (!isMethod(method) || !path.startsWith('/'))
      throw configError(vendor, sentence`the route of ${operation} must be a method and a path that begins with /`)
    routes.set(operation, { method, path, ...(body === undefined ? {} : { body }) })
  }
  return routes
}

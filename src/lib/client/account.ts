/** An account as a flow configures it: checked settings, its own sockets, and a client that equal accounts share. */
import { type FieldError, isAbsent, readFields } from '../vocabulary/validation'
import { formText, sentence, sentenceOf, type Sentence } from '../base/sentence'
import { isAddress, type Credentials, type Settings, type Vendor } from '../vocabulary/vendor'
import type { Store } from '../store/store'
import { baseAddress } from '../http/base-url'
import type { Client } from './client'
import type { Budget } from '../vocabulary/budget'
import { ApiError, LONGEST_SUMMARY } from '../base/api-error'
import type { Activity, Diagnostics, Health } from './diagnostics'
import type { AccountEvent } from '../quota/account-event'
import { clientKey, type ClientPool } from './pool'
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
    const { base, credentials, routes, settings, timeout } = checked(config)
    this.vendor = vendor
    this.settings = settings
    this.base = base
    this.#routes = routes
    this.timeout = timeout
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

  /** What its client does now; other accounts with the same credentials share it. */
  activity(): Activity & { health: Health } {
    return { ...this.client.activity(this.budgets()), health: this.client.health }
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
    this.#closing.abort(new ApiError('CLOSED', sentence`the account was closed by a deploy; send the message again`))
    this.transport.close()
    await this.#release()
    this.#unsubscribe()
  }
}

/** @throws ApiError CONFIG with one sentence when a setting or credential is missing or wrong */
export const checkAccount = (config: AccountConfig): void => void checked(config)

function checked({ vendor, settings: given, credentials: entered, routes: rows = {}, timeout = DEFAULT_TIMEOUT }: AccountConfig) {
  const settings = readSettings(vendor, given)
  const credentials = trimmed(vendor, entered)
  for (const name of missingCredentials(vendor, credentials))
    throw configError(vendor, sentence`${formText(vendor.credentials[name]?.label ?? name)} is missing`, ENTER)
  const base = addressOf(vendor, settings)
  const routes = readRoutes(vendor, rows)
  if (!(timeout > 0)) throw configError(vendor, sentence`Timeout must be a number of milliseconds above 0`)
  return { base, credentials, routes, settings, timeout }
}

/** Names of the credentials that an account lacks, as after an import. */
export const missingCredentials = (vendor: Vendor, entered: AccountConfig['credentials']): string[] => {
  const credentials = trimmed(vendor, entered)
  return Object.keys(vendor.credentials).filter((name) => !credentials[name])
}

/** An account that is not open: what it lacks, or which client it shares with others. */
export type Inspection = { error: ApiError } | { error?: undefined; clientKey: string }

export function inspectAccount(config: AccountConfig): Inspection {
  try {
    const { base, credentials } = checked(config)
    return { clientKey: clientKey(config.vendor, base, credentials) }
  } catch (error) {
    if (error instanceof ApiError) return { error }
    throw error
  }
}

/** What an account lacks, in a few words for a status; undefined when it is complete. */
export const accountProblem = (config: AccountConfig): Sentence | undefined => inspectAccount(config).error?.summary

const ENTER = sentence`enter it in the account`
const CORRECT = sentence`correct it in the account`

/** @param short for the status, where that has no room for `what` */
const configError = (vendor: Vendor, what: Sentence, remedy = CORRECT, short = what): ApiError =>
  new ApiError('CONFIG', sentence`${vendor.title} account: ${what}; ${remedy}`, { summary: sentence`account: ${short}` })

function transportOf(vendor: Vendor, base: URL, options: TransportOptions | undefined): Transport {
  try {
    return new Transport(base, options)
  } catch (error) {
    throw error instanceof ProxyError ? new ApiError('CONFIG', sentence`${vendor.title} account: ${sentenceOf(error)}`, { summary: sentence`account: the address of the proxy is wrong` }) : error
  }
}

function wrongSetting(vendor: Vendor, name: string, error: unknown, given: unknown): ApiError {
  const label = labelOf(vendor, name)
  if (isAbsent(given)) return configError(vendor, sentence`${label} is missing`, ENTER)
  const what = sentence`${label} ${sentenceOf(error)}`
  return configError(vendor, what, CORRECT, String(what).length > LONGEST_SUMMARY ? sentence`${label} is wrong` : what)
}

const labelOf = (vendor: Vendor, name: string): Sentence => formText(vendor.settings[name]?.label ?? name)

/** Without the blanks and line ends that came along when a key was copied. */
const trimmed = (vendor: Vendor, credentials: Credentials): Credentials =>
  Object.fromEntries(Object.entries(credentials).map(([name, value]) => [name, vendor.credentials[name]?.blanks ? value : value.trim()]))

function readSettings(vendor: Vendor, values: Readonly<Record<string, unknown>>): Settings {
  return readFields(vendor.settings, values, (name: string, error: FieldError): never => {
    throw wrongSetting(vendor, name, error, values[name])
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
      throw wrongSetting(vendor, name, error, value)
    }
  }
  if (!base) throw configError(vendor, sentence`${labelOf(vendor, vendor.address)} is missing`, ENTER)
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
      throw configError(vendor, sentence`the route of "${formText(vendor.operations[operation]?.title ?? operation)}" must be a method and a path that begins with /`)
    routes.set(operation, { method, path, ...(body === undefined ? {} : { body }) })
  }
  return routes
}

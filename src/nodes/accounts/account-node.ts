/** The config node of a vendor's account. */
import type { NodeAPI, Node, NodeDef } from 'node-red'
import { Account, accountProblem, inspectAccount, missingCredentials, type AccountConfig, type Inspection } from '../../lib/client/account'
import type { Diagnostics } from '../../lib/client/diagnostics'
import type { JournalEntry } from '../../lib/client/request-journal'
import type { Outbox } from '../../lib/outbox/outbox'
import { failureOf, localize } from '../runtime/language'
import { accountProperty, credentialType, type Vendor } from '../../lib/vocabulary/vendor'
import { ApiError } from '../../lib/base/api-error'
import { sentence, sentenceOf, type Sentence } from '../../lib/base/sentence'
import { storeFailure, StoreError, type Store, type StoreLease } from '../../lib/store/store'
import { isRecord } from '../../lib/base/foreign'
import type { AccountEvent } from '../../lib/quota/account-event'
import { pool } from '../../lib/client/pool'
import { vendors } from '../../lib/vendors'
import { hasLeftFlows } from '../runtime/deployed'
import { createNode } from '../runtime/migrations'
import { leaseAccountStore, type LeaseAccountStore } from '../stores/account-store'
import { openOutbox } from './account-outbox'
import { accountDefaults } from './properties'
import { transportOptions } from './transport-options'

/** What action nodes find behind their account property. */
export interface AccountNode extends Node<Record<string, string>> {
  /**
   * The open account. The first call opens it.
   * @throws ApiError CONFIG when a setting or credential is missing or wrong; CONFIG or NETWORK when its store fails
   */
  account(): Promise<Account>
  /**
   * The store of its limits, tokens, answers, cursors and outbox.
   * @throws StoreError
   */
  store(): Promise<Store>
  /** What people call a place; null where that is not known, and as long as the account is not open. */
  labelOf(device: string | null, sensor: string | null): string | null
  /** What its settings or credentials lack, in a few words for a status; undefined when it is complete. */
  problem(): Sentence | undefined
  /** What it lacks as an error, or which client it shares with others. */
  inspect(): Inspection
  /** Names of the credentials that it lacks, as after an import. */
  missingCredentials(): string[]
  /** The open account; undefined as long as nothing has used it. */
  opened(): Account | undefined
  /** Undefined where the vendor takes no readings. */
  outbox(): Outbox | undefined
  /**
   * What the account has done so far.
   * @throws ApiError as `account` does
   */
  diagnostics(): Promise<Diagnostics>
  /** Undefined where the vendor takes no readings, and while the store fails. */
  outboxState(): Promise<Diagnostics['outbox']>
  /** As deployed, with variables replaced; the credentials stand beside it. */
  deployed: AccountDef
}

export type AccountDef = NodeDef & Readonly<Record<string, unknown>>

/** @param lease tests give a store of their own */
export const registerAccount = (vendorId: keyof typeof vendors, lease: LeaseAccountStore = leaseAccountStore) => (RED: NodeAPI): void => {
  const vendor: Vendor = vendors[vendorId]
  const defaults = accountDefaults(vendor)
  function create(this: AccountNode, def: AccountDef): void {
    const config = createNode(RED, this, def, defaults)
    const notify = ({ level, text }: AccountEvent): void => this[level](localize(RED, sentence`${vendor.title}: ${text}`))
    const trace = logsTraces(RED) ? (entry: JournalEntry): void => this.trace(`${vendor.title} request: ${JSON.stringify(entry)}`) : undefined
    const lazy = new LazyAccount({
      open: (store) => openAccount(RED, vendor, config, this.credentials, { store, notify, trace }),
      lease: lease(RED, config),
      named: typeof config.store === 'string' && config.store !== '',
      warn: (message) => this.warn(localize(RED, sentence`${vendor.title}: ${message}`)),
    })
    this.account = () => lazy.account()
    this.problem = () => accountProblem(accountConfig(vendor, config, this.credentials))
    let inspection: Inspection | undefined
    this.inspect = () => (inspection ??= inspectAccount(accountConfig(vendor, config, this.credentials)))
    this.opened = () => lazy.opened
    this.missingCredentials = () => missingCredentials(vendor, accountConfig(vendor, config, this.credentials).credentials)
    this.store = () => lazy.store()
    this.labelOf = (device, sensor) => (device === null ? null : (lazy.opened?.labelOf(device, sensor) ?? null))
    const outbox = openOutbox({ RED, node: this, vendor, account: this.account, store: lease(RED, config) })
    this.outbox = () => outbox?.outbox
    this.outboxState = () => stateOf(RED, outbox?.outbox)
    this.diagnostics = async () => diagnosticsOf(RED, await this.account(), outbox?.outbox)
    this.deployed = config
    this.on('close', (removed: boolean, done: () => void) => {
      const ended = outbox?.close(hasLeftFlows(RED, this, removed)) ?? Promise.resolve()
      void ended.then(() => lazy.close()).finally(done)
    })
  }
  const credentials = Object.fromEntries(Object.keys(vendor.credentials).map((name) => [name, { type: credentialType(vendor, name) }]))
  RED.nodes.registerType(vendor.accountType, create, { credentials })
}

/** Whether a logger of settings.js takes level trace: a line that none takes is not even written. */
const logsTraces = ({ settings }: NodeAPI): boolean =>
  isRecord(settings.logging) && Object.values(settings.logging).some((logger) => isRecord(logger) && logger.level === 'trace')

/**
 * @param more what only the account of a node has
 * @throws ApiError CONFIG when a setting or credential is missing or wrong
 */
export function openAccount(
  RED: NodeAPI,
  vendor: Vendor,
  config: AccountDef,
  stored: Record<string, string> | undefined,
  more: Pick<AccountConfig, 'store' | 'notify' | 'trace'> = {},
): Account {
  return new Account({ ...accountConfig(vendor, config, stored), transport: transportOptions(RED, config), ...more }, pool)
}

function accountConfig(vendor: Vendor, config: AccountDef, stored: Record<string, string> | undefined): AccountConfig {
  const { routes, timeout } = config
  return {
    vendor,
    settings: config,
    // Node-RED leaves `credentials` undefined until something has been entered.
    credentials: stored ?? {},
    routes: isRecord(routes) ? routes : {},
    ...(timeout === '' ? {} : { timeout: Number(timeout) }),
  }
}

interface LazyAccountOptions {
  /** @throws ApiError CONFIG when a setting or credential is missing or wrong */
  open(store: Store | undefined): Account
  lease: StoreLease
  /** Whether the account names its store. Others may share it, so that the account cannot work without it. */
  named: boolean
  warn(message: Sentence): void
}

export class LazyAccount {
  readonly #options: LazyAccountOptions
  #opening: Promise<Account> | undefined
  #closed = false
  /** Undefined before the first call. */
  opened: Account | undefined

  constructor(options: LazyAccountOptions) {
    this.#options = options
  }

  /** @throws ApiError CONFIG when the account is not complete; CONFIG or NETWORK when the store that it names fails; CLOSED */
  account(): Promise<Account> {
    if (this.#opening) return this.#opening
    // Nobody would close an account that is opened now.
    if (this.#closed) return Promise.reject(new ApiError('CLOSED', sentence`the account was closed by a deploy; send the message again`))
    const opening = this.#open()
    this.#opening = opening
    opening.catch(() => {
      // The next call tries again.
      if (this.#opening === opening) this.#opening = undefined
    })
    return opening
  }

  /** @throws StoreError */
  store(): Promise<Store> {
    return this.#options.lease.open()
  }

  async close(): Promise<void> {
    this.#closed = true
    const account = await this.#opening?.catch(() => undefined)
    await account?.close()
    await this.#options.lease.release()
  }

  async #open(): Promise<Account> {
    return (this.opened = this.#options.open(await this.#store()))
  }

  /** Without a store of its own choice, one process still keeps the limits as long as it runs. */
  async #store(): Promise<Store | undefined> {
    const { lease, named, warn } = this.#options
    try {
      return await lease.open()
    } catch (error) {
      if (!(error instanceof StoreError)) throw error
      if (named) throw storeFailure(sentence`the store of the account cannot be used`, error)
      warn(sentence`limits and tokens will be lost at the next restart: ${sentenceOf(error)}`)
      return undefined
    }
  }
}

/** Id of the account that a node names; empty when it names none. */
export function accountId({ vendor, ...config }: Readonly<Record<string, unknown>>): string {
  const id = config[accountProperty(typeof vendor === 'string' ? vendor : '')]
  return typeof id === 'string' ? id : ''
}

/** Looks the account up at each call, since a deploy may replace it; undefined when the node names none, or the flow does not have it. */
export function accountFinder(RED: NodeAPI, config: Readonly<Record<string, unknown>>): () => AccountNode | undefined {
  const id = accountId(config)
  if (id === '') return () => undefined
  return () => {
    const node = RED.nodes.getNode(id) as Partial<AccountNode> | null
    // A flow may name another node, or what all objects inherit, such as `constructor`.
    return typeof node?.account === 'function' ? (node as AccountNode) : undefined
  }
}

async function diagnosticsOf(RED: NodeAPI, account: Account, outbox: Outbox | undefined): Promise<Diagnostics> {
  const state = await stateOf(RED, outbox)
  return { ...account.diagnostics(), ...(state ? { outbox: state } : {}) }
}

/** Undefined when the store fails, so that the rest can still be shown. */
async function stateOf(RED: NodeAPI, outbox: Outbox | undefined): Promise<Diagnostics['outbox']> {
  try {
    const state = await outbox?.state()
    if (!state) return undefined
    const { depth, failing, failure, oldest } = state
    return { depth, quarantined: failing, ...(oldest === undefined ? {} : { oldest }), ...(failure ? { failure: failureOf(RED, failure) } : {}) }
  } catch {
    return undefined
  }
}

/** The config node of a vendor's account. */
import { isRecord } from '../../lib/base/foreign'
import type { Node, NodeAPI, NodeDef } from 'node-red'
import { Account, type AccountConfig } from '../../lib/client/account'
import type { AccountEvent } from '../../lib/quota/account-event'
import { ClientPool } from '../../lib/client/pool'
import type { Diagnostics } from '../../lib/client/diagnostics'
import type { Outbox } from '../../lib/outbox/outbox'
import { sentence } from '../../lib/base/sentence'
import type { Store } from '../../lib/store/store'
import type { Vendor } from '../../lib/vocabulary/vendor'
import { vendors } from '../../lib/vendors'
import { hasLeftFlows } from '../runtime/deployed'
import { localize } from '../runtime/language'
import { createNode } from '../runtime/migrations'
import { leaseAccountStore, type LeaseAccountStore } from '../stores/account-store'
import { diagnosticsOf } from './account-diagnostics'
import { openOutbox } from './account-outbox'
import { LazyAccount } from './lazy-account'
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
  /** Undefined where the vendor takes no readings. */
  outbox(): Outbox | undefined
  /**
   * What the account has done so far.
   * @throws ApiError as `account` does
   */
  diagnostics(): Promise<Diagnostics>
  /** As deployed, with variables replaced; the credentials stand beside it. */
  deployed: AccountDef
}

export type AccountDef = NodeDef & Readonly<Record<string, unknown>>

/** Of the whole runtime: config nodes with equal credentials share a client. */
export const pool = new ClientPool()

/** @param lease tests give a store of their own */
export const registerAccount = (vendorId: keyof typeof vendors, lease: LeaseAccountStore = leaseAccountStore) => (RED: NodeAPI): void => {
  const vendor: Vendor = vendors[vendorId]
  const defaults = accountDefaults(vendor)
  function create(this: AccountNode, def: AccountDef): void {
    const config = createNode(RED, this, def, defaults)
    const notify = ({ level, text }: AccountEvent): void => this[level](localize(RED, sentence`${vendor.title}: ${text}`))
    const lazy = new LazyAccount({
      open: (store) => openAccount(RED, vendor, config, this.credentials, { store, notify }),
      lease: lease(RED, config),
      named: typeof config.store === 'string' && config.store !== '',
      warn: (message) => this.warn(localize(RED, sentence`${vendor.title}: ${message}`)),
    })
    this.account = () => lazy.account()
    this.store = () => lazy.store()
    const outbox = openOutbox({ RED, node: this, vendor, account: this.account, store: lease(RED, config) })
    this.outbox = () => outbox?.outbox
    this.diagnostics = async () => diagnosticsOf(RED, await this.account(), outbox?.outbox)
    this.deployed = config
    this.on('close', (removed: boolean, done: () => void) => {
      const ended = outbox?.close(hasLeftFlows(RED, this, removed)) ?? Promise.resolve()
      void ended.then(() => lazy.close()).finally(done)
    })
  }
  const credentials = Object.fromEntries(Object.keys(vendor.credentials).map((name) => [name, { type: 'password' as const }]))
  RED.nodes.registerType(vendor.accountType, create, { credentials })
}

/**
 * @param more what only the account of a node has
 * @throws ApiError CONFIG when a setting or credential is missing or wrong
 */
export function openAccount(
  RED: NodeAPI,
  vendor: Vendor,
  config: AccountDef,
  stored: Record<string, string> | undefined,
  more: Pick<AccountConfig, 'store' | 'notify'> = {},
): Account {
  const { routes, timeout } = config
  return new Account(
    {
      vendor,
      settings: config,
      // Node-RED leaves `credentials` undefined until something has been entered.
      credentials: stored ?? {},
      routes: isRecord(routes) ? routes : {},
      ...(timeout === '' ? {} : { timeout: Number(timeout) }),
      transport: transportOptions(RED, config),
      ...more,
    },
    pool,
  )
}

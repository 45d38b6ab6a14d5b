/** The config node of a store. */
import type { Node, NodeAPI, NodeDef } from 'node-red'
import type { Sentence } from '../../lib/base/sentence'
import type { StoreLease } from '../../lib/store/store'
import { createNode } from '../runtime/migrations'
import type { Config } from '../runtime/migrations/migrate'
import { STORE_TYPE } from '../runtime/node-types'
import { storeDefaults } from './properties'
import { folderOf, listenerOf, stores, type StoreSettings } from './shared-stores'

/** What accounts find behind their store property. */
export interface StoreNode extends Node<Record<string, string>> {
  /** A share of the store; it may outlive this node. */
  lease(): StoreLease
  /** Why it cannot be used now; undefined when it can, and when no account has opened it. */
  outage(): Sentence | undefined
}

type StoreDef = NodeDef & Config

export function registerStore(RED: NodeAPI): void {
  function create(this: StoreNode, def: StoreDef): void {
    const config = createNode(RED, this, def, storeDefaults)
    this.lease = () => stores.lease(settingsOf(RED, config, this.credentials), listenerOf(RED))
    this.outage = () => stores.outage(settingsOf(RED, config, this.credentials))
  }
  const credentials: Record<string, { type: 'password' }> = { password: { type: 'password' } }
  RED.nodes.registerType(STORE_TYPE, create, { credentials })
}

/** Node-RED leaves `credentials` undefined until something has been entered. */
function settingsOf(RED: NodeAPI, { kind, url }: StoreDef, credentials: Record<string, string> | undefined): StoreSettings {
  const folder = folderOf(RED)
  if (kind !== 'redis') return { folder }
  return { folder, redis: { url: typeof url === 'string' ? url : '', password: credentials?.password ?? '' } }
}

/** The config node of a store, and the folder of embedded stores. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Node, NodeAPI, NodeDef } from 'node-red'
import { sentence, type Sentence } from '../../lib/base/sentence'
import { stores, type Listener, type StoreSettings } from '../../lib/store/shared-stores'
import type { StoreLease } from '../../lib/store/store'
import { localize } from '../runtime/language'
import { createNode } from '../runtime/migrations'
import type { Config } from '../runtime/migrations/migrate'
import { STORE_TYPE } from '../runtime/node-types'
import { storeDefaults } from './properties'

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

let temporary: string | undefined

/** Node-RED itself always has a user directory. One that is embedded in a program may have none: data then lasts as long as its process. */
export function folderOf(RED: NodeAPI): string {
  const { userDir } = RED.settings
  if (userDir) return join(userDir, 'sensor-clouds')
  if (temporary === undefined) {
    temporary = join(mkdtempSync(join(tmpdir(), 'node-red-')), 'sensor-clouds')
    RED.log.warn(localize(RED, sentence`Node-RED has no user directory, so sensor clouds keep their data in ${temporary} until the next restart; set userDir in settings.js to keep it`))
  }
  return temporary
}

/** Writes to the log of Node-RED. */
export const listenerOf = (RED: NodeAPI): Listener => ({
  onDamage: (message) => RED.log.warn(localize(RED, message)),
  onOutage: (message) => RED.log.warn(localize(RED, message)),
  onRecovery: (message) => RED.log.info(localize(RED, message)),
})

/** The store of an account: the one that it names, or else the embedded one. */
import type { NodeAPI } from 'node-red'
import { sentence } from '../../lib/base/sentence'
import { releasedError, stores } from '../../lib/store/shared-stores'
import { StoreError, type StoreLease } from '../../lib/store/store'
import { folderOf, listenerOf, type StoreNode } from './store-node'

export type LeaseAccountStore = typeof leaseAccountStore

/** A share of the store; opened by the first call that needs it. */
export function leaseAccountStore(RED: NodeAPI, account: Readonly<Record<string, unknown>>): StoreLease {
  const id = account.store
  let lease: StoreLease | undefined
  let released = false
  const find = (): StoreLease => {
    if (typeof id !== 'string' || id === '') return stores.lease({ folder: folderOf(RED) }, listenerOf(RED))
    // Only now: a config node may be made after the one that names it.
    const node = RED.nodes.getNode(id) as Partial<StoreNode> | null
    // A flow may name another node, or what all objects inherit, such as `constructor`.
    if (typeof node?.lease !== 'function') throw new StoreError('UNUSABLE', sentence`the store that the account names does not exist; choose another in the account`)
    return node.lease()
  }
  return {
    open: async () => {
      // Nobody would release a lease that is taken now.
      if (released) throw releasedError()
      return (lease ??= find()).open()
    },
    release: async () => {
      released = true
      await lease?.release()
    },
  }
}

/** What an event node does, for either kind of vendor. */
import type { Node, NodeAPI } from 'node-red'
import type { CallOptions } from '../../lib/client/call'
import type { Clock } from '../../lib/base/clock'
import type { Occurrence } from '../../lib/vocabulary/events'
import type { Store } from '../../lib/store/store'
import type { Vendor } from '../../lib/vocabulary/vendor'
import type { AccountNode } from '../accounts/account-node'
import type { ActionDef } from '../actions/input-handler'

export interface Source {
  /**
   * One round of its work.
   * @returns ms until the next
   * @throws ApiError
   */
  round(): Promise<number>
  /** @param removed whether the node is gone for good; else it is only started anew */
  close(removed: boolean): Promise<void>
  /** Ms until the next round after one that failed. */
  readonly afterFailure: number
}

/** What both kinds are made of. */
export interface Surroundings {
  RED: NodeAPI
  node: Node
  config: ActionDef
  clock: Clock
  vendor: Vendor
  account: AccountNode
  /** Of what survives a restart; undefined where the account has none. */
  store: Store | undefined
  options: CallOptions
  /** Sends it as a message. */
  emit(occurrence: Omit<Occurrence, 'id'>): void
}

/** Where a node keeps what it must know after a restart. */
export const storeKey = (node: Node): string => `events:${node.id}`

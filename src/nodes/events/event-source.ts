/** Where an event node gets its events: posts of the vendor, polls, or what it watches itself. */
import type { Node, NodeAPI } from 'node-red'
import type { CallOptions } from '../../lib/client/call'
import type { Clock } from '../../lib/base/clock'
import type { Occurrence } from '../../lib/vocabulary/events'
import type { Store } from '../../lib/store/store'
import type { Vendor } from '../../lib/vocabulary/vendor'
import type { AccountNode } from '../accounts/account-node'
import type { ActionDef } from '../actions/input-handler'

export interface EventSource {
  /**
   * Polls the vendor, or checks that its callback is registered.
   * @returns ms until the next poll
   * @throws ApiError
   */
  poll(): Promise<number>
  /** @param removed whether the node was removed; else it is only restarted */
  close(removed: boolean): Promise<void>
  /** Ms until the next poll after a failure. */
  readonly afterFailure: number
  /** What the status shows instead of the number of events. */
  readonly state?: SourceState
}

/** A text of the status with its values. */
export interface SourceState {
  key: 'sensors' | 'batteries' | 'devices'
  values: Readonly<Record<string, number>>
}

/** What all kinds are created with. */
export interface EventContext {
  RED: NodeAPI
  node: Node
  config: ActionDef
  clock: Clock
  vendor: Vendor
  account: AccountNode
  /** For what survives a restart; undefined where the account has none. */
  store: Store | undefined
  options: CallOptions
  /** Sends it as a message. */
  emit(occurrence: Omit<Occurrence, 'id'>): void
}

/** The key of what a node keeps over a restart. */
export const storeKey = (node: Node): string => `events:${node.id}`

/** The account that a node of any kind names for its vendor. */
import type { NodeAPI } from 'node-red'
import { accountProperty } from '../../lib/vocabulary/vendor'
import type { AccountNode } from './account-node'

/** Looks the account up at each call, since a deploy may replace it; undefined when the node names none, or the flow does not have it. */
export function accountFinder(RED: NodeAPI, config: Readonly<Record<string, unknown>>): () => AccountNode | undefined {
  const vendor = typeof config.vendor === 'string' ? config.vendor : ''
  const id = config[accountProperty(vendor)]
  if (typeof id !== 'string' || id === '') return () => undefined
  return () => (RED.nodes.getNode(id) as AccountNode | null) ?? undefined
}

/** The diagnostics of an account, for its dialog and for fault reports. Holds no secret and no address. */
import type { NodeAPI } from 'node-red'
import { version as packageVersion } from '../../../package.json'
import type { Diagnostics } from '../../lib/client/diagnostics'
import type { AccountNode } from '../accounts/account-node'
import { deployedNodes } from '../runtime/deployed'
import { knownVendors } from '../runtime/node-types'
import { failureOf, type Failure } from '../runtime/language'
import { deployedNode } from './typed-account'

export interface Report {
  versions: { package: string; nodeRed: string; node: string }
  diagnostics?: Diagnostics
  /** Why there are no diagnostics. */
  error?: Failure
}

/** All account nodes that run. */
export function accountNodes(RED: NodeAPI): AccountNode[] {
  return deployedNodes(RED).flatMap(({ id, type }) => {
    const vendor = knownVendors.find(({ accountType }) => accountType === type)
    return (vendor && deployedNode(RED, id, vendor)) ?? []
  })
}

/** @returns undefined when no account of this id is deployed */
export async function reportOf(RED: NodeAPI, id: string): Promise<Report | undefined> {
  const node = accountNodes(RED).find((account) => account.id === id)
  if (!node) return undefined
  const { version } = RED.settings as { version?: string }
  const versions = { package: packageVersion, nodeRed: version ?? '', node: process.version }
  try {
    return { versions, diagnostics: await node.diagnostics() }
  } catch (error) {
    return { versions, error: failureOf(RED, error) }
  }
}

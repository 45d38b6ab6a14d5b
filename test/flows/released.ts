/** Flows as each release saved them: one of every node type, with typical params. A file here is never changed. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { accountsOn } from '../nodes/harness'
import { vendors } from '../../src/lib/vendors'
import type { Simulator } from '../simulator'

export type FlowNode = { id: string; type: string } & Record<string, unknown>

/** The releases, oldest first. */
export const RELEASED = readdirSync(__dirname).flatMap((file) => (file.endsWith('.json') ? [file.slice(0, -'.json'.length)] : [])).sort((one, other) => one.localeCompare(other, 'en', { numeric: true }))

/** The flow as it was saved. */
export const savedFlow = (release: string): FlowNode[] => JSON.parse(readFileSync(join(__dirname, `${release}.json`), 'utf8')) as FlowNode[]

/** The same, with the accounts on the simulator. */
export function releasedFlow(release: string, simulator: Simulator): { nodes: FlowNode[]; credentials: Record<string, object> } {
  const accounts = accountsOn(simulator)
  const credentials: Record<string, object> = {}
  const nodes = savedFlow(release).map((node) => {
    const account = Object.values(vendors).find(({ accountType }) => accountType === node.type)
    if (!account) return node
    const { settings, credentials: secret } = accounts[account.id as keyof typeof vendors]
    credentials[node.id] = secret
    return { ...node, ...settings }
  })
  return { nodes, credentials }
}

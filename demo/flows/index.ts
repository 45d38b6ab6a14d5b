/** All tabs of the demo as one flow file, pointed at a running simulator. */
import type { Simulator } from '../../test/simulator'
import { dashboard } from './dashboard'
import { senquip, senquipV1 } from './senquip'
import { sensocan } from './sensocan'
import { sensorist } from './sensorist'
import { thingsee } from './thingsee'
import type { Flow, FlowNode } from './kit'

export type { Flow, FlowNode }

/**
 * @param storedUrl where the demo shows what the simulated SensoCAN has stored
 * @param ownUrl where the simulated vendors reach this Node-RED
 */
export function createFlows(simulator: Simulator, storedUrl: string, ownUrl: string): Flow {
  const parts = [dashboard(), senquip(simulator), senquipV1(simulator), thingsee(simulator), sensorist(simulator, ownUrl), sensocan(simulator, storedUrl)]
  return {
    nodes: withLinks(parts.flatMap(({ nodes }) => nodes)),
    credentials: Object.assign({}, ...parts.map(({ credentials }) => credentials)) as Flow['credentials'],
  }
}

/** The editor wants each link known at both of its ends. */
function withLinks(nodes: FlowNode[]): FlowNode[] {
  const sources = nodes.filter(({ type }) => type === 'link out')
  return nodes.map((node) => {
    if (node.type !== 'link in') return node
    return { ...node, links: sources.filter(({ links }) => Array.isArray(links) && links.includes(node.id)).map(({ id }) => id) }
  })
}

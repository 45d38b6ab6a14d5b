/** The action nodes: one type for each verb, all on the same runtime. */
import type { Node, NodeAPI } from 'node-red'
import type { Verb } from '../../lib/spec'
import { Action, type ActionDef, type Perform } from './action'
import { getData } from './get-data'

/** What each verb does with its call. */
const performers = { 'get-data': getData } as const satisfies Partial<Record<Verb, Perform>>

export const registerAction = (verb: keyof typeof performers) => (RED: NodeAPI): void => {
  function create(this: Node, config: ActionDef): void {
    RED.nodes.createNode(this, config)
    new Action(RED, this, config, verb, performers[verb])
  }
  RED.nodes.registerType(`sensor-cloud-${verb}`, create)
}

/** The event node: one type for all vendors that tell what happens. */
import type { Node, NodeAPI } from 'node-red'
import type { ActionDef } from '../actions/action'
import { EVENT_TYPE } from '../types'
import { OnEvent, type Replacements } from './on-event'

export const registerOnEvent = (replacements: Replacements = {}) => (RED: NodeAPI): void => {
  function create(this: Node, config: ActionDef): void {
    RED.nodes.createNode(this, config)
    new OnEvent(RED, this, config, replacements)
  }
  RED.nodes.registerType(EVENT_TYPE, create)
}

/** The event node: one type for all vendors that tell what happens. */
import type { Node, NodeAPI } from 'node-red'
import type { ActionDef } from '../actions/input-handler'
import { createNode } from '../runtime/migrations'
import { EVENT_TYPE } from '../runtime/node-types'
import { OnEvent, type Replacements } from './on-event'

export const registerOnEvent = (replacements: Replacements = {}) => (RED: NodeAPI): void => {
  function create(this: Node, config: ActionDef): void {
    new OnEvent(RED, this, createNode(RED, this, config), replacements)
  }
  RED.nodes.registerType(EVENT_TYPE, create)
}

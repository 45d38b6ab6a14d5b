/** The event node: one type for all vendors that have events. */
import type { Node, NodeAPI } from 'node-red'
import type { ActionDef } from '../actions/input-handler'
import { createNode } from '../runtime/migrations'
import { EVENT_TYPE } from '../runtime/node-types'
import { eventDefaults } from './properties'
import { OnEvent, type Replacements } from './on-event'

export const registerOnEvent = (replacements: Replacements = {}) => (RED: NodeAPI): void => {
  const defaults = eventDefaults()
  function create(this: Node, def: ActionDef): void {
    new OnEvent(RED, this, createNode(RED, this, def, defaults), replacements)
  }
  RED.nodes.registerType(EVENT_TYPE, create)
}

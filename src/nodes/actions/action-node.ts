/** The action nodes: one type for each verb, all on the same runtime. */
import type { Node, NodeAPI } from 'node-red'
import type { Verb } from '../../lib/vocabulary/operation'
import { createNode } from '../runtime/migrations'
import { Action, type ActionDef, type MakePerform } from './input-handler'
import { serveCursorReset } from '../admin/cursor-reset'
import { getData } from './get-data'
import { ReadingSender } from './send-reading'
import { registerDevice, sendCommand, setAlarm } from './write'

/** What each verb does with its call. */
const performers: Readonly<Record<Verb, MakePerform>> = {
  'get-data': () => getData,
  'send-reading': (making) => new ReadingSender(making).perform,
  'send-command': () => sendCommand,
  'set-alarm': () => setAlarm,
  'register-device': () => registerDevice,
}

export const registerAction = (verb: Verb) => (RED: NodeAPI): void => {
  function create(this: Node, config: ActionDef): void {
    new Action(RED, this, createNode(RED, this, config), verb, performers[verb])
  }
  serveCursorReset(RED)
  RED.nodes.registerType(`sensor-cloud-${verb}`, create)
}

/** The action nodes: one type for each verb, all with the same input handler. */
import type { Node, NodeAPI } from 'node-red'
import type { Verb } from '../../lib/vocabulary/operation'
import { createNode } from '../runtime/migrations'
import { actionType, secretParams } from '../runtime/node-types'
import { createGetData } from './get-data'
import { Action, type ActionDef, type CreateHandler } from './input-handler'
import { actionDefaults } from './properties'
import { createReadingSender } from './send-reading'
import { createRegisterDevice, createSendCommand, createSetAlarm } from './write'

const handlers: Readonly<Record<Verb, CreateHandler>> = {
  'get-data': createGetData,
  'send-reading': createReadingSender,
  'send-command': createSendCommand,
  'set-alarm': createSetAlarm,
  'register-device': createRegisterDevice,
}

export const registerAction = (verb: Verb) => (RED: NodeAPI): void => {
  const defaults = actionDefaults(verb)
  function create(this: Node, def: ActionDef): void {
    new Action(RED, this, createNode(RED, this, def, defaults), verb, handlers[verb])
  }
  const names = secretParams(verb)
  const credentials = Object.fromEntries(names.map((name) => [name, { type: 'password' as const }]))
  RED.nodes.registerType(actionType(verb), create, names.length > 0 ? { credentials } : undefined)
}

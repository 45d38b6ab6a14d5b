/** An account as the editor has it, deployed or not, for the routes that try it. */
import type { AccountDescriptor } from '../descriptor'
import { typedCredentials, type AccountRequest } from '../../runtime/shared-with-forms'
import { byId } from './dom'
import type { EditorNode } from './red'

const PREFIX = 'node-config-input-'

function valueIn(name: string): unknown {
  const control = byId(`${PREFIX}${name}`)
  if (control instanceof HTMLInputElement) return control.type === 'checkbox' ? control.checked : control.value
  // The entry of a select of config nodes that adds a new one.
  return control instanceof HTMLSelectElement && control.value !== '_ADD_' ? control.value : ''
}

/** @param routes those of the dialog, where it has a table of them */
export function typedInDialog(descriptor: AccountDescriptor, node: EditorNode, routes: unknown): AccountRequest {
  const names = [...Object.keys(descriptor.settings), 'tls', 'proxy']
  return {
    id: node.id,
    type: descriptor.type,
    settings: { ...Object.fromEntries(names.map((name) => [name, valueIn(name)])), ...(routes === undefined ? {} : { routes }) },
    credentials: typedCredentials(Object.fromEntries(descriptor.credentials.map((name) => [name, valueIn(name)]))),
  }
}

/** An account that stands in the editor, whether or not it has been deployed. */
export function savedInEditor(node: EditorNode): AccountRequest {
  const { defaults = {}, credentials = {} } = node._def ?? {}
  const pairs = (names: object, source: Readonly<Record<string, unknown>>): Record<string, unknown> =>
    Object.fromEntries(Object.keys(names).map((name) => [name, source[name]]))
  return {
    id: node.id,
    type: node.type,
    settings: pairs(defaults, node),
    credentials: typedCredentials(pairs(credentials, node.credentials ?? {})),
  }
}

/** Marks accounts whose credentials the server lacks, as after an import, and the nodes that use them. */
import { isRecord } from '../../../lib/base/foreign'
import type { EditorNode } from '../platform/red'

/** By id of a deployed account, the names of the credentials that it lacks. */
export type MissingCredentials = Readonly<Record<string, readonly string[]>>

/** Asks now and when a deploy has started its nodes: until its dialog is opened, the editor knows nothing of an account's credentials. */
export function watchAccounts(types: readonly string[]): void {
  const update = (): void => {
    const asked = window.$.ajax({ url: 'sensor-clouds/incomplete', method: 'GET' })
    Promise.resolve(asked).then(
      (found) => show(types, isRecord(found) ? (found as MissingCredentials) : {}),
      // A user who may not read flows, or a server that is away: the nodes' statuses say it too.
      () => undefined,
    )
  }
  RED.comms.subscribe('notification/runtime-deploy', update)
  update()
}

function show(types: readonly string[], missing: MissingCredentials): void {
  const { sensorClouds } = window
  if (!sensorClouds || JSON.stringify(sensorClouds.missing) === JSON.stringify(missing)) return
  sensorClouds.missing = missing
  const check = (node: EditorNode): boolean => {
    if (types.includes(node.type)) {
      RED.editor.validateNode(node)
      node.dirty = true
    }
    return true
  }
  // Accounts first: a node is as complete as its account.
  RED.nodes.eachConfig(check)
  RED.nodes.eachNode(check)
  RED.view.redraw()
}

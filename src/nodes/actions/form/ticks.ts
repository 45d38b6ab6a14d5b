/** The ticks that belong to one operation, when the dialog shows or saves another. */
import type { OperationDescriptor, OperationTrait } from '../../editor/descriptor'
import { byId } from '../../editor/platform/dom'
import type { EditorNode } from '../../editor/platform/red'

/** By name, with the trait of the operations that have the tick. */
const TICKS: Readonly<Record<string, OperationTrait>> = { sinceLast: 'since', confirmed: 'deletesMany' }

const tickOf = (name: string): HTMLInputElement | undefined => {
  const control = byId(`node-input-${name}`)
  return control instanceof HTMLInputElement ? control : undefined
}

/** A confirmation holds for the operation that it was given for. */
export function resetConfirmation(node: EditorNode, isStored: boolean): void {
  const tick = tickOf('confirmed')
  if (tick) tick.checked = isStored && node.confirmed === true
}

/**
 * Clears the ticks in hidden rows: a node would fail with one that its operation does not have. A tick that the node
 * has never had is taken out of the dialog, since Node-RED would take its value for a change.
 * @returns names of what was taken out
 */
export function clearHiddenTicks(node: EditorNode, { traits }: OperationDescriptor): string[] {
  return Object.entries(TICKS).flatMap(([name, trait]) => {
    const tick = tickOf(name)
    if (!tick || traits.includes(trait)) return []
    tick.checked = false
    if (node[name] !== undefined) return []
    tick.remove()
    return [name]
  })
}

/** The ticks that belong to one operation, when the dialog shows or saves another. */
import type { OperationDescriptor, OperationTrait } from '../../editor/descriptor'
import { byId } from '../../editor/platform/dom'
import type { EditorNode } from '../../editor/platform/red'

/** By name, with the trait of the operations that have the tick. */
const TICKS = { sinceLast: 'since', confirmed: 'deletesMany' } as const satisfies Record<string, OperationTrait>

const tickOf = (name: string): HTMLInputElement | undefined => {
  const control = byId(`node-input-${name}`)
  return control instanceof HTMLInputElement ? control : undefined
}

/** A confirmation holds for the operation that it was given for. */
export function resetConfirmation(node: EditorNode, isStored: boolean): void {
  const tick = tickOf('confirmed')
  if (tick) tick.checked = isStored && node.confirmed === true
}

/** Clears the ticks in hidden rows: a node would fail with one that its operation does not have. */
export function clearHiddenTicks({ traits }: OperationDescriptor): void {
  for (const [name, trait] of Object.entries(TICKS)) {
    const tick = tickOf(name)
    if (tick && !traits.includes(trait)) tick.checked = false
  }
}

/** Ticks that are saved also when they are not set: the editor wants a decision. */
export const wantedTicks = ({ traits }: OperationDescriptor): string[] => (traits.includes(TICKS.confirmed) ? ['confirmed'] : [])

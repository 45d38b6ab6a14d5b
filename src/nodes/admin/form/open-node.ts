/** Opens what a row of the sidebar is about. */
import type { OverviewRow } from '../../runtime/overview'
import { element } from '../../editor/platform/dom'

/** The name, or else what stands for it. */
export const nameOf = ({ name, type }: Pick<OverviewRow, 'name' | 'type'>): string => name || type

export function openRow(row: OverviewRow): void {
  if (row.kind !== 'node') {
    RED.editor.editConfig('', row.type, row.id)
    return
  }
  RED.view.reveal(row.shownId)
  const node = RED.nodes.node(row.shownId)
  if (node) RED.editor.edit(node)
}

/** @param label for screen readers; its text is the name */
export function openButton(name: string, label: string, open: () => void): HTMLButtonElement {
  const button = element('button', { type: 'button', class: 'sensor-clouds-open', 'aria-label': label, title: label }, name)
  button.addEventListener('click', open)
  return button
}

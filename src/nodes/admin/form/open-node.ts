/** Opens what a row of the sidebar is about. */
import type { OverviewRow } from '../../runtime/overview'
import { element } from '../../editor/platform/dom'

/** Of rows without a name, which are compared often. */
const labels = new WeakMap<OverviewRow, string>()

/** The name, or else what the editor calls it. */
export function nameOf(row: OverviewRow): string {
  if (row.name !== '') return row.name
  const label = labels.get(row) ?? labelOf(row)
  labels.set(row, label)
  return label
}

function labelOf(row: OverviewRow): string {
  const node = RED.nodes.node(row.kind === 'node' ? row.shownId : row.id)
  return node ? RED.utils.getNodeLabel(node, row.type) : row.type
}

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

/** The parts that editable tables of the forms share: a head, and a small button at the end of each row. */
import { element } from './dom'

/**
 * A table with a last column for the buttons of the rows.
 * @param kind CSS class of the table, for the widths of its columns
 */
export function editableTable(kind: string, heads: readonly string[], body: HTMLTableSectionElement): HTMLTableElement {
  const cells = heads.map((head) => element('th', { scope: 'col' }, head))
  const head = element('thead', {}, element('tr', {}, ...cells, element('td')))
  return element('table', { class: `sensor-clouds-table ${kind}` }, head, body)
}

interface RowButton {
  /** Of Font Awesome, without `fa-`. */
  icon: string
  title: string
  /** For screen readers, with the name of the row. */
  label: string
}

export const rowButton = ({ icon, label, title }: RowButton): HTMLButtonElement =>
  element(
    'button',
    { type: 'button', class: 'red-ui-button red-ui-button-small', title, 'aria-label': label },
    element('i', { class: `fa fa-${icon}`, 'aria-hidden': 'true' }),
  )

/** The table of a node's property: rows of texts that one adds and removes. */
import { isRecord, scalarText } from '../../../lib/base/foreign'
import type { PropertyDescriptors } from '../descriptor'
import { byId, element } from '../platform/dom'
import { editableTable, rowButton } from '../platform/editable-table'
import type { Translate } from '../platform/red'

type TableRow = Readonly<Record<string, string>>

/** The rows of a flow file as texts. Other properties of a row are not kept. */
const readRows = (stored: unknown, columns: readonly string[]): TableRow[] =>
  (Array.isArray(stored) ? stored : []).filter(isRecord).map((row) => Object.fromEntries(columns.map((column) => [column, scalarText(row[column])])))

const isEmpty = (row: TableRow): boolean => Object.values(row).every((text) => text === '')

/** The table of one property. */
class TableRows {
  readonly #body = element('tbody')
  readonly #add: HTMLButtonElement
  readonly #name: string
  readonly #columns: readonly string[]
  readonly #translate: Translate

  constructor(container: HTMLElement, name: string, columns: readonly string[], stored: unknown, translate: Translate) {
    this.#name = name
    this.#columns = columns
    this.#translate = translate
    this.#add = element('button', { type: 'button', class: 'red-ui-button red-ui-button-small' }, translate('form.table.add'))
    this.#add.addEventListener('click', () => this.#addRow({}).focus())
    const heads = columns.map((column) => this.#label(column))
    container.replaceChildren(editableTable(`sensor-clouds-table-${name}`, heads, this.#body), this.#add)
    for (const row of readRows(stored, columns)) this.#addRow(row)
  }

  /** Without rows that are empty. */
  values(): TableRow[] {
    const rows = [...this.#body.rows].map((row) => {
      const inputs = [...row.querySelectorAll('input')]
      return Object.fromEntries(this.#columns.map((column, index) => [column, inputs[index]?.value.trim() ?? '']))
    })
    return rows.filter((row) => !isEmpty(row))
  }

  #label(column: string): string {
    return this.#translate(`property.${this.#name}.column.${column}`)
  }

  /** @returns its first input */
  #addRow(given: TableRow): HTMLInputElement {
    const row = this.#body.rows.length + 1
    const inputs = this.#columns.map((column) => {
      const label = this.#translate('form.table.cell', { column: this.#label(column), row })
      return element('input', { type: 'text', spellcheck: 'false', 'aria-label': label, value: given[column] ?? '' })
    })
    const remove = rowButton({ icon: 'times', title: this.#translate('form.table.remove'), label: this.#translate('form.table.removeRow', { row }) })
    const added = element('tr', {}, ...inputs.map((input) => element('td', {}, input)), element('td', {}, remove))
    remove.addEventListener('click', () => {
      added.remove()
      this.#add.focus()
    })
    this.#body.append(added)
    return inputs[0] ?? element('input')
  }
}

/** The tables of the open form, by the names of their properties. */
export function prepareTables(properties: PropertyDescriptors, stored: Readonly<Record<string, unknown>>, translate: Translate): Map<string, TableRows> {
  const tables = new Map<string, TableRows>()
  for (const [name, { columns }] of Object.entries(properties)) {
    const container = byId(`sensor-clouds-table-${name}`)
    if (columns && container) tables.set(name, new TableRows(container, name, columns, stored[name], translate))
  }
  return tables
}

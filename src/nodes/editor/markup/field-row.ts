/** The row of a field in a form's template: a setting of an account, or a property of a node. */
import type { Field } from '../../../lib/vocabulary/field'
import { choiceKey } from '../descriptor'
import { describedBy, escapeHtml, formRow, HIDDEN, INPUT_WIDTH } from './markup'

/** Whether a wrong value can be typed, so that the form must say what is wrong. */
export const isTyped = ({ kind }: Pick<Field, 'kind'>): boolean => kind !== 'boolean' && kind !== 'choice'

function control(id: string, key: string, field: Field, after: string): string {
  const described = describedBy(id, field.help !== undefined, isTyped(field))
  if (field.kind === 'boolean') return `<input type="checkbox" id="${id}" style="width: auto"${described}>`
  if (field.kind === 'choice') {
    const options = (field.choices ?? []).map(
      ({ value }) => `<option value="${escapeHtml(value)}" data-i18n="${key}.choice.${choiceKey(value)}"></option>`,
    )
    return `<select id="${id}" ${INPUT_WIDTH}${described}>${options.join('')}</select>`
  }
  // An imported flow may lack the property: then the default applies.
  const shown = field.placeholder ?? field.default
  const placeholder = shown === undefined ? '' : ` placeholder="${escapeHtml(String(shown))}"`
  // Not type="number": that would drop a value such as ${DEVICES}.
  const mode = field.kind === 'number' ? ' inputmode="numeric"' : ''
  const width = after === '' ? INPUT_WIDTH : 'style="width: calc(100% - 170px)"'
  return `<input type="text" id="${id}" ${width} spellcheck="false"${mode}${placeholder}${described}>${after}`
}

export interface FieldRowOptions {
  /** `node-input-` or `node-config-input-`. */
  prefix: string
  name: string
  /** Catalog key of the field's texts. */
  key: string
  field: Field
  /** Whether the form shows and hides the row. */
  hidden?: boolean
  /** Whether it is marked as required although it has a default, such as a tick. */
  marked?: boolean
  /** Html behind the input, such as a button. */
  after?: string
}

export function fieldRow({ prefix, name, key, field, hidden = false, marked = false, after = '' }: FieldRowOptions): string {
  const id = `${prefix}${name}`
  return formRow({
    id,
    label: `${key}.label`,
    control: control(id, key, field, after),
    help: field.help === undefined ? undefined : `${key}.help`,
    checked: isTyped(field),
    required: marked || (field.required && field.default === undefined),
    ...(hidden ? { rowId: `sensor-clouds-row-${name}` } : {}),
  })
}

/** The row of a table, which the form fills. Its key is that of `fieldRow`. */
export const tableRow = (name: string, key: string): string => `<div class="form-row ${HIDDEN}" id="sensor-clouds-row-${name}" role="group" aria-labelledby="sensor-clouds-table-${name}-label" aria-describedby="sensor-clouds-table-${name}-help">
  <label id="sensor-clouds-table-${name}-label" data-i18n="${key}.label"></label>
  <div class="sensor-clouds-help" id="sensor-clouds-table-${name}-help" data-i18n="${key}.help"></div>
  <div class="sensor-clouds-rows" id="sensor-clouds-table-${name}"></div>
</div>`

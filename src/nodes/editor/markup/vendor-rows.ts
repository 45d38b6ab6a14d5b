/** Rows and rules of the nodes that have a vendor and its account. */
import { accountProperty, type Vendor } from '../../../lib/vocabulary/vendor'
import { formRow, HIDDEN, INPUT_WIDTH, quote, validate } from './markup'

/**
 * The account properties are not marked `required: false`: Node-RED would then not ask their validator about an empty
 * one, and only the chosen vendor's may not be empty.
 */
export function vendorRules(form: string, vendors: readonly Vendor[]): Record<string, string> {
  const accounts = vendors.map(({ id, accountType }) => {
    const property = accountProperty(id)
    return [property, `type: ${quote(accountType)}, ${validate(form, `validateAccount(this, ${quote(property)}, value)`)}`] as const
  })
  return { vendor: `required: true, ${validate(form, 'validateVendor(this, value)')}`, ...Object.fromEntries(accounts) }
}

export const accountRows = (vendors: readonly Vendor[]): string[] =>
  vendors.map(({ id }) => {
    const property = accountProperty(id)
    return formRow({
      id: `node-input-${property}`,
      label: `vendor.${id}.account`,
      control: `<input type="text" id="node-input-${property}" ${INPUT_WIDTH}>`,
      required: true,
      rowId: `sensor-clouds-row-${property}`,
    })
  })

/** @param prefix `node-input-` or `node-config-input-` */
export const nameRow = (prefix = 'node-input-'): string =>
  formRow({
    id: `${prefix}name`,
    label: 'form.name',
    control: `<input type="text" id="${prefix}name" ${INPUT_WIDTH} data-i18n="[placeholder]form.namePlaceholder">`,
  })

export const vendorRow = (): string =>
  formRow({ id: 'node-input-vendor', label: 'form.vendor', control: `<select id="node-input-vendor" ${INPUT_WIDTH}></select>`, required: true })

export const NOTE_ROW = `<div class="sensor-clouds-note ${HIDDEN}" id="sensor-clouds-note"></div>`
export const PARAMS_ROW = '<div id="sensor-clouds-params" role="group" data-i18n="[aria-label]form.params"></div>'

/** Registration and template of an action node. */
import type { Verb } from '../../../lib/vocabulary/operation'
import type { Vendor } from '../../../lib/vocabulary/vendor'
import { fieldRow, isTyped, tableRow } from '../../editor/markup/field-row'
import { defaultLines, formName, formRow, INPUT_WIDTH, nodeFormCalls, quote, validate } from '../../editor/markup/markup'
import { accountRows, nameRow, NOTE_ROW, PARAMS_ROW, vendorRow, vendorRules } from '../../editor/markup/vendor-rows'
import type { Config } from '../../runtime/migrations/migrate'
import type { NodeProperty } from '../../runtime/node-property'
import { actionType, secretParams } from '../../runtime/node-types'

/** Muted, one for each verb. */
const COLORS: Readonly<Record<Verb, string>> = {
  'get-data': '#8FB4C8',
  'send-reading': '#9DBF97',
  'send-command': '#D9B779',
  'set-alarm': '#D69E94',
  'register-device': '#B3A5CC',
}

export interface ActionParts {
  verb: Verb
  vendors: readonly Vendor[]
  defaults: Config
  properties: Readonly<Record<string, NodeProperty>>
}

export function actionRegistration({ verb, vendors, defaults, properties }: ActionParts): string {
  const type = actionType(verb)
  const form = formName(type)
  const typed = Object.entries(properties).filter(([, property]) => isTyped(property))
  const rules = {
    ...vendorRules(form, vendors),
    ...('confirmed' in properties ? { confirmed: validate(form, 'validateConfirmed(this, value)') } : {}),
    operation: validate(form, 'validateOperation(this, value)'),
    params: validate(form, 'validateParams(this, value)'),
    ...Object.fromEntries(typed.map(([name]) => [name, validate(form, `validateProperty(this, ${quote(name)}, value)`)])),
  }
  return `  RED.nodes.registerType(${quote(type)}, {
    category: 'sensor clouds',
    color: ${quote(COLORS[verb])},
    defaults: {
${defaultLines(defaults, rules)}
    },
${credentialLines(secretParams(verb, vendors))}    inputs: 1,
    outputs: 1,
    icon: ${quote(`${verb}.svg`)},
${nodeFormCalls(form)}
  })
`
}

/** Of the secret params; a verb that has none has no credentials. */
const credentialLines = (names: readonly string[]): string =>
  names.length === 0 ? '' : `    credentials: {\n${names.map((name) => `      ${name}: { type: 'password' }`).join(',\n')}\n    },\n`

/** Of a node that can read since last. */
const RESET_ROW = formRow({
  id: 'sensor-clouds-reset',
  label: 'form.reset',
  control: '<button type="button" class="red-ui-button" id="sensor-clouds-reset" data-i18n="form.resetButton" aria-describedby="sensor-clouds-reset-help sensor-clouds-reset-result"></button> <span id="sensor-clouds-reset-result" role="status"></span>',
  help: 'form.resetHelp',
  rowId: 'sensor-clouds-row-reset',
})

function propertyRow(name: string, field: NodeProperty): string {
  const key = `property.${name}`
  return field.columns ? tableRow(name, key) : fieldRow({ prefix: 'node-input-', name, key, field, hidden: true, marked: name === 'confirmed' })
}

export const actionTemplate = ({ vendors, properties }: ActionParts): string => `<div class="sensor-clouds-form">
${[
  nameRow(),
  vendorRow(),
  ...accountRows(vendors),
  formRow({
    id: 'node-input-operation',
    label: 'form.operation',
    control: `<select id="node-input-operation" ${INPUT_WIDTH}></select>`,
    required: true,
    rowId: 'sensor-clouds-row-operation',
  }),
  NOTE_ROW,
  PARAMS_ROW,
  ...Object.entries(properties).map(([name, field]) => propertyRow(name, field)),
  ...('sinceLast' in properties ? [RESET_ROW] : []),
].join('\n')}
</div>
`

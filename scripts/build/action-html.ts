/** Registration and form of an action node. */
import type { Verb } from '../../src/lib/spec'
import { accountProperty, type Vendor } from '../../src/lib/vendor'
import { BATCH_WINDOW, OUTBOX_LIMIT } from '../../src/nodes/actions/outbox-settings'
import { actionType } from '../../src/nodes/types'
import { formName } from './bundle'
import { describedBy, formRow, INPUT_WIDTH, quote } from './markup'

/** Muted, one for each verb. */
const COLORS: Readonly<Record<Verb, string>> = {
  'get-data': '#8FB4C8',
  'send-reading': '#9DBF97',
  'send-command': '#D9B779',
  'set-alarm': '#D69E94',
  'register-device': '#B3A5CC',
}

const numeric = (rule: string) => (verb: Verb, name: string, value: string): string =>
  `${name}: { value: ${quote(value)}, validate: function (value, opt) { return ${formName(actionType(verb))}.${rule}(this, ${quote(name)}, value) } }`

/** A number of seconds that may be left empty. */
const seconds = numeric('validateSeconds')
/** A number of the outbox that may be left empty. */
const outboxNumber = numeric('validateOutbox')

/** Seconds that a node waits for a result; the runtime's own default. */
const DEFAULT_AWAIT = '300'

/** Properties that only some verbs have, with their defaults. */
const OWN_DEFAULTS: Readonly<Partial<Record<Verb, readonly string[]>>> = {
  'send-reading': [
    `outbox: { value: true }`,
    outboxNumber('send-reading', 'outboxLimit', String(OUTBOX_LIMIT)),
    outboxNumber('send-reading', 'batchWindow', String(BATCH_WINDOW)),
  ],
  'get-data': [`output: { value: 'readings' }`, `emit: { value: 'array' }`, `sinceLast: { value: false }`],
  'send-command': [
    seconds('send-command', 'ttl', ''),
    `awaitResult: { value: false }`,
    seconds('send-command', 'awaitTimeout', DEFAULT_AWAIT),
  ],
  'set-alarm': [`ifAbsent: { value: true }`],
}

export const vendorDefault = (form: string): string =>
  `vendor: { value: '', required: true, validate: function (value, opt) { return ${form}.validateVendor(this, value) } }`

/**
 * The account properties are not marked `required: false`: Node-RED would then not ask their validator about an empty
 * one, and only the chosen vendor's may not be empty.
 */
export const accountDefaults = (form: string, vendors: readonly Vendor[]): string[] =>
  vendors.map(({ id, accountType }) => {
    const property = accountProperty(id)
    return `${property}: { value: '', type: ${quote(accountType)}, validate: function (value, opt) { return ${form}.validateAccount(this, ${quote(property)}, value) } }`
  })

export function actionRegistration(verb: Verb, vendors: readonly Vendor[]): string {
  const type = actionType(verb)
  const form = formName(type)
  const defaults = [
    `name: { value: '' }`,
    vendorDefault(form),
    ...accountDefaults(form, vendors),
    `operation: { value: '', validate: function (value, opt) { return ${form}.validateOperation(this, value) } }`,
    `params: { value: {}, validate: function (value, opt) { return ${form}.validateParams(this, value) } }`,
    ...(OWN_DEFAULTS[verb] ?? []),
  ]
  return `  RED.nodes.registerType(${quote(type)}, {
    category: 'sensor clouds',
    color: ${quote(COLORS[verb])},
    defaults: {
${defaults.map((line) => `      ${line}`).join(',\n')}
    },
    inputs: 1,
    outputs: 1,
    icon: ${quote(`${verb}.svg`)},
    paletteLabel: function () { return this._('palette.label') },
    label: function () { return ${form}.label(this) },
    labelStyle: function () { return this.name ? 'node_label_italic' : '' },
    oneditprepare: function () { ${form}.prepare(this) },
    oneditsave: function () { ${form}.save(this) },
    oneditcancel: function () { ${form}.cancel() }
  })
`
}

const select = (id: string, options: readonly (readonly [value: string, key: string])[], help: boolean): string => {
  const entries = options.map(([value, key]) => `<option value="${value}" data-i18n="${key}"></option>`).join('')
  const described = help ? ` aria-describedby="${id}-help"` : ''
  return `<select id="${id}" ${INPUT_WIDTH}${described}>${entries}</select>`
}

/** @param label,help catalog keys */
const numberRow = (label: string, help: string, placeholder = ''): string => {
  const name = label.replace('form.', '')
  const id = `node-input-${name}`
  const shown = placeholder === '' ? '' : ` placeholder="${placeholder}"`
  return formRow({
    id,
    label,
    control: `<input type="text" id="${id}" ${INPUT_WIDTH} inputmode="numeric"${shown}${describedBy(id, true, true)}>`,
    help,
    checked: true,
    rowId: `sensor-clouds-row-${name}`,
  })
}

const checkRow = (label: string, help: string): string => {
  const name = label.replace('form.', '')
  const id = `node-input-${name}`
  return formRow({
    id,
    label,
    control: `<input type="checkbox" id="${id}" style="width: auto"${describedBy(id, true, false)}>`,
    help,
    rowId: `sensor-clouds-row-${name}`,
  })
}

const OWN_ROWS: Readonly<Partial<Record<Verb, readonly string[]>>> = {
  'get-data': [
    formRow({
      id: 'node-input-output',
      label: 'form.output',
      control: select('node-input-output', [['readings', 'form.outputReadings'], ['body', 'form.outputBody']], true),
      help: 'form.outputHelp',
      rowId: 'sensor-clouds-row-output',
    }),
    formRow({
      id: 'node-input-emit',
      label: 'form.emit',
      control: select('node-input-emit', [['array', 'form.emitArray'], ['each', 'form.emitEach'], ['page', 'form.emitPage']], true),
      help: 'form.emitHelp',
      rowId: 'sensor-clouds-row-emit',
    }),
    checkRow('form.sinceLast', 'form.sinceLastHelp'),
    formRow({
      id: 'sensor-clouds-reset',
      label: 'form.reset',
      control: '<button type="button" class="red-ui-button" id="sensor-clouds-reset" data-i18n="form.resetButton" aria-describedby="sensor-clouds-reset-help sensor-clouds-reset-result"></button> <span id="sensor-clouds-reset-result" role="status"></span>',
      help: 'form.resetHelp',
      rowId: 'sensor-clouds-row-reset',
    }),
  ],
  'send-reading': [
    checkRow('form.outbox', 'form.outboxHelp'),
    numberRow('form.outboxLimit', 'form.outboxLimitHelp', String(OUTBOX_LIMIT)),
    numberRow('form.batchWindow', 'form.batchWindowHelp', String(BATCH_WINDOW)),
  ],
  'send-command': [
    numberRow('form.ttl', 'form.ttlHelp'),
    checkRow('form.awaitResult', 'form.awaitResultHelp'),
    numberRow('form.awaitTimeout', 'form.awaitTimeoutHelp', DEFAULT_AWAIT),
  ],
  'set-alarm': [checkRow('form.ifAbsent', 'form.ifAbsentHelp')],
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

export const nameRow = (): string =>
  formRow({
    id: 'node-input-name',
    label: 'form.name',
    control: `<input type="text" id="node-input-name" ${INPUT_WIDTH} data-i18n="[placeholder]form.namePlaceholder">`,
  })

export const vendorRow = (): string =>
  formRow({ id: 'node-input-vendor', label: 'form.vendor', control: select('node-input-vendor', [], false), required: true })

export const NOTE_ROW = '<div class="sensor-clouds-note sensor-clouds-hidden" id="sensor-clouds-note"></div>'
export const PARAMS_ROW = '<div id="sensor-clouds-params" role="group" data-i18n="[aria-label]form.params"></div>'

export const actionTemplate = (verb: Verb, vendors: readonly Vendor[]): string => `<div class="sensor-clouds-form">
${[
  nameRow(),
  vendorRow(),
  ...accountRows(vendors),
  formRow({
    id: 'node-input-operation',
    label: 'form.operation',
    control: select('node-input-operation', [], false),
    required: true,
    rowId: 'sensor-clouds-row-operation',
  }),
  NOTE_ROW,
  PARAMS_ROW,
  ...(OWN_ROWS[verb] ?? []),
].join('\n')}
</div>
`

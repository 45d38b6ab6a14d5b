/** Registration and form of an action node. */
import type { Verb } from '../../../lib/vocabulary/operation'
import { accountProperty, type Vendor } from '../../../lib/vocabulary/vendor'
import { defaultsOf, OWN_DEFAULTS } from '../../runtime/defaults'
import { actionType } from '../../runtime/node-types'
import { formName } from '../../../../scripts/build/bundle'
import { defaultLines, describedBy, formRow, INPUT_WIDTH, nodeFormCalls, quote, validate } from '../../../../scripts/build/markup'

/** Muted, one for each verb. */
const COLORS: Readonly<Record<Verb, string>> = {
  'get-data': '#8FB4C8',
  'send-reading': '#9DBF97',
  'send-command': '#D9B779',
  'set-alarm': '#D69E94',
  'register-device': '#B3A5CC',
}

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

export function actionRegistration(verb: Verb, vendors: readonly Vendor[]): string {
  const type = actionType(verb)
  const form = formName(type)
  const ask = (call: string): string => validate(form, call)
  const numbers = (names: readonly string[], rule: string) => names.map((name) => [name, ask(`${rule}(this, ${quote(name)}, value)`)] as const)
  const rules = {
    ...vendorRules(form, vendors),
    operation: ask('validateOperation(this, value)'),
    params: ask('validateParams(this, value)'),
    ...Object.fromEntries([...numbers(['ttl', 'awaitTimeout'], 'validateSeconds'), ...numbers(['outboxLimit', 'batchWindow'], 'validateOutbox')]),
  }
  return `  RED.nodes.registerType(${quote(type)}, {
    category: 'sensor clouds',
    color: ${quote(COLORS[verb])},
    defaults: {
${defaultLines(defaultsOf({ kind: 'action', type, verb }, vendors), rules)}
    },
    inputs: 1,
    outputs: 1,
    icon: ${quote(`${verb}.svg`)},
${nodeFormCalls(form)}
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
    numberRow('form.outboxLimit', 'form.outboxLimitHelp', OWN_DEFAULTS['send-reading'].outboxLimit),
    numberRow('form.batchWindow', 'form.batchWindowHelp', OWN_DEFAULTS['send-reading'].batchWindow),
  ],
  'send-command': [
    numberRow('form.ttl', 'form.ttlHelp'),
    checkRow('form.awaitResult', 'form.awaitResultHelp'),
    numberRow('form.awaitTimeout', 'form.awaitTimeoutHelp', OWN_DEFAULTS['send-command'].awaitTimeout),
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

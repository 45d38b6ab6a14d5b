/** Registration and form of a vendor's account. */
import { DEFAULT_TIMEOUT } from '../../../lib/client/account'
import type { Field } from '../../../lib/vocabulary/operation'
import type { Vendor } from '../../../lib/vocabulary/vendor'
import { editableRoutes } from '../editable-routes'
import { defaultsOf } from '../../runtime/defaults'
import { choiceKey } from '../../editor/descriptor'
import { STORE_TYPE } from '../../runtime/node-types'
import { formName } from '../../../../scripts/build/bundle'
import { defaultLines, describedBy, escapeHtml, formCalls, formRow, INPUT_WIDTH, quote, validate } from '../../../../scripts/build/markup'

const COLOR = '#C3CBD1'

export function accountRegistration(vendor: Vendor): string {
  const form = formName(vendor.accountType)
  const settings = Object.keys(vendor.settings).map((name) => [name, validate(form, `validateSetting(this, ${quote(name)}, value)`)] as const)
  const rules = {
    ...Object.fromEntries(settings),
    store: `type: ${quote(STORE_TYPE)}, required: false`,
    tls: `type: 'tls-config', required: false`,
    proxy: `type: 'http proxy', required: false`,
    timeout: validate(form, 'validateTimeout(this, value)'),
    routes: validate(form, 'validateRoutes(this, value)'),
    // Node-RED asks no rule of credentials once the dialog is closed; this property has no input that would be blamed.
    version: validate(form, 'validateCredentials(this)'),
  }
  const credentials = Object.keys(vendor.credentials).map((name) => `      ${name}: { type: 'password', required: true }`)
  return `  RED.nodes.registerType(${quote(vendor.accountType)}, {
    category: 'config',
    color: ${quote(COLOR)},
    defaults: {
${defaultLines(defaultsOf({ kind: 'account', type: vendor.accountType, vendor }), rules)}
    },
    credentials: {
${credentials.join(',\n')}
    },
    icon: 'account.svg',
${formCalls(form)},
    oneditcancel: function () { ${form}.cancel() }
  })
`
}

const PREFIX = 'node-config-input-'

/** Of an imported flow that lacks the property, it is the default that applies. */
const placeholderOf = (text: string | number | boolean | undefined): string =>
  text === undefined ? '' : ` placeholder="${escapeHtml(String(text))}"`

function settingControl(id: string, name: string, field: Field): string {
  const described = describedBy(id, field.help !== undefined, true)
  if (field.kind === 'boolean') return `<input type="checkbox" id="${id}" style="width: auto"${described}>`
  if (field.kind === 'choice') {
    const options = (field.choices ?? []).map(
      ({ value }) => `<option value="${escapeHtml(value)}" data-i18n="setting.${name}.choice.${choiceKey(value)}"></option>`,
    )
    return `<select id="${id}" ${INPUT_WIDTH}${described}>${options.join('')}</select>`
  }
  // Not type="number": that would drop a value such as ${DEVICES}.
  const mode = field.kind === 'number' ? ' inputmode="numeric"' : ''
  return `<input type="text" id="${id}" ${INPUT_WIDTH} spellcheck="false"${mode}${placeholderOf(field.placeholder ?? field.default)}${described}>`
}

const settingRow = (name: string, field: Field): string => {
  const id = `${PREFIX}${name}`
  return formRow({
    id,
    label: `setting.${name}.label`,
    control: settingControl(id, name, field),
    help: field.help === undefined ? undefined : `setting.${name}.help`,
    checked: true,
    required: field.required && field.default === undefined,
  })
}

const credentialRow = (name: string): string => {
  const id = `${PREFIX}${name}`
  return formRow({
    id,
    label: `credential.${name}.label`,
    control: `<input type="password" id="${id}" ${INPUT_WIDTH} autocomplete="off"${describedBy(id, true, false)}>`,
    help: `credential.${name}.help`,
    required: true,
  })
}

const timeoutRow = (): string => {
  const id = `${PREFIX}timeout`
  return formRow({
    id,
    label: 'form.timeout',
    control: `<input type="text" id="${id}" ${INPUT_WIDTH} inputmode="numeric"${placeholderOf(DEFAULT_TIMEOUT)}${describedBy(id, true, true)}>`,
    help: 'form.timeoutHelp',
    checked: true,
  })
}

/** Another config node; Node-RED makes the select. */
const configRow = (name: string, label: string, help: string): string => {
  const id = `${PREFIX}${name}`
  return formRow({ id, label, control: `<input type="text" id="${id}" ${INPUT_WIDTH}>`, help })
}

const heading = (key: string): string => `<div class="sensor-clouds-heading" data-i18n="${key}"></div>`

export function accountTemplate(vendor: Vendor): string {
  const routes =
    editableRoutes(vendor).length > 0
      ? [
          heading('form.routes.title'),
          '<div class="sensor-clouds-intro" data-i18n="form.routes.help"></div>',
          '<div id="sensor-clouds-import-area"></div>',
          '<div id="sensor-clouds-routes"></div>',
        ]
      : []
  const unverified =
    vendor.unverified === undefined
      ? []
      : ['<div class="sensor-clouds-warning sensor-clouds-warning-account" role="note" data-i18n="vendor.unverified"></div>']
  return `<div class="sensor-clouds-form">
${[
  formRow({
    id: `${PREFIX}name`,
    label: 'form.name',
    control: `<input type="text" id="${PREFIX}name" ${INPUT_WIDTH} data-i18n="[placeholder]form.namePlaceholder">`,
  }),
  ...unverified,
  `<div class="sensor-clouds-intro"><a href="${escapeHtml(vendor.docs)}" target="_blank" rel="noopener noreferrer" data-i18n="form.docs"></a></div>`,
  ...Object.entries(vendor.settings).map(([name, field]) => settingRow(name, field)),
  ...Object.keys(vendor.credentials).map(credentialRow),
  '<div id="sensor-clouds-test"></div>',
  ...routes,
  heading('form.connection'),
  timeoutRow(),
  configRow('proxy', 'form.proxy', 'form.proxyHelp'),
  configRow('tls', 'form.tls', 'form.tlsHelp'),
  configRow('store', 'form.store', 'form.storeHelp'),
  '<div id="sensor-clouds-usage" class="sensor-clouds-hidden"></div>',
].join('\n')}
</div>
`
}

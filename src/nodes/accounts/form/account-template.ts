/** Registration and template of a vendor's account. */
import type { Field } from '../../../lib/vocabulary/field'
import { credentialType, type Vendor } from '../../../lib/vocabulary/vendor'
import { fieldRow } from '../../editor/markup/field-row'
import { defaultLines, describedBy, escapeHtml, formCalls, formName, formRow, INPUT_WIDTH, quote, validate } from '../../editor/markup/markup'
import { nameRow } from '../../editor/markup/vendor-rows'
import { editableRoutes } from '../../../lib/http/route'
import type { Config } from '../../runtime/migrations/migrate'
import type { NodeProperty } from '../../runtime/node-property'
import { STORE_TYPE } from '../../runtime/node-types'

const COLOR = '#C3CBD1'

export interface AccountParts {
  vendor: Vendor
  defaults: Config
  properties: Readonly<Record<string, NodeProperty>>
}

export function accountRegistration({ vendor, defaults, properties }: AccountParts): string {
  const form = formName(vendor.accountType)
  const settings = Object.keys({ ...vendor.settings, ...properties }).map((name) => [name, validate(form, `validateSetting(this, ${quote(name)}, value)`)] as const)
  const rules = {
    ...Object.fromEntries(settings),
    store: `type: ${quote(STORE_TYPE)}, required: false`,
    tls: `type: 'tls-config', required: false`,
    proxy: `type: 'http proxy', required: false`,
    routes: validate(form, 'validateRoutes(this, value)'),
    // Node-RED does not validate credentials once the dialog is closed. This property has no input that would be marked.
    version: validate(form, 'validateCredentials(this)'),
  }
  const credentials = Object.keys(vendor.credentials).map((name) => `      ${name}: { type: ${quote(credentialType(vendor, name))}, required: true }`)
  return `  RED.nodes.registerType(${quote(vendor.accountType)}, {
    category: 'config',
    color: ${quote(COLOR)},
    defaults: {
${defaultLines(defaults, rules)}
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

const credentialRow = (vendor: Vendor, name: string): string => {
  const id = `${PREFIX}${name}`
  return formRow({
    id,
    label: `credential.${name}.label`,
    control: `<input type="${credentialType(vendor, name)}" id="${id}" ${INPUT_WIDTH} autocomplete="off" spellcheck="false"${describedBy(id, true, false)}>`,
    help: `credential.${name}.help`,
    required: true,
  })
}

/** Another config node; Node-RED makes the select. */
const configRow = (name: string, label: string, help: string): string => {
  const id = `${PREFIX}${name}`
  return formRow({ id, label, control: `<input type="text" id="${id}" ${INPUT_WIDTH}>`, help })
}

const heading = (key: string): string => `<div class="sensor-clouds-heading" data-i18n="${key}"></div>`

/** Rows that most users leave as they are; the form opens the fold where something in it needs attention. */
const fold = (rows: readonly string[]): string =>
  `<details class="sensor-clouds-fold" id="sensor-clouds-advanced">\n<summary data-i18n="form.advanced"></summary>\n${rows.join('\n')}\n</details>`

const isNeeded = ({ required, default: given }: Field): boolean => required && given === undefined

export function accountTemplate({ vendor, properties }: AccountParts): string {
  const rows = (fields: Vendor['settings'], isWanted: (field: Field) => boolean): string[] =>
    Object.entries(fields)
      .filter(([, field]) => isWanted(field))
      .map(([name, field]) => fieldRow({ prefix: PREFIX, name, key: `setting.${name}`, field }))
  const routes =
    editableRoutes(vendor).length > 0
      ? [heading('form.routes.title'), '<div class="sensor-clouds-intro" data-i18n="form.routes.help"></div>', '<div id="sensor-clouds-routes"></div>']
      : []
  const unverified =
    vendor.unverified === undefined
      ? []
      : ['<div class="sensor-clouds-warning sensor-clouds-warning-account" role="note" data-i18n="vendor.unverified"></div>']
  return `<div class="sensor-clouds-form">
${[
  nameRow(PREFIX),
  ...unverified,
  `<div class="sensor-clouds-intro"><a href="${escapeHtml(vendor.docs)}" target="_blank" rel="noopener noreferrer" data-i18n="form.docs"></a></div>`,
  ...rows(vendor.settings, isNeeded),
  ...Object.keys(vendor.credentials).map((name) => credentialRow(vendor, name)),
  '<div id="sensor-clouds-test"></div>',
  '<div id="sensor-clouds-check"></div>',
  fold([
    ...rows(vendor.settings, (field) => !isNeeded(field)),
    ...rows(properties, () => true),
    configRow('proxy', 'form.proxy', 'form.proxyHelp'),
    configRow('tls', 'form.tls', 'form.tlsHelp'),
    configRow('store', 'form.store', 'form.storeHelp'),
    ...routes,
  ]),
  '<div id="sensor-clouds-usage" class="sensor-clouds-hidden"></div>',
].join('\n')}
</div>
`
}

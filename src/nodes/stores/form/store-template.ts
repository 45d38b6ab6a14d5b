/** Registration and template of the store. */
import { fieldRow } from '../../editor/markup/field-row'
import { defaultLines, describedBy, formCalls, formName, formRow, INPUT_WIDTH, quote, validate } from '../../editor/markup/markup'
import { nameRow } from '../../editor/markup/vendor-rows'
import type { Config } from '../../runtime/migrations/migrate'
import type { NodeProperty } from '../../runtime/node-property'
import { STORE_TYPE } from '../../runtime/node-types'

const COLOR = '#C3CBD1'
const PREFIX = 'node-config-input-'

export interface StoreParts {
  defaults: Config
  properties: Readonly<Record<string, NodeProperty>>
}

export function storeRegistration({ defaults }: StoreParts): string {
  const form = formName(STORE_TYPE)
  return `  RED.nodes.registerType(${quote(STORE_TYPE)}, {
    category: 'config',
    color: ${quote(COLOR)},
    defaults: {
${defaultLines(defaults, { url: validate(form, 'validateUrl(this, value)') })}
    },
    credentials: {
      password: { type: 'password' }
    },
    icon: 'store.svg',
${formCalls(form)}
  })
`
}

const passwordRow = (): string => {
  const id = `${PREFIX}password`
  return formRow({
    id,
    label: 'form.password',
    control: `<input type="password" id="${id}" ${INPUT_WIDTH} autocomplete="off"${describedBy(id, true, false)}>`,
    help: 'form.passwordHelp',
    rowId: 'sensor-clouds-row-password',
  })
}

export const storeTemplate = ({ properties }: StoreParts): string => {
  const rows = Object.entries(properties).map(([name, field]) =>
    // Without a URL there is nothing to connect to.
    fieldRow({ prefix: PREFIX, name, key: `property.${name}`, field: { ...field, required: name === 'url' }, hidden: field.onlyFor !== undefined }),
  )
  return `<div class="sensor-clouds-form">\n${[nameRow(PREFIX), ...rows, passwordRow()].join('\n')}\n</div>\n`
}

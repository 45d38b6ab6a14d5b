/** Registration and form of the store. */
import { defaultsOf } from '../../runtime/defaults'
import { STORE_TYPE } from '../../runtime/node-types'
import { formName } from '../../../../scripts/build/bundle'
import { defaultLines, describedBy, formCalls, formRow, INPUT_WIDTH, quote, validate } from '../../../../scripts/build/markup'

const COLOR = '#C3CBD1'
const PREFIX = 'node-config-input-'

export function storeRegistration(): string {
  const form = formName(STORE_TYPE)
  return `  RED.nodes.registerType(${quote(STORE_TYPE)}, {
    category: 'config',
    color: ${quote(COLOR)},
    defaults: {
${defaultLines(defaultsOf({ kind: 'store', type: STORE_TYPE }), { url: validate(form, 'validateUrl(this, value)') })}
    },
    credentials: {
      password: { type: 'password' }
    },
    icon: 'store.svg',
${formCalls(form)}
  })
`
}

const nameRow = (): string =>
  formRow({
    id: `${PREFIX}name`,
    label: 'form.name',
    control: `<input type="text" id="${PREFIX}name" ${INPUT_WIDTH} data-i18n="[placeholder]form.namePlaceholder">`,
  })

const kindRow = (): string => {
  const id = `${PREFIX}kind`
  const options = '<option value="embedded" data-i18n="form.kindEmbedded"></option><option value="redis" data-i18n="form.kindRedis"></option>'
  return formRow({
    id,
    label: 'form.kind',
    control: `<select id="${id}" ${INPUT_WIDTH}${describedBy(id, true, false)}>${options}</select>`,
    help: 'form.kindHelp',
  })
}

const urlRow = (): string => {
  const id = `${PREFIX}url`
  return formRow({
    id,
    label: 'form.url',
    control: `<input type="text" id="${id}" ${INPUT_WIDTH} spellcheck="false" placeholder="redis://localhost:6379"${describedBy(id, true, true)}>`,
    help: 'form.urlHelp',
    checked: true,
    required: true,
    rowId: 'sensor-clouds-row-url',
  })
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

export const storeTemplate = (): string =>
  `<div class="sensor-clouds-form">\n${[nameRow(), kindRow(), urlRow(), passwordRow()].join('\n')}\n</div>\n`

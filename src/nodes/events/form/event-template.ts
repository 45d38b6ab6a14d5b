/** Registration and form of the event node. */
import type { Vendor } from '../../../lib/vocabulary/vendor'
import { defaultsOf } from '../../runtime/defaults'
import { EVENT_TYPE } from '../../runtime/node-types'
import { accountRows, nameRow, NOTE_ROW, PARAMS_ROW, vendorRow, vendorRules } from '../../actions/form/action-template'
import { formName } from '../../../../scripts/build/bundle'
import { defaultLines, describedBy, formRow, HIDDEN, INPUT_WIDTH, nodeFormCalls, quote, validate } from '../../../../scripts/build/markup'

const COLOR = '#C9C18F'

export function eventRegistration(vendors: readonly Vendor[]): string {
  const form = formName(EVENT_TYPE)
  const ruled = ['publicUrl', 'path', 'interval'].map((name) => [name, validate(form, `validateProperty(this, ${quote(name)}, value)`)] as const)
  const rules = { ...vendorRules(form, vendors), ...Object.fromEntries(ruled), params: validate(form, 'validateParams(this, value)') }
  return `  RED.nodes.registerType(${quote(EVENT_TYPE)}, {
    category: 'sensor clouds',
    color: ${quote(COLOR)},
    defaults: {
${defaultLines(defaultsOf({ kind: 'event', type: EVENT_TYPE }, vendors), rules)}
    },
    inputs: 0,
    outputs: 1,
    icon: 'on-event.svg',
${nodeFormCalls(form)}
  })
`
}

/** An input with what is wrong with it. */
function checkedRow(name: string, placeholder: string, { width = INPUT_WIDTH, after = '', required = false } = {}): string {
  const id = `node-input-${name}`
  return formRow({
    id,
    label: `form.${name}`,
    control: `<input type="text" id="${id}" ${width} spellcheck="false" placeholder="${placeholder}"${describedBy(id, true, true)}>${after}`,
    help: `form.${name}Help`,
    checked: true,
    required,
    rowId: `sensor-clouds-row-${name}`,
  })
}

const NEW_PATH =
  ' <button type="button" class="red-ui-button" id="sensor-clouds-new-path" data-i18n="[title]form.newPath"><i class="fa fa-refresh" aria-hidden="true"></i></button>'

const EVENTS_ROW = `<div class="form-row ${HIDDEN}" id="sensor-clouds-row-events" role="group" aria-labelledby="sensor-clouds-events-label" aria-describedby="sensor-clouds-events-help">
  <label id="sensor-clouds-events-label" data-i18n="form.events"></label>
  <div class="sensor-clouds-choices" id="sensor-clouds-events"></div>
  <div class="sensor-clouds-help" id="sensor-clouds-events-help" data-i18n="form.eventsHelp"></div>
</div>`

export const eventTemplate = (vendors: readonly Vendor[]): string => `<div class="sensor-clouds-form">
${[
  nameRow(),
  vendorRow(),
  ...accountRows(vendors),
  NOTE_ROW,
  checkedRow('publicUrl', 'https://example.com', { required: true }),
  checkedRow('path', '', { width: 'style="width: calc(100% - 170px)"', after: NEW_PATH }),
  EVENTS_ROW,
  PARAMS_ROW,
  checkedRow('interval', ''),
].join('\n')}
</div>
`

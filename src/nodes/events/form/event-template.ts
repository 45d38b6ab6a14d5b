/** Registration and template of the event node. */
import type { Vendor } from '../../../lib/vocabulary/vendor'
import { fieldRow } from '../../editor/markup/field-row'
import { defaultLines, formName, HIDDEN, nodeFormCalls, quote, validate } from '../../editor/markup/markup'
import { accountRows, nameRow, NOTE_ROW, PARAMS_ROW, vendorRow, vendorRules } from '../../editor/markup/vendor-rows'
import type { Config } from '../../runtime/migrations/migrate'
import type { NodeProperty } from '../../runtime/node-property'
import { EVENT_TYPE } from '../../runtime/node-types'

const COLOR = '#C9C18F'

export interface EventParts {
  vendors: readonly Vendor[]
  defaults: Config
  properties: Readonly<Record<string, NodeProperty>>
}

export function eventRegistration({ vendors, defaults, properties }: EventParts): string {
  const form = formName(EVENT_TYPE)
  const ruled = Object.keys(properties).map((name) => [name, validate(form, `validateProperty(this, ${quote(name)}, value)`)] as const)
  const rules = { ...vendorRules(form, vendors), ...Object.fromEntries(ruled), params: validate(form, 'validateParams(this, value)') }
  return `  RED.nodes.registerType(${quote(EVENT_TYPE)}, {
    category: 'sensor clouds',
    color: ${quote(COLOR)},
    defaults: {
${defaultLines(defaults, rules)}
    },
    inputs: 0,
    outputs: 1,
    icon: 'on-event.svg',
${nodeFormCalls(form)}
  })
`
}

const NEW_PATH =
  ' <button type="button" class="red-ui-button" id="sensor-clouds-new-path" data-i18n="[title]form.newPath"><i class="fa fa-refresh" aria-hidden="true"></i></button>'

const EVENTS_ROW = `<div class="form-row ${HIDDEN}" id="sensor-clouds-row-events" role="group" aria-labelledby="sensor-clouds-events-label" aria-describedby="sensor-clouds-events-help">
  <label id="sensor-clouds-events-label" data-i18n="form.events"></label>
  <div class="sensor-clouds-choices" id="sensor-clouds-events"></div>
  <div class="sensor-clouds-help" id="sensor-clouds-events-help" data-i18n="form.eventsHelp"></div>
</div>`

function propertyRow(name: string, field: NodeProperty): string {
  const after = name === 'path' ? NEW_PATH : ''
  return fieldRow({ prefix: 'node-input-', name, key: `property.${name}`, field, hidden: true, after })
}

export const eventTemplate = ({ vendors, properties }: EventParts): string => {
  const rowsFor = (...traits: (string | undefined)[]): string[] =>
    Object.entries(properties).filter(([, { onlyFor }]) => traits.includes(onlyFor)).map(([name, field]) => propertyRow(name, field))
  return `<div class="sensor-clouds-form">
${[nameRow(), ...rowsFor(undefined), vendorRow(), ...accountRows(vendors), NOTE_ROW, ...rowsFor('callback'), EVENTS_ROW, PARAMS_ROW, ...rowsFor('sensors', 'silence', 'battery', 'devices'), ...rowsFor('interval')].join('\n')}
</div>
`
}

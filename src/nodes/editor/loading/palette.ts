/** What the editor needs of all types before a dialog opens. The page loads it once, before the html of the types. */
import { byAttribute } from '../platform/dom'
import { formName } from '../markup/markup'
import type { Translate } from '../platform/red'
import { partLoader, waitingDialog } from './dialog-loading'
import { defineHelpElement, HELP_ELEMENT } from './help-element'
import { watchAccounts } from './incomplete-accounts'
import { moduleOf, shareCatalog } from './shared-texts'
import { addSidebarTab } from './sidebar-tab'

export interface Palette {
  /** As `module/plugin`. */
  plugin: string
  /** Of the package. */
  version: string
  descriptors: Readonly<Record<string, unknown>>
  /** Label and validators of each type. */
  validators: Readonly<Record<string, object>>
  /** Lines of html that the templates are made of; most stand in several. */
  lines: readonly string[]
  /** By type, the positions of its lines. */
  templates: Readonly<Record<string, readonly number[]>>
}

export function servePalette({ plugin, version, descriptors, validators, lines, templates }: Palette): void {
  // After an installation both Node-RED and late-palette.ts may load it.
  if (window.sensorClouds?.version === version) return
  const types = Object.keys(validators)
  const load = partLoader(plugin, version, types)
  const forms = Object.fromEntries(types.map((type) => [type, { ...validators[type], ...waitingDialog(type, () => load('dialogs')) }]))
  window.sensorClouds = { version, descriptors, forms, missing: {} }
  // The html of each type calls its form by a name of its own.
  Object.assign(window, Object.fromEntries(types.map((type) => [formName(type), forms[type]])))
  shareCatalog(plugin, types)
  const textsOfType = (type: string): Translate => (key, values) => RED._(`${moduleOf(plugin)}/${type}:${key}`, values)
  defineHelpElement(textsOfType)
  const fill = (type: string): void => {
    const template = templates[type]
    if (!template) return
    byAttribute('data-template-name', type)?.replaceChildren(template.map((line) => lines[line]).join('\n'))
    byAttribute('data-help-name', type)?.replaceChildren(`<p>${textsOfType(type)('summary')}</p><${HELP_ELEMENT} type="${type}"></${HELP_ELEMENT}>`)
  }
  RED.events.on('registry:node-type-added', fill)
  watchAccounts(types)
  addSidebarTab((key, values) => RED._(`${plugin}:${key}`, values), textsOfType, () => load('sidebar'))
  // Those of another version that was removed while the editor was open.
  for (const type of types) if (RED.nodes.getType(type)) fill(type)
}

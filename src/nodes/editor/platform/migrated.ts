/** Migrates a node of the editor to this version. The node itself changes only when its dialog is saved. */
import { migrate, type Config } from '../../runtime/migrations/migrate'
import { scalarText } from '../../../lib/base/foreign'
import { byId } from './dom'
import type { EditorNode } from './red'

/** @param defaults of the node's type: the editor's nodes have more than a flow holds */
export const migrated = (defaults: Config, node: EditorNode): Config =>
  migrate(defaults, Object.fromEntries(Object.keys(defaults).map((name) => [name, node[name]])))

/** The value that a validator checks: it may stand in the form, and not in the node yet. */
export const migratedValue = (defaults: Config, node: EditorNode, name: string, value: unknown): unknown =>
  migrated(defaults, { ...node, [name]: value })[name]

/** Shows what applies where the node lacks a property; the editor leaves its control empty. */
export function showMissing(defaults: Config, node: EditorNode, prefix: string): void {
  for (const [name, value] of Object.entries(migrated(defaults, node))) {
    if (node[name] !== undefined && node[name] !== null) continue
    const control = byId(`${prefix}${name}`)
    if (control instanceof HTMLInputElement && control.type === 'checkbox') control.checked = value === true
    else if (control instanceof HTMLInputElement || hasOption(control, String(value))) control.value = String(value)
  }
}

/** The select of a config node has no entry for an empty value, and must not show an empty one. */
const hasOption = (control: HTMLElement | null, value: string): control is HTMLSelectElement =>
  control instanceof HTMLSelectElement && [...control.options].some((option) => option.value === value)

/**
 * Brings the node itself to the present version; the editor sees by itself what that changes. A property that is newer
 * than the node stays out of it as long as it has its default: else a node that nobody changed would have to be deployed.
 * @param required names of properties that are saved all the same
 */
export function save(defaults: Config, node: EditorNode, prefix: string, required: readonly string[] = []): void {
  const present = migrated(defaults, node)
  const isPresent = node.version === present.version
  for (const [name, value] of Object.entries(present)) {
    const isNewer = isPresent && node[name] === undefined && !required.includes(name)
    if (!isNewer || !leaveOut(byId(`${prefix}${name}`), value)) node[name] = value
  }
}

/** Takes a control with its default out of the dialog, since the editor would take its value for a change. */
function leaveOut(control: HTMLElement | null, value: unknown): boolean {
  if (!(control instanceof HTMLInputElement || control instanceof HTMLSelectElement)) return control === null
  const isTick = control instanceof HTMLInputElement && control.type === 'checkbox'
  const isDefault = isTick ? control.checked === (value === true) : control.value === scalarText(value)
  if (isDefault) control.remove()
  return isDefault
}

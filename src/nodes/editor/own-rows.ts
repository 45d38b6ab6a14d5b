/** The rows of properties that only some verbs have; a verb's template holds its own. */
import { secondsProblem } from './action-rules'
import type { OperationDescriptor } from './descriptor'
import { byId, show } from './dom'
import type { EditorNode, Translate } from './red'
import { watch } from './watch'

/** What applies where an imported flow lacks the property. */
const PRESETS: Readonly<Record<string, string | true>> = { output: 'readings', emit: 'array', ifAbsent: true }

/** For which operations each row is of use. */
const SHOWN: Readonly<Record<string, (operation: OperationDescriptor) => boolean>> = {
  output: ({ readings }) => readings,
  emit: () => true,
  sinceLast: ({ since }) => since,
  ttl: () => true,
  awaitResult: ({ follows }) => follows,
  awaitTimeout: ({ follows }) => follows,
  ifAbsent: ({ findsExisting }) => findsExisting,
}

const SECONDS = ['ttl', 'awaitTimeout'] as const

export function prepareOwnRows(node: EditorNode, translate: Translate): void {
  for (const [name, preset] of Object.entries(PRESETS)) {
    const control = byId(`node-input-${name}`)
    if (control instanceof HTMLSelectElement && control.value === '') control.value = String(preset)
    if (control instanceof HTMLInputElement && node[name] === undefined) control.checked = preset === true
  }
  for (const name of SECONDS) watch(`node-input-${name}`, (value) => secondsProblem(name, value, translate))
}

export function showOwnRows(operation: OperationDescriptor | undefined): void {
  for (const [name, isOfUse] of Object.entries(SHOWN)) {
    const row = byId(`sensor-clouds-row-${name}`)
    if (row) show(row, operation !== undefined && isOfUse(operation))
  }
}

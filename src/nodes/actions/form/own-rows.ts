/** The rows of properties that only some verbs have; a verb's template holds its own. */
import { outboxProblem, secondsProblem } from './action-rules'
import type { OperationDescriptor } from '../../editor/descriptor'
import { byId, show } from '../../editor/platform/dom'
import { wrap, type Translate } from '../../editor/platform/red'
import { watch } from '../../editor/platform/watch-input'

/** For which operations each row is of use. */
const SHOWN: Readonly<Record<string, (operation: OperationDescriptor) => boolean>> = {
  output: ({ readings }) => readings,
  emit: () => true,
  outbox: () => true,
  outboxLimit: () => true,
  batchWindow: () => true,
  sinceLast: ({ since }) => since,
  ttl: () => true,
  awaitResult: ({ follows }) => follows,
  awaitTimeout: ({ follows }) => follows,
  ifAbsent: ({ findsExisting }) => findsExisting,
}

const SECONDS = ['ttl', 'awaitTimeout'] as const
/** Of use only with an outbox. */
const OUTBOX = ['outboxLimit', 'batchWindow'] as const

export function prepareOwnRows(translate: Translate): void {
  for (const name of SECONDS) watch(`node-input-${name}`, (value) => secondsProblem(name, value, translate))
  for (const name of OUTBOX) watch(`node-input-${name}`, (value) => outboxProblem(name, value, translate))
  const outbox = byId('node-input-outbox')
  if (outbox) wrap(outbox).on('change', () => showOutboxRows())
}

export const isOwnRowOfUse = (name: string, operation: OperationDescriptor): boolean => SHOWN[name]?.(operation) ?? true

export function showOwnRows(operation: OperationDescriptor | undefined): void {
  for (const [name, isOfUse] of Object.entries(SHOWN)) {
    const row = byId(`sensor-clouds-row-${name}`)
    if (row) show(row, operation !== undefined && isOfUse(operation))
  }
  if (operation !== undefined) showOutboxRows()
}

function showOutboxRows(): void {
  const outbox = byId('node-input-outbox')
  for (const name of OUTBOX) {
    const row = byId(`sensor-clouds-row-${name}`)
    if (row && outbox instanceof HTMLInputElement) show(row, outbox.checked)
  }
}

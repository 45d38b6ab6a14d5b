/** The button that makes a node forget what it has read. */
import type { OperationDescriptor } from '../../editor/descriptor'
import { byId, required, show } from '../../editor/platform/dom'
import type { EditorNode, Translate } from '../../editor/platform/red'
import { ask, messageOf } from '../../editor/platform/server'

/** Only a node that was deployed with it has read anything; one in a subflow runs under other ids, one for each instance. */
const hasRead = (node: EditorNode): boolean => node.sinceLast === true && !RED.nodes.subflow(String(node.z))

export function prepareCursorReset(node: EditorNode, translate: Translate): void {
  const button = byId('sensor-clouds-reset')
  if (!button) return
  const result = required('sensor-clouds-reset-result', HTMLSpanElement)
  const tell = (text: string): void => {
    result.textContent = text
  }
  const fail = (reason: string): void => tell(translate('form.resetFailed', { reason }))
  button.addEventListener('click', () => {
    if (!window.confirm(translate('form.resetConfirm'))) return
    tell('')
    ask(`cursor/${encodeURIComponent(node.id)}/reset`, translate, {}).then(
      (reply) => {
        const { error } = reply as { error?: { message: string } }
        if (error) fail(error.message)
        else tell(translate('form.resetDone'))
      },
      (failure: unknown) => fail(messageOf(failure)),
    )
  })
}

export function showCursorReset(node: EditorNode, operation: OperationDescriptor | undefined): void {
  const row = byId('sensor-clouds-row-reset')
  if (row) show(row, hasRead(node) && operation?.since === true)
}

/** A tick that the form does not show any more would make the node fail. */
export function clearHiddenTick(operation: OperationDescriptor): void {
  const tick = byId('node-input-sinceLast')
  if (tick instanceof HTMLInputElement && !operation.since) tick.checked = false
}

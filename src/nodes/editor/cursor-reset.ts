/** The button that makes a node forget what it has read. */
import type { OperationDescriptor } from './descriptor'
import { byId, required, show } from './dom'
import type { EditorNode, Translate } from './red'

/** Only a node that was deployed with it has read anything. */
const hasRead = (node: EditorNode): boolean => node.sinceLast === true

export function prepareCursorReset(node: EditorNode, translate: Translate): void {
  const button = byId('sensor-clouds-reset')
  if (!button) return
  const result = required('sensor-clouds-reset-result', HTMLSpanElement)
  const tell = (failure: string | undefined): void => {
    result.textContent = failure === undefined ? translate('form.resetDone') : translate('form.resetFailed', { reason: failure })
  }
  button.addEventListener('click', () => {
    if (!window.confirm(translate('form.resetConfirm'))) return
    result.textContent = ''
    window.$.ajax({
      url: `sensor-clouds/cursor/${encodeURIComponent(node.id)}/reset`,
      type: 'POST',
      contentType: 'application/json',
      data: '{}',
      success: (reply) => tell((reply as { error?: { message: string } }).error?.message),
      error: ({ responseJSON, statusText }) => tell(responseJSON?.message ?? statusText ?? ''),
    })
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

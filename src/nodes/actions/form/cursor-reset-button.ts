/** The button that clears the reading position of a node. */
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
  const report = (text: string): void => {
    result.textContent = text
  }
  const reportFailure = (reason: string): void => report(translate('form.resetFailed', { reason }))
  button.addEventListener('click', () => {
    if (!window.confirm(translate('form.resetConfirm'))) return
    report('')
    ask(`cursor/${encodeURIComponent(node.id)}/reset`, translate, {}).then(
      (reply) => {
        const { error } = reply as { error?: { message: string } }
        if (error) reportFailure(error.message)
        else report(translate('form.resetDone'))
      },
      (failure: unknown) => reportFailure(messageOf(failure)),
    )
  })
}

export function showCursorReset(node: EditorNode, operation: OperationDescriptor | undefined): void {
  const row = byId('sensor-clouds-row-reset')
  if (row) show(row, hasRead(node) && operation?.traits.includes('since') === true)
}

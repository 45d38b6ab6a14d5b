/** The usage of a deployed account in its dialog: limits, outbox, and diagnostics to copy. */
import type { Diagnostics } from '../../../lib/client/diagnostics'
import { element, show } from '../../editor/platform/dom'
import type { Translate } from '../../editor/platform/red'
import { ask, messageOf } from '../../editor/platform/server'
import { requestLines, usageLines, usageRows, type Report } from './usage'

/** @param id of the account; one that is not deployed has nothing to show */
export function addUsagePanel(container: HTMLElement, id: string, translate: Translate): void {
  const body = element('div', { class: 'sensor-clouds-usage' })
  const status = element('div', { class: 'sensor-clouds-said', role: 'status' })
  const button = (key: string, run: () => void): HTMLButtonElement => buttonOf(translate(key), run)
  let report: Report | undefined
  const copy = button('form.usage.copy', () => {
    RED.clipboard.copyText(JSON.stringify(report, null, 2))
    status.textContent = translate('form.usage.copied')
    copy.focus()
  })
  const refresh = button('form.usage.refresh', () => void load(''))
  const drop = button('form.usage.drop', () => void dropQuarantined())
  const clear = button('form.usage.clear', () => confirm(true))
  const keep = button('form.usage.keep', () => {
    confirm(false)
    clear.focus()
  })
  const clearNow = button('form.usage.clearNow', () => void empty())
  const question = element('div', {})
  const answers = element('div', { class: 'sensor-clouds-buttons' }, clearNow, keep)
  const confirmation = element('div', { class: 'sensor-clouds-warning', role: 'alert' }, question, answers)
  const heading = element('div', { class: 'sensor-clouds-heading' }, translate('form.usage.title'))
  const buttons = element('div', { class: 'sensor-clouds-buttons' }, copy, refresh, drop, clear)
  container.replaceChildren(heading, body, buttons, confirmation, status)

  const confirm = (asking: boolean): void => {
    question.textContent = asking ? translate('form.usage.confirm', { count: depthOf(report) }) : ''
    show(confirmation, asking)
    if (asking) keep.focus()
  }
  /** @param outcome what the reply of the outbox says to the user */
  const change = async (action: 'clear' | 'drop', outcome: (reply: unknown) => string): Promise<void> => {
    confirm(false)
    try {
      await load(outcome(await ask(`outbox/${encodeURIComponent(id)}/${action}`, translate, {})))
      refresh.focus()
    } catch (error) {
      status.textContent = messageOf(error)
    }
  }
  const empty = (): Promise<void> => change('clear', () => translate('form.usage.cleared'))
  const dropQuarantined = (): Promise<void> =>
    change('drop', (reply) => translate('form.usage.dropped', { count: (reply as { dropped: number }).dropped }))
  const load = async (message: string): Promise<void> => {
    try {
      report = (await ask(`diagnostics/${encodeURIComponent(id)}`, translate)) as Report | undefined
    } catch (error) {
      status.textContent = messageOf(error)
      return
    }
    show(container, report !== undefined)
    show(drop, (report?.diagnostics?.outbox?.quarantined ?? 0) > 0)
    show(clear, depthOf(report) > 0)
    body.replaceChildren(...(report ? contentOf(report, translate) : []))
    status.textContent = message
  }
  show(container, false)
  confirm(false)
  void load('')
}

function buttonOf(text: string, run: () => void): HTMLButtonElement {
  const button = element('button', { type: 'button', class: 'red-ui-button' }, text)
  button.addEventListener('click', run)
  return button
}

const depthOf = (report: Report | undefined): number => report?.diagnostics?.outbox?.depth ?? 0

function contentOf(report: Report, translate: Translate): HTMLElement[] {
  const { diagnostics, error } = report
  if (!diagnostics) return [element('div', { class: 'sensor-clouds-intro' }, error?.message ?? '')]
  const head = ['budget', 'used', 'resets', 'forecast'].map((name) => element('th', { scope: 'col' }, translate(`form.usage.${name}`)))
  const rows = usageRows(diagnostics, translate).map(([name, ...cells]) =>
    element('tr', {}, element('th', { scope: 'row' }, name ?? ''), ...cells.map((cell) => element('td', {}, cell))),
  )
  return [
    element('table', {}, element('thead', {}, element('tr', {}, ...head)), element('tbody', {}, ...rows)),
    ...usageLines(diagnostics, translate).map((line) => element('div', {}, line)),
    ...requestsOf(diagnostics, translate),
  ]
}

/** Folded, since they are for the search of a fault. */
function requestsOf(diagnostics: Diagnostics, translate: Translate): HTMLElement[] {
  const requests = requestLines(diagnostics, translate)
  if (!requests) return []
  const lines = requests.lines.map((line) => element('div', {}, line))
  return [element('details', {}, element('summary', {}, requests.title), ...lines)]
}

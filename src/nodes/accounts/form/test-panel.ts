/** The button that tests the values in an account's dialog, and the result. */
import { element } from '../../editor/platform/dom'
import { wrap, type Translate } from '../../editor/platform/red'
import { ask, messageOf } from '../../editor/platform/server'
import type { AccountRequest } from '../../runtime/shared-with-forms'

/** What the server answers; `duration` in ms. */
interface TestResult {
  ok: boolean
  says?: string
  message?: string
  duration: number
}

export function addTestPanel(container: HTMLElement, translate: Translate, typed: () => AccountRequest): void {
  const button = element('button', { type: 'button', class: 'red-ui-button' }, translate('form.test.button'))
  const status = element('div', { class: 'sensor-clouds-result', role: 'status' })
  container.replaceChildren(button, status)
  let running = 0
  const show = (outcome: string, icon: string, text: string): void => {
    status.dataset.outcome = outcome
    status.replaceChildren(element('i', { class: `fa ${icon}`, 'aria-hidden': 'true' }), ` ${text}`)
  }
  const run = async (): Promise<void> => {
    const own = ++running
    show('running', 'fa-spinner fa-spin', translate('form.test.running'))
    const result = await resultOf(typed(), translate)
    // Another press or a changed input makes this result outdated.
    if (own === running) show(result.ok ? 'ok' : 'failed', result.ok ? 'fa-check' : 'fa-times', result.text)
  }
  button.addEventListener('click', () => void run())
  const forget = (event: { target: unknown }): void => {
    if (event.target instanceof HTMLElement && container.contains(event.target)) return
    running += 1
    delete status.dataset.outcome
    status.replaceChildren()
  }
  const form = container.closest('form')
  // The editor's own way of listening: only there are the changes heard that it makes to selects of config nodes.
  if (form) for (const event of ['input', 'change']) wrap(form).on(event, forget)
}

async function resultOf(account: AccountRequest, translate: Translate): Promise<{ ok: boolean; text: string }> {
  try {
    const { ok, says = '', message = '', duration } = (await ask('test', translate, { account })) as TestResult
    if (!ok) return { ok, text: message }
    // A shorter time tells nothing.
    const text = duration < 1000 ? translate('form.test.ok', { says }) : translate('form.test.slow', { seconds: (duration / 1000).toFixed(1), says })
    return { ok, text }
  } catch (error) {
    return { ok: false, text: messageOf(error) }
  }
}

/** The button that checks an account: progress, a row for each operation, and the report to copy. */
import { element, show } from '../../editor/platform/dom'
import type { Translate } from '../../editor/platform/red'
import { ask, messageOf } from '../../editor/platform/server'
import type { AccountRequest } from '../../runtime/shared-with-forms'

interface Row {
  title: string
  outcome: string
  why?: string
}

/** What the server tells of a check. */
interface CheckState {
  rows: Row[]
  total: number
  done: boolean
  report?: object
  error?: { message: string }
}

/** ms between two questions about a check. */
const ASK_EVERY = 500

/** @param beside the button that ours stands beside */
export function addCheckPanel(container: HTMLElement, beside: HTMLElement | undefined, translate: Translate, typed: () => AccountRequest): void {
  const text = (key: string, values?: Parameters<Translate>[1]): string => translate(`form.check.${key}`, values)
  const button = element('button', { type: 'button', class: 'red-ui-button', title: text('help') }, text('button'))
  const stop = element('button', { type: 'button', class: 'red-ui-button' }, text('stop'))
  const copy = element('button', { type: 'button', class: 'red-ui-button' }, text('copy'))
  const help = element('div', { class: 'sensor-clouds-intro' }, text('help'))
  const status = element('div', { class: 'sensor-clouds-said', role: 'status' })
  const table = element('tbody')
  const rows = element('div', { class: 'sensor-clouds-usage' }, element('table', {}, table))
  if (beside) beside.after(' ', button)
  container.replaceChildren(...(beside ? [] : [button]), help, rows, status, element('div', { class: 'sensor-clouds-buttons' }, stop, copy))
  let run: string | undefined
  let report: object | undefined

  const showState = ({ rows: all, total, done, error }: CheckState): void => {
    table.replaceChildren(...all.map((row) => rowOf(row, text)))
    const tried = all.filter(({ outcome }) => outcome !== 'not-tried')
    const works = tried.filter(({ outcome }) => outcome === 'works').length
    status.textContent = error?.message ?? (done ? text('done', { works, tried: tried.length }) : text('running', { done: all.length, total }))
  }
  const begin = async (): Promise<void> => {
    setRunning(true)
    report = undefined
    showState({ rows: [], total: 0, done: false })
    try {
      run = ((await ask('check', translate, { account: typed() })) as { run: string }).run
      const state = await followed(run, container, translate, showState)
      report = state?.report
    } catch (error) {
      status.textContent = messageOf(error)
    }
    setRunning(false)
  }
  const setRunning = (running: boolean): void => {
    button.disabled = running
    show(container, true)
    show(stop, running)
    show(copy, report !== undefined)
  }
  button.addEventListener('click', () => void begin())
  stop.addEventListener('click', () => {
    if (run !== undefined) void ask(`check/${run}/stop`, translate, {}).catch(() => undefined)
  })
  copy.addEventListener('click', () => {
    RED.clipboard.copyText(JSON.stringify(report, null, 2))
    status.textContent = text('copied')
    copy.focus()
  })
  show(container, false)
}

/** Asks until the check is done. A dialog that is closed stops it. */
async function followed(run: string, container: HTMLElement, translate: Translate, showState: (state: CheckState) => void): Promise<CheckState | undefined> {
  while (container.isConnected) {
    const state = (await ask(`check/${run}`, translate)) as CheckState
    showState(state)
    if (state.done) return state
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY))
  }
  await ask(`check/${run}/stop`, translate, {})
  return undefined
}

function rowOf({ title, outcome, why }: Row, text: (key: string, values?: Parameters<Translate>[1]) => string): HTMLElement {
  const words = text(`outcome.${outcome}`)
  const cell = element('td', { 'data-outcome': outcome }, why === undefined ? words : text('row', { outcome: words, why }))
  return element('tr', {}, element('th', { scope: 'row' }, title), cell)
}

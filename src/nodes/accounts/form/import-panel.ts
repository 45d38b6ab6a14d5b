/** Imports a vendor's collection from a file or a text, and reports the result. */
import { sentenceOf } from '../../../lib/base/sentence'
import type { EditableRoute } from '../../../lib/http/route'
import { element, show } from '../../editor/platform/dom'
import type { ImportedRoutes, ImportRoutes } from './import-routes'
import { translateSentence, type Translate } from '../../editor/platform/red'

export interface ImportPanelOptions {
  importRoutes: ImportRoutes
  routes: readonly EditableRoute[]
  translate: Translate
  apply: (imported: ImportedRoutes) => void
}

/** @param address the input of the base URL; the button stands beside it, and the panel below its row */
export function addImportPanel(address: HTMLInputElement, options: ImportPanelOptions): void {
  const { translate } = options
  const text = element('textarea', { id: 'sensor-clouds-import-text', rows: '5', spellcheck: 'false' })
  const file = element('input', { id: 'sensor-clouds-import-file', type: 'file', accept: '.json,application/json' })
  const report = element('div', { class: 'sensor-clouds-report', role: 'status' })
  const button = (key: string, more = ''): HTMLButtonElement =>
    element('button', { type: 'button', class: `red-ui-button${more}` }, translate(key))
  const open = button('form.import.button', ' sensor-clouds-import')
  const openName = translate('form.import.buttonOf')
  open.setAttribute('aria-label', openName)
  open.title = openName
  const apply = button('form.import.apply', ' primary')
  const cancel = button('form.import.cancel')
  const panel = element(
    'div',
    { class: 'sensor-clouds-panel', id: 'sensor-clouds-import', role: 'group', 'aria-label': translate('form.import.title') },
    element('p', {}, translate('form.import.help')),
    element('label', { for: file.id }, translate('form.import.file')),
    file,
    element('label', { for: text.id }, translate('form.import.text')),
    text,
    element('div', { class: 'sensor-clouds-buttons' }, apply, cancel),
  )
  address.classList.add('sensor-clouds-imported')
  address.after(open)
  address.closest('.form-row')?.after(panel, report)

  const toggle = (visible: boolean): void => {
    show(panel, visible)
    open.setAttribute('aria-expanded', String(visible))
  }
  open.setAttribute('aria-controls', panel.id)
  toggle(false)
  open.addEventListener('click', () => {
    toggle(true)
    file.focus()
  })
  cancel.addEventListener('click', () => {
    toggle(false)
    open.focus()
  })
  const run = (json: string): void => {
    const done = importText(json, options, report)
    if (!done) return
    toggle(false)
    open.focus()
  }
  apply.addEventListener('click', () => run(text.value))
  file.addEventListener('change', () => {
    const chosen = file.files?.[0]
    if (!chosen) return
    // Cleared, so that the same file can be chosen again once it was corrected.
    void chosen.text().then((json) => {
      file.value = ''
      text.value = json
      run(json)
    })
  })
}

/** @returns whether something was imported */
function importText(json: string, { importRoutes, routes, translate, apply }: ImportPanelOptions, report: HTMLElement): boolean {
  try {
    const imported = importRoutes(parseJson(json, translate))
    apply(imported)
    report.replaceChildren(...reportLines(imported, routes, translate).map((line) => element('div', {}, line)))
    return true
  } catch (error) {
    const reason = translateSentence(translate, sentenceOf(error))
    report.replaceChildren(element('div', { class: 'sensor-clouds-problem' }, translate('form.import.failed', { reason })))
    return false
  }
}

function parseJson(text: string, translate: Translate): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error(translate('form.import.notJson'))
  }
}

function reportLines(imported: ImportedRoutes, routes: readonly EditableRoute[], translate: Translate): string[] {
  const titleOf = (operation: string): string => translate(`route.${operation}`)
  // A collection may have more operations than this version.
  const known = routes.map(({ operation }) => ({ operation, route: imported.routes[operation] }))
  const missing = known.filter(({ route }) => !route).map(({ operation }) => titleOf(operation))
  return [
    imported.baseUrl ? translate('form.import.base', { value: imported.baseUrl }) : translate('form.import.noBase'),
    ...known.flatMap(({ operation, route }) =>
      route ? [translate('form.import.matched', { operation: titleOf(operation), route: `${route.method} ${route.path}` })] : [],
    ),
    ...(missing.length > 0 ? [translate('form.import.unmatched', { operations: missing.join(', ') })] : []),
  ]
}

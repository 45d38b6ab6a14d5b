/** The table of routes that a vendor has not published: one row an operation, each editable. */
import { METHODS } from '../../../lib/vocabulary/operation'
import { FILE_FORMS, type FileForm, type StoredRoute, type EditableRoute } from '../../../lib/http/route'
import { element, fillSelect, show, showProblem } from '../../editor/platform/dom'
import { editableTable, rowButton } from '../../editor/platform/editable-table'
import type { Translate } from '../../editor/platform/red'
import { changedRoute, changedRoutes, readRoutes, routePathProblem } from './account-rules'
import type { ImportedRequest, ImportedRoutes } from './import-routes'

interface Row {
  route: EditableRoute
  method: HTMLSelectElement
  path: HTMLInputElement
  /** How the file travels, where the operation sends one. */
  body: HTMLSelectElement | undefined
  badge: HTMLElement
  reset: HTMLButtonElement
  problem: HTMLElement
  /** Holds the choice among the requests of a collection. */
  choice: HTMLElement
  /** Whether the route was read from a collection, and not changed since. */
  imported: boolean
}

export class RouteTable {
  readonly #rows: readonly Row[]
  readonly #translate: Translate

  constructor(container: HTMLElement, routes: readonly EditableRoute[], stored: unknown, translate: Translate) {
    this.#translate = translate
    const given = readRoutes(stored)
    const body = element('tbody')
    this.#rows = routes.map((route) => this.#addRow(body, route, given[route.operation]))
    const heads = ['operation', 'method', 'path'].map((name) => translate(`form.routes.${name}`))
    container.replaceChildren(editableTable('sensor-clouds-routes', heads, body))
  }

  /** Only rows that differ from their default. */
  values(): Record<string, StoredRoute> {
    const rows = Object.fromEntries(this.#rows.map((row) => [row.route.operation, valueOf(row)]))
    return changedRoutes(this.#rows.map((row) => row.route), rows)
  }

  /** Takes over imported routes; they say nothing of how a file travels. What was not found can be chosen. */
  fill({ routes, choices }: ImportedRoutes): void {
    for (const row of this.#rows) {
      const given = routes[row.route.operation]
      if (given) this.#import(row, given)
      this.#offer(row, choices[row.route.operation] ?? [])
    }
  }

  #import(row: Row, { method, path }: StoredRoute): void {
    this.#change(row, { ...valueOf(row), method, path, imported: true })
  }

  #offer(row: Row, requests: readonly ImportedRequest[]): void {
    const translate = this.#translate
    row.choice.replaceChildren()
    if (requests.length === 0) return
    const operation = translate(`route.${row.route.operation}`)
    const select = element('select', { 'aria-label': translate('form.routes.choose', { operation }) })
    const options = requests.map(({ name, method, path }, index) => ({ value: String(index), label: `${name} (${method} ${path})` }))
    fillSelect(select, [{ value: '', label: translate('form.routes.chooseNone') }, ...options], '')
    select.addEventListener('change', () => {
      const request = requests[Number(select.value)]
      this.#change(row, request && select.value !== '' ? { ...valueOf(row), ...request, imported: true } : row.route)
    })
    row.choice.append(select)
  }

  /** As if it were typed, so that all that depends on it is notified. */
  #change(row: Row, route: StoredRoute): void {
    this.#set(row, route)
    row.path.dispatchEvent(new Event('change', { bubbles: true }))
  }

  #addRow(table: HTMLElement, route: EditableRoute, given: StoredRoute | undefined): Row {
    const operation = this.#translate(`route.${route.operation}`)
    const row = this.#controls(route, operation)
    const { badge, body, method, path, problem, reset } = row
    fillSelect(method, METHODS.map((name) => ({ value: name, label: name })), route.method)
    const file = body && element('label', { class: 'sensor-clouds-route-body' }, this.#translate('form.routes.body'), ' ', body)
    table.append(
      element(
        'tr',
        {},
        element('th', { scope: 'row' }, operation, ' ', badge),
        element('td', {}, method),
        element('td', {}, path, problem, row.choice, ...(file ? [file] : [])),
        element('td', {}, reset),
      ),
    )
    this.#set(row, given ?? route)
    body?.addEventListener('change', () => this.#check(row))
    // What is typed over an imported route is no longer the vendor's.
    for (const [control, event] of [[method, 'change'], [path, 'input']] as const)
      control.addEventListener(event, () => {
        row.imported = false
        this.#check(row)
      })
    reset.addEventListener('click', () => this.#change(row, route))
    return row
  }

  #controls(route: EditableRoute, operation: string): Row {
    const translate = this.#translate
    const problem = element('div', {
      class: 'sensor-clouds-problem',
      id: `sensor-clouds-route-${route.operation}-problem`,
      'aria-live': 'polite',
    })
    return {
      route,
      problem,
      method: element('select', { 'aria-label': translate('form.routes.methodOf', { operation }) }),
      path: element('input', {
        type: 'text',
        placeholder: route.path,
        spellcheck: 'false',
        'aria-label': translate('form.routes.pathOf', { operation }),
        'aria-describedby': problem.id,
      }),
      body: route.file ? this.#bodySelect(operation) : undefined,
      badge: element('span', { class: 'sensor-clouds-badge' }),
      choice: element('div', { class: 'sensor-clouds-route-choice' }),
      imported: false,
      reset: rowButton({ icon: 'undo', title: translate('form.routes.reset'), label: translate('form.routes.resetOf', { operation }) }),
    }
  }

  #bodySelect(operation: string): HTMLSelectElement {
    const select = element('select', { 'aria-label': this.#translate('form.routes.bodyOf', { operation }) })
    fillSelect(select, FILE_FORMS.map((name) => ({ value: name, label: this.#translate(`form.routes.form.${name}`) })), FILE_FORMS[0])
    return select
  }

  #set(row: Row, { method, path, body = FILE_FORMS[0], imported = false }: StoredRoute): void {
    row.imported = imported
    row.method.value = method
    row.path.value = path
    if (row.body) row.body.value = body
    this.#check(row)
  }

  #check(row: Row): void {
    const { route, path, badge, reset, problem } = row
    const changed = changedRoute(route, valueOf(row)) !== undefined
    const sentence = path.value.trim() === '' ? undefined : routePathProblem(route, path.value, this.#translate)
    badge.textContent = this.#translate(`form.routes.${row.imported ? 'imported' : changed ? 'changed' : 'unverified'}`)
    badge.classList.toggle('sensor-clouds-badge-changed', changed)
    path.classList.toggle('input-error', sentence !== undefined)
    path.setAttribute('aria-invalid', String(sentence !== undefined))
    reset.disabled = !changed
    showProblem(problem, sentence)
    show(problem, sentence !== undefined)
  }
}

const valueOf = ({ method, path, body, imported }: Row): StoredRoute => ({
  method: method.value,
  path: path.value,
  ...(body ? { body: body.value as FileForm } : {}),
  ...(imported ? { imported } : {}),
})

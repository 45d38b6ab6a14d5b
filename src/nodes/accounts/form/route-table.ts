/** The table of routes that a vendor has not published: one row an operation, each editable. */
import { METHODS } from '../../../lib/vocabulary/operation'
import { FILE_FORMS, type FileForm, type StoredRoute, type EditableRoute } from '../../../lib/http/route'
import { element, fillSelect, show, showProblem } from '../../editor/platform/dom'
import { editableTable, rowButton } from '../../editor/platform/editable-table'
import type { Translate } from '../../editor/platform/red'
import { changedRoute, changedRoutes, readRoutes, routePathProblem, type RouteRows } from './account-rules'

interface Row {
  route: EditableRoute
  method: HTMLSelectElement
  path: HTMLInputElement
  /** How the file travels, where the operation sends one. */
  body: HTMLSelectElement | undefined
  badge: HTMLElement
  reset: HTMLButtonElement
  problem: HTMLElement
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

  /** Takes over imported routes; they say nothing of how a file travels. */
  fill(routes: RouteRows): void {
    for (const row of this.#rows) {
      const given = routes[row.route.operation]
      if (given) this.#change(row, { ...valueOf(row), ...given })
    }
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
        element('td', {}, path, problem, ...(file ? [file] : [])),
        element('td', {}, reset),
      ),
    )
    this.#set(row, given ?? route)
    for (const select of [method, ...(body ? [body] : [])]) select.addEventListener('change', () => this.#check(row))
    path.addEventListener('input', () => this.#check(row))
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
      reset: rowButton({ icon: 'undo', title: translate('form.routes.reset'), label: translate('form.routes.resetOf', { operation }) }),
    }
  }

  #bodySelect(operation: string): HTMLSelectElement {
    const select = element('select', { 'aria-label': this.#translate('form.routes.bodyOf', { operation }) })
    fillSelect(select, FILE_FORMS.map((name) => ({ value: name, label: this.#translate(`form.routes.form.${name}`) })), FILE_FORMS[0])
    return select
  }

  #set(row: Row, { method, path, body = FILE_FORMS[0] }: StoredRoute): void {
    row.method.value = method
    row.path.value = path
    if (row.body) row.body.value = body
    this.#check(row)
  }

  #check(row: Row): void {
    const { route, path, badge, reset, problem } = row
    const changed = changedRoute(route, valueOf(row)) !== undefined
    const sentence = path.value.trim() === '' ? undefined : routePathProblem(route, path.value, this.#translate)
    badge.textContent = this.#translate(changed ? 'form.routes.changed' : 'form.routes.unverified')
    badge.classList.toggle('sensor-clouds-badge-changed', changed)
    path.classList.toggle('input-error', sentence !== undefined)
    path.setAttribute('aria-invalid', String(sentence !== undefined))
    reset.disabled = !changed
    showProblem(problem, sentence)
    show(problem, sentence !== undefined)
  }
}

const valueOf = ({ method, path, body }: Row): StoredRoute => ({
  method: method.value,
  path: path.value,
  ...(body ? { body: body.value as FileForm } : {}),
})

/** The table of routes that a vendor has not published: one row an operation, each editable. */
import { METHODS } from '../../../lib/vocabulary/operation'
import { changedRoutes, pathProblem, readRoutes, type RouteRow, type RouteRows } from './account-rules'
import type { RouteDescriptor } from '../../editor/descriptor'
import { element, fillSelect, show, showProblem } from '../../editor/platform/dom'
import type { Translate } from '../../editor/platform/red'

interface Row {
  route: RouteDescriptor
  method: HTMLSelectElement
  path: HTMLInputElement
  badge: HTMLElement
  reset: HTMLButtonElement
  problem: HTMLElement
}

export class RouteTable {
  readonly #rows: readonly Row[]
  readonly #translate: Translate

  constructor(container: HTMLElement, routes: readonly RouteDescriptor[], stored: unknown, translate: Translate) {
    this.#translate = translate
    const given = readRoutes(stored)
    const body = element('tbody')
    this.#rows = routes.map((route) => this.#addRow(body, route, given[route.operation]))
    const heads = ['operation', 'method', 'path'].map((name) =>
      element('th', { scope: 'col' }, translate(`form.routes.${name}`)),
    )
    const head = element('thead', {}, element('tr', {}, ...heads, element('td')))
    container.replaceChildren(element('table', { class: 'sensor-clouds-routes' }, head, body))
  }

  /** Only rows that differ from their default. */
  values(): Record<string, RouteRow> {
    const rows = Object.fromEntries(
      this.#rows.map(({ route, method, path }) => [route.operation, { method: method.value, path: path.value }]),
    )
    return changedRoutes(this.#rows.map((row) => row.route), rows)
  }

  fill(routes: RouteRows): void {
    for (const row of this.#rows) {
      const given = routes[row.route.operation]
      if (given) this.#change(row, given)
    }
  }

  /** As if it were typed, so that all that depends on it hears of it. */
  #change(row: Row, route: RouteRow): void {
    this.#set(row, route)
    row.path.dispatchEvent(new Event('change', { bubbles: true }))
  }

  #addRow(body: HTMLElement, route: RouteDescriptor, given: RouteRow | undefined): Row {
    const translate = this.#translate
    const operation = translate(`route.${route.operation}`)
    const problem = element('div', {
      class: 'sensor-clouds-problem',
      id: `sensor-clouds-route-${route.operation}-problem`,
      'aria-live': 'polite',
    })
    const row: Row = {
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
      badge: element('span', { class: 'sensor-clouds-badge' }),
      reset: element(
        'button',
        {
          type: 'button',
          class: 'red-ui-button red-ui-button-small',
          title: translate('form.routes.reset'),
          'aria-label': translate('form.routes.resetOf', { operation }),
        },
        element('i', { class: 'fa fa-undo', 'aria-hidden': 'true' }),
      ),
    }
    fillSelect(row.method, METHODS.map((method) => ({ value: method, label: method })), route.method)
    body.append(
      element(
        'tr',
        {},
        element('th', { scope: 'row' }, operation, ' ', row.badge),
        element('td', {}, row.method),
        element('td', {}, row.path, problem),
        element('td', {}, row.reset),
      ),
    )
    this.#set(row, given ?? route)
    row.method.addEventListener('change', () => this.#judge(row))
    row.path.addEventListener('input', () => this.#judge(row))
    row.reset.addEventListener('click', () => this.#change(row, route))
    return row
  }

  #set(row: Row, { method, path }: RouteRow): void {
    row.method.value = method
    row.path.value = path
    this.#judge(row)
  }

  #judge({ route, method, path, badge, reset, problem }: Row): void {
    const rows = { [route.operation]: { method: method.value, path: path.value } }
    const changed = Object.keys(changedRoutes([route], rows)).length > 0
    const sentence = path.value.trim() === '' ? undefined : pathProblem(route, path.value, this.#translate)
    badge.textContent = this.#translate(changed ? 'form.routes.changed' : 'form.routes.unverified')
    badge.classList.toggle('sensor-clouds-badge-changed', changed)
    path.classList.toggle('input-error', sentence !== undefined)
    path.setAttribute('aria-invalid', String(sentence !== undefined))
    reset.disabled = !changed
    showProblem(problem, sentence)
    show(problem, sentence !== undefined)
  }
}

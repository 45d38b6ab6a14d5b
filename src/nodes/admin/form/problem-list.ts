/** The problems of all rows, the gravest first, each with a button that opens what it is about. */
import { element } from '../../editor/platform/dom'
import type { Translate } from '../../editor/platform/red'
import type { OverviewRow, Problem } from '../../runtime/overview'
import { nameOf, openButton, openRow } from './open-node'

/** Problems that are shown; more of them have few causes. */
const MOST = 50

interface Entry {
  row: OverviewRow
  problem: Problem
}

export class ProblemList {
  readonly element = element('section', { class: 'sensor-clouds-problems' })
  readonly #translate: Translate
  readonly #heading = element('h2', { role: 'status' })
  readonly #list = element('ul', {})
  readonly #rest = element('p', {})
  /** By row and sentence. */
  #items = new Map<string, HTMLElement>()

  constructor(translate: Translate) {
    this.#translate = translate
    this.element.append(this.#heading, this.#list, this.#rest)
  }

  show(rows: Iterable<OverviewRow>): void {
    const entries: Entry[] = []
    for (const row of rows) for (const problem of row.problems) entries.push({ row, problem })
    const grave = entries.filter(({ problem }) => problem.level === 'error')
    const all = [...grave, ...entries.filter(({ problem }) => problem.level !== 'error')]
    const heading = all.length === 0 ? this.#translate('form.sidebar.noProblem') : this.#translate('form.sidebar.problems', { count: all.length })
    // A screen reader reads it when it changes.
    if (this.#heading.textContent !== heading) this.#heading.textContent = heading
    this.#rest.textContent = all.length > MOST ? this.#translate('form.sidebar.more', { count: all.length - MOST }) : ''
    this.#draw(all.slice(0, MOST))
  }

  /** An item that stays keeps its element, and so the focus. */
  #draw(entries: readonly Entry[]): void {
    const items = new Map(entries.map((entry) => {
      const key = `${entry.row.id} ${nameOf(entry.row)} ${entry.problem.level} ${entry.problem.text}`
      return [key, this.#items.get(key) ?? this.#itemOf(entry)]
    }))
    const wanted = [...items.values()]
    if (wanted.length !== this.#items.size || wanted.some((item, index) => item !== this.#list.children[index])) place(this.#list, wanted)
    this.#items = items
  }

  #itemOf({ row, problem: { level, text } }: Entry): HTMLElement {
    const name = nameOf(row)
    const icon = element('i', { class: level === 'error' ? 'fa fa-exclamation-circle' : 'fa fa-exclamation-triangle', 'aria-hidden': 'true' })
    const button = openButton(name, this.#translate('form.sidebar.open', { name }), () => openRow(row))
    return element('li', { 'data-level': level }, icon, element('div', {}, button, element('div', {}, sentenceCase(text))))
  }
}

const sentenceCase = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1)

/** Puts the elements into the container in this order, and moves none that is in its place. */
export function place(container: HTMLElement, wanted: readonly HTMLElement[]): void {
  const kept = new Set(wanted)
  for (const child of [...container.children]) if (child instanceof HTMLElement && !kept.has(child)) child.remove()
  wanted.forEach((child, index) => {
    const present = container.children[index]
    if (present !== child) container.insertBefore(child, present ?? null)
  })
}

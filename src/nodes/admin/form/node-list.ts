/** The nodes of an account with their last status. Long lists are shown on request, and drawn a part a frame. */
import { moment } from '../../accounts/form/usage'
import { element, show } from '../../editor/platform/dom'
import type { Translate } from '../../editor/platform/red'
import type { NodeRow } from '../../runtime/overview'
import { nameOf, openButton, openRow } from './open-node'
import { place } from './problem-list'

/** Nodes that are shown before somebody asks for all. */
const MOST = 50
/** Nodes that are drawn in a frame. */
const PART = 50

interface Drawn {
  item: HTMLElement
  /** What may change behind the button. */
  facts: HTMLElement
  row: NodeRow
}

export class NodeList {
  readonly element = element('div', { class: 'sensor-clouds-nodes' })
  readonly #translate: Translate
  readonly #list = element('ul', {})
  readonly #all: HTMLButtonElement
  #drawn = new Map<string, Drawn>()
  #rows: readonly NodeRow[] = []
  #most = MOST

  constructor(translate: Translate) {
    this.#translate = translate
    this.#all = element('button', { type: 'button', class: 'red-ui-button red-ui-button-small' }, translate('form.sidebar.allNodes'))
    this.#all.addEventListener('click', () => this.#showMore())
    this.element.append(this.#list, this.#all)
  }

  /** @param rows in the order in which they are shown */
  update(rows: readonly NodeRow[]): void {
    this.#rows = rows
    this.#draw()
  }

  #showMore(): void {
    this.#most += PART
    this.#draw()
    if (this.#most < this.#rows.length) requestAnimationFrame(() => this.#showMore())
  }

  #draw(): void {
    const drawn = new Map(this.#rows.slice(0, this.#most).map((row) => [row.id, this.#drawnOf(row)]))
    this.#drawn = drawn
    place(this.#list, [...drawn.values()].map(({ item }) => item))
    show(this.#all, this.#rows.length > this.#most)
  }

  #drawnOf(row: NodeRow): Drawn {
    const before = this.#drawn.get(row.id)
    if (before?.row === row) return before
    const { fill = 'none', text = '' } = row
    const facts = [
      element('span', { class: 'sensor-clouds-dot', 'data-fill': fill, 'aria-hidden': 'true' }),
      text,
      element('span', { class: 'sensor-clouds-time' }, text === '' ? '' : moment(row.at, Date.now())),
    ]
    const name = nameOf(row)
    // The button stays, so that it keeps the focus.
    if (before && nameOf(before.row) === name) {
      before.facts.replaceChildren(...facts)
      return { ...before, row }
    }
    const behind = element('span', {}, ...facts)
    const item = before?.item ?? element('li', {})
    item.replaceChildren(openButton(name, this.#translate('form.sidebar.open', { name }), () => openRow(row)), behind)
    return { item, facts: behind, row }
  }
}
